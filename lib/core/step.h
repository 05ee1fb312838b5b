/*
 * step.h - from one task to the next, without going through the loop.
 *
 * All inline: it is what each suspension does, and the switch wants to be in
 * the frame of whoever suspends.
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

/*
 * Gives a new task a stack, or has one in mind for it. False: it cannot begin
 * from here, and the loop must see to it.
 */
bool step_prepare(struct evtask_loop *loop, struct evtask *task,
    bool stack_at_hand);

/* What is next in the queue, where others were taken out of it; NULL: nothing
 * that may run from here. */
struct runnable *step_skip_gaps(struct evtask_loop *loop);

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
	if (r == NULL || r->run != task_step)
		return;
	parked = task_of_step(r)->coro.parked;
	__builtin_prefetch(parked);
	__builtin_prefetch(parked + CACHE_LINE);
}

/*
 * The next in the queue, taken from it, when it is a task that can be switched
 * to; NULL: the loop must see to it.
 */
static inline __attribute__((__always_inline__)) struct evtask *
step_take_next(struct evtask_loop *loop, bool stack_at_hand)
{
	struct ready *ready = &loop->ready;
	struct runnable *r;
	struct evtask *task;

	if (ready->head == ready->turn_end && !loop_next_turn(loop))
		return NULL;
	r = ready->slots[ready->head & ready->mask];
	if (__builtin_expect(r == NULL, 0))
		r = step_skip_gaps(loop);
	if (r == NULL || r->run != task_step)
		return NULL;
	task = task_of_step(r);
	if (!task->started && !step_prepare(loop, task, stack_at_hand))
		return NULL;
	ready_take(ready, r);
	if (ready->tail - ready->head > CROWD)
		step_look_ahead(ready);
	loop->since_look++;
	return task;
}

/* This task is the one that runs from here on. */
static inline __attribute__((__always_inline__)) void
step_enter(struct evtask_loop *loop, struct evtask *task)
{
	life_resumed(task);
	current.task = task;
	recorder_runs(loop, task);
}

/* The context that a task goes back to by name, once. */
static inline struct coro *
step_take_back(struct evtask *task)
{
	struct coro *back = task->running->back;

	task->goes_back = false;
	task->running->back = NULL;
	return back;
}

/* The running task goes; returns when it is resumed. */
static inline __attribute__((__always_inline__)) void
step_away(struct evtask_loop *loop, struct evtask *task)
{
	struct evtask *next = NULL;
	struct coro *to;

	if (__builtin_expect(task->goes_back, 0)) {
		to = step_take_back(task);
		current.task = NULL;
	} else if ((next = step_take_next(loop, false)) != NULL) {
		to = &next->coro;
		step_enter(loop, next);
	} else {
		to = &loop->coro;
		current.task = NULL;
	}
	if (next != task)
		coro_switch(&task->coro, to);
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
