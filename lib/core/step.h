/*
 * step.h - from one task to the next, without going through the loop.
 *
 * What each suspension does is inline: it finds a task first in the queue that
 * has begun before, and switches to it in the frame of whoever suspends.
 * Everything else is for step_elsewhere().
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
	if (r->run != task_step)
		return;
	parked = task_of_step(r)->coro.parked;
	__builtin_prefetch(parked);
	__builtin_prefetch(parked + CACHE_LINE);
}

/* This task is the one that runs from here on. */
static inline __attribute__((__always_inline__)) void
step_enter(struct evtask_loop *loop, struct evtask *task)
{
	life_resumed(task);
	current.task = task;
	recorder_runs(loop, task);
}

/* The task that is first of this turn is taken from the queue, and is the one
 * that runs from here on. Its context. */
static inline __attribute__((__always_inline__)) struct coro *
step_take_first(struct evtask_loop *loop, struct evtask *task)
{
	struct ready *ready = &loop->ready;

	ready_take(ready, &task->step);
	if (ready->tail - ready->head > CROWD)
		step_look_ahead(ready);
	step_enter(loop, task);
	return &task->coro;
}

/* The same of this turn, or of the one that begins with it. */
static inline __attribute__((__always_inline__)) struct coro *
step_take(struct evtask_loop *loop, struct evtask *task)
{
	if (ready_turn_is_over(&loop->ready))
		loop_begin_turn(loop);
	return step_take_first(loop, task);
}

/* The first in the queue, left there, when it is a task that the running one
 * may switch to right here, and no look is due. */
static inline __attribute__((__always_inline__)) struct evtask *
step_first(const struct evtask_loop *loop)
{
	const struct ready *ready = &loop->ready;

	if (ready_turn_is_over(ready) && !loop_may_turn(loop))
		return NULL;
	return task_of_runnable(ready_first(ready));
}

/* The same for one that may have to go back by name: to there, and to nowhere
 * else. */
static inline __attribute__((__always_inline__)) struct evtask *
step_next(const struct evtask_loop *loop, const struct evtask *running)
{
	return running->goes_back ? NULL : step_first(loop);
}

/* Where to go on when that has not begun, or is not known (NULL): with it, or
 * with what is found otherwise; or else in the loop. */
struct coro *step_elsewhere(struct evtask_loop *loop, struct evtask *running,
    struct evtask *next);

/* From the running task to the next, which has begun, and back. */
static inline __attribute__((__always_inline__)) void
step_over(struct evtask_loop *loop, struct evtask *task, struct evtask *next)
{
	coro_switch(&task->coro, step_take(loop, next));
}

/* Out of a task, and back; it may be its own turn, and then it just goes on. */
static inline __attribute__((__always_inline__)) void
step_switch(struct evtask *task, struct coro *to)
{
	if (to != &task->coro)
		coro_switch(&task->coro, to);
}

/* Where the running task goes on from here, when this one is next. */
static inline __attribute__((__always_inline__)) struct coro *
step_to(struct evtask_loop *loop, struct evtask *task, struct evtask *next)
{
	return next != NULL && next->started ? step_take(loop, next) :
	    step_elsewhere(loop, task, next);
}

/* The running task goes; returns when it is resumed. */
static inline __attribute__((__always_inline__)) void
step_away(struct evtask_loop *loop, struct evtask *task)
{
	step_switch(task, step_to(loop, task, step_next(loop, task)));
}

/* The same of one that is in no queue, and need not go back by name. */
static inline __attribute__((__always_inline__)) void
step_aside(struct evtask_loop *loop, struct evtask *task)
{
	coro_switch(&task->coro, step_to(loop, task, step_first(loop)));
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
