/*
 * semaphore.h - at most so many at once: asyncio.Semaphore and
 * asyncio.BoundedSemaphore.
 *
 * First come, first served: while somebody waits a newcomer stands behind,
 * even if there is a unit to be had.
 *
 *	r = evtask_semaphore_acquire(connections);
 *	if (r == 0) {
 *		r = fetch(url);
 *		evtask_semaphore_release(connections);
 *	}
 */
#ifndef EVTASK_SEMAPHORE_H
#define EVTASK_SEMAPHORE_H

#include <evtask/base.h>

#ifdef __cplusplus
extern "C" {
#endif

struct evtask_semaphore;

/* Makes a semaphore of so many units; bounded: never of more. name is for
 * inspection, copied; NULL: none. Anywhere. Returns 0, -EINVAL (units is
 * negative) or -ENOMEM. */
EVTASK_API EVTASK_CHECKED int
evtask_semaphore_new(const char *name, int64_t units, bool bounded,
    struct evtask_semaphore **ret_semaphore);

/* Not while a task waits for it, as one that is woken does until it runs. NULL
 * is accepted. */
EVTASK_API void evtask_semaphore_free(struct evtask_semaphore *semaphore);

/* Takes a unit. Returns 0, -ECANCELED (none is taken), -EINVAL (not in a
 * task). */
EVTASK_API EVTASK_SUSPENDS int
evtask_semaphore_acquire_at(struct evtask_semaphore *semaphore,
    const struct evtask_site *site);
#define evtask_semaphore_acquire(semaphore) \
	evtask_semaphore_acquire_at((semaphore), EVTASK_SITE)

/* Gives a unit back and wakes the first who waits. Does not suspend. Returns
 * 0; -EOVERFLOW when a bounded one has them all; -EPERM in another thread than
 * those who wait. */
EVTASK_API int
evtask_semaphore_release_at(struct evtask_semaphore *semaphore,
    const struct evtask_site *site);
#define evtask_semaphore_release(semaphore) \
	evtask_semaphore_release_at((semaphore), EVTASK_SITE)

/* Whether acquiring would wait. */
EVTASK_API bool
evtask_semaphore_locked(const struct evtask_semaphore *semaphore);

#ifdef __cplusplus
}
#endif
#endif
