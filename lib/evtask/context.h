/*
 * context.h - context variables: values that follow the flow of control.
 *
 * A task runs in a context, a copy of its creator's at the moment it was
 * created; so does every callback, a copy of the context in which it was
 * registered. What a task sets, its later children see, and nobody else.
 * Name a context in struct evtask_options to share it instead.
 *
 *	static const struct evtask_var request_id = { "request_id" };
 *
 *	r = evtask_var_set(&request_id, evtask_value_int(42));
 *	...			// deep below, perhaps in a child task
 *	if (evtask_var_get(&request_id, &v) == 0)
 *		log_line(v.u.i, "cannot connect");
 *
 * All of it is called inside a task or a callback, and does not suspend.
 * A program that sets no variable pays nothing for them.
 */
#ifndef EVTASK_CONTEXT_H
#define EVTASK_CONTEXT_H

#include <evtask/task.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A variable: known by its address, so define it static or global. */
struct evtask_var {
	const char *name;		/* for people */
};

/* Sets it in the current context; takes the reference of value, whatever it
 * returns: 0, -EINVAL (no task or callback runs) or -ENOMEM. */
EVTASK_API EVTASK_CHECKED int
evtask_var_set(const struct evtask_var *var, struct evtask_value value);

/* Its value in the current context, borrowed until it is set again. Returns 0;
 * -ENOENT when it was never set; -EINVAL. */
EVTASK_API int
evtask_var_get(const struct evtask_var *var, struct evtask_value *ret_value);

/* A copy of the current context, as it is now. The caller owns the reference.
 * Returns 0, -EINVAL or -ENOMEM. */
EVTASK_API EVTASK_CHECKED int
evtask_context_copy(struct evtask_context **ret_context);

/* One reference more, or less. Loop thread; NULL is accepted. */
EVTASK_API struct evtask_context *
evtask_context_ref(struct evtask_context *context);
EVTASK_API void evtask_context_unref(struct evtask_context *context);

/* The context a task runs in, borrowed; NULL while it has no variables. */
EVTASK_API struct evtask_context *
evtask_get_context(const struct evtask *task);

#ifdef __cplusplus
}
#endif
#endif
