/*
 * view.c - Task, as the protocol has it: whole, or the members asked for.
 *
 * A member is a row: its name, what writes it, and whether that needs the
 * task's info, which costs as much as all the rest. Those not asked for are
 * not made, which is what makes a list of a thousand names cheap; and what is
 * made is text from the first (ctl_writer.h), for a Task is what is said most.
 */
#include "view.h"
#include <evtask/ctl_writer.h>
#include <evtask/inspect_trace.h>
#include <evtask/inspect_warning.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include "console.h"
#include "job.h"
#include "progress.h"
#include "render.h"

/* A task under the eyes of those who write its members. */
struct view {
	const struct evtask_console *console;
	const struct record *record;
	struct evtask_info info;
};

typedef void (*write_fn)(struct evtask_ctl_writer *w, const char *key,
    const struct view *view);

/* A time on the loop's clock, where -1 is not yet. */
static void
write_time(struct evtask_ctl_writer *w, const char *key,
    const struct view *view, int64_t ts_us)
{
	if (ts_us < 0)
		evtask_ctl_write_null(w, key);
	else
		evtask_ctl_write_int(w, key,
		    console_epoch_us(view->console, ts_us));
}

static void
write_id(struct evtask_ctl_writer *w, const char *key,
    const struct view *view)
{
	evtask_ctl_write_int(w, key, (int64_t)view->record->id);
}

static void
write_own_name(struct evtask_ctl_writer *w, const char *key,
    const struct view *view)
{
	evtask_ctl_write_text(w, key, view->record->name);
}

static void
write_coroutine(struct evtask_ctl_writer *w, const char *key,
    const struct view *view)
{
	const struct catalog_entry *entry = view->record->coroutine;

	evtask_ctl_write_text(w, key, entry != NULL ? entry->row->name : NULL);
}

/* Its own are below reply, result, a list of tasks and the task. */
#define ARGS_DEPTH (EVTASK_CTL_DEPTH_MAX - 4)

/* No args are written as none; nor those there is no memory to show. */
static void
write_args(struct evtask_ctl_writer *w, const char *key,
    const struct view *view)
{
	const struct record *record = view->record;
	struct json_object *args;

	if (record->job == NULL || record->coroutine == NULL)
		return;
	args = evtask_ctl_show_args(record->coroutine->args,
	    record->job->args, ARGS_DEPTH);
	if (args == NULL)
		evtask_ctl_write_fail(w);
	else
		evtask_ctl_write_value(w, key, args);
	json_object_put(args);
}

static void
write_parent(struct evtask_ctl_writer *w, const char *key,
    const struct view *view)
{
	const struct evtask_origin *origin = &view->info.created_by;

	if (origin->type == EVTASK_ORIGIN_TASK)
		evtask_ctl_write_int(w, key, (int64_t)origin->id);
	else
		evtask_ctl_write_null(w, key);
}

static void
write_state(struct evtask_ctl_writer *w, const char *key,
    const struct view *view)
{
	evtask_ctl_write_text(w, key, state_of(view->record));
}

static void
write_outcome(struct evtask_ctl_writer *w, const char *key,
    const struct view *view)
{
	evtask_ctl_write_text(w, key, outcome_of(view->record));
}

static void
write_own_wait(struct evtask_ctl_writer *w, const char *key,
    const struct view *view)
{
	write_wait(w, key, view->console, view->record->task);
}

static void
write_created_us(struct evtask_ctl_writer *w, const char *key,
    const struct view *view)
{
	write_time(w, key, view, view->info.created_us);
}

static void
write_started_us(struct evtask_ctl_writer *w, const char *key,
    const struct view *view)
{
	write_time(w, key, view, view->info.started_us);
}

static void
write_done_us(struct evtask_ctl_writer *w, const char *key,
    const struct view *view)
{
	write_time(w, key, view, view->info.done_us);
}

/* Who did it: a client, as far as it is known, a task, or the program. */
static void
write_origin(struct evtask_ctl_writer *w, const char *key,
    const struct evtask_origin *origin, const struct client *client)
{
	static const char *const types[] = {
		[EVTASK_ORIGIN_LOOP] = "loop",
		[EVTASK_ORIGIN_TASK] = "task",
		[EVTASK_ORIGIN_CLIENT] = "client",
		[EVTASK_ORIGIN_TIMEOUT] = "timeout",
		[EVTASK_ORIGIN_GROUP] = "group",
	};

	evtask_ctl_write_open(w, key);
	evtask_ctl_write_text(w, "type", types[origin->type]);
	if (origin->type == EVTASK_ORIGIN_CLIENT && client->pid != 0) {
		evtask_ctl_write_int(w, "uid", client->uid);
		evtask_ctl_write_int(w, "pid", client->pid);
		evtask_ctl_write_value(w, "request", client->request);
	} else if (origin->type != EVTASK_ORIGIN_LOOP &&
	    origin->type != EVTASK_ORIGIN_CLIENT) {
		evtask_ctl_write_int(w, "task", (int64_t)origin->id);
	}
	evtask_ctl_write_close(w);
}

