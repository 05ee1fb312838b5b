/*
 * timeout.h - deadlines over a piece of a task: asyncio.timeout().
 *
 * Enter a scope, do the work, leave with the work's outcome. When the deadline
 * passes inside, the work is interrupted by a cancellation, which leaving
 * turns into -ETIMEDOUT. A cancellation by somebody else goes through as
 * -ECANCELED. Scopes nest; each is left in the task that entered it.
 *
 *	struct evtask_timeout t;
 *	int r = evtask_timeout_enter(&t, 5000000);
 *
 *	if (r == 0)
 *		r = evtask_timeout_exit(&t, fetch(url));
 */
#ifndef EVTASK_TIMEOUT_H
#define EVTASK_TIMEOUT_H

#include <evtask/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The caller's memory, usually on the task's stack. Not to be looked into. */
struct evtask_timeout {
	uint64_t private_[16];
};

/*
 * Opens a scope that ends delay_us from now (0 or less: at the next wait), or
 * at a time on the loop's clock. EVTASK_FOREVER: no deadline, yet. Returns 0,
 * -EINVAL (not in a task) or -ENOMEM; then the scope must not be left. Does
 * not suspend.
 */
EVTASK_API EVTASK_CHECKED int
evtask_timeout_enter_at(struct evtask_timeout *timeout, int64_t delay_us,
    const struct evtask_site *site);
#define evtask_timeout_enter(timeout, delay_us) \
	evtask_timeout_enter_at((timeout), (delay_us), EVTASK_SITE)
EVTASK_API EVTASK_CHECKED int
evtask_timeout_at_enter_at(struct evtask_timeout *timeout, int64_t deadline_us,
    const struct evtask_site *site);
#define evtask_timeout_at_enter(timeout, deadline_us) \
	evtask_timeout_at_enter_at((timeout), (deadline_us), EVTASK_SITE)

/*
 * Closes the scope. r is what the work came to. Returns -ETIMEDOUT (raised)
 * when the deadline passed and r is the -ECANCELED it caused; else r. -EINVAL,
 * and nothing happens, when the scope was left before. Does not suspend.
 */
EVTASK_API EVTASK_CHECKED int
evtask_timeout_exit_at(struct evtask_timeout *timeout, int r,
    const struct evtask_site *site);
#define evtask_timeout_exit(timeout, r) \
	evtask_timeout_exit_at((timeout), (r), EVTASK_SITE)

/*
 * Moves the deadline, while the scope is open and has not expired: 0, or
 * -EINVAL and nothing changes; -ENOMEM.
 */
EVTASK_API EVTASK_CHECKED int
evtask_timeout_reschedule_at(struct evtask_timeout *timeout,
    int64_t deadline_us, const struct evtask_site *site);
#define evtask_timeout_reschedule(timeout, deadline_us) \
	evtask_timeout_reschedule_at((timeout), (deadline_us), EVTASK_SITE)

/*
 * A choice, to be made while the scope is open. asyncio turns any cancellation
 * that comes out of an expired scope into a timeout, even one that somebody
 * asked for before the scope was entered and that had not been delivered by
 * then: the request is lost. After this call such a one goes through as
 * -ECANCELED. 0, or -EINVAL when the scope was left.
 */
EVTASK_API int evtask_timeout_keep_cancel(struct evtask_timeout *timeout);

/* Whether the deadline passed inside, also when the work came to its end in
 * spite of it. */
EVTASK_API bool evtask_timeout_expired(const struct evtask_timeout *timeout);
/* The deadline on the loop's clock; EVTASK_FOREVER for none. */
EVTASK_API int64_t
evtask_timeout_when_us(const struct evtask_timeout *timeout);

#ifdef __cplusplus
}
#endif
#endif
