/*
 * ops_context.c - context variables.
 */
#include <errno.h>

#include "scenario.h"

static int
op_ctx_set(struct step *step)
{
	step->args = field_text(step, "var");
	must(evtask_var_set(&name_of(step->s, step->args)->var,
	    field_value(step, "value")), "set a variable");
	return 0;
}

static int
op_ctx_get(struct step *step)
{
	struct evtask_value value = evtask_value_none();
	int r;

	step->args = field_text(step, "var");
	r = evtask_var_get(&name_of(step->s, step->args)->var, &value);
	must(r == -ENOENT ? 0 : r, "get a variable");
	step->value = value_text(step->s, value);
	return 0;
}

static int
op_ctx_copy(struct step *step)
{
	struct evtask_context *context;

	must(evtask_context_copy(&context), "copy the context");
	bind(step->s, field_text(step, "as"), new_label(step), CONTEXT,
	    context);
	return 0;
}

const struct op ops_context[] = {
	{ "ctx_set", "var=n value=v", op_ctx_set, 0 },
	{ "ctx_get", "var=n", op_ctx_get, 0 },
	{ "ctx_copy", "as=n", op_ctx_copy, 0 },
	{ NULL, NULL, NULL, 0 },
};
