/*
 * methods_task.c - task.*: making tasks, finding them, naming them, letting
 * them go.
 */
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "console.h"
#include "job.h"
#include "labels.h"
#include "methods.h"
#include "render.h"
#include "request.h"
#include "resolve.h"
#include "settle.h"
#include "subscription.h"
#include "view.h"

/* What the coroutine's own check has found wrong. */
static void
refuse_args(struct call *call, const struct catalog_entry *entry,
    struct json_object *args, const char *path, const char *expected)
{
	struct json_object *members = json_object_new_object();
	struct json_object *shown = evtask_ctl_show_args(entry->args, args,
	    EVTASK_CTL_DEPTH_MAX);
	struct json_object *got = evtask_ctl_get(shown, path);
	char full[256];

	snprintf(full, sizeof(full), "args.%s", path);
	evtask_ctl_put_text(&members, "path", full);
	evtask_ctl_put_text(&members, "expected", expected);
	evtask_ctl_put_text(&members, "got", got != NULL
	    ? json_object_to_json_string(got) : "what was given");
	json_object_put(shown);
	call_refuse(call, "ArgsInvalid", members);
}

/* Args as the coroutine may rely on; false: the call is refused, or there is
 * no memory. */
static bool
complete_args(struct call *call, const struct catalog_entry *entry,
    struct json_object *args)
{
	const char *path = "", *expected = "what the coroutine takes";

	if (evtask_ctl_check_args(entry->args, args, &call->error) < 0 ||
	    evtask_ctl_fill_args(entry->args, args) < 0)
		return false;
	if (entry->row->check == NULL ||
	    entry->row->check(args, &path, &expected) == 0)
		return true;
	refuse_args(call, entry, args, path, expected);
	return false;
}

static bool
name_is_free(struct call *call, const char *name)
{
	const struct record *record = registry_find_name(
	    &call->console->registry, name);
	struct json_object *members;

	if (record == NULL)
		return true;
	members = json_object_new_object();
	evtask_ctl_put_text(&members, "wanted", name);
	evtask_ctl_put_int(&members, "id", (int64_t)record->id);
	call_refuse(call, "NameInUse", members);
	return false;
}

static bool
may_create(struct call *call)
{
	const char *name = evtask_ctl_get_text(call->params, "name", NULL);

	if (call->console->shutting_down) {
		call_refuse(call, "ShuttingDown", json_object_new_object());
		return false;
	}
	return name == NULL || name_is_free(call, name);
}

/* The record gets what only the console knows of the task. */
static void
adopt(struct call *call, struct record *record, struct catalog_entry *entry,
    struct evtask_job *job, char *key)
{
	struct session *session = call->session;

	record->job = job;
	record->coroutine = entry;
	record->client = client_keep(&session->client);
	record->labels = json_object_get(evtask_ctl_get(call->params,
	    "labels"));
	entry->live++;
	call->console->registry.live_jobs++;
	if (key != NULL)
		registry_set_key(&call->console->registry, record, key);
	if (strcmp(evtask_ctl_get_text(call->params, "bind", ""),
	    "connection") == 0) {
		record->bound = session;
		LIST_INSERT_HEAD(&session->bound, record, bound_link);
	}
}

static bool
is_paused(const struct call *call)
{
	return strcmp(evtask_ctl_get_text(call->params, "start", ""),
	    "paused") == 0;
}

/* The task of the checked request; NULL: there was no memory for it. */
static struct record *
make_task(struct call *call, struct catalog_entry *entry,
    struct json_object *args, const char *key)
{
	struct evtask_console *console = call->console;
	struct evtask_origin origin = { EVTASK_ORIGIN_CLIENT,
	    call->session->id };
	char *key_copy = key != NULL ? strdup(key) : NULL;
	struct record *record = NULL;
	struct evtask_job *job = NULL;

	if ((key == NULL) == (key_copy == NULL) && job_start(console,
	    entry->row, args, evtask_ctl_get_text(call->params, "name", NULL),
	    call_timeout_us(call), &origin, is_paused(call), &job) == 0)
		record = registry_find(&console->registry, job->id);
	if (record != NULL) {
		adopt(call, record, entry, job, key_copy);
		return record;
	}
	if (job != NULL)
		evtask_cancel(job->task, "there is no memory to know it by");
	job_unref(job);
	free(key_copy);
	return NULL;
}

