/*
 * trim.c - giving memory back after a peak.
 *
 * Stacks and blocks of tasks that ended are kept for the next ones: that is
 * what makes creating fast. When far more of them lie idle than are in use,
 * and the loop has had nothing to do for a while, they go back to the system.
 *
 * Where those in use stand among those that are idle much cannot go, and is as
 * idle afterwards. Then the next time comes later, and later: to look at all of
 * it each second would be a lot of work for nothing.
 */
#include "core/trim.h"

enum {
	KEEP_STACKS = 256,	/* that are never too many */
	KEEP_CELLS = 32768,
	SHARE = 4,		/* of all, idle: more than 3/4 */
};

static struct slab *
slab_of(struct evtask_loop *loop, size_t i)
{
	struct slab *slabs[] = {
		&loop->task_slab, &loop->handle_slab, &loop->future_slab,
		&loop->extra_slab,
	};

	return i < sizeof slabs / sizeof *slabs ? slabs[i] : NULL;
}

static bool
stacks_lie_idle(const struct stack_pool *pool)
{
	return pool->n_free > KEEP_STACKS &&
	    pool->total - pool->n_free < pool->total / SHARE;
}

/* Cells are not counted as they come and go. But most of those that are in use
 * can be queued, and have a slot reserved; where that is not so, trimming finds
 * little to do, and has been futile. */
static bool
cells_lie_idle(struct evtask_loop *loop)
{
	const struct slab *slab;
	size_t cells = 0;

	for (size_t i = 0; (slab = slab_of(loop, i)) != NULL; i++)
		cells += slab->cut;
	return cells > KEEP_CELLS && loop->ready.reserved < cells / SHARE;
}

bool
trim_is_due(struct evtask_loop *loop)
{
	return stacks_lie_idle(&loop->stacks) || cells_lie_idle(loop);
}

int64_t
trim_after_us(const struct evtask_loop *loop)
{
	return (int64_t)TRIM_AFTER_US << loop->futile_trims;
}

void
evtask_loop_trim(struct evtask_loop *loop)
{
	struct slab *slab;

	if (loop == NULL)
		return;
	stack_pool_trim(&loop->stacks);
	ready_trim(&loop->ready);
	timers_trim(&loop->timers);
	for (size_t i = 0; (slab = slab_of(loop, i)) != NULL; i++)
		(void)slab_trim(slab);
	if (!trim_is_due(loop))
		loop->futile_trims = 0;
	else if (loop->futile_trims < MOST_FUTILE)
		loop->futile_trims++;
}