static void
write_created_by(struct evtask_ctl_writer *w, const char *key,
    const struct view *view)
{
	write_origin(w, key, &view->info.created_by, &view->record->client);
}

static void
write_created_at(struct evtask_ctl_writer *w, const char *key,
    const struct view *view)
{
	/* Of a job it would be our own, which tells nobody anything. */
	write_site(w, key, view->record->job == NULL
	    ? view->info.created_at : NULL);
}

/* The first request is the one that was noted; one made before the console
 * was there, or without memory for a note, is known as the last of them. */
static void
write_cancel(struct evtask_ctl_writer *w, const char *key,
    const struct view *view)
{
	const struct evtask_info *info = &view->info;
	const struct cancel_note last = { .origin = info->cancelled_by,
	    .site = info->cancelled_at, .ts_us = info->cancelled_us,
	    .message = (char *)(uintptr_t)info->cancel_message };
	const struct cancel_note *note = view->record->cancel != NULL
	    ? view->record->cancel : &last;

	if (info->cancel_requests == 0) {
		evtask_ctl_write_null(w, key);
		return;
	}
	evtask_ctl_write_open(w, key);
	evtask_ctl_write_int(w, "requested",
	    evtask_cancelling(view->record->task));
	write_origin(w, "by", &note->origin, &note->client);
	write_site(w, "site", note->site);
	evtask_ctl_write_text(w, "message", note->message);
	write_time(w, "first_us", view, note->ts_us);
	evtask_ctl_write_close(w);
}

static void
write_counters(struct evtask_ctl_writer *w, const char *key,
    const struct view *view)
{
	evtask_ctl_write_open(w, key);
	evtask_ctl_write_int(w, "resumes", (int64_t)view->info.resumes);
	evtask_ctl_write_int(w, "awaits", (int64_t)view->info.awaits);
	evtask_ctl_write_int(w, "wakes", (int64_t)view->info.wakes);
	evtask_ctl_write_close(w);
}

static void
write_busy_us(struct evtask_ctl_writer *w, const char *key,
    const struct view *view)
{
	int64_t busy_us = view->record->done ? view->record->busy_us
	    : evtask_busy_us(view->record->task);

	if (busy_us < 0)
		evtask_ctl_write_null(w, key);
	else
		evtask_ctl_write_int(w, key, busy_us);
}

static void
write_stack(struct evtask_ctl_writer *w, const char *key,
    const struct view *view)
{
	const struct evtask_info *info = &view->info;

	if (info->stack_size == 0) {
		evtask_ctl_write_null(w, key);
		return;
	}
	evtask_ctl_write_open(w, key);
	evtask_ctl_write_int(w, "size", (int64_t)info->stack_size);
	evtask_ctl_write_int(w, "used", (int64_t)info->stack_used);
	evtask_ctl_write_int(w, "peak", (int64_t)info->stack_peak);
	evtask_ctl_write_close(w);
}

/* The rest is left out where there is none, as is nearly always so. */

static void
write_labels(struct evtask_ctl_writer *w, const char *key,
    const struct view *view)
{
	struct json_object *labels = view->record->labels;

	if (labels != NULL && json_object_object_length(labels) > 0)
		evtask_ctl_write_value(w, key, labels);
}

static void
write_ending(struct evtask_ctl_writer *w, const char *key,
    const struct view *view)
{
	const char *ending = ending_of(view->record);

	if (ending != NULL)
		evtask_ctl_write_text(w, key, ending);
}

static void
write_own_progress(struct evtask_ctl_writer *w, const char *key,
    const struct view *view)
{
	const struct evtask_job *job = view->record->job;

	if (job != NULL && job->progress != NULL)
		write_progress(w, key, job->progress);
}

