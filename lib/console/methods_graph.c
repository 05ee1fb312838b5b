/*
 * methods_graph.c - task.why, task.tree, resource.list, loop.deadlocks: who
 * waits for whom.
 */
#include <evtask/inspect_graph.h>
#include <inttypes.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "console.h"
#include "glob.h"
#include "methods.h"
#include "render.h"
#include "resolve.h"
#include "view.h"

#define CHAIN_MAX 1000
#define AWAITS_MAX 1000
#define WAITERS_MAX 16
#define DEADLOCKS_MAX 100

struct json_object *
serve_task_why(struct call *call)
{
	const struct record *record = resolve_task(call);
	const struct evtask **chain;
	struct evtask_why why;
	struct json_object *o;

	if (record == NULL)
		return NULL;
	chain = calloc(CHAIN_MAX, sizeof(*chain));
	if (chain == NULL || evtask_why(record->task, &why, chain,
	    CHAIN_MAX) < 0) {
		free(chain);
		return NULL;
	}
	o = json_object_new_object();
	evtask_ctl_put(&o, "chain", view_links(call->console, chain,
	    why.length < CHAIN_MAX ? why.length : CHAIN_MAX));
	evtask_ctl_put_text(&o, "cause", evtask_cause_name(why.cause));
	if (why.cause == EVTASK_CAUSE_DEADLOCK)
		evtask_ctl_put_int(&o, "back", (int64_t)why.back);
	else
		evtask_ctl_put_null(&o, "back");
	evtask_ctl_put_int(&o, "length", (int64_t)why.length);
	evtask_ctl_put_bool(&o, "complete", !why.cut);
	put_seq(&o, call);
	free(chain);
	return o;
}

/* The place a page goes on after: an id. False, having refused, when it is
 * none. */
static bool
read_place(struct call *call, uint64_t *ret_after)
{
	const char *text = evtask_ctl_get_text(call->params, "cursor", "0");
	char *end;

	*ret_after = strtoull(text, &end, 10);
	if (end != text && *end == '\0')
		return true;
	call_refuse_cursor(call, text);
	return false;
}

static void
put_place(struct json_object **o, bool more, uint64_t last)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, last);
	evtask_ctl_put_text(o, "next", more ? text : NULL);
}

/* The tree. */

static void
write_awaits(struct evtask_ctl_writer *w, const struct evtask *task)
{
	struct evtask *tasks[AWAITS_MAX];
	size_t n = evtask_awaits(task, tasks, AWAITS_MAX), i;

	evtask_ctl_write_open_list(w, "awaits");
	for (i = 0; i < n && i < AWAITS_MAX; i++)
		evtask_ctl_write_int(w, NULL, (int64_t)evtask_id(tasks[i]));
	evtask_ctl_write_close_list(w);
	evtask_ctl_write_int(w, "awaits_total", (int64_t)n);
}

static struct json_object *
view_node(const struct evtask_console *console, const struct record *record)
{
	struct evtask_ctl_writer *w = console->writer;
	struct evtask_info info;

	evtask_get_info(record->task, &info);
	evtask_ctl_write_begin(w);
	evtask_ctl_write_open(w, NULL);
	write_link(w, console, record->task);
	if (info.created_by.type == EVTASK_ORIGIN_TASK)
		evtask_ctl_write_int(w, "parent", (int64_t)info.created_by.id);
	else
		evtask_ctl_write_null(w, "parent");
	write_awaits(w, record->task);
	evtask_ctl_write_close(w);
	return evtask_ctl_write_take(w);
}

/* The first record after an id, which may be gone. */
static const struct record *
first_after(const struct registry *registry, uint64_t after)
{
	const struct record *record = registry_find(registry, after);

	if (record == NULL)
		record = TAILQ_FIRST(&registry->records);
	while (record != NULL && record->id <= after)
		record = TAILQ_NEXT(record, link);
	return record;
}

struct json_object *
serve_task_tree(struct call *call)
{
	int64_t limit = evtask_ctl_get_int(call->params, "limit", 1), n = 0;
	struct json_object *o, *nodes;
	const struct record *record;
	uint64_t last = 0;

	if (!read_place(call, &last))
		return NULL;
	nodes = json_object_new_array();
	for (record = first_after(&call->console->registry, last);
	    record != NULL; record = TAILQ_NEXT(record, link)) {
		if (record->done)
			continue;
		if (n++ == limit)
			break;
		evtask_ctl_append(&nodes, view_node(call->console, record));
		last = record->id;
	}
	o = json_object_new_object();
	evtask_ctl_put(&o, "nodes", nodes);
	put_place(&o, record != NULL, last);
	put_seq(&o, call);
	return o;
}

/* Resources. */

