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

/* Of tasks that wait: marks it, come to by way of via. */
void graph_mark(struct evtask *task, struct evtask *via);
bool graph_is_marked(const struct evtask *task);

/* The one before on the way to it, and the one after it in the queue. */
static inline struct evtask *
graph_via(const struct evtask *task)
{
	return task_wait(task)->walk.via;
}

static inline struct evtask *
graph_next(const struct evtask *task)
{
	return task_wait(task)->walk.next;
}

/* Whether ancestor is on the way by which the walk came to task. */
bool graph_came_by(const struct evtask *task, const struct evtask *ancestor);

/*
 * The task in whose wait a cycle of tasks that can never go on closes: it waits
 * for the one asked about, which waits, by walk.via backwards, for it. NULL:
 * there is none; or none among the first `most` tasks, and *ret_cut.
 */
struct evtask *graph_find_cycle(struct evtask *task, size_t most,
    bool *ret_cut);

/* A task is about to wait: if this closes a cycle, the waits of its tasks are
 * suspect and the observer is told; if there is too much to look at, only the
 * wait of this task is. Suspects are to be asked again: cycles are broken. */
void graph_check(struct evtask *task);

#endif
