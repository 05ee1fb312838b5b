/*
 * report.c - what went wrong with nobody there to be told: told to the loop's
 * exception handler, and what to do with nothing to do asked of its idle one.
 */
#include "core/error.h"
#include "core/loop.h"
#include "core/task.h"

void
evtask_loop_set_exception_handler(struct evtask_loop *loop,
    evtask_exception_fn fn, void *arg)
{
	loop->exception_fn = fn;
	loop->exception_arg = arg;
}

evtask_exception_fn
evtask_loop_get_exception_handler(const struct evtask_loop *loop,
    void **ret_arg)
{
	if (ret_arg != NULL)
		*ret_arg = loop->exception_arg;
	return loop->exception_fn;
}

void
evtask_loop_call_exception_handler(struct evtask_loop *loop,
    const struct evtask_report *report)
{
	struct evtask_error **raised = current_raised(), *outer = NULL;

	loop->stats.reports++;
	if (loop->exception_fn == NULL)
		return;
	/* What the handler raises is nobody's, and not whose report it is. */
	if (raised != NULL) {
		outer = *raised;
		*raised = NULL;
	}
	loop->exception_fn(loop, report, loop->exception_arg);
	if (raised != NULL) {
		evtask_error_unref(*raised);
		*raised = outer;
	}
}

void
evtask_loop_set_idle_handler(struct evtask_loop *loop, evtask_idle_fn fn,
    void *arg)
{
	loop->idle_fn = fn;
	loop->idle_arg = arg;
}

void
loop_report(struct evtask_loop *loop, enum evtask_report_type type,
    const char *message, struct evtask_error *error,
    struct evtask_future *future)
{
	evtask_loop_call_exception_handler(loop, &(struct evtask_report){
	    .type = type, .message = message, .error = error, .future = future,
	    .task = future != NULL ? evtask_from_future(future) : NULL,
	    .site = evtask_created_at(
		(union evtask_awaitable){ .future = future }) });
}

void
loop_report_callback(struct evtask_loop *loop, void *callback_arg)
{
	struct evtask_error *error = loop->raised;

	loop->raised = NULL;
	evtask_loop_call_exception_handler(loop, &(struct evtask_report){
	    .type = EVTASK_REPORT_CALLBACK,
	    .message = "a callback raised", .error = error,
	    .callback_arg = callback_arg });
	evtask_error_unref(error);
}