static void
write_waiters(struct evtask_ctl_writer *w,
    const struct evtask_console *console,
    const struct evtask_resource_info *info)
{
	struct evtask *tasks[WAITERS_MAX];
	size_t n = evtask_resource_waiters(info->resource, tasks,
	    WAITERS_MAX), i;

	evtask_ctl_write_open_list(w, "waiters");
	for (i = 0; i < n && i < WAITERS_MAX; i++)
		write_name(w, NULL, console, tasks[i], evtask_id(tasks[i]));
	evtask_ctl_write_close_list(w);
}

static void
write_size(struct evtask_ctl_writer *w, const char *key, int64_t size)
{
	if (size >= 0)
		evtask_ctl_write_int(w, key, size);
	else
		evtask_ctl_write_null(w, key);
}

/* Of a stream. */
static void
write_sides(struct evtask_ctl_writer *w,
    const struct evtask_console *console,
    const struct evtask_resource_info *info)
{
	if (info->reader != NULL)
		write_name(w, "reader", console, info->reader,
		    evtask_id(info->reader));
	if (info->writer != NULL)
		write_name(w, "writer", console, info->writer,
		    evtask_id(info->writer));
	if (info->unsent >= 0)
		evtask_ctl_write_int(w, "unsent", info->unsent);
}

static struct json_object *
view_shared(const struct evtask_console *console,
    const struct evtask_resource_info *info)
{
	struct evtask_ctl_writer *w = console->writer;

	evtask_ctl_write_begin(w);
	evtask_ctl_write_open(w, NULL);
	evtask_ctl_write_int(w, "id", (int64_t)info->id);
	evtask_ctl_write_text(w, "type", info->type);
	evtask_ctl_write_text(w, "name", info->name[0] != '\0' ? info->name
	    : NULL);
	if (info->owner_id != 0)
		write_name(w, "owner", console, info->owner, info->owner_id);
	else
		evtask_ctl_write_null(w, "owner");
	write_site(w, "held_at", info->held_at);
	write_size(w, "held_us", info->held_us < 0 ? -1
	    : console_epoch_us(console, info->held_us));
	write_size(w, "size", info->size);
	write_size(w, "capacity", info->capacity);
	write_sides(w, console, info);
	evtask_ctl_write_int(w, "waits", (int64_t)info->waits);
	evtask_ctl_write_int(w, "waiting", (int64_t)info->waiting);
	write_waiters(w, console, info);
	evtask_ctl_write_close(w);
	return evtask_ctl_write_take(w);
}

static bool
passes(const struct call *call, const struct evtask_resource_info *info)
{
	struct json_object *types = evtask_ctl_get(call->params, "type");
	const char *glob = evtask_ctl_get_text(call->params, "name", NULL);
	size_t i, n = types != NULL ? json_object_array_length(types) : 0;

	for (i = 0; i < n; i++)
		if (strcmp(info->type, json_object_get_string(
		    json_object_array_get_idx(types, i))) == 0)
			break;
	if (n > 0 && i == n)
		return false;
	if (evtask_ctl_get_bool(call->params, "busy", false) &&
	    info->owner_id == 0 && info->waiting == 0)
		return false;
	return glob == NULL || glob_match(glob, info->name);
}

struct json_object *
serve_resource_list(struct call *call)
{
	int64_t limit = evtask_ctl_get_int(call->params, "limit", 1), n = 0;
	const struct evtask_loop *loop = call->console->loop;
	struct evtask_resource_info info;
	struct json_object *o, *list;
	bool some, more = false;
	uint64_t last = 0;

	if (!read_place(call, &last))
		return NULL;
	list = json_object_new_array();
	for (some = evtask_all_resources(loop, last, &info, 1) > 0; some;
	    some = evtask_resource_next(loop, &info)) {
		if (!passes(call, &info))
			continue;
		more = n++ == limit;
		if (more)
			break;
		evtask_ctl_append(&list, view_shared(call->console, &info));
		last = info.id;
	}
	o = json_object_new_object();
	evtask_ctl_put(&o, "resources", list);
	put_place(&o, more, last);
	put_seq(&o, call);
	return o;
}

/* Deadlocks. */

struct json_object *
serve_loop_deadlocks(struct call *call)
{
	const struct evtask *tasks[DEADLOCKS_MAX];
	size_t n = evtask_all_deadlocks(call->console->loop, tasks,
	    DEADLOCKS_MAX), i;
	struct json_object *o, *array = json_object_new_array(), *circle;

	for (i = 0; i < n && i < DEADLOCKS_MAX; i++) {
		circle = json_object_new_object();
		evtask_ctl_put(&circle, "tasks", view_circle(call->console,
		    tasks[i]));
		evtask_ctl_append(&array, circle);
	}
	o = json_object_new_object();
	evtask_ctl_put(&o, "deadlocks", array);
	evtask_ctl_put_int(&o, "total", (int64_t)n);
	evtask_ctl_put_bool(&o, "quiescent",
	    evtask_quiescent(call->console->loop));
	put_seq(&o, call);
	return o;
}
