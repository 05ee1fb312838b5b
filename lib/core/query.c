/*
 * query.c - what a task is asked: who it is, how it stands, who waits for it.
 *
 * Nothing here moves a task; names and counts are all that can be set.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/task.h"
#include "core/tell.h"

struct evtask *
evtask_current_task(void)
{
	return current.task;
}

struct evtask_loop *
evtask_get_loop(union evtask_awaitable f)
{
	return f.future != NULL ? f.future->loop : NULL;
}

evtask_fn
evtask_get_coro(const struct evtask *task, void **ret_arg)
{
	if (task == NULL)
		return NULL;
	if (ret_arg != NULL)
		*ret_arg = task_is_done(task) ? task->arg : task->future.arg;
	return task->fn;
}

/* The task that a waiter makes wait: the i-th, NULL past the last. */
static struct evtask *
task_behind(const struct waiter *w, size_t i)
{
	struct evtask *task = task_woken_by(w);
	struct list *link;
	size_t n = 0;

	if (task != NULL)
		return i == 0 ? task : NULL;
	if (w->feeds != NULL) {
		list_foreach(link, &w->feeds->waiters) {
			task = task_woken_by(
			    container_of(link, struct waiter, link));
			if (task != NULL && n++ == i)
				return task;
		}
	}
	return n == 0 && i == 0 ? w->by : NULL;
}

/* The oldest of those who wait for f that is younger than task `after`. */
static struct evtask *
next_awaiter(const struct evtask_future *f, uint64_t after)
{
	struct evtask *oldest = NULL, *task;
	struct list *link;

	list_foreach(link, &f->waiters) {
		struct waiter *w = container_of(link, struct waiter, link);

		for (size_t i = 0; (task = task_behind(w, i)) != NULL; i++)
			if (task->id > after &&
			    (oldest == NULL || task->id < oldest->id))
				oldest = task;
	}
	return oldest;
}

size_t
evtask_awaited_by(union evtask_awaitable f, struct evtask **tasks, size_t size)
{
	struct evtask *task;
	uint64_t after = 0;
	size_t n = 0;

	while ((task = next_awaiter(f.future, after)) != NULL) {
		if (n < size)
			tasks[n] = task;
		n++;
		after = task->id;
	}
	return n;
}

size_t
evtask_all_tasks(struct evtask_loop *loop, struct evtask **tasks, size_t size)
{
	struct list *link;
	size_t n = 0;

	loop = loop_or_current(loop);
	if (loop == NULL)
		return 0;
	list_foreach(link, &loop->tasks) {
		if (n < size)
			tasks[n] = container_of(link, struct evtask, all);
		n++;
	}
	return n;
}

uint64_t
evtask_id(const struct evtask *task)
{
	return task != NULL ? task->id : 0;
}

const char *
evtask_get_name(const struct evtask *task)
{
	/* Made when first asked for: most tasks are never asked. */
	struct extra *extra;
	char name[32];

	if (task == NULL)
		return "none";
	extra = task_need_extra((struct evtask *)task);
	if (extra == NULL)
		return "Task";
	if (extra->name == NULL) {
		snprintf(name, sizeof name, "Task-%ju", (uintmax_t)task->id);
		extra->name = strdup(name);
	}
	return extra->name != NULL ? extra->name : "Task";
}

int
evtask_set_name(struct evtask *task, const char *name)
{
	struct extra *extra;
	char *copy;

	if (task == NULL || name == NULL)
		return -EINVAL;
	extra = task_need_extra(task);
	copy = extra != NULL ? strdup(name) : NULL;
	if (copy == NULL)
		return -ENOMEM;
	free(extra->name);
	extra->name = copy;
	if (task->id != 0)
		tell(task->future.loop, TOLD_RENAMED, task);
	return 0;
}

int
evtask_cancelling(const struct evtask *task)
{
	return task != NULL ? (int)task->cancels : -EINVAL;
}

int
evtask_uncancel(struct evtask *task)
{
	if (task == NULL)
		return -EINVAL;
	if (task->cancels > 0 && --task->cancels == 0)
		task->must_cancel = false;
	return (int)task->cancels;
}

enum evtask_state
task_state(const struct evtask *task)
{
	if (task->future.state != FUTURE_PENDING)
		return EVTASK_STATE_DONE;
	if (task->step.queued)
		return task->started ? EVTASK_STATE_READY :
		    EVTASK_STATE_CREATED;
	return task_wait(task) != NULL ? EVTASK_STATE_WAITING :
	    EVTASK_STATE_RUNNING;
}
