/*
 * info.c - what a task is doing, read off its fields.
 */
#include <evtask/inspect.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/error.h"
#include "core/life.h"
#include "core/resource.h"
#include "core/task.h"
#include "core/tell.h"

static const char *const state_names[] = {
	[EVTASK_STATE_CREATED] = "created",
	[EVTASK_STATE_READY] = "ready",
	[EVTASK_STATE_RUNNING] = "running",
	[EVTASK_STATE_WAITING] = "waiting",
	[EVTASK_STATE_DONE] = "done",
};

static const char *const outcome_names[] = {
	[EVTASK_OUTCOME_RETURNED] = "returned",
	[EVTASK_OUTCOME_RAISED] = "raised",
	[EVTASK_OUTCOME_CANCELLED] = "cancelled",
};

const char *
evtask_state_name(enum evtask_state state)
{
	return state_names[state];
}

const char *
evtask_outcome_name(enum evtask_outcome outcome)
{
	return outcome_names[outcome];
}

static enum evtask_outcome
outcome_of(const struct evtask *task)
{
	switch ((enum future_state)task->future.state) {
	case FUTURE_PENDING:
		return EVTASK_OUTCOME_NONE;
	case FUTURE_RETURNED:
		return EVTASK_OUTCOME_RETURNED;
	case FUTURE_RAISED:
		return EVTASK_OUTCOME_RAISED;
	case FUTURE_CANCELLED:
		return EVTASK_OUTCOME_CANCELLED;
	}
	return EVTASK_OUTCOME_NONE;
}

enum evtask_state
evtask_get_state(const struct evtask *task)
{
	return task_state(task);
}

enum evtask_outcome
evtask_get_outcome(const struct evtask *task)
{
	return outcome_of(task);
}

static void
stack_info(const struct evtask *task, struct evtask_info *info)
{
	const struct stack *stack = task_stack(task);

	if (stack == NULL || info->state == EVTASK_STATE_DONE)
		return;
	info->stack_size = stack->size;
	info->stack_peak = stack_peak(stack);
	info->stack_used = stack_used(stack, current.task == task ?
	    __builtin_frame_address(0) : task->coro.parked);
}

int
evtask_get_info(const struct evtask *task, struct evtask_info *ret_info)
{
	const struct cancellation *asked;

	if (task == NULL || ret_info == NULL)
		return -EINVAL;
	asked = &task_extra(task)->asked;
	*ret_info = (struct evtask_info){
		.id = task->id,
		.name = evtask_get_name(task),
		.state = task_state(task),
		.outcome = outcome_of(task),
		.internal = task->internal,
		.created_us = life_created_us(task),
		.started_us = life_started_us(task),
		.done_us = life_done_us(task),
		.created_by = life_created_by(task),
		.created_at = life_created_at(task),
		.cancel_requests = asked->requests,
		.cancelled_by = asked->by,
		.cancelled_at = asked->at,
		.cancelled_us = asked->us,
		.resumes = life_resumes(task),
		.awaits = life_awaits(task),
	};
	ret_info->wakes = ret_info->awaits -
	    (ret_info->state == EVTASK_STATE_WAITING);
	if (asked->words != NULL &&
	    *evtask_error_message(asked->words) != '\0')
		ret_info->cancel_message = evtask_error_message(asked->words);
	stack_info(task, ret_info);
	return 0;
}

/* "4711 make": a child, and what it runs. */
static void
name_of_child(int64_t pid, char *name, size_t size)
{
	char path[32];
	ssize_t n = 0;
	int fd, used;

	used = snprintf(name, size, "%" PRId64 " ", pid);
	snprintf(path, sizeof path, "/proc/%" PRId64 "/comm", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		n = read(fd, name + used, size - (size_t)used - 1);
		close(fd);
	}
	/* The end of its line, or else the blank that awaits it. */
	name[used + (n > 0 ? n : 0) - 1] = '\0';
}

/* What it waits for has a name of its own, or its owner's, or a number. */
static void
name_of_wait(const struct wait *wait, char *name, size_t size)
{
	const char *text = wait->resource != NULL ? wait->resource->name :
	    wait->name;

	if (text == NULL && wait->owner != NULL)
		text = evtask_get_name(wait->owner);
	if (text != NULL)
		snprintf(name, size, "%s", text);
	else if (strcmp(wait->type, "child") == 0)
		name_of_child(wait->number, name, size);
	else if (wait->number != 0 || strcmp(wait->type, "fd") == 0)
		snprintf(name, size, "%" PRId64, wait->number);
}

int
evtask_get_wait(const struct evtask *task, struct evtask_wait_info *ret_wait)
{
	const struct wait *wait;

	if (task == NULL || ret_wait == NULL)
		return -EINVAL;
	wait = task_wait(task);
	if (task_state(task) != EVTASK_STATE_WAITING)
		return 0;
	*ret_wait = (struct evtask_wait_info){
		.op = wait->op, .type = wait->type, .owner = wait->owner,
		.site = wait->site, .since_us = wait->since_us,
		.until_us = wait->until_us,
	};
	if (wait->resource != NULL) {
		ret_wait->type = wait->resource->class->type;
		ret_wait->resource = wait->resource->id;
		ret_wait->owner = wait->resource->owner;
		ret_wait->owner_id = wait->resource->owner_id;
	} else if (wait->owner != NULL) {
		ret_wait->owner_id = wait->owner->id;
	}
	name_of_wait(wait, ret_wait->name, sizeof ret_wait->name);
	return 1;
}

int
evtask_loop_set_observer(struct evtask_loop *loop,
    const struct evtask_observer *observer, void *arg)
{
	if (!INSPECTION)
		return -ENOSYS;
	loop->observer = observer;
	loop->observer_arg = arg;
	tell_changed(loop);
	return 0;
}

void
evtask_loop_get_stats(const struct evtask_loop *loop,
    struct evtask_loop_stats *ret_stats)
{
	*ret_stats = loop->stats;
	ret_stats->handles += ready_ran(&loop->ready);
	ret_stats->tasks_pending = ret_stats->tasks_created -
	    ret_stats->tasks_done;
	ret_stats->timers_pending = timers_armed(&loop->timers);
	ret_stats->stacks = loop->stacks.total;
	ret_stats->stacks_free = loop->stacks.n_free;
	ret_stats->stack_guard = stack_guard_name(loop->stacks.guard);
}
