/*
 * methods_sub.c - sub.*: being told.
 */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include "batch.h"
#include "console.h"
#include "notice.h"
#include "methods.h"
#include "observe.h"
#include "render.h"
#include "settle.h"
#include "subscription.h"
#include "view.h"

bool
may_subscribe(struct call *call, bool wanted)
{
	struct json_object *members;

	if (!wanted || call->session->n_subscriptions <
	    SESSION_SUBSCRIPTIONS_MAX)
		return true;
	members = json_object_new_object();
	evtask_ctl_put_int(&members, "limit", SESSION_SUBSCRIPTIONS_MAX);
	evtask_ctl_put_text(&members, "what", "subscriptions");
	call_refuse(call, "LimitExceeded", members);
	return false;
}

static uint32_t
types_of(const struct call *call)
{
	struct json_object *types = evtask_ctl_get(call->params, "types");
	size_t i, n = json_object_array_length(types);
	uint32_t bits = 0;

	for (i = 0; i < n; i++)
		bits |= 1U << notice_type(json_object_get_string(
		    json_object_array_get_idx(types, i)));
	return bits;
}

static int
compare_ids(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void
count_waiting(struct evtask_console *console, uint32_t types)
{
	if ((types & (1U << EVENT_WAITING)) == 0)
		return;
	console->waiting_subs++;
	(void)observe_update(console);
}

static enum on_lag
on_lag_of(const struct call *call)
{
	static const char *const names[] = {
		[ON_LAG_CONTINUE] = "continue",
		[ON_LAG_SNAPSHOT] = "snapshot",
		[ON_LAG_END] = "end",
	};
	const char *name = evtask_ctl_get_text(call->params, "on_lag",
	    "continue");
	enum on_lag on_lag = ON_LAG_CONTINUE;

	while (strcmp(names[on_lag], name) != 0)
		on_lag++;
	return on_lag;
}

/* To these n tasks, ids that are taken; NULL: to all. */
static struct json_object *
open_to(struct call *call, uint64_t *tasks, size_t n)
{
	struct evtask_console *console = call->console;
	struct subscription *sub = NULL;
	struct json_object *o;
	uint32_t members;

	if (view_select(call, view_member, &members))
		sub = subscription_new(call->session);
	if (sub == NULL) {
		free(tasks);
		return NULL;
	}
	sub->tasks = tasks;
	sub->n_tasks = n;
	sub->types = types_of(call);
	sub->cursor = ring_after(&console->ring, (uint64_t)evtask_ctl_get_int(
	    call->params, "since", (int64_t)console->ring.seq));
	sub->on_lag = on_lag_of(call);
	sub->members = members;
	if (evtask_ctl_get_bool(call->params, "snapshot", false))
		subscription_snapshot(sub);
	count_waiting(console, sub->types);
	settle_soon(console);
	o = json_object_new_object();
	evtask_ctl_put_int(&o, "sub", (int64_t)sub->id);
	put_seq(&o, call);
	return o;
}

static struct json_object *
open_to_found(struct batch *batch)
{
	uint64_t *ids = calloc(batch->n, sizeof(ids[0]));
	size_t i;

	if (ids == NULL)
		return NULL;
	for (i = 0; i < batch->n; i++)
		ids[i] = batch->records[i]->id;
	qsort(ids, batch->n, sizeof(ids[0]), compare_ids);
	return open_to(&batch->call, ids, batch->n);
}

static const struct batch_kind open_kind = { .then = open_to_found };

struct json_object *
serve_sub_open(struct call *call)
{
	uint32_t members;

	if (!may_subscribe(call, true) ||
	    !view_select(call, view_member, &members))
		return NULL;
	if (evtask_ctl_get(call->params, "tasks") == NULL)
		return open_to(call, NULL, 0);
	return batch_start(call, &open_kind);
}

struct json_object *
serve_sub_close(struct call *call)
{
	int64_t id = evtask_ctl_get_int(call->params, "sub", 0);
	struct subscription *sub = subscription_find(call->session,
	    (uint64_t)id);
	struct json_object *o;

	if (sub == NULL)
		return call_refuse_int(call, "SubscriptionNotFound", "sub",
		    id);
	subscription_free(sub);
	o = json_object_new_object();
	evtask_ctl_put_int(&o, "sub", id);
	return o;
}

static struct json_object *
types_list(uint32_t types)
{
	struct json_object *list = json_object_new_array();
	enum event_type type;

	for (type = 0; type < EVENT_TYPES; type++)
		if ((types & (1U << type)) != 0)
			evtask_ctl_append(&list, json_object_new_string(
			    notice_type_name(type)));
	return list;
}

static struct json_object *
ids_list(const uint64_t *ids, size_t n)
{
	struct json_object *list = json_object_new_array();
	size_t i;

	for (i = 0; i < n; i++)
		evtask_ctl_append(&list, json_object_new_int64(
		    (int64_t)ids[i]));
	return list;
}

static struct json_object *
render_subscription(const struct subscription *sub)
{
	struct json_object *o = json_object_new_object();
	bool follows = sub->follow != NULL;

	evtask_ctl_put_int(&o, "sub", (int64_t)sub->id);
	evtask_ctl_put(&o, "types", types_list(follows ? 1U << EVENT_LOG
	    : sub->types));
	if (follows)
		evtask_ctl_put(&o, "tasks", ids_list(&sub->follow->id, 1));
	else
		put_or_null(&o, "tasks", sub->tasks != NULL,
		    sub->tasks != NULL ? ids_list(sub->tasks, sub->n_tasks)
		    : NULL);
	evtask_ctl_put_int(&o, "sent", (int64_t)sub->sent);
	evtask_ctl_put_int(&o, "dropped", (int64_t)sub->dropped);
	evtask_ctl_put_int(&o, "behind", (int64_t)subscription_behind(sub));
	return o;
}

struct json_object *
serve_sub_list(struct call *call)
{
	struct json_object *o, *list = json_object_new_array();
	const struct subscription *sub;

	TAILQ_FOREACH(sub, &call->session->subscriptions, link)
		evtask_ctl_append(&list, render_subscription(sub));
	o = json_object_new_object();
	evtask_ctl_put(&o, "subs", list);
	put_seq(&o, call);
	return o;
}
