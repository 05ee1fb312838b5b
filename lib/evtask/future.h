/*
 * future.h - futures: a result that is not there yet.
 *
 * A future is pending until it is settled, once, by a result, an exception or
 * a cancellation. Tasks wait for it by awaiting; others add callbacks. Each
 * waiter is woken, and each callback called, in the order in which it came,
 * in a later turn of the loop and never from inside the call that settles.
 *
 * A task is a future. Wherever a function takes a union evtask_awaitable,
 * pass a struct evtask * or a struct evtask_future * as it is.
 *
 * All of it belongs to the thread of the loop: while that runs in another
 * thread, calls are answered with -EPERM and change nothing.
 */
#ifndef EVTASK_FUTURE_H
#define EVTASK_FUTURE_H

#include <evtask/base.h>
#include <evtask/error.h>
#include <evtask/value.h>

#ifdef __cplusplus
extern "C++" {
union evtask_awaitable {
	struct evtask_future *future;
	struct evtask *task;
	evtask_awaitable(struct evtask_future *f) : future(f) {}
	evtask_awaitable(struct evtask *t) : task(t) {}
};
}
extern "C" {
#else
union evtask_awaitable {
	struct evtask_future *future;
	struct evtask *task;
} __attribute__((__transparent_union__));
#endif

/*
 * Makes a pending future of this loop (NULL: the running one). Loop thread.
 * The caller owns the reference. Returns 0, -EINVAL, -EPERM or -ENOMEM.
 */
EVTASK_API EVTASK_CHECKED int
evtask_future_new_at(struct evtask_loop *loop,
    struct evtask_future **ret_future, const struct evtask_site *site);
#define evtask_future_new(loop, ret_future) \
	evtask_future_new_at((loop), (ret_future), EVTASK_SITE)

/* One reference more, or less. Loop thread; NULL is accepted. A pending
 * future that nobody holds is gone: its callbacks are never called. */
EVTASK_API struct evtask_future *
evtask_future_ref(struct evtask_future *future);
EVTASK_API void evtask_future_unref(struct evtask_future *future);

/*
 * Settles a future; takes the reference of value or error, whatever it
 * returns: 0; -EALREADY when it is done; -EPERM when it is a task, which
 * settles itself; -EINVAL. Loop thread.
 */
EVTASK_API int
evtask_set_result_at(struct evtask_future *future, struct evtask_value value,
    const struct evtask_site *site);
#define evtask_set_result(...) evtask_set_result_at(__VA_ARGS__, EVTASK_SITE)
EVTASK_API int
evtask_set_exception_at(struct evtask_future *future,
    struct evtask_error *error, const struct evtask_site *site);
#define evtask_set_exception(...) \
	evtask_set_exception_at(__VA_ARGS__, EVTASK_SITE)

/* How it stands. Anywhere in the loop thread; they change nothing. */
EVTASK_API bool evtask_done(union evtask_awaitable f);
EVTASK_API bool evtask_cancelled(union evtask_awaitable f);

/*
 * What came out. Returns 0 and the value, borrowed: it lives as long as f (may
 * be asked for with NULL); -EINPROGRESS while pending; -ECANCELED when f was
 * cancelled; the error's code when it failed; -EINVAL. Does not raise.
 */
EVTASK_API int
evtask_result_at(union evtask_awaitable f, struct evtask_value *ret_value,
    const struct evtask_site *site);
#define evtask_result(...) evtask_result_at(__VA_ARGS__, EVTASK_SITE)

/*
 * How it failed. Returns 0 and the error, borrowed, NULL when it did not fail;
 * -EINPROGRESS while pending; -ECANCELED when f was cancelled; -EINVAL.
 */
EVTASK_API int
evtask_exception_at(union evtask_awaitable f, struct evtask_error **ret_error,
    const struct evtask_site *site);
#define evtask_exception(...) evtask_exception_at(__VA_ARGS__, EVTASK_SITE)

/*
 * Whether nothing is lost when f goes: false while it holds an exception that
 * nobody has looked at, by awaiting, evtask_result(), evtask_exception(),
 * evtask_cancel(), or as a child of a gather, a group or a shield.
 */
EVTASK_API bool evtask_exception_retrieved(union evtask_awaitable f);

/* The words and the site of the cancellation of f; borrowed, NULL if f was
 * not cancelled. */
EVTASK_API struct evtask_error *
evtask_cancellation(union evtask_awaitable f);

/*
 * Asks f to stop. A plain future is cancelled at once. A task is *requested*:
 * -ECANCELED comes out of its current await, or its next one, and it may
 * clean up or refuse; what it awaits is asked first. msg (may be NULL) is
 * copied and reaches everybody who waits. Returns 1; 0 when f was done;
 * -EINVAL. Never suspends, never fails for want of memory (then the words
 * are lost, not the request).
 */
EVTASK_API int
evtask_cancel_at(union evtask_awaitable f, const char *msg,
    const struct evtask_site *site);
#define evtask_cancel(f, msg) evtask_cancel_at((f), (msg), EVTASK_SITE)

/*
 * fn(f, arg) is called when f is done, or in the next turn if it is. The same
 * pair twice is called twice. f is alive while fn runs. Returns 0, -EINVAL or
 * -ENOMEM.
 */
typedef void (*evtask_done_fn)(struct evtask_future *future, void *arg);
EVTASK_API int
evtask_add_done_callback_at(union evtask_awaitable f, evtask_done_fn fn,
    void *arg, const struct evtask_site *site);
#define evtask_add_done_callback(...) \
	evtask_add_done_callback_at(__VA_ARGS__, EVTASK_SITE)

/* Takes back every such pair not yet scheduled; returns how many. */
EVTASK_API int
evtask_remove_done_callback(union evtask_awaitable f, evtask_done_fn fn,
    void *arg);

/*
 * Waits until f is done, and holds it meanwhile. 0: it is, ask it how (at once,
 * without suspending, when it was done already). -ECANCELED: *this wait* was
 * interrupted, the running task was cancelled. -EDEADLK: f waits for the
 * running task, which would wait for ever. -EINVAL: not in a task; -EXDEV: f is
 * of another loop.
 */
EVTASK_API EVTASK_SUSPENDS int
evtask_await_at(union evtask_awaitable f, const struct evtask_site *site);
#define evtask_await(f) evtask_await_at((f), EVTASK_SITE)

/*
 * Python's `v = await f`: waits, then hands over the result, or raises what f
 * failed with. Returns 0 and the value, borrowed from f, which whoever wants it
 * holds (may be asked for with NULL); the error's code, -ECANCELED when f was
 * cancelled; or as evtask_await().
 */
EVTASK_API EVTASK_SUSPENDS int
evtask_await_result_at(union evtask_awaitable f,
    struct evtask_value *ret_value, const struct evtask_site *site);
#define evtask_await_result(f, ret_value) \
	evtask_await_result_at((f), (ret_value), EVTASK_SITE)

/* Where it was made; NULL when nobody knows. */
EVTASK_API const struct evtask_site *
evtask_created_at(union evtask_awaitable f);

/* The task that a future is, and the future that a task is: the same object,
 * borrowed. NULL when the future is no task. Anywhere. */
EVTASK_API struct evtask *evtask_from_future(struct evtask_future *future);
EVTASK_API struct evtask_future *evtask_as_future(struct evtask *task);

#ifdef __cplusplus
}
#endif
#endif
