/*
 * event.h - a flag that tasks wait for: asyncio.Event.
 *
 *	r = evtask_event_wait(ready);	// here
 *	evtask_event_set(ready);	// elsewhere: all who wait go on
 */
#ifndef EVTASK_EVENT_H
#define EVTASK_EVENT_H

#include <evtask/base.h>

#ifdef __cplusplus
extern "C" {
#endif

struct evtask_event;

/* Makes an event that is not set. name is for inspection, copied; NULL: none.
 * Anywhere. Returns 0 or -ENOMEM. */
EVTASK_API EVTASK_CHECKED int
evtask_event_new(const char *name, struct evtask_event **ret_event);

/* Not while a task waits for it, as one that is woken does until it runs. NULL
 * is accepted. */
EVTASK_API void evtask_event_free(struct evtask_event *event);

/* Waits until it is set; at once when it is. Returns 0, -ECANCELED, -EINVAL
 * (not in a task). */
EVTASK_API EVTASK_SUSPENDS int
evtask_event_wait_at(struct evtask_event *event,
    const struct evtask_site *site);
#define evtask_event_wait(event) evtask_event_wait_at((event), EVTASK_SITE)

/* Sets it: all who wait now go on, in order, even if it is cleared right
 * after. Loop thread: in another than those who wait it does nothing. They do
 * not suspend. */
EVTASK_API void
evtask_event_set_at(struct evtask_event *event,
    const struct evtask_site *site);
#define evtask_event_set(event) evtask_event_set_at((event), EVTASK_SITE)
EVTASK_API void evtask_event_clear(struct evtask_event *event);
EVTASK_API bool evtask_event_is_set(const struct evtask_event *event);

#ifdef __cplusplus
}
#endif
#endif
