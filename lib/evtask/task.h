/*
 * task.h - tasks: coroutines that run on their own.
 *
 * A coroutine is a C function that may wait. Wrapped in a task it is put on
 * the loop's ready queue and runs when the loop gets to it, which is never
 * before the creator suspends or returns. The task is a handle: ask it how it
 * stands, cancel it, await it, and later fetch its result or its exception.
 *
 *   create --> ready --> running --> done: returned | raised | cancelled
 *                ^          | await
 *                +- waiting-+
 *
 * It runs on a stack of its own, of 64 KiB if the loop's options do not say
 * otherwise: what is large belongs on the heap. See "Stacks" in evtask(3).
 *
 * The loop keeps a task alive until it is done; dropping the handle is safe.
 * A task that fails when no handle is left is reported to the loop's
 * exception handler as it ends.
 *
 *	static int
 *	greet(void *arg)
 *	{
 *		int r = evtask_sleep(1000000);
 *
 *		if (r < 0)
 *			return r;	// cancelled meanwhile
 *		return evtask_return(evtask_value_literal("hello"));
 *	}
 *
 *	r = evtask_create(greet, NULL, NULL, &task);
 */
#ifndef EVTASK_TASK_H
#define EVTASK_TASK_H

#include <evtask/future.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A coroutine. It returns 0 (its result: evtask_return()) or a negative
 * errno (it raised: evtask_raise()); returning -ECANCELED ends the task as
 * cancelled.
 */
typedef int (*evtask_fn)(void *arg);

/* Who brought something about: recorded with creations and cancellations. */
enum evtask_origin_type {
	EVTASK_ORIGIN_LOOP,	/* a callback, or code outside the loop */
	EVTASK_ORIGIN_TASK,	/* id: that task's */
	EVTASK_ORIGIN_CLIENT,	/* id: a client of a console */
	EVTASK_ORIGIN_TIMEOUT,	/* id: the task whose timeout it was */
	EVTASK_ORIGIN_GROUP,	/* id: the task whose group it was */
};

struct evtask_origin {
	enum evtask_origin_type type;
	uint64_t id;
};

/* How a task is made. All zeros, or NULL in its place, is the usual way. */
struct evtask_options {
	const char *name;		/* copied; NULL: "Task-<id>" */
	bool eager;			/* run at once, up to the first wait */
	bool internal;			/* not shown by inspection */
	void (*arg_free)(void *arg);	/* called once, when fn has returned
					   or will never be called */
	const struct evtask_origin *origin; /* NULL: the running task */
	const struct evtask_site *site;	/* NULL: the caller's */
	struct evtask_context *context;	/* shared with it; NULL: a copy of
					   the current one */
};

/*
 * Wraps fn(arg) in a task of the running loop and schedules it. Inside a task
 * or a callback. options may be NULL. With ret_task the caller owns a
 * reference to drop with evtask_unref(); without, the task is detached.
 * Returns 0; -EINVAL (no loop runs, no fn); -EPERM (the loop runs in another
 * thread: see remote.h); -ENOMEM. arg_free is called on success only.
 */
EVTASK_API int
evtask_create_at(evtask_fn fn, void *arg, const struct evtask_options *options,
    struct evtask **ret_task, const struct evtask_site *site);
#define evtask_create(...) evtask_create_at(__VA_ARGS__, EVTASK_SITE)

/* The same on a given loop, which need not be running: loop.create_task(). */
EVTASK_API int
evtask_loop_create_task_at(struct evtask_loop *loop, evtask_fn fn, void *arg,
    const struct evtask_options *options, struct evtask **ret_task,
    const struct evtask_site *site);
#define evtask_loop_create_task(...) \
	evtask_loop_create_task_at(__VA_ARGS__, EVTASK_SITE)

/* asyncio.ensure_future(), for a coroutine: the same, on the running loop when
 * loop is NULL. A future needs no such call, it is one. */
#define evtask_ensure_future(loop, fn, arg, ret_task) \
	evtask_ensure_future_at((loop), (fn), (arg), (ret_task), EVTASK_SITE)
EVTASK_API int
evtask_ensure_future_at(struct evtask_loop *loop, evtask_fn fn, void *arg,
    struct evtask **ret_task, const struct evtask_site *site);

/* One reference more, or less. Loop thread; NULL is accepted. Letting a task
 * go does not stop it. */
EVTASK_API struct evtask *evtask_ref(struct evtask *task);
EVTASK_API void evtask_unref(struct evtask *task);

/* Leaves value as the result of the running task, which takes the reference.
 * Returns 0, for `return evtask_return(v);`; outside a task -EINVAL. */
EVTASK_API int
evtask_return_at(struct evtask_value value, const struct evtask_site *site);
#define evtask_return(...) evtask_return_at(__VA_ARGS__, EVTASK_SITE)

/*
 * Python's `v = await fn(arg)`: calls fn in the running task, with a result of
 * its own, whose reference is then the caller's (ret_value may be NULL).
 * Returns 0 or what fn returned; -EINVAL outside a task.
 */
EVTASK_API EVTASK_SUSPENDS int
evtask_call(evtask_fn fn, void *arg, struct evtask_value *ret_value);

/* The running task, borrowed; NULL in a callback and outside the loop. */
EVTASK_API struct evtask *evtask_current_task(void);

/*
 * The pending tasks of a loop (NULL: the running one), oldest first. Fills
 * tasks[] up to size, borrowed, and returns how many there are.
 */
EVTASK_API size_t
evtask_all_tasks(struct evtask_loop *loop, struct evtask **tasks, size_t size);

/*
 * The tasks that wait for f, oldest first: by awaiting it, or through a wait,
 * a group, a gather or a shield. Fills tasks[] up to size, borrowed, and
 * returns how many there are.
 */
EVTASK_API size_t
evtask_awaited_by(union evtask_awaitable f, struct evtask **tasks,
    size_t size);

/* A number no other task of this process has had; from 1. */
EVTASK_API uint64_t evtask_id(const struct evtask *task);

/* The name, borrowed until it is set again, which returns 0, -EINVAL or
 * -ENOMEM. The name need not be the only one of its kind. */
EVTASK_API const char *evtask_get_name(const struct evtask *task);
EVTASK_API int evtask_set_name(struct evtask *task, const char *name);

/* What it runs, and its argument (ret_arg may be NULL), which may be gone once
 * the task is done. */
EVTASK_API evtask_fn
evtask_get_coro(const struct evtask *task, void **ret_arg);

/* Cancellation requests not taken back: asked for, and delivered or not. */
EVTASK_API int evtask_cancelling(const struct evtask *task);

/* Takes one request back, after having swallowed it. At none left, one not
 * yet delivered is dropped. Returns how many are left. */
EVTASK_API int evtask_uncancel(struct evtask *task);

/* evtask_cancel() in somebody's name, recorded as the origin; returns what that
 * does. For consoles and frameworks, which cancel for others. */
EVTASK_API int
evtask_cancel_by(union evtask_awaitable f, const char *msg,
    const struct evtask_origin *origin, const struct evtask_site *site);

#ifdef __cplusplus
}
#endif
#endif
