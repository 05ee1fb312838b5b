/*
 * view.c - Task, as the protocol has it: whole, or the members asked for.
 *
 * A member is a row: its name and what puts it. Those not asked for are not
 * made, which is what makes a list of a thousand names cheap.
 */
#include "view.h"
#include <evtask/inspect_graph.h>
#include <evtask/inspect_trace.h>
#include <evtask/inspect_warning.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include "console.h"
#include "job.h"
#include "progress.h"
#include "render.h"

#define LINKS_MAX 1000 /* of a chain, a circle: the first ones */

/* A task under the eyes of those who write its members. */
struct view {
	const struct evtask_console *console;
	const struct record *record;
	struct evtask_info info;
};

typedef void (*put_fn)(struct json_object **object, const char *key,
    const struct view *view);

/* A time on the loop's clock, where -1 is not yet. */
static void
put_time(struct json_object **object, const char *key,
    const struct view *view, int64_t ts_us)
{
	if (ts_us < 0)
		evtask_ctl_put_null(object, key);
	else
		evtask_ctl_put_int(object, key,
		    console_epoch_us(view->console, ts_us));
}

static void
put_site(struct json_object **object, const char *key,
    const struct evtask_site *site)
{
	put_or_null(object, key, site != NULL,
	    site != NULL ? render_site(site) : NULL);
}

static void
put_id(struct json_object **object, const char *key, const struct view *view)
{
	evtask_ctl_put_int(object, key, (int64_t)view->record->id);
}

static void
put_name(struct json_object **object, const char *key, const struct view *view)
{
	evtask_ctl_put_text(object, key, view->record->name);
}

static void
put_coroutine(struct json_object **object, const char *key,
    const struct view *view)
{
	const struct catalog_entry *entry = view->record->coroutine;

	evtask_ctl_put_text(object, key, entry != NULL ? entry->row->name
	    : NULL);
}

/* Its own are below reply, result, a list of tasks and the task. */
#define ARGS_DEPTH (EVTASK_CTL_DEPTH_MAX - 4)

static void
put_args(struct json_object **object, const char *key, const struct view *view)
{
	const struct record *record = view->record;

	if (record->job != NULL && record->coroutine != NULL)
		evtask_ctl_put(object, key, evtask_ctl_show_args(
		    record->coroutine->args, record->job->args, ARGS_DEPTH));
}

static void
put_parent(struct json_object **object, const char *key,
    const struct view *view)
{
	const struct evtask_origin *origin = &view->info.created_by;

	if (origin->type == EVTASK_ORIGIN_TASK)
		evtask_ctl_put_int(object, key, (int64_t)origin->id);
	else
		evtask_ctl_put_null(object, key);
}

static void
put_state(struct json_object **object, const char *key,
    const struct view *view)
{
	evtask_ctl_put_text(object, key, state_of(view->record));
}

static void
put_outcome(struct json_object **object, const char *key,
    const struct view *view)
{
	evtask_ctl_put_text(object, key, outcome_of(view->record));
}

static struct json_object *
render_resource(const struct evtask_wait_info *wait)
{
	struct json_object *o = json_object_new_object();

	evtask_ctl_put_text(&o, "type", wait->type);
	evtask_ctl_put_text(&o, "name", wait->name[0] != '\0' ? wait->name
	    : NULL);
	if (wait->resource != 0)
		evtask_ctl_put_int(&o, "id", (int64_t)wait->resource);
	return o;
}

struct json_object *
view_name(const struct evtask_console *console, const struct evtask *task,
    uint64_t id)
{
	struct json_object *o = json_object_new_object();
	const struct record *record = task == NULL
	    ? registry_find(&console->registry, id) : NULL;
	const char *name = record != NULL ? record->name : "";

	if (task != NULL)
		name = evtask_get_name(task);
	evtask_ctl_put_int(&o, "id", (int64_t)id);
	evtask_ctl_put_text(&o, "name", name);
	if (task == NULL)
		evtask_ctl_put_bool(&o, "ended", true);
	return o;
}

static struct json_object *
render_wait(const struct evtask_console *console,
    const struct evtask_wait_info *wait)
{
	struct json_object *o = json_object_new_object();

	evtask_ctl_put_text(&o, "op", wait->op);
	put_or_null(&o, "on", wait->type != NULL,
	    wait->type != NULL ? render_resource(wait) : NULL);
	put_or_null(&o, "owner", wait->owner_id != 0, wait->owner_id != 0
	    ? view_name(console, wait->owner, wait->owner_id) : NULL);
	put_site(&o, "site", wait->site);
	evtask_ctl_put_int(&o, "since_us",
	    console_epoch_us(console, wait->since_us));
	if (wait->until_us == EVTASK_FOREVER)
		evtask_ctl_put_null(&o, "until_us");
	else
		evtask_ctl_put_int(&o, "until_us",
		    console_epoch_us(console, wait->until_us));
	return o;
}

