/*
 * methods_coroutine.c - coroutine.*: what tasks can be created from.
 *
 * The cursor of a list is the last name of the page before: names neither
 * change nor go.
 */
#include <json-c/json.h>
#include <string.h>
#include "console.h"
#include "glob.h"
#include "methods.h"
#include "view.h"

/* In the order of the shape Coroutine in lib/ctl/shape.c. */
static const char *const names[] = {
	"name", "summary", "args", "result", "example", "takes_stdin",
	"takes_signals", "module", "live", NULL
};

enum { NAME, SUMMARY, ARGS, RESULT, EXAMPLE, STDIN, SIGNALS, MODULE, LIVE };

static const char *
name_of(size_t i)
{
	return names[i];
}

static void
put_member(struct json_object **o, int member,
    const struct catalog_entry *entry)
{
	const char *key = names[member];

	switch (member) {
	case NAME:
		evtask_ctl_put_text(o, key, entry->row->name);
		break;
	case SUMMARY:
		evtask_ctl_put_text(o, key, entry->row->summary != NULL
		    ? entry->row->summary : "");
		break;
	case ARGS:
		evtask_ctl_put(o, key, json_object_get(entry->args));
		break;
	case RESULT:
		evtask_ctl_put(o, key, json_object_get(entry->result));
		break;
	case EXAMPLE:
		if (entry->example != NULL)
			evtask_ctl_put(o, key,
			    json_object_get(entry->example));
		else
			evtask_ctl_put_null(o, key);
		break;
	case STDIN:
		evtask_ctl_put_bool(o, key, entry->row->takes_stdin);
		break;
	case SIGNALS:
		evtask_ctl_put_bool(o, key, entry->row->signal != NULL);
		break;
	case MODULE:
		evtask_ctl_put_text(o, key, entry->module);
		break;
	case LIVE:
		evtask_ctl_put_int(o, key, (int64_t)entry->live);
		break;
	}
}

static struct json_object *
render_coroutine(const struct catalog_entry *entry, uint32_t members)
{
	struct json_object *o = json_object_new_object();
	int i;

	for (i = 0; names[i] != NULL; i++)
		if (i == NAME || (members & (UINT32_C(1) << i)) != 0)
			put_member(&o, i, entry);
	return o;
}

struct json_object *
serve_coroutine_list(struct call *call)
{
	const struct catalog *catalog = &call->console->catalog;
	const char *glob = evtask_ctl_get_text(call->params, "name", NULL);
	const char *after = evtask_ctl_get_text(call->params, "cursor", NULL);
	int64_t limit = evtask_ctl_get_int(call->params, "limit", 0);
	int64_t total = 0, n = 0;
	const char *last = NULL, *next = NULL, *name;
	struct json_object *o, *list;
	uint32_t members;
	size_t i;

	if (!view_select(call, name_of, &members))
		return NULL;
	list = json_object_new_array();
	for (i = 0; i < catalog->count; i++) {
		name = catalog->entries[i]->row->name;
		if (glob != NULL && !glob_match(glob, name))
			continue;
		total++;
		if (after != NULL && strcmp(name, after) <= 0)
			continue;
		if (n++ < limit) {
			evtask_ctl_append(&list, render_coroutine(
			    catalog->entries[i], members));
			last = name;
		} else {
			next = last;
		}
	}
	o = json_object_new_object();
	evtask_ctl_put(&o, "coroutines", list);
	evtask_ctl_put_int(&o, "total", total);
	evtask_ctl_put_text(&o, "next", next);
	put_seq(&o, call);
	return o;
}

struct json_object *
serve_coroutine_get(struct call *call)
{
	const struct catalog_entry *entry = call_coroutine(call, "name");
	struct json_object *o;

	if (entry == NULL)
		return NULL;
	o = json_object_new_object();
	evtask_ctl_put(&o, "coroutine", render_coroutine(entry, VIEW_WHOLE));
	put_seq(&o, call);
	return o;
}

struct catalog_entry *
call_coroutine(struct call *call, const char *key)
{
	const struct catalog *catalog = &call->console->catalog;
	const char *name = evtask_ctl_get_text(call->params, key, "");
	struct catalog_entry *entry = catalog_find(catalog, name);
	struct evtask_ctl_nearest nearest = { .word = name };
	struct json_object *members;
	size_t i;

	if (entry != NULL)
		return entry;
	for (i = 0; i < catalog->count; i++)
		evtask_ctl_nearest_offer(&nearest,
		    catalog->entries[i]->row->name);
	members = json_object_new_object();
	evtask_ctl_put_text(&members, "coroutine", name);
	put_nearest(&members, &nearest);
	call_refuse(call, "CoroutineNotFound", members);
	return NULL;
}
