/*
 * shield.h - waiting for something without passing a cancellation on:
 * asyncio.shield().
 *
 *	struct evtask_future *shield;
 *
 *	r = evtask_shield(commit, &shield);
 *	if (r == 0) {
 *		r = evtask_await_result(shield, NULL);
 *		evtask_future_unref(shield);
 *	}
 *	// -ECANCELED: we were cancelled; commit goes on
 */
#ifndef EVTASK_SHIELD_H
#define EVTASK_SHIELD_H

#include <evtask/future.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Makes a future that comes to what f comes to. Cancelling it leaves f alone;
 * when f fails after that, its error goes to the exception handler. When f is
 * done it is f itself. f is kept alive. Loop thread; does not suspend.
 * Returns 0, -EINVAL or -ENOMEM. The caller owns the reference.
 */
EVTASK_API EVTASK_CHECKED int
evtask_shield_at(union evtask_awaitable f, struct evtask_future **ret_future,
    const struct evtask_site *site);
#define evtask_shield(f, ret_future) \
	evtask_shield_at((f), (ret_future), EVTASK_SITE)

#ifdef __cplusplus
}
#endif
#endif
