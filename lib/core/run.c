/*
 * run.c - running a loop until something is done; and asyncio.run(), a loop
 * for the life of one task.
 *
 * To run until a future is done is to run for ever and to let the future stop
 * the loop: the stopper waits for it as any waiter does.
 *
 * When main has ended, what is left is cancelled, oldest first, and waited
 * for; its errors go to nobody's handler but the loop's.
 */
#include "core/run.h"

#include <evtask/overflow.h>

#include <errno.h>
#include <stdlib.h>

#include "core/debug.h"
#include "core/error.h"
#include "core/future.h"
#include "core/task.h"

/* A run that was refused. */
static int
busy(struct evtask_loop *loop, const struct evtask_site *site)
{
	return misuse(loop, site, -EBUSY,
	    "a loop is run while one runs in this thread, or it in another");
}

int
evtask_loop_run_forever_at(struct evtask_loop *loop,
    const struct evtask_site *site)
{
	int r;

	if (loop == NULL)
		return misuse(NULL, site, -EINVAL, "no loop is run");
	r = loop_run(loop);
	return r == -EBUSY ? busy(current.loop, site) : r;
}

/* Waits for a future by stopping the loop. */
struct stopper {
	struct runnable runnable;
	struct evtask_loop *loop;
	struct waiter waiter;
};

static void
stop_run(struct runnable *r)
{
	evtask_loop_stop(container_of(r, struct stopper, runnable)->loop);
}

int
evtask_loop_run_until_complete_at(struct evtask_loop *loop,
    union evtask_awaitable f, const struct evtask_site *site)
{
	struct stopper stopper = {
		.runnable.run = stop_run, .loop = loop,
		.waiter.wakes = &stopper.runnable,
	};
	int r;

	if (loop == NULL || f.future == NULL)
		return misuse(loop, site, -EINVAL,
		    "no loop is run, or for nothing");
	if (f.future->loop != loop)
		return misuse(loop, site, -EXDEV,
		    "a loop is run for a future of another");
	if (current.loop != NULL || loop_is_elsewhere(loop) || loop->running)
		return busy(current.loop, site);
	r = ready_reserve(&loop->ready, 1);
	if (r < 0)
		return r;
	evtask_future_ref(f.future);
	list_init(&stopper.waiter.link);
	if (f.future->state == FUTURE_PENDING)
		future_link(f.future, &stopper.waiter);
	else
		loop_schedule(loop, &stopper.runnable);
	r = loop_run(loop);
	list_remove(&stopper.waiter.link);
	ready_remove(&loop->ready, &stopper.runnable);
	ready_unreserve(&loop->ready, 1);
	if (r == 0 && f.future->state == FUTURE_PENDING)
		r = -EINTR;
	evtask_future_unref(f.future);
	return r;
}

/* asyncio.run(). */

void
run_cancel_leftovers(struct evtask_loop *loop)
{
	size_t n = evtask_all_tasks(loop, NULL, 0);
	struct evtask **tasks = calloc(n, sizeof *tasks);

	if (n == 0 || tasks == NULL) {
		free(tasks);	/* without memory they are unwound, later */
		return;
	}
	evtask_all_tasks(loop, tasks, n);
	for (size_t i = 0; i < n; i++) {
		evtask_ref(tasks[i]);
		evtask_cancel_at((union evtask_awaitable){ .task = tasks[i] },
		    NULL, NULL);
	}
	/* One that can never end, or a stop, leaves the rest to unwinding. */
	for (size_t i = 0; i < n; i++)
		if (evtask_loop_run_until_complete(loop,
		    (union evtask_awaitable){ .task = tasks[i] }) < 0)
			break;
	for (size_t i = 0; i < n; i++) {
		struct evtask_error *error = NULL;

		if (evtask_exception((union evtask_awaitable){
		    .task = tasks[i] }, &error) == 0 && error != NULL)
			loop_report(loop, EVTASK_REPORT_SHUTDOWN,
			    "a task raised during shutdown", error,
			    evtask_as_future(tasks[i]));
	}
	for (size_t i = 0; i < n; i++)
		evtask_unref(tasks[i]);
	free(tasks);
}

int
run_outcome(int r, struct evtask *task, struct evtask_value *ret_value,
    struct evtask_error **ret_error)
{
	struct evtask_value value;
	struct evtask_error *error;

	if (r < 0) {
		error = error_of_code(r);	/* that of the run */
	} else {
		r = evtask_result((union evtask_awaitable){ .task = task },
		    &value);
		error = r < 0 ? future_error(&task->future) : NULL;
	}
	if (r == 0 && ret_value != NULL)
		*ret_value = evtask_value_ref(value);
	if (r < 0 && ret_error != NULL)
		*ret_error = evtask_error_ref(error);
	return r;
}

int
evtask_run_at(evtask_fn fn, void *arg,
    const struct evtask_loop_options *options, struct evtask_value *ret_value,
    struct evtask_error **ret_error, const struct evtask_site *site)
{
	struct evtask_loop *loop = NULL;
	struct evtask *task = NULL;
	bool watches = evtask_watch_overflows() == 0;
	int r = current.loop != NULL ? misuse(NULL, site, -EBUSY,
	    "a loop is run inside another") : evtask_loop_new(options, &loop);

	if (r == 0)
		r = evtask_loop_create_task_at(loop, fn, arg, NULL, &task,
		    site);
	if (r == 0)
		r = evtask_loop_run_until_complete_at(loop,
		    (union evtask_awaitable){ .task = task }, site);
	r = run_outcome(r, task, ret_value, ret_error);
	if (loop != NULL)
		run_cancel_leftovers(loop);
	evtask_unref(task);
	(void)evtask_loop_free(loop);
	if (watches)
		evtask_unwatch_overflows();
	return r;
}
