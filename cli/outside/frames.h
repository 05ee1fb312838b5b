/*
 * frames.h - the stacks of the tasks of a target.
 */
#ifndef OUTSIDE_FRAMES_H
#define OUTSIDE_FRAMES_H

#include "outside/tasks.h"

struct json_object;

/* Begins as { .tasks = tasks }; lives as long as the target. */
struct frames {
	const struct tasks *tasks;
	bool attached;          /* the unwinder knows them */

	uint64_t task;          /* whose stack is walked */
	struct json_object *list;
	bool begun;             /* parked: its one thread was shown */
	uint64_t low, high;     /* running: its stack */
	bool inside;            /* and this thread is the one */
};

/* Frames, as the protocol has them, the innermost first; to put. Empty, when
 * it has not run yet or its stack cannot be had. */
struct json_object *frames_of(struct frames *frames, uint64_t task);

#endif
