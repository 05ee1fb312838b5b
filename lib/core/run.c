/*
 * run.c - asyncio.run(): a loop for the life of one task.
 *
 * When main has ended, what is left is cancelled, oldest first, and waited
 * for; its errors go to nobody's handler but the loop's.
 */
#include <errno.h>
#include <stdlib.h>

#include "core/error.h"
#include "core/future.h"
#include "core/task.h"

/* Cancels what is left and runs until the last of it has ended. */
static void
cancel_leftovers(struct evtask_loop *loop)
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

/* What main came to: its code, and copies of its value or error. */
static int
outcome(struct evtask *task, struct evtask_value *ret_value,
    struct evtask_error **ret_error)
{
	struct evtask_value value;
	int r = evtask_result((union evtask_awaitable){ .task = task },
	    &value);

	if (r == 0 && ret_value != NULL)
		*ret_value = evtask_value_ref(value);
	if (r < 0 && ret_error != NULL)
		*ret_error = evtask_error_ref(future_error(&task->future));
	return r;
}

int
evtask_run(evtask_fn fn, void *arg, const struct evtask_loop_options *options,
    struct evtask_value *ret_value, struct evtask_error **ret_error)
{
	struct evtask_loop *loop;
	struct evtask *task = NULL;
	int r = current.loop != NULL ? -EBUSY : evtask_loop_new(options, &loop);

	if (r == 0) {
		r = evtask_loop_create_task(loop, fn, arg, NULL, &task);
		if (r == 0)
			r = evtask_loop_run_until_complete(loop,
			    (union evtask_awaitable){ .task = task });
		cancel_leftovers(loop);
		if (r == 0)
			r = outcome(task, ret_value, ret_error);
		else if (ret_error != NULL)
			*ret_error = error_of_code(r);
		evtask_unref(task);
		(void)evtask_loop_free(loop);
	} else if (ret_error != NULL) {
		*ret_error = error_of_code(r);
	}
	return r;
}
