/*
 * as_completed.h - futures in the order in which they end:
 * asyncio.as_completed().
 *
 *	struct evtask_as_completed *it;
 *	struct evtask_future *f;
 *
 *	r = evtask_as_completed(fs, n, EVTASK_FOREVER, &it);
 *	if (r < 0)
 *		return r;
 *	while ((r = evtask_as_completed_next(it, &f)) > 0)
 *		show(f);
 *	evtask_as_completed_free(it);
 */
#ifndef EVTASK_AS_COMPLETED_H
#define EVTASK_AS_COMPLETED_H

#include <evtask/future.h>

#ifdef __cplusplus
extern "C" {
#endif

struct evtask_as_completed;

/*
 * Watches fs[0..n-1], each once though it may stand there twice; they are kept
 * alive. Time is up timeout_us from now (EVTASK_FOREVER: never); the futures
 * go on. Loop thread; does not suspend. Returns 0, -EINVAL, -EXDEV (futures
 * of another loop) or -ENOMEM. The caller frees the iterator.
 */
EVTASK_API EVTASK_CHECKED int
evtask_as_completed_at(const union evtask_awaitable *fs, size_t n,
    int64_t timeout_us, struct evtask_as_completed **ret_it,
    const struct evtask_site *site);
#define evtask_as_completed(...) \
	evtask_as_completed_at(__VA_ARGS__, EVTASK_SITE)

/*
 * Waits for the next one to end; those that were done come first, in order.
 * Returns 1 and the future, borrowed until the iterator is freed; 0 when there
 * are no more; -ETIMEDOUT (raised), once for each that was missing when time
 * was up; -ECANCELED; -EINVAL (not in a task).
 */
EVTASK_API EVTASK_SUSPENDS int
evtask_as_completed_next_at(struct evtask_as_completed *it,
    struct evtask_future **ret_future, const struct evtask_site *site);
#define evtask_as_completed_next(it, ret_future) \
	evtask_as_completed_next_at((it), (ret_future), EVTASK_SITE)

/* Not while a task waits for its next. NULL is accepted. */
EVTASK_API void evtask_as_completed_free(struct evtask_as_completed *it);

#ifdef __cplusplus
}
#endif
#endif
