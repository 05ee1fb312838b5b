/*
 * resolve.c - from a TaskRef, an id or a name, to the task it means.
 *
 * Whoever is wrong is told how: there never was such a task, there was one,
 * there are several, or a name near to it.
 */
#include "resolve.h"
#include <json-c/json.h>
#include <stdlib.h>
#include "console.h"

#define CANDIDATES_MAX 10
#define NEAREST_OF 1000 /* the newest names; comparing is not cheap */

static struct json_object *
members_of(struct json_object *ref)
{
	struct json_object *members = json_object_new_object();

	evtask_ctl_put(&members, "task", json_object_get(ref));
	return members;
}

static struct record *
by_id(struct call *call, struct json_object *ref)
{
	struct registry *registry = &call->console->registry;
	uint64_t id = (uint64_t)json_object_get_int64(ref);
	struct record *record = registry_find(registry, id);

	if (record == NULL)
		call_refuse(call, id > 0 && id <= registry->last_id
		    ? "TaskForgotten" : "TaskNotFound", members_of(ref));
	return record;
}

static void
refuse_unknown(struct call *call, struct json_object *ref)
{
	struct evtask_ctl_nearest nearest = {
		.word = json_object_get_string(ref) };
	struct json_object *members = members_of(ref);
	const struct record *record;
	int n = 0;

	TAILQ_FOREACH_REVERSE(record, &call->console->registry.records,
	    record_list, link) {
		if (n++ == NEAREST_OF)
			break;
		evtask_ctl_nearest_offer(&nearest, record->name);
	}
	put_nearest(&members, &nearest);
	call_refuse(call, "TaskNotFound", members);
}

static int
compare_ids(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The newest of them, for there may be thousands. */
static void
refuse_ambiguous(struct call *call, struct json_object *ref, uint64_t *ids,
    size_t n)
{
	struct json_object *members = members_of(ref);
	struct json_object *candidates = json_object_new_array();
	size_t i;

	n = n < CANDIDATES_MAX ? n : CANDIDATES_MAX;
	qsort(ids, n, sizeof(ids[0]), compare_ids);
	for (i = 0; i < n; i++)
		evtask_ctl_append(&candidates,
		    json_object_new_int64((int64_t)ids[i]));
	evtask_ctl_put(&members, "candidates", candidates);
	call_refuse(call, "AmbiguousTask", members);
}

static struct record *
by_name(struct call *call, struct json_object *ref)
{
	uint64_t ids[CANDIDATES_MAX];
	struct record *record = NULL;
	size_t n;

	n = registry_find_meant(&call->console->registry,
	    json_object_get_string(ref), &record, ids, CANDIDATES_MAX);
	if (n == 1)
		return record;
	if (n == 0)
		refuse_unknown(call, ref);
	else
		refuse_ambiguous(call, ref, ids, n);
	return NULL;
}

struct record *
resolve_ref(struct call *call, struct json_object *ref)
{
	return json_object_is_type(ref, json_type_int) ? by_id(call, ref)
	    : by_name(call, ref);
}

struct record *
resolve_task(struct call *call)
{
	return resolve_ref(call, evtask_ctl_get(call->params, "task"));
}
