/*
 * context.c - contexts: who shares variables with whom.
 *
 * A context is a counted pointer to a counted table of bindings. Copying a
 * context shares the table; setting a variable copies the table first when
 * it is shared. Tables are small, so they are searched from end to end. The
 * context of a task or callback without variables is NULL, until it sets one.
 */
#include "core/context.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/task.h"

struct binding {
	const struct evtask_var *var;
	struct evtask_value value;	/* owned */
};

struct bindings {
	unsigned int refs;
	size_t n;
	struct binding all[];
};

struct evtask_context {
	unsigned int refs;
	struct bindings *bindings;	/* NULL: none */
};

/* Whether there is a task, or a callback, whose context is the current one. */
static bool
somebody_runs(void)
{
	return current.task != NULL || current.loop != NULL;
}

/* The current context; NULL: no variables yet, or none runs. */
static struct evtask_context *
current_context(void)
{
	if (current.task != NULL)
		return task_extra(current.task)->context;
	return current.loop != NULL ? current.loop->context : NULL;
}

static struct bindings *
bindings_ref(struct bindings *bindings)
{
	if (bindings != NULL)
		bindings->refs++;
	return bindings;
}

static void
bindings_unref(struct bindings *bindings)
{
	if (bindings == NULL || --bindings->refs > 0)
		return;
	for (size_t i = 0; i < bindings->n; i++)
		evtask_value_unref(bindings->all[i].value);
	free(bindings);
}

/* A table like this one (NULL: empty), with room for one more. */
static struct bindings *
bindings_copy(const struct bindings *from)
{
	size_t n = from != NULL ? from->n : 0;
	struct bindings *copy = malloc(sizeof *copy +
	    (n + 1) * sizeof *copy->all);

	if (copy == NULL)
		return NULL;
	copy->refs = 1;
	copy->n = n;
	for (size_t i = 0; i < n; i++) {
		copy->all[i] = from->all[i];
		evtask_value_ref(copy->all[i].value);
	}
	return copy;
}

static struct binding *
find(struct bindings *bindings, const struct evtask_var *var)
{
	for (size_t i = 0; bindings != NULL && i < bindings->n; i++)
		if (bindings->all[i].var == var)
			return &bindings->all[i];
	return NULL;
}

static struct evtask_context *
context_new(struct bindings *bindings)
{
	struct evtask_context *context = malloc(sizeof *context);

	if (context != NULL)
		*context = (struct evtask_context){
			.refs = 1, .bindings = bindings_ref(bindings),
		};
	return context;
}

/* The current one, made if there is none. NULL without memory. */
static struct evtask_context *
current_context_made(void)
{
	struct evtask_context **at = &current.loop->context;

	if (current.task != NULL) {
		if (task_need_extra(current.task) == NULL)
			return NULL;
		at = &current.task->extra->context;
	}
	if (*at == NULL)
		*at = context_new(NULL);
	return *at;
}

int
context_inherit(struct evtask_context **ret_context)
{
	const struct evtask_context *from = current_context();

	*ret_context = NULL;
	if (from == NULL || from->bindings == NULL)
		return 0;
	*ret_context = context_new(from->bindings);
	return *ret_context != NULL ? 0 : -ENOMEM;
}

int
context_create(struct evtask_context **ret_context)
{
	*ret_context = context_new(NULL);
	return *ret_context != NULL ? 0 : -ENOMEM;
}

int
evtask_context_copy(struct evtask_context **ret_context)
{
	const struct evtask_context *from = current_context();
	struct evtask_context *context;

	if (!somebody_runs() || ret_context == NULL)
		return -EINVAL;
	context = context_new(from != NULL ? from->bindings : NULL);
	if (context == NULL)
		return -ENOMEM;
	*ret_context = context;
	return 0;
}

struct evtask_context *
evtask_context_ref(struct evtask_context *context)
{
	if (context != NULL)
		context->refs++;
	return context;
}

void
evtask_context_unref(struct evtask_context *context)
{
	if (context == NULL || --context->refs > 0)
		return;
	bindings_unref(context->bindings);
	free(context);
}

struct evtask_context *
evtask_get_context(const struct evtask *task)
{
	return task != NULL ? task_extra(task)->context : NULL;
}

/* A place for var in this context, alone there. NULL without memory. */
static struct binding *
place_for(struct evtask_context *context, const struct evtask_var *var)
{
	struct binding *binding = find(context->bindings, var);
	struct bindings *mine;

	if (binding != NULL && context->bindings->refs == 1)
		return binding;
	mine = bindings_copy(context->bindings);
	if (mine == NULL)
		return NULL;
	bindings_unref(context->bindings);
	context->bindings = mine;
	binding = find(mine, var);
	if (binding == NULL) {
		binding = &mine->all[mine->n++];
		*binding = (struct binding){ .var = var };
	}
	return binding;
}

int
evtask_var_set(const struct evtask_var *var, struct evtask_value value)
{
	struct evtask_context *context;
	struct binding *binding = NULL;

	if (!somebody_runs() || var == NULL) {
		evtask_value_unref(value);
		return -EINVAL;
	}
	context = current_context_made();
	if (context != NULL)
		binding = place_for(context, var);
	if (binding == NULL) {
		evtask_value_unref(value);
		return -ENOMEM;
	}
	evtask_value_unref(binding->value);
	binding->value = value;
	return 0;
}

int
evtask_var_get(const struct evtask_var *var, struct evtask_value *ret_value)
{
	const struct evtask_context *context = current_context();
	struct binding *binding;

	if (!somebody_runs() || var == NULL)
		return -EINVAL;
	binding = context != NULL ? find(context->bindings, var) : NULL;
	if (binding == NULL)
		return -ENOENT;
	if (ret_value != NULL)
		*ret_value = binding->value;
	return 0;
}
