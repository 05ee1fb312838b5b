/*
 * lock.h - a mutual exclusion between tasks: asyncio.Lock.
 *
 * Whoever asks first has it first: while somebody waits, even the task that
 * has just released the lock stands behind. Not reentrant, and not owned:
 * any task may release it. Between two waits no other task runs, so a lock is
 * needed only for work that waits in the middle.
 *
 *	r = evtask_lock_acquire(lock);
 *	if (r == 0) {
 *		r = rewrite(file);
 *		evtask_lock_release(lock);
 *	}
 */
#ifndef EVTASK_LOCK_H
#define EVTASK_LOCK_H

#include <evtask/base.h>

#ifdef __cplusplus
extern "C" {
#endif

struct evtask_lock;

/* Makes a free lock. name is for inspection, copied; NULL: none. Anywhere.
 * Returns 0 or -ENOMEM. */
EVTASK_API EVTASK_CHECKED int
evtask_lock_new(const char *name, struct evtask_lock **ret_lock);

/* Not while a task waits for it, as one that is woken does until it runs. NULL
 * is accepted. */
EVTASK_API void evtask_lock_free(struct evtask_lock *lock);

/* Takes it, when it is free and nobody was first. Returns 0, -ECANCELED (it is
 * not taken), -EINVAL (not in a task). */
EVTASK_API EVTASK_SUSPENDS int
evtask_lock_acquire_at(struct evtask_lock *lock,
    const struct evtask_site *site);
#define evtask_lock_acquire(lock) evtask_lock_acquire_at((lock), EVTASK_SITE)

/* Gives it back and wakes the first who waits. Does not suspend. Returns 0, or
 * -EPERM when it is free, or in another thread than those who wait. */
EVTASK_API int
evtask_lock_release_at(struct evtask_lock *lock,
    const struct evtask_site *site);
#define evtask_lock_release(lock) evtask_lock_release_at((lock), EVTASK_SITE)

/* Whether somebody has it. */
EVTASK_API bool evtask_lock_locked(const struct evtask_lock *lock);

#ifdef __cplusplus
}
#endif
#endif
