/*
 * trim.c - giving memory back after a peak.
 *
 * Stacks and blocks of tasks that ended are kept for the next ones: that is
 * what makes creating fast. When far more of them lie idle than are in use,
 * and the loop has had nothing to do for a while, they go back to the system.
 */
#include "core/trim.h"

enum {
	KEEP = 256,		/* stacks that are never too many */
	SHARE = 4,		/* of all stacks, idle: more than 3/4 */
};

bool
trim_is_due(const struct evtask_loop *loop)
{
	const struct stack_pool *pool = &loop->stacks;

	return pool->n_free > KEEP &&
	    pool->total - pool->n_free < pool->total / SHARE;
}

void
evtask_loop_trim(struct evtask_loop *loop)
{
	if (loop == NULL)
		return;
	stack_pool_trim(&loop->stacks);
	ready_trim(&loop->ready);
	(void)slab_trim(&loop->task_slab);
	(void)slab_trim(&loop->handle_slab);
	(void)slab_trim(&loop->future_slab);
	timers_trim(&loop->timers);
	(void)slab_trim(&loop->extra_slab);
}
