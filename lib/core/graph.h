/*
 * graph.h - who waits for whom.
 */
#ifndef CORE_GRAPH_H
#define CORE_GRAPH_H

#include "core/task.h"

/*
 * Shows what must be settled for this task's wait to end, tasks and futures:
 * what it awaits, who holds the lock it wants, the children of its group. Of
 * futures that stand for others, those others. Nothing when it does not wait.
 */
void graph_each_needed(const struct evtask *task, future_visit_fn visit,
    void *arg);

/* Begins a walk: no task is marked. */
void graph_begin(struct evtask_loop *loop);

/* Marks it, come to by way of via; false: it was marked already. */
bool graph_mark(struct evtask *task, struct evtask *via);

/* Whether ancestor is on the way by which the walk came to task. */
bool graph_came_by(const struct evtask *task, const struct evtask *ancestor);

/*
 * The task in whose wait a cycle of tasks that can never go on closes: it waits
 * for the one asked about, which waits, by walk.via backwards, for it. NULL:
 * there is none among the first `most` tasks.
 */
struct evtask *graph_find_cycle(struct evtask *task, size_t most);

/* A task is about to wait: the cycle this closes, if any, is noted in the wait
 * of each of its tasks, and the observer told. */
void graph_check(struct evtask *task);

#endif
