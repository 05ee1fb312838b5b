/*
 * sleep.h - waiting for time to pass.
 */
#ifndef EVTASK_SLEEP_H
#define EVTASK_SLEEP_H

#include <evtask/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Suspends the running task for delay_us microseconds; 0 or less lets every
 * other ready handle run once. EVTASK_FOREVER waits to be cancelled. Returns
 * 0, -ECANCELED, -EINVAL (not in a task) or -ENOMEM.
 */
EVTASK_API EVTASK_SUSPENDS int
evtask_sleep_at(int64_t delay_us, const struct evtask_site *site);
#define evtask_sleep(delay_us) evtask_sleep_at((delay_us), EVTASK_SITE)

#ifdef __cplusplus
}
#endif
#endif