struct json_object *
view_wait_of(const struct evtask_console *console, const struct evtask *task)
{
	struct evtask_wait_info wait;

	return evtask_get_wait(task, &wait) == 1
	    ? render_wait(console, &wait) : NULL;
}

struct json_object *
view_wait(const struct evtask_console *console, const struct record *record)
{
	return view_wait_of(console, record->task);
}

void
put_wait_of(struct json_object **object, const struct evtask_console *console,
    const struct evtask *task)
{
	bool waits = evtask_get_state(task) == EVTASK_STATE_WAITING;

	put_or_null(object, "wait", waits,
	    waits ? view_wait_of(console, task) : NULL);
}

struct json_object *
view_link(const struct evtask_console *console, const struct evtask *task)
{
	struct json_object *o = json_object_new_object();

	evtask_ctl_put_int(&o, "id", (int64_t)evtask_id(task));
	evtask_ctl_put_text(&o, "name", evtask_get_name(task));
	evtask_ctl_put_text(&o, "state",
	    evtask_state_name(evtask_get_state(task)));
	put_wait_of(&o, console, task);
	return o;
}

struct json_object *
view_links(const struct evtask_console *console,
    const struct evtask *const *tasks, size_t n)
{
	struct json_object *array = json_object_new_array();
	size_t i;

	for (i = 0; i < n; i++)
		evtask_ctl_append(&array, view_link(console, tasks[i]));
	return array;
}

struct json_object *
view_circle(const struct evtask_console *console, const struct evtask *task)
{
	const struct evtask *tasks[LINKS_MAX];
	size_t n = evtask_deadlock(task, tasks, LINKS_MAX);

	return view_links(console, tasks, n < LINKS_MAX ? n : LINKS_MAX);
}

static void
put_wait(struct json_object **object, const char *key, const struct view *view)
{
	put_wait_of(object, view->console, view->record->task);
}

static void
put_created_us(struct json_object **object, const char *key,
    const struct view *view)
{
	put_time(object, key, view, view->info.created_us);
}

static void
put_started_us(struct json_object **object, const char *key,
    const struct view *view)
{
	put_time(object, key, view, view->info.started_us);
}

static void
put_done_us(struct json_object **object, const char *key,
    const struct view *view)
{
	put_time(object, key, view, view->info.done_us);
}

/* Who did it: a client, as far as it is known, a task, or the program. */
static struct json_object *
render_origin(const struct evtask_origin *origin, const struct client *client)
{
	static const char *const types[] = {
		[EVTASK_ORIGIN_LOOP] = "loop",
		[EVTASK_ORIGIN_TASK] = "task",
		[EVTASK_ORIGIN_CLIENT] = "client",
		[EVTASK_ORIGIN_TIMEOUT] = "timeout",
		[EVTASK_ORIGIN_GROUP] = "group",
	};
	struct json_object *o;

	if (origin->type == EVTASK_ORIGIN_CLIENT && client->pid != 0)
		return render_client(client);
	o = json_object_new_object();
	evtask_ctl_put_text(&o, "type", types[origin->type]);
	if (origin->type != EVTASK_ORIGIN_LOOP &&
	    origin->type != EVTASK_ORIGIN_CLIENT)
		evtask_ctl_put_int(&o, "task", (int64_t)origin->id);
	return o;
}

static void
put_created_by(struct json_object **object, const char *key,
    const struct view *view)
{
	evtask_ctl_put(object, key, render_origin(&view->info.created_by,
	    &view->record->client));
}

static void
put_created_at(struct json_object **object, const char *key,
    const struct view *view)
{
	/* Of a job it would be our own, which tells nobody anything. */
	put_site(object, key, view->record->job == NULL
	    ? view->info.created_at : NULL);
}

static struct json_object *
render_cancel(const struct view *view, const struct cancel_note *note)
{
	struct json_object *o = json_object_new_object();

	evtask_ctl_put_int(&o, "requested",
	    evtask_cancelling(view->record->task));
	evtask_ctl_put(&o, "by", render_origin(&note->origin, &note->client));
	put_site(&o, "site", note->site);
	evtask_ctl_put_text(&o, "message", note->message);
	put_time(&o, "first_us", view, note->ts_us);
	return o;
}

/* The first request is the one that was noted; one made before the console
 * was there, or without memory for a note, is known as the last of them. */
static void
put_cancel(struct json_object **object, const char *key,
    const struct view *view)
{
	const struct evtask_info *info = &view->info;
	struct cancel_note last = { .origin = info->cancelled_by,
	    .site = info->cancelled_at, .ts_us = info->cancelled_us,
	    .message = (char *)(uintptr_t)info->cancel_message };

	put_or_null(object, key, info->cancel_requests > 0,
	    info->cancel_requests > 0 ? render_cancel(view,
	    view->record->cancel != NULL ? view->record->cancel : &last)
	    : NULL);
}

