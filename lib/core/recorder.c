/*
 * recorder.c - what is written into the flight recorder, by type of record.
 */
#include "core/recorder.h"

#include <stdio.h>
#include <string.h>

#include "core/resource.h"

static void
copy_name(struct record_entry *entry, const char *name)
{
	size_t size = strnlen(name, sizeof entry->name - 1);

	memcpy(entry->name, name, size);
	entry->name[size] = '\0';
}

/* Of a task whose name nobody has asked for none is made. */
static void
name_task(struct record_entry *entry, const struct evtask *task)
{
	const char *name = task_extra(task)->name;

	copy_name(entry, name != NULL ? name : "");
}

static uint64_t
actor(const struct evtask_loop *loop)
{
	return current.task != NULL && current.loop == loop ?
	    current.task->id : 0;
}

static void
name_wait(struct record_entry *entry, const struct wait *wait)
{
	const struct evtask *owner = wait->owner;

	entry->op = wait->op;
	entry->name[0] = '\0';
	if (wait->resource != NULL) {
		copy_name(entry, wait->resource->name);
		owner = wait->resource->owner;
	} else if (wait->name != NULL) {
		copy_name(entry, wait->name);
	} else if (owner != NULL && task_extra(owner)->name != NULL) {
		copy_name(entry, task_extra(owner)->name);
	} else if (wait->number != 0) {
		snprintf(entry->name, sizeof entry->name, "%lld",
		    (long long)wait->number);
	}
	entry->other = owner != NULL ? owner->id : 0;
}

void
recorder_put(struct evtask_loop *loop, enum record_type type,
    const struct evtask *task)
{
	struct record_entry *entry = recorder_next(loop, type,
	    task != NULL ? task->id : 0);

	if (type >= RECORD_POLLS || (task == loop->recorder->runs &&
	    (type == RECORD_WAITS || type == RECORD_DONE)))
		recorder_turn(loop->recorder, NULL, entry->ticks);
	switch (type) {
	case RECORD_CREATED:
	case RECORD_WOKEN:
	case RECORD_CANCEL:
		entry->other = actor(loop);
		name_task(entry, task);
		break;
	case RECORD_WAITS:
		name_wait(entry, task_wait(task));
		break;
	case RECORD_DONE:
		entry->other = task->future.state;
		name_task(entry, task);
		break;
	case RECORD_RUNS:
	case RECORD_POLLS:
	case RECORD_TURNS:
		break;
	}
}
