/*
 * observe.c - what the loop tells the console about its tasks.
 *
 * The calls come from inside the library, in the midst of a task's life, so
 * they only take note: a record, an event in the ring, and a word to settle.c
 * that it has work. A task there was no memory to note is unknown here and
 * runs on.
 */
#include "observe.h"
#include <errno.h>
#include <evtask/inspect_graph.h>
#include <evtask/inspect_trace.h>
#include <stdlib.h>
#include <string.h>
#include "console.h"
#include "progress.h"
#include "settle.h"
#include "watch.h"

#define DEADLOCK_MAX 16 /* whose tasks are told of it at once */

static bool
is_internal(const struct evtask *task)
{
	struct evtask_info info;

	return evtask_get_info(task, &info) < 0 || info.internal;
}

static void
on_created(struct evtask *task, void *arg)
{
	struct evtask_console *console = arg;

	if (is_internal(task) || registry_add(&console->registry, task) ==
	    NULL)
		return;
	console_tell(console, EVENT_CREATED, evtask_id(task), 0, NULL);
	watch_begin(console);
}

static void
on_started(struct evtask *task, void *arg)
{
	struct evtask_console *console = arg;

	if (registry_find_task(&console->registry, task) != NULL)
		console_tell(console, EVENT_STARTED, evtask_id(task), 0, NULL);
}

static void
on_waiting(struct evtask *task, void *arg)
{
	struct evtask_console *console = arg;

	if (registry_find_task(&console->registry, task) != NULL)
		console_tell(console, EVENT_WAITING, evtask_id(task), 0, NULL);
}

static void
on_renamed(struct evtask *task, void *arg)
{
	struct evtask_console *console = arg;
	struct record *record = registry_find_task(&console->registry, task);
	const char *name = evtask_get_name(task);
	size_t size = strlen(name) + 1, previous_size;
	char *copy, *both;

	if (record == NULL)
		return;
	previous_size = strlen(record->name) + 1;
	copy = strdup(name);
	both = malloc(size + previous_size); /* for the event; may be NULL */
	if (copy == NULL) {
		free(both);
		return;
	}
	if (both != NULL) {
		memcpy(both, name, size);
		memcpy(both + size, record->name, previous_size);
	}
	registry_set_name(&console->registry, record, copy);
	console_tell(console, EVENT_RENAMED, record->id, 0, both);
}

static struct cancel_note *
note_cancel(struct evtask_console *console, const struct evtask_info *info)
{
	struct cancel_note *note = calloc(1, sizeof(*note));

	if (note == NULL)
		return NULL;
	note->origin = info->cancelled_by;
	note->site = info->cancelled_at;
	note->ts_us = info->cancelled_us;
	if (info->cancel_message != NULL)
		note->message = strdup(info->cancel_message);
	if (console->acting != NULL)
		note->client = client_keep(console->acting);
	return note;
}

static void
on_cancel_requested(struct evtask *task, void *arg)
{
	struct evtask_console *console = arg;
	struct record *record = registry_find_task(&console->registry, task);
	struct evtask_info info;
	char *message = NULL;

	if (record == NULL || evtask_get_info(task, &info) < 0)
		return;
	if (record->cancel == NULL)
		record->cancel = note_cancel(console, &info);
	if (info.cancel_message != NULL)
		message = strdup(info.cancel_message);
	console_tell(console, EVENT_CANCEL_REQUESTED, record->id,
	    evtask_cancelling(task), message);
}

static void
on_done(struct evtask *task, void *arg)
{
	struct evtask_console *console = arg;
	struct record *record = registry_find_task(&console->registry, task);
	struct evtask_info info;

	if (record == NULL)
		return;
	if (evtask_get_info(task, &info) == 0)
		metrics_done(&console->metrics, &info);
	record->busy_us = evtask_busy_us(task);
	registry_set_done(&console->registry, record);
	if (record->job != NULL) {
		evtask_exception(task, NULL); /* a client may ask: retrieved */
		progress_end(record->job);
	}
	if (record->coroutine != NULL)
		record->coroutine->live--;
	console_tell(console, EVENT_DONE, record->id,
	    evtask_get_outcome(task), NULL);
	watch_begin(console);
	settle_soon(console);
}

static void
on_deadlock(struct evtask *task, void *arg)
{
	struct evtask_console *console = arg;
	const struct evtask *circle[DEADLOCK_MAX];
	size_t n = evtask_deadlock(task, circle, DEADLOCK_MAX), i;
	struct record *record;

	if (registry_find_task(&console->registry, task) != NULL)
		console_tell(console, EVENT_DEADLOCK, evtask_id(task), 0,
		    NULL);
	for (i = 0; i < n && i < DEADLOCK_MAX; i++) {
		record = registry_find_task(&console->registry, circle[i]);
		if (record != NULL)
			watch_task(console, record);
	}
}

static const struct evtask_observer observer = {
	.created = on_created,
	.started = on_started,
	.renamed = on_renamed,
	.cancel_requested = on_cancel_requested,
	.done = on_done,
	.deadlock = on_deadlock,
};

/* Waiting is what tasks do most: observed only while somebody wants it. */
static const struct evtask_observer observer_of_waits = {
	.created = on_created,
	.started = on_started,
	.waiting = on_waiting,
	.renamed = on_renamed,
	.cancel_requested = on_cancel_requested,
	.done = on_done,
	.deadlock = on_deadlock,
};

int
observe_update(struct evtask_console *console)
{
	return evtask_loop_set_observer(console->loop, console->waiting_subs > 0
	    ? &observer_of_waits : &observer, console);
}

int
observe_start(struct evtask_console *console)
{
	size_t n = evtask_all_tasks(console->loop, NULL, 0), i;
	struct evtask **tasks = NULL;
	int r = 0;

	if (n > 0) {
		tasks = calloc(n, sizeof(struct evtask *));
		if (tasks == NULL)
			return -ENOMEM;
		evtask_all_tasks(console->loop, tasks, n);
	}
	for (i = 0; i < n && r == 0; i++)
		if (!is_internal(tasks[i]) &&
		    registry_add(&console->registry, tasks[i]) == NULL)
			r = -ENOMEM;
	free(tasks);
	if (console->registry.count > 0)
		watch_begin(console);
	if (r == 0)
		r = observe_update(console);
	return r;
}

void
observe_stop(struct evtask_console *console)
{
	evtask_loop_set_observer(console->loop, NULL, NULL);
}