static struct json_object *
created(const struct evtask_console *console, const struct record *record,
    bool is_new, bool with_ending)
{
	struct json_object *o = json_object_new_object();

	evtask_ctl_put(&o, "task", view_task(console, record, VIEW_ALL));
	evtask_ctl_put_bool(&o, "created", is_new);
	if (with_ending)
		render_ending(&o, record);
	evtask_ctl_put_int(&o, "seq", (int64_t)console->ring.seq);
	return o;
}

static struct json_object *
answer_created(const struct request *request)
{
	return created(request->session->console, request->waits[0].record,
	    request->flag, true);
}

/* With sub its log is followed; NULL: it is not. */
static struct json_object *
answer_task(struct call *call, struct record *record,
    struct subscription *sub, bool is_new)
{
	struct json_object *o;

	if (evtask_ctl_get_bool(call->params, "wait", false))
		return request_wait(call, &record, 1, REQUEST_ALL,
		    EVTASK_FOREVER, is_new, answer_created);
	o = created(call->console, record, is_new, false);
	if (sub == NULL)
		return o;
	subscription_follow(sub, record, UINT32_MAX, record->job->log.first,
	    evtask_ctl_get_bool(call->params, "pace", false));
	evtask_ctl_put_int(&o, "sub", (int64_t)sub->id);
	return o;
}

/* Events would come before the answer that says whose they are. */
static bool
may_follow(struct call *call)
{
	bool follow = evtask_ctl_get_bool(call->params, "follow", false);
	struct json_object *members;

	if (!follow || !evtask_ctl_get_bool(call->params, "wait", false))
		return may_subscribe(call, follow);
	members = json_object_new_object();
	evtask_ctl_put_text(&members, "path", "follow");
	evtask_ctl_put_text(&members, "expected", "false with wait");
	evtask_ctl_put_text(&members, "got", "true");
	evtask_ctl_put_text(&members, "method", call->method->name);
	call_refuse(call, "InvalidParams", members);
	return false;
}

/* record NULL: of a new task. The subscription is made first: when there is no
 * memory for it there is no task either. */
static struct json_object *
make_and_answer(struct call *call, struct catalog_entry *entry,
    struct json_object *args, struct record *record)
{
	bool is_new = record == NULL;
	struct subscription *sub = NULL;

	if (evtask_ctl_get_bool(call->params, "follow", false)) {
		sub = subscription_new(call->session);
		if (sub == NULL)
			return NULL;
	}
	if (is_new)
		record = make_task(call, entry, args,
		    evtask_ctl_get_text(call->params, "key", NULL));
	if (record != NULL)
		return answer_task(call, record, sub, is_new);
	if (sub != NULL)
		subscription_free(sub);
	return NULL;
}

int
check_create(struct call *call)
{
	struct catalog_entry *entry = call_coroutine(call, "coroutine");

	if (entry == NULL)
		return call->error != NULL ? 0 : -ENOMEM;
	return complete_args(call, entry, evtask_ctl_get(call->params,
	    "args")) || call->error != NULL ? 0 : -ENOMEM;
}

struct json_object *
serve_task_create(struct call *call)
{
	struct json_object *args = evtask_ctl_get(call->params, "args");
	const char *key = evtask_ctl_get_text(call->params, "key", NULL);
	struct catalog_entry *entry = call_coroutine(call, "coroutine");
	struct record *record;

	if (entry == NULL || !may_follow(call))
		return NULL;
	record = key != NULL ? registry_find_key(&call->console->registry,
	    key) : NULL;
	if (record == NULL && (!may_create(call) ||
	    !complete_args(call, entry, args)))
		return NULL;
	return make_and_answer(call, entry, args, record);
}

