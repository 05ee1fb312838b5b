/*
 * ops_scope.c - timeouts and task groups.
 *
 * Their memory is the scenario's, so that they can be asked, and misused,
 * after they were left.
 */
#include <errno.h>

#include "scenario.h"

/* Runs the body; a return in it leaves the scope like the end of it. */
static int
run_inside(struct step *step, bool *ret_returned)
{
	int r = run_block(step->frame, field(step, "body"));

	*ret_returned = r == RETURNED;
	return r < 0 ? r : 0;
}

/* The end of the line of a scope, and whether a return goes on. */
static int
left(struct step *step, int r, bool returned)
{
	if (r < 0)
		return r;
	step->args = scenario_print(step->s, "%s exit", step->args);
	return returned ? RETURNED : 0;
}

static int
run_timeout(struct step *step, int64_t deadline_us)
{
	struct evtask_timeout *timeout = scenario_alloc(step->s,
	    sizeof *timeout);
	bool returned;
	int r;

	must(evtask_timeout_at_enter(timeout, deadline_us), "enter");
	bind(step->s, field_text(step, "as"), new_label(step), TIMEOUT,
	    timeout);
	r = run_inside(step, &returned);
	return left(step, evtask_timeout_exit(timeout, r), returned);
}

static int64_t
from_now_us(struct step *step, int64_t delay_us)
{
	return delay_us == EVTASK_FOREVER ? delay_us :
	    evtask_loop_time_us(step->s->loop) + delay_us;
}

static int
op_timeout(struct step *step)
{
	return run_timeout(step, from_now_us(step, field_us(step, "ms")));
}

static int
op_timeout_at(struct step *step)
{
	int r = run_timeout(step, field_us(step, "at"));

	trace_outcome(step, "timeout", step->args, r);
	return r;
}

static int
op_reschedule(struct step *step)
{
	struct object *of = field_object(step, "of", TIMEOUT);
	int64_t when_us;

	if (of == NULL)
		return 0;
	when_us = has_field(step, "ms") ?
	    from_now_us(step, field_us(step, "ms")) : field_us(step, "at");
	return named(evtask_timeout_reschedule(of->is.timeout, when_us),
	    "Runtime");
}

static int
op_expired(struct step *step)
{
	struct object *of = field_object(step, "of", TIMEOUT);

	if (of != NULL)
		step->value = evtask_timeout_expired(of->is.timeout) ?
		    "true" : "false";
	return 0;
}

static int
op_when(struct step *step)
{
	struct object *of = field_object(step, "of", TIMEOUT);
	int64_t when_us;

	if (of == NULL)
		return 0;
	when_us = evtask_timeout_when_us(of->is.timeout);
	step->value = when_us == EVTASK_FOREVER ? "null" :
	    value_text(step->s, evtask_value_int(when_us / 1000));
	return 0;
}

static int
op_group(struct step *step)
{
	struct evtask_group *group = scenario_alloc(step->s, sizeof *group);
	bool returned;
	int r;

	must(evtask_group_enter(group), "enter");
	bind(step->s, field_text(step, "as"), new_label(step), GROUP, group);
	r = run_inside(step, &returned);
	return left(step, evtask_group_exit(group, r), returned);
}

const struct op ops_scope[] = {
	{ "timeout", "as=n ms=I body=B", op_timeout, SUSPENDS },
	{ "timeout_at", "as=n at=i body=B", op_timeout_at, SUSPENDS | SILENT },
	{ "reschedule", "of=n ms?=i at?=I", op_reschedule, 0 },
	{ "expired", "of=n", op_expired, 0 },
	{ "when", "of=n", op_when, 0 },
	{ "group", "as=n body=B", op_group, SUSPENDS },
	{ NULL, NULL, NULL, 0 },
};
