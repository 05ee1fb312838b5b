/*
 * cycle.c - awaits that go round in a circle, and would never end.
 *
 * Before a task parks on another one, the chain of awaits is followed from
 * there. If it leads back the await is refused, and the error names the tasks
 * of the circle. A loop that allows circles lets them hang as asyncio does,
 * with one difference: a request to cancel goes round once and then breaks the
 * circle where it came back, so that every task of it ends.
 */
#include "core/cycle.h"

#include <errno.h>
#include <stdio.h>

enum {
	NAMES_MAX = 8,		/* in a message */
	NAME_MAX_LENGTH = 40,
};

static struct evtask_future *
next_of(const struct evtask_future *f)
{
	struct evtask *task =
	    evtask_from_future((struct evtask_future *)f);

	return task != NULL ? task_awaiting(task) : NULL;
}

/* Nobody can wait for a task for which nobody waits, which spares the walk to
 * one that is new at the end of a long chain. */
bool
cycle_closes(const struct evtask_future *f, const struct evtask *task)
{
	if (f == &task->future)
		return true;
	if (list_empty(&task->future.waiters))
		return false;
	while (f != NULL && f != &task->future)
		f = next_of(f);
	return f != NULL;
}

/* "a -> b -> c": the tasks from f to the one that would close the circle. */
static void
name_them(char *text, size_t size, const struct evtask_future *f,
    const struct evtask *task)
{
	size_t length = 0;
	int n = 0;

	for (; f != &task->future; f = next_of(f)) {
		if (++n > NAMES_MAX)
			continue;
		length += (size_t)snprintf(text + length, size - length,
		    "%.*s -> ", NAME_MAX_LENGTH, evtask_get_name(
		    evtask_from_future((struct evtask_future *)f)));
	}
	if (n > NAMES_MAX)
		length += (size_t)snprintf(text + length, size - length,
		    "%d more -> ", n - NAMES_MAX);
	snprintf(text + length, size - length, "%.*s", NAME_MAX_LENGTH,
	    evtask_get_name(task));
}

int
cycle_raise(const struct evtask_future *f, const struct evtask *task)
{
	char circle[(NAMES_MAX + 2) * (NAME_MAX_LENGTH + 8)];

	if (f == &task->future)
		return evtask_raise_as("Runtime", -EDEADLK,
		    "task %s cannot await itself", evtask_get_name(task));
	name_them(circle, sizeof circle, f, task);
	return evtask_raise_as("Runtime", -EDEADLK,
	    "task %.*s cannot await one that waits for it: %s",
	    NAME_MAX_LENGTH, evtask_get_name(task), circle);
}

void
cycle_break(struct evtask *last)
{
	last->forwarded = false;
	last->must_cancel = true;
	list_remove(&task_wait(last)->waiter.link);
	if (!last->step.queued)
		loop_schedule(last->future.loop, &last->step);
}