struct json_object *
serve_task_get(struct call *call)
{
	const struct record *record = resolve_task(call);
	struct json_object *o;
	uint32_t members;

	if (record == NULL || !view_select(call, view_members(), &members))
		return NULL;
	if (evtask_ctl_get(call->params, "fields") == NULL)
		members = VIEW_WHOLE;
	o = json_object_new_object();
	evtask_ctl_put(&o, "task", view_task(call->console, record, members));
	put_seq(&o, call);
	return o;
}

struct json_object *
serve_task_rename(struct call *call)
{
	struct record *record = resolve_task(call);
	const char *name = evtask_ctl_get_text(call->params, "name", NULL);
	struct json_object *o;

	if (record == NULL)
		return NULL;
	if (strcmp(record->name, name) != 0) {
		if (!name_is_free(call, name))
			return NULL;
		if (evtask_set_name(record->task, name) < 0)
			return NULL;
	}
	o = json_object_new_object();
	evtask_ctl_put_int(&o, "id", (int64_t)record->id);
	evtask_ctl_put_text(&o, "name", name);
	return o;
}

struct json_object *
serve_task_resume(struct call *call)
{
	struct record *record = resolve_task(call);
	struct json_object *o;

	if (record == NULL)
		return NULL;
	o = json_object_new_object();
	evtask_ctl_put_int(&o, "id", (int64_t)record->id);
	evtask_ctl_put_bool(&o, "resumed", record->job != NULL &&
	    job_resume(record->job));
	return o;
}

static struct json_object *
refuse_labels(struct call *call)
{
	struct json_object *members = json_object_new_object();

	evtask_ctl_put_int(&members, "limit", LABELS_MAX);
	evtask_ctl_put_text(&members, "what", "labels of a task");
	evtask_ctl_put_text(&members, "hint", "take some away with null");
	return call_refuse(call, "LimitExceeded", members);
}

struct json_object *
serve_task_label(struct call *call)
{
	struct record *record = resolve_task(call);
	struct json_object *o, *labels;

	if (record == NULL)
		return NULL;
	labels = labels_changed(record->labels,
	    evtask_ctl_get(call->params, "labels"));
	if (labels == NULL)
		return NULL;
	if (json_object_object_length(labels) > LABELS_MAX) {
		json_object_put(labels);
		return refuse_labels(call);
	}
	o = json_object_new_object();
	evtask_ctl_put_int(&o, "id", (int64_t)record->id);
	evtask_ctl_put(&o, "labels", json_object_get(labels));
	if (o == NULL) {
		json_object_put(labels);
		return NULL;
	}
	if (json_object_equal(labels, record->labels)) {
		json_object_put(labels);
		return o;
	}
	json_object_put(record->labels);
	record->labels = labels;
	console_tell(call->console, EVENT_LABELLED, record->id, 0, NULL);
	return o;
}

/* All of them, or with one that is not done none. */
static struct json_object *
forget(struct call *call, struct record **records, size_t n)
{
	struct evtask_console *console = call->console;
	struct json_object *ids = json_object_new_array();
	struct json_object *o = json_object_new_object();
	size_t i;

	for (i = 0; i < n; i++) {
		if (!records[i]->done) {
			json_object_put(ids);
			json_object_put(o);
			return call_refuse_int(call, "TaskNotDone", "task",
			    (int64_t)records[i]->id);
		}
		evtask_ctl_append(&ids,
		    json_object_new_int64((int64_t)records[i]->id));
	}
	evtask_ctl_put(&o, "forgotten", ids);
	for (i = 0; o != NULL && i < n; i++) {
		if (!records[i]->kept)
			continue; /* named twice */
		console_tell(console, EVENT_FORGOTTEN, records[i]->id, 0,
		    NULL);
		registry_forget(&console->registry, records[i]);
	}
	return o;
}

struct json_object *
serve_task_forget(struct call *call)
{
	struct json_object *o;
	struct record **records;
	size_t i, n;

	records = resolve_tasks(call, &n);
	if (records == NULL)
		return NULL;
	for (i = 0; i < n; i++)
		record_ref(records[i]);
	o = forget(call, records, n);
	for (i = 0; i < n; i++)
		record_unref(records[i]);
	free(records);
	return o;
}
