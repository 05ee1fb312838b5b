/*
 * run.c - a scenario from its first turn to its final lines: what
 * asyncio.run() does, with every step of it in the trace.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "scenario.h"

/* Nothing can go on: main is cancelled, and the next time it is the end. */
static void
on_idle(struct evtask_loop *loop, void *arg)
{
	struct scenario *s = arg;

	trace(s, "*", "deadlock");
	if (s->shutting_down || s->deadlocks++ > 0)
		evtask_loop_stop(loop);
	else
		(void)!evtask_cancel(s->objects->is.task, NULL);
}

/* A report of the loop, as a line of the trace. */
static void
on_report(struct evtask_loop *loop, const struct evtask_report *report,
    void *arg)
{
	struct scenario *s = arg;
	const struct actor *callback = report->callback_arg;

	switch (report->type) {
	case EVTASK_REPORT_CALLBACK:
		trace(s, "*", "handler callback %s ! %s", callback->label,
		    error_text(s, report->error));
		return;
	case EVTASK_REPORT_SHIELDED:
		trace(s, "*", "handler shielded %s ! %s",
		    label_of_future(s, report->future),
		    error_text(s, report->error));
		return;
	case EVTASK_REPORT_UNRETRIEVED:	/* told by the final lines */
	case EVTASK_REPORT_SHUTDOWN:	/* ours, not the loop's */
	case EVTASK_REPORT_STUCK:
	case EVTASK_REPORT_MISUSE:	/* for a loop in debug mode */
	case EVTASK_REPORT_SLOW:
	case EVTASK_REPORT_NEVER_AWAITED:
	case EVTASK_REPORT_PENDING:
		return;
	}
}

static const char *
outcome_text(struct scenario *s, union evtask_awaitable f)
{
	struct evtask_value value;
	struct evtask_error *error = NULL;

	if (!evtask_done(f))
		return "pending";
	if (evtask_cancelled(f))
		return "cancelled";
	if (evtask_exception(f, &error) == 0 && error != NULL)
		return scenario_print(s, "! %s", error_text(s, error));
	must(evtask_result(f, &value), "have a result");
	return scenario_print(s, "= %s", value_text(s, value));
}

static void
run_main(struct scenario *s, struct actor *actor)
{
	struct evtask_options options = { .name = "main" };
	struct evtask *task;
	int r;

	must(evtask_loop_create_task(s->loop, task_main, actor, &options,
	    &task), "create main");
	actor->self = bind(s, "main", label_of(s, "main"), TASK, task);
	r = evtask_loop_run_until_complete(s->loop, task);
	if (r == -EINTR)
		trace(s, "*", "main stuck");
	else if (evtask_cancelled(task))
		trace(s, "*", "main ! %s",
		    error_text(s, evtask_cancellation(task)));
	else
		trace(s, "*", "main %s", outcome_text(s,
		    (union evtask_awaitable){ .task = task }));
}

/* What is left is cancelled, oldest first, and waited for. */
static void
shut_down(struct scenario *s)
{
	size_t n = evtask_all_tasks(s->loop, NULL, 0);
	struct evtask **pending = scenario_alloc(s, (n + 1) * sizeof *pending);
	union evtask_awaitable *left = scenario_alloc(s,
	    (n + 1) * sizeof *left);
	struct evtask_future *all;
	struct evtask_error *error;
	const char *labels = "";

	evtask_all_tasks(s->loop, pending, n);
	n = sort_bound(s, pending, n);
	for (size_t i = 0; i < n; i++) {
		left[i].task = pending[i];
		labels = scenario_print(s, "%s%s%s", labels, i ? "," : "",
		    label_of_task(s, pending[i]));
	}
	if (n == 0)
		return;
	trace(s, "*", "shutdown %s", labels);
	s->shutting_down = true;
	for (size_t i = 0; i < n; i++)
		evtask_cancel(left[i].task, NULL);
	must(evtask_gather(left, n, true, &all), "gather");
	if (evtask_loop_run_until_complete(s->loop, all) == -EINTR) {
		trace(s, "*", "shutdown stuck");
	} else {
		for (size_t i = 0; i < n; i++) {
			error = NULL;
			if (evtask_exception(left[i], &error) == 0 &&
			    error != NULL)
				trace(s, "*", "handler shutdown %s ! %s",
				    label_of_task(s, left[i].task),
				    error_text(s, error));
		}
	}
	evtask_future_unref(all);
}

static void
final_lines(struct scenario *s)
{
	/* Two objects may be one future, and to look is to retrieve. */
	for (struct object *o = s->objects; o != NULL; o = o->next)
		if (o->kind & FUT)
			o->lost = !evtask_exception_retrieved(awaitable(o));
	for (struct object *o = s->objects; o != NULL; o = o->next)
		if (o->kind & FUT)
			trace(s, "*", "final %s %s%s", o->label,
			    outcome_text(s, awaitable(o)),
			    o->lost ? " unretrieved" : "");
}

/* The objects go after the loop, which has unwound the tasks inside them. */
static void
free_object(struct object *object)
{
	switch (object->kind) {
	case TASK:
		evtask_unref(object->is.task);
		break;
	case FUTURE:
	case GATHER:
	case SHIELD:
		evtask_future_unref(object->is.future);
		break;
	case HANDLE:
		evtask_handle_unref(object->is.handle);
		break;
	case LOCK:
		evtask_lock_free(object->is.lock);
		break;
	case EVENT:
		evtask_event_free(object->is.event);
		break;
	case COND:
		evtask_condition_free(object->is.cond);
		break;
	case SEM:
		evtask_semaphore_free(object->is.sem);
		break;
	case BARRIER:
		evtask_barrier_free(object->is.barrier);
		break;
	case QUEUE:
		evtask_queue_free(object->is.queue);
		break;
	case CONTEXT:
		evtask_context_unref(object->is.context);
		break;
	case FUT:
	case CALLBACK:
	case TIMEOUT:
	case GROUP:
		break;		/* in the arena */
	}
}

void
scenario_run(struct json_object *root, FILE *out)
{
	struct evtask_loop_options options = { .clock = EVTASK_CLOCK_VIRTUAL };
	struct scenario s = {
		.root = root, .out = out, .last_object = &s.objects,
	};
	struct actor actor = { .s = &s, .label = "main" };

	json_object_object_get_ex(root, "procs", &s.procs);
	json_object_object_get_ex(root, "main", &actor.body);
	must(evtask_loop_new(&options, &s.loop), "make a loop");
	evtask_loop_set_idle_handler(s.loop, on_idle, &s);
	evtask_loop_set_exception_handler(s.loop, on_report, &s);
	run_main(&s, &actor);
	shut_down(&s);
	final_lines(&s);

	s.dropping = true;
	must(evtask_loop_free(s.loop), "free the loop");
	for (struct iterator *i = s.iterators; i != NULL; i = i->next)
		evtask_as_completed_free(i->it);
	for (struct object *o = s.objects; o != NULL; o = o->next)
		free_object(o);
	scenario_release(&s);
}
