/*
 * ops_future.c - futures, done callbacks, handles.
 */
#include <errno.h>

#include "scenario.h"

static int
op_future(struct step *step)
{
	struct evtask_future *future;
	const char *label = new_label(step);

	must(evtask_future_new(NULL, &future), "make a future");
	bind(step->s, field_text(step, "as"), label, FUTURE, future);
	return 0;
}

static int
settled(int r)
{
	return named(r, r == -EPERM ? "Runtime" : "InvalidState");
}

static int
op_set_result(struct step *step)
{
	struct object *of = field_object(step, "of", FUT);

	return of != NULL ? settled(evtask_set_result(awaitable(of).future,
	    field_value(step, "value"))) : 0;
}

static int
op_set_exception(struct step *step)
{
	struct object *of = field_object(step, "of", FUT);

	return of != NULL ? settled(evtask_set_exception(awaitable(of).future,
	    error_from_text(field_text(step, "exc")))) : 0;
}

static int
op_done(struct step *step)
{
	struct object *of = field_object(step, "of", FUT);

	if (of != NULL)
		step->value = evtask_done(awaitable(of)) ? "true" : "false";
	return 0;
}

static int
op_cancelled(struct step *step)
{
	struct object *of = field_object(step, "of", FUT);

	if (of != NULL)
		step->value = evtask_cancelled(awaitable(of)) ?
		    "true" : "false";
	return 0;
}

/* Raises what came out of f instead of a value: code r. */
static int
raise_outcome(union evtask_awaitable f, int r)
{
	struct evtask_error *error = evtask_cancellation(f);

	if (!evtask_done(f))
		return named(r, "InvalidState");
	if (error == NULL)
		must(evtask_exception(f, &error), "have an exception");
	return evtask_raise_error(evtask_error_ref(error));
}

static int
op_result(struct step *step)
{
	struct object *of = field_object(step, "of", FUT);
	struct evtask_value value;
	int r;

	if (of == NULL)
		return 0;
	r = evtask_result(awaitable(of), &value);
	if (r < 0)
		return raise_outcome(awaitable(of), r);
	step->value = value_text(step->s, value);
	return 0;
}

static int
op_exception(struct step *step)
{
	struct object *of = field_object(step, "of", FUT);
	struct evtask_error *error;
	int r;

	if (of == NULL)
		return 0;
	r = evtask_exception(awaitable(of), &error);
	if (r < 0)
		return raise_outcome(awaitable(of), r);
	step->value = error == NULL ? "null" :
	    scenario_print(step->s, "!%s", error_text(step->s, error));
	return 0;
}

/* Callbacks and handles: actors that are nobody's task. */

static struct actor *
callback_new(struct step *step, const char *label)
{
	struct actor *actor = scenario_alloc(step->s, sizeof *actor);

	step->args = scenario_print(step->s, "@%s", label);
	*actor = (struct actor){
		.s = step->s, .label = step->args,
		.body = field(step, "body"),
	};
	return actor;
}

static void
done_main(struct evtask_future *future, void *arg)
{
	struct actor *actor = arg;
	struct frame frame = { .actor = actor };

	trace(actor->s, actor->label, "fired %s",
	    label_of_future(actor->s, future));
	(void)!run_block(&frame, actor->body);
}

static int
op_on_done(struct step *step)
{
	struct object *of = field_object(step, "of", FUT), *cb;
	const char *label, *name = field_text(step, "as");

	if (of == NULL)
		return 0;
	if (has_field(step, "body")) {
		label = label_of(step->s, name);
		cb = bind(step->s, name, label, CALLBACK,
		    callback_new(step, label));
	} else if ((cb = field_object(step, "as", CALLBACK)) == NULL) {
		return 0;
	}
	step->args = scenario_print(step->s, "%s @%s", of->label, cb->label);
	return evtask_add_done_callback(awaitable(of), done_main,
	    cb->is.callback);
}

static int
op_off_done(struct step *step)
{
	struct object *of = field_object(step, "of", FUT), *cb;

	if (of == NULL || (cb = field_object(step, "cb", CALLBACK)) == NULL)
		return 0;
	step->args = scenario_print(step->s, "%s @%s", of->label, cb->label);
	step->value = value_text(step->s, evtask_value_int(
	    evtask_remove_done_callback(awaitable(of), done_main,
	    cb->is.callback)));
	return 0;
}

static int
bind_handle(struct step *step, const char *label, struct evtask_handle *handle)
{
	bind(step->s, field_text(step, "as"), label, HANDLE, handle);
	return 0;
}

static int
op_call_soon(struct step *step)
{
	const char *label = new_label(step);
	struct evtask_handle *handle;

	must(evtask_call_soon(NULL, callback_main, callback_new(step, label),
	    &handle), "call soon");
	return bind_handle(step, label, handle);
}

static int
op_call_later(struct step *step)
{
	const char *label = new_label(step);
	struct evtask_handle *handle;

	must(evtask_call_later(NULL, field_us(step, "ms"), callback_main,
	    callback_new(step, label), &handle), "call later");
	return bind_handle(step, label, handle);
}

static int
op_call_at(struct step *step)
{
	const char *label = new_label(step);
	struct evtask_handle *handle;

	must(evtask_call_at(NULL, field_us(step, "at"), callback_main,
	    callback_new(step, label), &handle), "call at");
	return bind_handle(step, label, handle);
}

static int
op_handle_cancel(struct step *step)
{
	struct object *of = field_object(step, "of", HANDLE);

	if (of != NULL)
		evtask_handle_cancel(of->is.handle);
	return 0;
}

static int
op_handle_cancelled(struct step *step)
{
	struct object *of = field_object(step, "of", HANDLE);

	if (of != NULL)
		step->value = evtask_handle_cancelled(of->is.handle) ?
		    "true" : "false";
	return 0;
}

const struct op ops_future[] = {
	{ "future", "as=n", op_future, 0 },
	{ "set_result", "of=n value?=v", op_set_result, 0 },
	{ "set_exception", "of=n exc=e", op_set_exception, 0 },
	{ "done", "of=n", op_done, 0 },
	{ "cancelled", "of=n", op_cancelled, 0 },
	{ "result", "of=n", op_result, 0 },
	{ "exception", "of=n", op_exception, 0 },
	{ "on_done", "of=n as=n body?=B", op_on_done, 0 },
	{ "off_done", "of=n cb=n", op_off_done, 0 },
	{ "call_soon", "as=n body?=B", op_call_soon, 0 },
	{ "call_later", "as=n ms=i body?=B", op_call_later, 0 },
	{ "call_at", "as=n at=i body?=B", op_call_at, 0 },
	{ "handle_cancel", "of=n", op_handle_cancel, 0 },
	{ "handle_cancelled", "of=n", op_handle_cancelled, 0 },
	{ NULL, NULL, NULL, 0 },
};
