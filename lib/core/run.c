/*
 * run.c - asyncio.run(): a loop for the life of one task.
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
