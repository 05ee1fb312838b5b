/*
 * block.c - blocks, procedures and the operations of control.
 *
 * Every operation returns what Python's interpreter would do next: 0, go on;
 * negative, an exception is on its way up; RETURNED, a return is.
 */
#include <errno.h>
#include <string.h>

#include "scenario.h"

static const struct op *const tables[] = {
	ops_control, ops_task, ops_future, ops_combine, ops_scope, ops_sync,
	ops_context,
};

const struct op *
op_find(const char *name)
{
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		for (const struct op *op = tables[i]; op->name != NULL; op++)
			if (strcmp(op->name, name) == 0)
				return op;
	return NULL;
}

static int
run_op(struct frame *frame, struct json_object *json)
{
	struct step step = {
		.s = frame->actor->s, .frame = frame, .json = json,
	};
	int r;

	if (step.s->dropping)
		return -ECANCELED;
	step.op = op_find(field_text(&step, "op"));
	r = step.op->fn(&step);
	if (step.missing != NULL) {
		trace(step.s, frame->actor->label, "%s ? %s", step.op->name,
		    step.missing);
		return 0;
	}
	if (!(step.op->flags & SILENT))
		trace_outcome(&step, step.op->name, step.args, r);
	return r;
}

int
run_block(struct frame *frame, struct json_object *block)
{
	size_t n = block != NULL ? json_object_array_length(block) : 0;
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++)
		r = run_op(frame, json_object_array_get_idx(block, i));
	return r;
}

struct json_object *
proc_body(struct scenario *s, const char *proc)
{
	struct json_object *body = NULL;

	json_object_object_get_ex(s->procs, proc, &body);
	return body;
}

/* Runs a block as the body of a function. */
static int
run_body(struct actor *actor, struct json_object *body,
    struct evtask_value *ret_value)
{
	struct frame frame = { .actor = actor };
	int r = run_block(&frame, body);

	/* A return that an exception overtook has left its value behind. */
	*ret_value = r == RETURNED ? frame.result : evtask_value_none();
	return r < 0 ? r : 0;
}

int
call_proc(struct actor *actor, const char *proc,
    struct evtask_value *ret_value)
{
	return run_body(actor, proc_body(actor->s, proc), ret_value);
}

/* The body of a task. */
int
task_main(void *arg)
{
	struct actor *actor = arg;
	struct evtask_value value;
	int r;

	trace(actor->s, actor->label, "start");
	r = run_body(actor, actor->body, &value);
	if (r < 0) {
		trace(actor->s, actor->label, "end ! %s",
		    raised_text(actor->s, r));
		return r;
	}
	trace(actor->s, actor->label, "end = %s",
	    value_text(actor->s, value));
	return evtask_return(value);
}

/* A handle has fired. */
void
callback_main(void *arg)
{
	struct actor *actor = arg;
	struct evtask_value value;

	trace(actor->s, actor->label, "fired");
	(void)!run_body(actor, actor->body, &value);
}

/* Operations. */

static int
op_mark(struct step *step)
{
	step->args = field_text(step, "msg");
	return 0;
}

static int
op_return(struct step *step)
{
	step->frame->result = field_value(step, "value");
	return RETURNED;
}

static int
op_raise(struct step *step)
{
	return evtask_raise_error(error_from_text(field_text(step, "exc")));
}

static int
op_reraise(struct step *step)
{
	return evtask_raise_error(evtask_error_ref(step->frame->caught));
}

static int
op_call(struct step *step)
{
	struct evtask_value value;
	int r;

	step->args = field_text(step, "proc");
	r = call_proc(step->frame->actor, step->args, &value);
	if (r == 0) {
		step->value = value_text(step->s, value);
		evtask_value_unref(value);
	}
	return r;
}

static int
op_repeat(struct step *step)
{
	int r = 0;

	for (int64_t n = field_int(step, "n", 0); n > 0 && r == 0; n--)
		r = run_block(step->frame, field(step, "body"));
	return r;
}

static int
op_time(struct step *step)
{
	step->value = value_text(step->s, evtask_value_int(
	    evtask_loop_time_us(step->s->loop) / 1000));
	return 0;
}

/* The first handler that takes the error runs. */
static int
handle(struct step *step, int r)
{
	struct json_object *handlers = field(step, "except"), *handler, *value;
	struct evtask_error *error = evtask_catch(r);
	struct evtask_error *outer = step->frame->caught;
	size_t n = handlers ? json_object_array_length(handlers) : 0;

	for (size_t i = 0; i < n; i++) {
		handler = json_object_array_get_idx(handlers, i);
		json_object_object_get_ex(handler, "of", &value);
		if (!error_matches(error, json_object_get_string(value)))
			continue;
		trace(step->s, step->frame->actor->label, "except %s",
		    error_text(step->s, error));
		step->frame->caught = error;
		json_object_object_get_ex(handler, "body", &value);
		r = run_block(step->frame, value);
		step->frame->caught = outer;
		evtask_error_unref(error);
		return r;
	}
	return evtask_raise_error(error);
}

static int
op_try(struct step *step)
{
	const char *actor = step->frame->actor->label;
	struct evtask_error *error = NULL;
	int r = run_block(step->frame, field(step, "body")), r_finally;

	if (step->s->dropping)
		return r;
	if (r < 0) {
		r = handle(step, r);
	} else if (r == 0 && has_field(step, "else")) {
		trace(step->s, actor, "else");
		r = run_block(step->frame, field(step, "else"));
	}
	if (step->s->dropping || !has_field(step, "finally"))
		return r;
	if (r < 0)
		error = evtask_catch(r);
	trace(step->s, actor, "finally");
	r_finally = run_block(step->frame, field(step, "finally"));
	if (r_finally < 0) {
		evtask_error_unref(error);
		return r_finally;
	}
	return error != NULL ? evtask_raise_error(error) : r;
}

const struct op ops_control[] = {
	{ "mark", "msg=t", op_mark, 0 },
	{ "return", "value?=v", op_return, SILENT },
	{ "raise", "exc=e", op_raise, 0 },
	{ "reraise", "", op_reraise, 0 },
	{ "call", "proc=p", op_call, SUSPENDS },
	{ "try", "body=B except?=X else?=B finally?=B", op_try,
	    SUSPENDS | SILENT },
	{ "repeat", "n=i body=B", op_repeat, SUSPENDS | SILENT },
	{ "time", "", op_time, 0 },
	{ NULL, NULL, NULL, 0 },
};
