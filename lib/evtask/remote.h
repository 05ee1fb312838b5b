/*
 * remote.h - tasks for the loop of another thread:
 * asyncio.run_coroutine_threadsafe().
 *
 * Any thread may have a coroutine run by a loop, and gets a handle by which it
 * waits for the outcome, or asks the task to stop. The handle stays good when
 * the loop is gone, and may itself be used by several threads.
 *
 *	struct evtask_remote *remote;
 *
 *	r = evtask_run_threadsafe(loop, fetch, url, NULL, &remote);
 *	if (r < 0)
 *		return r;
 *	if (evtask_remote_wait(remote, 5000000) == -ETIMEDOUT)
 *		evtask_remote_cancel(remote, "too slow");
 *	(void)evtask_remote_wait(remote, EVTASK_FOREVER);
 *	r = evtask_remote_result(remote, &page);
 *	...
 *	evtask_remote_unref(remote);
 *
 * Values and errors of the library may be shared by threads; a type of your
 * own (struct evtask_type) that comes out here must count so that it may.
 */
#ifndef EVTASK_REMOTE_H
#define EVTASK_REMOTE_H

#include <evtask/task.h>

#ifdef __cplusplus
extern "C" {
#endif

struct evtask_remote;

/*
 * Has fn(arg) run as a task of the loop, in its thread. From any thread; the
 * loop must outlive the call. options may be NULL and is copied; it names no
 * context, which belongs to one thread. When the loop is freed before the
 * task began it is cancelled, and arg_free called there. Returns 0, -EINVAL
 * or -ENOMEM; then arg_free is not called. The caller owns the handle.
 */
EVTASK_API int
evtask_run_threadsafe_at(struct evtask_loop *loop, evtask_fn fn, void *arg,
    const struct evtask_options *options, struct evtask_remote **ret_remote,
    const struct evtask_site *site);
#define evtask_run_threadsafe(...) \
	evtask_run_threadsafe_at(__VA_ARGS__, EVTASK_SITE)

/*
 * Blocks the thread until the task is done, and no longer than timeout_us
 * (EVTASK_FOREVER: no limit; 0 or less: it only looks). Returns 0; -ETIMEDOUT,
 * and the task goes on; -EDEADLK, at once, in the thread that should run it;
 * -EINVAL.
 */
EVTASK_API int
evtask_remote_wait(struct evtask_remote *remote, int64_t timeout_us);

/* How it stands, and what it came to, as evtask_result() and
 * evtask_exception() say it; borrowed, for as long as the handle is held. */
EVTASK_API bool evtask_remote_done(struct evtask_remote *remote);
EVTASK_API int
evtask_remote_result(struct evtask_remote *remote,
    struct evtask_value *ret_value);
EVTASK_API int
evtask_remote_exception(struct evtask_remote *remote,
    struct evtask_error **ret_error);

/*
 * Asks the task to stop, as evtask_cancel() does: it is done when it is done.
 * Does not block. Returns 1; 0 when it was done; -EINVAL; -ENOMEM, and nothing
 * is asked.
 */
EVTASK_API int
evtask_remote_cancel_at(struct evtask_remote *remote, const char *msg,
    const struct evtask_site *site);
#define evtask_remote_cancel(remote, msg) \
	evtask_remote_cancel_at((remote), (msg), EVTASK_SITE)

/*
 * asyncio.wrap_future(): a future of the running loop that comes to what the
 * task of the other one comes to. To cancel it asks that task to stop, and
 * does not wait for it. Loop thread. Returns 0, -EINVAL or -ENOMEM. The caller
 * owns the reference.
 */
EVTASK_API EVTASK_CHECKED int
evtask_wrap_future_at(struct evtask_remote *remote,
    struct evtask_future **ret_future, const struct evtask_site *site);
#define evtask_wrap_future(remote, ret_future) \
	evtask_wrap_future_at((remote), (ret_future), EVTASK_SITE)

/* One holder of the handle more, or less; without any the task goes on. From
 * any thread. unref accepts NULL. */
EVTASK_API struct evtask_remote *
evtask_remote_ref(struct evtask_remote *remote);
EVTASK_API void evtask_remote_unref(struct evtask_remote *remote);

#ifdef __cplusplus
}
#endif
#endif
