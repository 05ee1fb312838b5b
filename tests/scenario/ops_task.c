/*
 * ops_task.c - tasks: creating, awaiting, cancelling, asking.
 */
#include <errno.h>

#include "scenario.h"

static int
op_spawn(struct step *step)
{
	struct scenario *s = step->s;
	struct evtask_options options = { .eager = field_bool(step, "eager") };
	struct object *group = NULL, *context = NULL;
	struct actor *actor = scenario_alloc(s, sizeof *actor);
	struct evtask *task;
	int r;

	if (has_field(step, "in") &&
	    (group = field_object(step, "in", GROUP)) == NULL)
		return 0;
	if (has_field(step, "context") &&
	    (context = field_object(step, "context", CONTEXT)) == NULL)
		return 0;
	if (context != NULL)
		options.context = context->is.context;
	*actor = (struct actor){
		.s = s, .label = new_label(step), .name = field_text(step,
		    "as"), .body = proc_body(s, field_text(step, "proc")),
	};
	options.name = has_field(step, "name") ? field_text(step, "name") :
	    actor->label;
	if (group != NULL)
		r = evtask_group_create_task(group->is.group, task_main,
		    actor, &options, &task);
	else
		r = evtask_create(task_main, actor, &options, &task);
	if (r < 0)
		return named(r, "Runtime");
	actor->self = bind(s, actor->name, actor->label, TASK, task);
	return 0;
}

static int
op_await(struct step *step)
{
	struct object *of = field_object(step, "of", FUT);
	struct evtask_value value;
	int r;

	if (of == NULL)
		return 0;
	r = evtask_await_result(awaitable(of), &value);
	if (r == 0)
		step->value = value_text(step->s, value);
	return named(r, "Runtime");
}

static int
op_sleep(struct step *step)
{
	step->args = scenario_print(step->s, "%s", field_text(step, "ms"));
	return evtask_sleep(field_us(step, "ms"));
}

static int
op_cancel(struct step *step)
{
	struct object *of = field_object(step, "of", FUT);
	const char *msg = has_field(step, "msg") ? field_text(step, "msg") :
	    NULL;

	if (of != NULL)
		step->value = evtask_cancel(awaitable(of), msg) > 0 ?
		    "true" : "false";
	return 0;
}

static int
op_cancelling(struct step *step)
{
	struct object *of = field_object(step, "of", TASK);

	if (of != NULL)
		step->value = value_text(step->s,
		    evtask_value_int(evtask_cancelling(of->is.task)));
	return 0;
}

static int
op_uncancel(struct step *step)
{
	struct object *of = field_object(step, "of", TASK);

	if (of != NULL)
		step->value = value_text(step->s,
		    evtask_value_int(evtask_uncancel(of->is.task)));
	return 0;
}

static int
op_get_name(struct step *step)
{
	struct object *of = field_object(step, "of", TASK);

	if (of != NULL)
		step->value = value_text(step->s,
		    evtask_value_literal(evtask_get_name(of->is.task)));
	return 0;
}

static int
op_set_name(struct step *step)
{
	struct object *of = field_object(step, "of", TASK);

	return of != NULL ? evtask_set_name(of->is.task,
	    field_text(step, "name")) : 0;
}

static int
op_current_task(struct step *step)
{
	struct evtask *task = evtask_current_task();

	step->value = task == NULL ? "null" : value_text(step->s,
	    evtask_value_literal(label_of_task(step->s, task)));
	return 0;
}

static const char *
task_list(struct scenario *s, struct evtask *const *tasks, size_t n)
{
	const char *text = "[";

	for (size_t i = 0; i < n; i++)
		text = scenario_print(s, "%s%s\"%s\"", text, i ? "," : "",
		    label_of_task(s, tasks[i]));
	return scenario_print(s, "%s]", text);
}

static int
op_all_tasks(struct step *step)
{
	size_t n = evtask_all_tasks(NULL, NULL, 0);
	struct evtask **tasks = scenario_alloc(step->s,
	    (n + 1) * sizeof *tasks);

	evtask_all_tasks(NULL, tasks, n);
	n = sort_bound(step->s, tasks, n);
	step->value = task_list(step->s, tasks, n);
	return 0;
}

static int
op_awaited_by(struct step *step)
{
	struct object *of = field_object(step, "of", FUT);
	struct evtask **tasks;
	size_t n;

	if (of == NULL)
		return 0;
	n = evtask_awaited_by(awaitable(of), NULL, 0);
	tasks = scenario_alloc(step->s, (n + 1) * sizeof *tasks);
	evtask_awaited_by(awaitable(of), tasks, n);
	step->value = task_list(step->s, tasks, n);
	return 0;
}

const struct op ops_task[] = {
	{ "spawn", "as=n proc=p in?=n name?=t context?=n eager?=b",
	    op_spawn, 0 },
	{ "await", "of=n", op_await, SUSPENDS },
	{ "sleep", "ms=i", op_sleep, SUSPENDS },
	{ "cancel", "of=n msg?=t", op_cancel, 0 },
	{ "cancelling", "of=n", op_cancelling, 0 },
	{ "uncancel", "of=n", op_uncancel, 0 },
	{ "get_name", "of=n", op_get_name, 0 },
	{ "set_name", "of=n name=t", op_set_name, 0 },
	{ "current_task", "", op_current_task, 0 },
	{ "all_tasks", "", op_all_tasks, 0 },
	{ "awaited_by", "of=n", op_awaited_by, 0 },
	{ NULL, NULL, NULL, 0 },
};
