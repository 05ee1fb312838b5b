/*
 * context.h - contexts, as tasks and callbacks carry them.
 */
#ifndef CORE_CONTEXT_H
#define CORE_CONTEXT_H

#include <evtask/context.h>

#include "core/loop.h"

/* A copy of the current context for something made now; NULL when there are
 * no variables to copy. 0 or -ENOMEM. */
int context_inherit(struct evtask_context **ret_context);

/* One without variables, to be shared. 0 or -ENOMEM. */
int context_create(struct evtask_context **ret_context);

/* A callback runs from here on, in *context, which is taken. */
static inline void
context_enter(struct evtask_loop *loop, struct evtask_context **context)
{
	loop->context = *context;
	*context = NULL;
}

static inline void
context_leave(struct evtask_loop *loop)
{
	if (__builtin_expect(loop->context == NULL, 1))
		return;
	evtask_context_unref(loop->context);
	loop->context = NULL;
}

#endif
