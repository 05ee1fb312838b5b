/*
 * ops_combine.c - gather, shield, wait, wait_for, as_completed.
 */
#include <errno.h>
#include <string.h>

#include "scenario.h"

/* The futures of the list in "of", for the library. */
static union evtask_awaitable *
field_awaitables(struct step *step, struct object ***ret_objects, size_t *ret_n)
{
	size_t n = field_objects(step, "of", FUT, ret_objects);
	union evtask_awaitable *fs = scenario_alloc(step->s,
	    (n + 1) * sizeof *fs);

	for (size_t i = 0; i < n; i++)
		fs[i] = awaitable((*ret_objects)[i]);
	*ret_n = n;
	return fs;
}

static int
op_gather(struct step *step)
{
	struct object **objects;
	struct evtask_future *future;
	size_t n;
	union evtask_awaitable *fs = field_awaitables(step, &objects, &n);

	if (step->missing != NULL)
		return 0;
	must(evtask_gather(fs, n, field_bool(step, "return_exceptions"),
	    &future), "gather");
	bind(step->s, field_text(step, "as"), new_label(step), GATHER, future);
	return 0;
}

static int
op_shield(struct step *step)
{
	struct object *of = field_object(step, "of", FUT);
	struct evtask_future *future;

	if (of == NULL)
		return 0;
	must(evtask_shield(awaitable(of), &future), "shield");
	bind(step->s, field_text(step, "as"), new_label(step), SHIELD, future);
	return 0;
}

static bool
seen_before(struct object **objects, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (awaitable(objects[j]).future ==
		    awaitable(objects[i]).future)
			return true;
	return false;
}

static const char *
labels_of(struct step *step, struct object **objects, size_t n, bool done)
{
	const char *text = "";

	for (size_t i = 0; i < n; i++)
		if (evtask_done(awaitable(objects[i])) == done &&
		    !seen_before(objects, i))
			text = scenario_print(step->s, "%s%s%s", text,
			    *text != '\0' ? "," : "", objects[i]->label);
	return text;
}

static int
op_wait(struct step *step)
{
	struct object **objects;
	size_t n;
	union evtask_awaitable *fs = field_awaitables(step, &objects, &n);
	const char *when = has_field(step, "when") ?
	    field_text(step, "when") : "ALL";
	int r;

	if (step->missing != NULL)
		return 0;
	if (n == 0)
		return evtask_raise_as("Value", -EINVAL, "nothing to wait for");
	r = evtask_wait(fs, n, field_us(step, "timeout"),
	    strcmp(when, "FIRST") == 0 ? EVTASK_FIRST_COMPLETED :
	    strcmp(when, "EXCEPTION") == 0 ? EVTASK_FIRST_EXCEPTION :
	    EVTASK_ALL_COMPLETED);
	if (r < 0)
		return r;
	step->args = scenario_print(step->s, "done=%s pending=%s",
	    labels_of(step, objects, n, true),
	    labels_of(step, objects, n, false));
	return 0;
}

/* A procedure called by the library, in this task or in a new one. */
struct called {
	struct actor *actor;
	const char *proc;
};

static int
called_main(void *arg)
{
	struct called *called = arg;
	struct evtask_value value;
	int r = call_proc(called->actor, called->proc, &value);

	return r < 0 ? r : evtask_return(value);
}

static int
op_wait_for(struct step *step)
{
	struct evtask_value value;
	struct object *of;
	int64_t us = field_us(step, "ms");
	int r;

	if (has_field(step, "proc")) {
		struct called called = {
			.actor = step->frame->actor,
			.proc = field_text(step, "proc"),
		};

		step->args = scenario_print(step->s, "%s()", called.proc);
		r = evtask_wait_for_call(called_main, &called, us, &value);
		if (r == 0) {
			step->value = value_text(step->s, value);
			evtask_value_unref(value);
		}
		return r;
	}
	of = field_object(step, "of", FUT);
	if (of == NULL)
		return 0;
	r = evtask_wait_for(awaitable(of), us, &value);
	if (r == 0)
		step->value = value_text(step->s, value);
	return named(r, "Runtime");
}

static const char *
label_among(struct object **objects, size_t n, struct evtask_future *future)
{
	for (size_t i = 0; i < n; i++)
		if (awaitable(objects[i]).future == future)
			return objects[i]->label;
	return "?";
}

static int
op_as_completed(struct step *step)
{
	struct object **objects;
	struct iterator *iterator = scenario_alloc(step->s, sizeof *iterator);
	struct evtask_future *future;
	size_t n;
	union evtask_awaitable *fs = field_awaitables(step, &objects, &n);
	int r;

	if (step->missing != NULL)
		return 0;
	must(evtask_as_completed(fs, n, field_us(step, "timeout"),
	    &iterator->it), "start as_completed");
	/* Left early it stays, as Python's does, until its timer is due. */
	iterator->next = step->s->iterators;
	step->s->iterators = iterator;
	while ((r = evtask_as_completed_next(iterator->it, &future)) > 0) {
		trace(step->s, step->frame->actor->label, "next %s",
		    label_among(objects, n, future));
		r = run_block(step->frame, field(step, "body"));
		if (r != 0)
			return r;
	}
	return r;
}

const struct op ops_combine[] = {
	{ "gather", "as=n of=N return_exceptions?=b", op_gather, 0 },
	{ "shield", "as=n of=n", op_shield, 0 },
	{ "wait", "of=N timeout?=I when?=w", op_wait, SUSPENDS },
	{ "wait_for", "ms=I of?=n proc?=p", op_wait_for, SUSPENDS },
	{ "as_completed", "of=N timeout?=I body?=B", op_as_completed,
	    SUSPENDS },
	{ NULL, NULL, NULL, 0 },
};
