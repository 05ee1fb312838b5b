/*
 * warning.c - what looks wrong with a task, read off its fields.
 *
 * A kind is a row: its name, its words, and the test for it. Nothing is kept:
 * a warning is there as long as its test says so.
 */
#include <evtask/inspect_warning.h>

#include <evtask/inspect_graph.h>

#include "core/graph.h"
#include "core/life.h"
#include "core/resource.h"

static bool
waits(const struct evtask *task)
{
	return task_state(task) == EVTASK_STATE_WAITING;
}

static bool
is_done(const struct evtask *task)
{
	return task->future.state != FUTURE_PENDING;
}

static bool
is_deadlocked(const struct evtask *task)
{
	return waits(task) && task_wait(task)->suspect &&
	    evtask_deadlock(task, NULL, 0) > 0;
}

static bool
waits_for_abandoned_lock(const struct evtask *task)
{
	const struct resource *resource;

	if (!waits(task) || task_wait(task)->resource == NULL)
		return false;
	resource = task_wait(task)->resource;
	return resource->owner == NULL && resource->owner_id != 0;
}

static bool
find_orphan(struct evtask_future *f, void *arg)
{
	bool *found = arg;

	*found = future_is_orphan(f);
	return !*found;
}

static bool
waits_for_orphan(const struct evtask *task)
{
	bool found = false;

	if (waits(task) && !task_wait(task)->any)
		graph_each_needed(task, find_orphan, &found);
	return found;
}

static bool
ignores_cancel(const struct evtask *task)
{
	return !is_done(task) && task->cancels > 0 &&
	    evtask_loop_time_us(task->future.loop) -
	    task_extra(task)->asked.us >= EVTASK_CANCEL_IGNORED_US;
}

static bool
left_lock_held(const struct evtask *task)
{
	return task->left_held;
}

static bool
is_never_retrieved(const struct evtask *task)
{
	return task->future.state == FUTURE_RAISED && !task->future.fetched;
}

static bool
has_high_stack(const struct evtask *task)
{
	const struct stack *stack = task_stack(task);

	return stack != NULL && !is_done(task) && stack_touched(stack,
	    stack->size / 100 * (100 - EVTASK_STACK_HIGH_PERCENT));
}

static bool
wakes_itself(const struct evtask *task)
{
	int64_t age_us;

	/* One that was woken from a wait has that wait until it runs. */
	if (!task->started || !task->step.queued || task_wait(task) != NULL)
		return false;
	age_us = evtask_loop_time_us(task->future.loop) - life_started_us(task);
	return (int64_t)life_resumes(task) / (age_us / 1000000 + 1) >=
	    EVTASK_SELF_WAKING_RATE;
}

static const struct {
	const char *name;
	bool (*applies)(const struct evtask *task);
	const char *doc;
} rows[EVTASK_WARNINGS] = {
	[EVTASK_WARNING_DEADLOCK] = { "deadlock", is_deadlocked,
	    "It waits for a task that waits, in the end, for it. None of them "
	    "will ever go on, unless one is cancelled or a timeout around its "
	    "wait ends it." },
	[EVTASK_WARNING_ABANDONED_LOCK] = { "abandoned-lock",
	    waits_for_abandoned_lock,
	    "It waits for a lock that was never given back: the task that "
	    "took it has ended." },
	[EVTASK_WARNING_ORPHAN_WAIT] = { "orphan-wait", waits_for_orphan,
	    "It awaits a future that nobody but those who await it has a "
	    "reference to: there is nobody left to settle it." },
	[EVTASK_WARNING_CANCEL_IGNORED] = { "cancel-ignored", ignores_cancel,
	    "It was asked to stop ten seconds ago or longer, and has not: it "
	    "swallows the request, or its clean-up hangs, or it never comes "
	    "to an await." },
	[EVTASK_WARNING_LOCK_LEFT_HELD] = { "lock-left-held", left_lock_held,
	    "It ended with a lock in its hand. Whoever wants that lock waits "
	    "for ever." },
	[EVTASK_WARNING_NEVER_RETRIEVED] = { "never-retrieved",
	    is_never_retrieved,
	    "It raised, and nobody has looked at the error." },
	[EVTASK_WARNING_STACK_HIGH] = { "stack-high", has_high_stack,
	    "More than 80 % of its stack have been in use, by it or by a task "
	    "that had the stack before: give tasks larger stacks, or large "
	    "objects to the heap." },
	[EVTASK_WARNING_SELF_WAKING] = { "self-waking", wakes_itself,
	    "It yields, and has run a thousand times a second and more: "
	    "nothing but itself wakes it, and it keeps the loop from "
	    "sleeping." },
};

unsigned int
evtask_get_warnings(const struct evtask *task)
{
	unsigned int bits = 0;

	for (size_t i = 0; task != NULL && i < EVTASK_WARNINGS; i++)
		if (rows[i].applies(task))
			bits |= 1U << i;
	return bits;
}

const char *
evtask_warning_name(enum evtask_warning warning)
{
	return rows[warning].name;
}

const char *
evtask_warning_doc(enum evtask_warning warning)
{
	return rows[warning].doc;
}