static void
write_warnings(struct evtask_ctl_writer *w, const char *key,
    const struct view *view)
{
	unsigned int bits = evtask_get_warnings(view->record->task), i;

	if (bits == 0)
		return;
	evtask_ctl_write_open_list(w, key);
	for (i = 0; i < EVTASK_WARNINGS; i++)
		if ((bits & (1U << i)) != 0)
			evtask_ctl_write_text(w, NULL, evtask_warning_name(
			    (enum evtask_warning)i));
	evtask_ctl_write_close_list(w);
}

#define INFO true /* it needs struct evtask_info */
#define NO_INFO false

/* In the order of the shape Task in lib/ctl/shape.c. */
static const struct {
	const char *name;
	write_fn write;
	bool info;
} rows[] = {
	{ "id", write_id, NO_INFO },
	{ "name", write_own_name, NO_INFO },
	{ "coroutine", write_coroutine, NO_INFO },
	{ "args", write_args, NO_INFO }, /* its place is VIEW_ARGS */
	{ "parent", write_parent, INFO },
	{ "state", write_state, NO_INFO },
	{ "outcome", write_outcome, NO_INFO },
	{ "wait", write_own_wait, NO_INFO },
	{ "created_us", write_created_us, INFO },
	{ "started_us", write_started_us, INFO },
	{ "done_us", write_done_us, INFO },
	{ "created_by", write_created_by, INFO },
	{ "created_at", write_created_at, INFO },
	{ "cancel", write_cancel, INFO },
	{ "labels", write_labels, NO_INFO },
	{ "counters", write_counters, INFO },
	{ "busy_us", write_busy_us, NO_INFO },
	{ "stack", write_stack, INFO },
	{ "ending", write_ending, NO_INFO },
	{ "progress", write_own_progress, NO_INFO },
	{ "warnings", write_warnings, NO_INFO },
};
#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

const char *
view_member(size_t i)
{
	return i < N_ROWS ? rows[i].name : NULL;
}

static bool
is_wanted(uint32_t members, size_t i)
{
	return i == 0 || (members & (UINT32_C(1) << i)) != 0;
}

static bool
needs_info(uint32_t members)
{
	for (size_t i = 0; i < N_ROWS; i++)
		if (rows[i].info && is_wanted(members, i))
			return true;
	return false;
}

void
write_task(struct evtask_ctl_writer *w, const char *key,
    const struct evtask_console *console, const struct record *record,
    uint32_t members)
{
	struct view view = { .console = console, .record = record };

	if (needs_info(members))
		evtask_get_info(record->task, &view.info);
	evtask_ctl_write_open(w, key);
	for (size_t i = 0; i < N_ROWS; i++)
		if (is_wanted(members, i))
			rows[i].write(w, rows[i].name, &view);
	evtask_ctl_write_close(w);
}

struct json_object *
view_task(const struct evtask_console *console, const struct record *record,
    uint32_t members)
{
	evtask_ctl_write_begin(console->writer);
	write_task(console->writer, NULL, console, record, members);
	return evtask_ctl_write_take(console->writer);
}

static bool
refuse_field(struct call *call, size_t i, const char *field,
    const char *(*known)(size_t i))
{
	struct evtask_ctl_nearest nearest = { .word = field };
	struct json_object *members = json_object_new_object();
	char path[32];

	for (size_t at = 0; known(at) != NULL; at++)
		evtask_ctl_nearest_offer(&nearest, known(at));
	snprintf(path, sizeof(path), "fields[%zu]", i);
	evtask_ctl_put_text(&members, "path", path);
	evtask_ctl_put_text(&members, "expected", "a member of the answer");
	evtask_ctl_put_text(&members, "got", field);
	evtask_ctl_put_text(&members, "method", call->method->name);
	put_nearest(&members, &nearest);
	call_refuse(call, "InvalidParams", members);
	return false;
}

bool
view_select(struct call *call, const char *(*known)(size_t i),
    uint32_t *ret_members)
{
	struct json_object *fields = evtask_ctl_get(call->params, "fields");
	const char *field;
	uint32_t members = 0;
	size_t i, at, n;

	*ret_members = VIEW_ALL;
	if (fields == NULL)
		return true;
	n = json_object_array_length(fields);
	for (i = 0; i < n; i++) {
		field = json_object_get_string(json_object_array_get_idx(
		    fields, i));
		for (at = 0; known(at) != NULL; at++)
			if (strcmp(known(at), field) == 0)
				break;
		if (known(at) == NULL)
			return refuse_field(call, i, field, known);
		members |= UINT32_C(1) << at;
	}
	*ret_members = members;
	return true;
}
