/*
 * condition.h - waiting, with a lock, until something has changed:
 * asyncio.Condition.
 *
 *	r = evtask_condition_acquire(changed);
 *	if (r < 0)
 *		return r;
 *	while (r == 0 && n_free == 0)
 *		r = evtask_condition_wait(changed);
 *	if (r == 0)
 *		n_free--;
 *	evtask_condition_release(changed);
 */
#ifndef EVTASK_CONDITION_H
#define EVTASK_CONDITION_H

#include <evtask/lock.h>

#ifdef __cplusplus
extern "C" {
#endif

struct evtask_condition;

/* Makes a condition upon a lock, borrowed, which several may share; NULL: one
 * of its own. name is for inspection, copied; NULL: none. Anywhere. Returns 0
 * or -ENOMEM. */
EVTASK_API EVTASK_CHECKED int
evtask_condition_new(const char *name, struct evtask_lock *lock,
    struct evtask_condition **ret_condition);

/* Not while a task waits for it, as one that is woken does until it runs. NULL
 * is accepted. */
EVTASK_API void evtask_condition_free(struct evtask_condition *condition);

/* Its lock: see evtask_lock_acquire(), _release() and _locked(). */
EVTASK_API EVTASK_SUSPENDS int
evtask_condition_acquire_at(struct evtask_condition *condition,
    const struct evtask_site *site);
#define evtask_condition_acquire(condition) \
	evtask_condition_acquire_at((condition), EVTASK_SITE)
EVTASK_API int
evtask_condition_release_at(struct evtask_condition *condition,
    const struct evtask_site *site);
#define evtask_condition_release(condition) \
	evtask_condition_release_at((condition), EVTASK_SITE)
EVTASK_API bool
evtask_condition_locked(const struct evtask_condition *condition);

/*
 * Releases the lock, waits to be notified, and takes the lock again, which it
 * has whatever it returns: 0, -ECANCELED; and -EPERM, at once, when the lock
 * is free. May return 0 without need, so look again at what you wait for.
 */
EVTASK_API EVTASK_SUSPENDS int
evtask_condition_wait_at(struct evtask_condition *condition,
    const struct evtask_site *site);
#define evtask_condition_wait(condition) \
	evtask_condition_wait_at((condition), EVTASK_SITE)

/* Wakes the first n who wait, or all. They do not suspend. Return 0, or -EPERM
 * when the lock is free. */
EVTASK_API int
evtask_condition_notify_at(struct evtask_condition *condition, size_t n,
    const struct evtask_site *site);
#define evtask_condition_notify(condition, n) \
	evtask_condition_notify_at((condition), (n), EVTASK_SITE)
#define evtask_condition_notify_all(condition) \
	evtask_condition_notify_at((condition), SIZE_MAX, EVTASK_SITE)

#ifdef __cplusplus
}
#endif
#endif
