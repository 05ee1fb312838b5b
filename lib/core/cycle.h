/*
 * cycle.h - awaits that go round in a circle.
 */
#ifndef CORE_CYCLE_H
#define CORE_CYCLE_H

#include "core/task.h"

/* Whether f, in the end, waits for this task. */
bool cycle_closes(const struct evtask_future *f, const struct evtask *task);

/* Raises -EDEADLK for the task that would have awaited f. */
int cycle_raise(const struct evtask_future *f, const struct evtask *task);

/*
 * A request has come round to where it was before, by the last of a circle
 * of tasks: that one is interrupted, though what it awaits goes on.
 */
void cycle_break(struct evtask *last);

#endif