static void
put_counters(struct json_object **object, const char *key,
    const struct view *view)
{
	struct json_object *o = json_object_new_object();

	evtask_ctl_put_int(&o, "resumes", (int64_t)view->info.resumes);
	evtask_ctl_put_int(&o, "awaits", (int64_t)view->info.awaits);
	evtask_ctl_put_int(&o, "wakes", (int64_t)view->info.wakes);
	evtask_ctl_put(object, key, o);
}

static void
put_busy_us(struct json_object **object, const char *key,
    const struct view *view)
{
	int64_t busy_us = view->record->done ? view->record->busy_us
	    : evtask_busy_us(view->record->task);

	if (busy_us < 0)
		evtask_ctl_put_null(object, key);
	else
		evtask_ctl_put_int(object, key, busy_us);
}

/* Left out where there is none. */
static void
put_progress(struct json_object **object, const char *key,
    const struct view *view)
{
	const struct evtask_job *job = view->record->job;

	if (job != NULL && job->progress != NULL)
		evtask_ctl_put(object, key, render_progress(job));
}

static struct json_object *
render_stack(const struct evtask_info *info)
{
	struct json_object *o = json_object_new_object();

	evtask_ctl_put_int(&o, "size", (int64_t)info->stack_size);
	evtask_ctl_put_int(&o, "used", (int64_t)info->stack_used);
	evtask_ctl_put_int(&o, "peak", (int64_t)info->stack_peak);
	return o;
}

static void
put_stack(struct json_object **object, const char *key,
    const struct view *view)
{
	bool has_stack = view->info.stack_size > 0;

	put_or_null(object, key, has_stack,
	    has_stack ? render_stack(&view->info) : NULL);
}

/* Left out where there is none, as is nearly always so. */
static void
put_ending(struct json_object **object, const char *key,
    const struct view *view)
{
	const char *ending = ending_of(view->record);

	if (ending != NULL)
		evtask_ctl_put_text(object, key, ending);
}

static void
put_labels(struct json_object **object, const char *key,
    const struct view *view)
{
	struct json_object *labels = view->record->labels;

	if (labels != NULL && json_object_object_length(labels) > 0)
		evtask_ctl_put(object, key, json_object_get(labels));
}

/* Left out where there are none. */
static void
put_warnings(struct json_object **object, const char *key,
    const struct view *view)
{
	unsigned int bits = evtask_get_warnings(view->record->task), i;
	struct json_object *array;

	if (bits == 0)
		return;
	array = json_object_new_array();
	for (i = 0; i < EVTASK_WARNINGS; i++)
		if ((bits & (1U << i)) != 0)
			evtask_ctl_append(&array, json_object_new_string(
			    evtask_warning_name((enum evtask_warning)i)));
	evtask_ctl_put(object, key, array);
}

/* In the order of the shape Task in lib/ctl/shape.c. */
static const char *const names[] = {
	"id", "name", "coroutine", "args", "parent", "state", "outcome", "wait",
	"created_us", "started_us", "done_us", "created_by", "created_at",
	"cancel", "labels", "counters", "busy_us", "stack", "ending",
	"progress", "warnings", NULL
};

static const put_fn puts_of[] = {
	put_id, put_name, put_coroutine, put_args, put_parent, put_state,
	put_outcome, put_wait, put_created_us, put_started_us, put_done_us, put_created_by,
	put_created_at, put_cancel, put_labels, put_counters, put_busy_us,
	put_stack, put_ending, put_progress, put_warnings
};

/* The members that need none of the info, which costs as much as all. */
#define CHEAP_MEMBERS UINT32_C(0x1d40ef) /* id, name, coroutine, args, state,
					   outcome, wait, labels, busy_us,
					   ending, progress, warnings */

const char *const *
view_members(void)
{
	return names;
}

struct json_object *
view_task(const struct evtask_console *console, const struct record *record,
    uint32_t members)
{
	struct json_object *o = json_object_new_object();
	struct view view = { .console = console, .record = record };
	size_t i;

	if ((members & ~CHEAP_MEMBERS) != 0)
		evtask_get_info(record->task, &view.info);
	for (i = 0; names[i] != NULL; i++)
		if (i == 0 || (members & (UINT32_C(1) << i)) != 0)
			puts_of[i](&o, names[i], &view);
	return o;
}

static bool
refuse_field(struct call *call, size_t i, const char *field,
    const char *const *known)
{
	struct evtask_ctl_nearest nearest = { .word = field };
	struct json_object *members = json_object_new_object();
	char path[32];

	for (; *known != NULL; known++)
		evtask_ctl_nearest_offer(&nearest, *known);
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
view_select(struct call *call, const char *const *known,
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
		for (at = 0; known[at] != NULL; at++)
			if (strcmp(known[at], field) == 0)
				break;
		if (known[at] == NULL)
			return refuse_field(call, i, field, known);
		members |= UINT32_C(1) << at;
	}
	*ret_members = members;
	return true;
}
