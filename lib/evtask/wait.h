/*
 * wait.h - waiting for some of many: asyncio.wait(), asyncio.wait_for().
 *
 *	r = evtask_wait((union evtask_awaitable[]){ { .task = a },
 *	    { .task = b } }, 2, 5000000, EVTASK_FIRST_COMPLETED);
 *	if (r == 0)
 *		...		// five seconds, and neither is done
 */
#ifndef EVTASK_WAIT_H
#define EVTASK_WAIT_H

#include <evtask/task.h>

#ifdef __cplusplus
extern "C" {
#endif

enum evtask_wait_when {
	EVTASK_ALL_COMPLETED,
	EVTASK_FIRST_COMPLETED,
	EVTASK_FIRST_EXCEPTION,	/* a cancelled one is not an exception */
};

/*
 * Waits until all of fs[0..n-1] are done, or the first of them, or the first
 * that failed, and at most timeout_us (EVTASK_FOREVER: no limit). Nothing is
 * cancelled and nothing raised for them, not even when time is up or the
 * caller is cancelled. They are held meanwhile. Returns how many are done (ask
 * each with evtask_done()), -ECANCELED, -EINVAL (none given, not in a task),
 * -EXDEV or -ENOMEM.
 */
EVTASK_API EVTASK_SUSPENDS int
evtask_wait_at(const union evtask_awaitable *fs, size_t n, int64_t timeout_us,
    enum evtask_wait_when when, const struct evtask_site *site);
#define evtask_wait(...) evtask_wait_at(__VA_ARGS__, EVTASK_SITE)

/*
 * `await f` under a deadline: when it passes f is cancelled, and waited for. f
 * is held meanwhile. Returns 0 and the result, borrowed from f, which whoever
 * wants it holds; f's error, raised; -ETIMEDOUT; or -ECANCELED, after f was
 * cancelled. A result that comes as late as the deadline is lost to -ETIMEDOUT,
 * as it is in asyncio. evtask_wait_for_keep() keeps it: what is due in the turn
 * of the deadline gets the turn that it takes to be done, before it is
 * cancelled.
 */
EVTASK_API EVTASK_SUSPENDS int
evtask_wait_for_at(union evtask_awaitable f, int64_t timeout_us,
    struct evtask_value *ret_value, const struct evtask_site *site);
#define evtask_wait_for(f, timeout_us, ret_value) \
	evtask_wait_for_at((f), (timeout_us), (ret_value), EVTASK_SITE)
EVTASK_API EVTASK_SUSPENDS int
evtask_wait_for_keep_at(union evtask_awaitable f, int64_t timeout_us,
    struct evtask_value *ret_value, const struct evtask_site *site);
#define evtask_wait_for_keep(f, timeout_us, ret_value) \
	evtask_wait_for_keep_at((f), (timeout_us), (ret_value), EVTASK_SITE)

/*
 * The same for a call: fn(arg) runs in the running task, under the deadline,
 * as by evtask_call(), and the value is the caller's. With 0 or less fn is not
 * called. -ENOMEM is possible.
 */
EVTASK_API EVTASK_SUSPENDS int
evtask_wait_for_call_at(evtask_fn fn, void *arg, int64_t timeout_us,
    struct evtask_value *ret_value, const struct evtask_site *site);
#define evtask_wait_for_call(fn, arg, timeout_us, ret_value) \
	evtask_wait_for_call_at((fn), (arg), (timeout_us), (ret_value), \
	    EVTASK_SITE)

#ifdef __cplusplus
}
#endif
#endif
