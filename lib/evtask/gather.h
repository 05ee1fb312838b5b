/*
 * gather.h - one future for many: asyncio.gather().
 *
 *	struct evtask_future *both;
 *	struct evtask_value v;
 *
 *	r = evtask_gather((union evtask_awaitable[]){ { .task = a },
 *	    { .task = b } }, 2, false, &both);
 *	if (r == 0)
 *		r = evtask_await_result(both, &v);  // v.u.l->values[0], [1]
 */
#ifndef EVTASK_GATHER_H
#define EVTASK_GATHER_H

#include <evtask/future.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Makes a future whose result is the list of the results of fs[0..n-1], in
 * that order; the same child may stand there twice. The first child to fail
 * or to be cancelled fails it at once and the others go on, their outcome
 * counting as fetched; with return_exceptions failures are values of type
 * evtask_type_error in the list. Cancelling it cancels every child; it then
 * ends, cancelled, after the last of them. Children are kept alive. None of
 * them: done at once, with an empty list.
 *
 * Loop thread; does not suspend. Returns 0, -EINVAL, -EXDEV (children of
 * another loop) or -ENOMEM. The caller owns the reference.
 */
EVTASK_API EVTASK_CHECKED int
evtask_gather_at(const union evtask_awaitable *fs, size_t n,
    bool return_exceptions, struct evtask_future **ret_future,
    const struct evtask_site *site);
#define evtask_gather(...) evtask_gather_at(__VA_ARGS__, EVTASK_SITE)

#ifdef __cplusplus
}
#endif
#endif
