/*
 * handle.h - handles: callbacks the loop has promised to call.
 *
 * A callback runs once, on the loop's own stack, in a later turn, never from
 * inside the call that scheduled it. It must not suspend. What it raises with
 * evtask_raise() and does not catch goes to the exception handler.
 *
 *	evtask_call_later(loop, 1500000, tick, clock, NULL);
 *
 * Ask for the handle (ret_handle) to be able to cancel; it is yours until you
 * unref it, which does not cancel.
 */
#ifndef EVTASK_HANDLE_H
#define EVTASK_HANDLE_H

#include <evtask/base.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef void (*evtask_callback_fn)(void *arg);

/*
 * Calls fn(arg) in the next turn. Loop thread; loop may be NULL for the
 * running one. Returns 0, -EINVAL (no loop, no fn), -EPERM (from another
 * thread than the one that runs the loop) or -ENOMEM.
 */
EVTASK_API int
evtask_call_soon_at(struct evtask_loop *loop, evtask_callback_fn fn, void *arg,
    struct evtask_handle **ret_handle, const struct evtask_site *site);
#define evtask_call_soon(...) evtask_call_soon_at(__VA_ARGS__, EVTASK_SITE)

/*
 * Calls fn(arg) when the delay has passed, or at a time on the loop's clock.
 * A past deadline is due in the next turn, EVTASK_FOREVER never. Equal
 * deadlines are called in the order of registration. Otherwise as
 * evtask_call_soon().
 */
EVTASK_API int
evtask_call_later_at(struct evtask_loop *loop, int64_t delay_us,
    evtask_callback_fn fn, void *arg, struct evtask_handle **ret_handle,
    const struct evtask_site *site);
#define evtask_call_later(...) evtask_call_later_at(__VA_ARGS__, EVTASK_SITE)
EVTASK_API int
evtask_call_at_at(struct evtask_loop *loop, int64_t deadline_us,
    evtask_callback_fn fn, void *arg, struct evtask_handle **ret_handle,
    const struct evtask_site *site);
#define evtask_call_at(...) evtask_call_at_at(__VA_ARGS__, EVTASK_SITE)

/*
 * The way in from other threads: fn(arg) is called in a turn of the loop, in
 * the order of the calls, and the loop is woken. Anywhere; the loop must
 * outlive the call. Returns 0, -EINVAL or -ENOMEM. Does not block. For tasks
 * there is evtask_run_threadsafe().
 */
EVTASK_API int
evtask_call_soon_threadsafe(struct evtask_loop *loop, evtask_callback_fn fn,
    void *arg);

/* It will not be called. Idempotent; no effect once it has been called, nor
 * on NULL. */
EVTASK_API void evtask_handle_cancel(struct evtask_handle *handle);
EVTASK_API bool evtask_handle_cancelled(const struct evtask_handle *handle);

/* The deadline of a timer handle; -EINVAL for call_soon's. */
EVTASK_API int
evtask_handle_when_us(const struct evtask_handle *handle, int64_t *ret_us);

/* The context it will run in, borrowed; NULL: one without variables, yet. To
 * set one shares it, as call_soon(context=) does. NULL handles are ignored. */
EVTASK_API struct evtask_context *
evtask_handle_get_context(const struct evtask_handle *handle);
EVTASK_API void
evtask_handle_set_context(struct evtask_handle *handle,
    struct evtask_context *context);

/* One reference more, or less. Loop thread; NULL is accepted. Letting a
 * handle go does not cancel it. */
EVTASK_API struct evtask_handle *
evtask_handle_ref(struct evtask_handle *handle);
EVTASK_API void evtask_handle_unref(struct evtask_handle *handle);

#ifdef __cplusplus
}
#endif
#endif
