/*
 * runner.c - several main coroutines on one loop, which Ctrl-C interrupts.
 *
 *	open --run--> running --> open --close--> closed
 *
 * The first SIGINT of a run asks its task to stop; the next one stops the loop
 * itself. The handler is there only during a run.
 */
#include <evtask/runner.h>

#include <errno.h>
#include <evtask/signal.h>
#include <signal.h>
#include <stdlib.h>

#include "core/context.h"
#include "core/error.h"
#include "core/run.h"
#include "core/task.h"

struct evtask_runner {
	struct evtask_loop *loop;	/* NULL: closed */
	struct evtask_context *context;	/* of every main task */
	bool sigint;
	/* During a run. */
	struct evtask *task;
	const struct evtask_site *site;
	int interrupts;
};

int
evtask_runner_new(const struct evtask_runner_options *options,
    struct evtask_runner **ret_runner)
{
	static const struct evtask_runner_options none;
	struct evtask_runner *runner;
	int r;

	if (ret_runner == NULL)
		return -EINVAL;
	if (options == NULL)
		options = &none;
	runner = calloc(1, sizeof *runner);
	if (runner == NULL)
		return -ENOMEM;
	runner->sigint = options->sigint;
	r = context_create(&runner->context);
	if (r == 0)
		r = evtask_loop_new(&options->loop, &runner->loop);
	if (r < 0) {
		evtask_runner_free(runner);
		return r;
	}
	*ret_runner = runner;
	return 0;
}

struct evtask_loop *
evtask_runner_get_loop(const struct evtask_runner *runner)
{
	return runner != NULL ? runner->loop : NULL;
}

static void
on_sigint(void *arg)
{
	struct evtask_runner *runner = arg;

	if (runner->interrupts++ == 0 &&
	    runner->task->future.state == FUTURE_PENDING)
		(void)evtask_cancel_at((union evtask_awaitable){
		    .task = runner->task }, "interrupted by SIGINT",
		    runner->site);
	else
		evtask_loop_stop(runner->loop);
}

/* The task ended cancelled, and only Ctrl-C had asked it to. */
static bool
was_interrupted(const struct evtask_runner *runner)
{
	return runner->interrupts > 0 &&
	    runner->task->future.state == FUTURE_CANCELLED &&
	    evtask_uncancel(runner->task) == 0;
}

/* Runs until the task is done. 0; -EINTR: by SIGINT; or why it was not run. */
static int
run_interruptibly(struct evtask_runner *runner)
{
	int r = 0;

	runner->interrupts = 0;
	if (runner->sigint)
		r = evtask_loop_add_signal_handler(runner->loop, SIGINT,
		    on_sigint, runner);
	if (r < 0)
		return r;
	r = evtask_loop_run_until_complete_at(runner->loop,
	    (union evtask_awaitable){ .task = runner->task }, runner->site);
	if (runner->sigint)
		(void)evtask_loop_remove_signal_handler(runner->loop, SIGINT);
	return r == 0 && was_interrupted(runner) ? -EINTR : r;
}

int
evtask_runner_run_at(struct evtask_runner *runner, evtask_fn fn, void *arg,
    const struct evtask_options *options, struct evtask_value *ret_value,
    struct evtask_error **ret_error, const struct evtask_site *site)
{
	struct evtask_options mine = { .name = NULL };
	int r;

	if (runner == NULL || runner->loop == NULL || fn == NULL)
		return -EINVAL;
	if (current.loop != NULL)
		return -EBUSY;
	if (options != NULL)
		mine = *options;
	if (mine.context == NULL)
		mine.context = runner->context;
	r = evtask_loop_create_task_at(runner->loop, fn, arg, &mine,
	    &runner->task, site);
	if (r < 0)
		return run_outcome(r, NULL, ret_value, ret_error);
	runner->site = site;
	r = run_interruptibly(runner);
	if (r == -EINTR && runner->interrupts > 0) {
		if (ret_error != NULL)
			*ret_error = evtask_error_new_at(site, -EINTR,
			    "KeyboardInterrupt", "interrupted by SIGINT");
	} else {
		r = run_outcome(r, runner->task, ret_value, ret_error);
	}
	evtask_unref(runner->task);
	runner->task = NULL;
	return r;
}

int
evtask_runner_close(struct evtask_runner *runner)
{
	if (runner == NULL || runner->loop == NULL)
		return 0;
	if (current.loop != NULL || loop_is_elsewhere(runner->loop))
		return -EBUSY;
	run_cancel_leftovers(runner->loop);
	(void)evtask_loop_free(runner->loop);
	runner->loop = NULL;
	return 0;
}

void
evtask_runner_free(struct evtask_runner *runner)
{
	if (runner == NULL || evtask_runner_close(runner) < 0)
		return;
	evtask_context_unref(runner->context);
	free(runner);
}
