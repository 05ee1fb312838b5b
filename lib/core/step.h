/*
 * step.h - from one task to the next, without going through the loop.
 *
 * What each suspension does is inline: it finds a task first in the queue that
 * has begun before, and switches to it in the frame of whoever suspends, as
 * long as the way is clear (ready_is_clear()). Everything else is for
 * step_elsewhere().
 */
#ifndef CORE_STEP_H
#define CORE_STEP_H

#include "core/life.h"
#include "core/recorder.h"
#include "core/task.h"

enum {
	CROWD = 64,		/* in the queue: they may fill a cache */
	/* Tasks before its turn: what it will touch first is fetched, of its
	 * block, and of what it left on its stack, which the block tells. */
	BLOCK_AHEAD = 8,
	STACK_AHEAD = 4,
	/* Lines of that, from where it parked: that going on touches, and that
	 * its end does. */
	PARKED_LINES = 2,
	ENDING_LINES = 6,
};

/* Always inline: a function that only fetches ahead does nothing that the
 * compiler can see, and a call of it goes. */
static inline __attribute__((__always_inline__)) void
step_look_ahead(const struct ready *ready)
{
	struct runnable *r;
	const char *parked;

	__builtin_prefetch(
	    ready->slots[(ready->head + BLOCK_AHEAD) & ready->mask]);
	r = ready->slots[(ready->head + STACK_AHEAD) & ready->mask];
	if (!r->begun)
		return;
	parked = task_of_step(r)->coro.parked;
	for (int line = 0; line < PARKED_LINES; line++)
		__builtin_prefetch(parked + line * CACHE_LINE);
}

/* This task is the one that runs from here on. */
static inline __attribute__((__always_inline__)) void
step_enter(struct evtask *task)
{
	life_resumed(task);
	current.task = task;
}

/* The task that is first of this turn is taken from the queue, and is the one
 * that runs from here on. Its context. */
static inline __attribute__((__always_inline__)) struct coro *
step_take(struct ready *ready, struct evtask *task)
{
	ready_take(ready, &task->step);
	if (ready->tail - ready->head > CROWD)
		step_look_ahead(ready);
	step_enter(task);
	return &task->coro;
}

/* Out of the running task; this is what returns when it is resumed. It may be
 * its own turn, and then it just goes on. */
static inline __attribute__((__always_inline__)) struct evtask *
step_switch(struct evtask *task, struct coro *to)
{
	return container_of(coro_switch(&task->coro, to), struct evtask, coro);
}

/* The first of this turn, or of the one that begins with it, left there, when
 * no look is due. Else NULL. */
static inline __attribute__((__always_inline__)) struct runnable *
step_first(struct evtask_loop *loop)
{
	if (!ready_is_clear(&loop->ready)) {
		if (!loop_may_turn(loop))
			return NULL;
		loop_begin_turn(loop);
	}
	return ready_first(&loop->ready);
}

/* Where to go on when that has not begun, or is not known (NULL): with it, or
 * with what is found otherwise; or else in the loop. */
struct coro *step_elsewhere(struct evtask_loop *loop, struct evtask *running,
    struct runnable *first);

/* The running task goes; this is what returns when it is resumed. */
static inline __attribute__((__always_inline__)) struct evtask *
step_away(struct evtask_loop *loop, struct evtask *task)
{
	struct runnable *first = step_first(loop);

	return step_switch(task, first != NULL && first->begun ?
	    step_take(&loop->ready, task_of_step(first)) :
	    step_elsewhere(loop, task, first));
}

/* Runs the first step of a new task inside the call that creates it. 0, or
 * -ENOMEM: there is no stack for it, and the queue may try again. */
int step_start_eagerly(struct evtask_loop *loop, struct evtask *task);

/* Runs a task from here until it suspends or ends; then we go on. 0, or
 * -ENOMEM: there is no stack for it. */
int step_alone(struct evtask_loop *loop, struct evtask *task,
    struct coro *here);

/* A task that never ran ends: its function is not called. */
void step_end_unborn(struct evtask_loop *loop, struct evtask *task, int r);

#endif
