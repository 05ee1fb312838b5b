/*
 * methods_task.c - task.*: finding tasks, naming them, letting them go.
 */
#include <evtask/ctl_writer.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include "console.h"
#include "job.h"
#include "labels.h"
#include "methods.h"
#include "resolve.h"
#include "view.h"

bool
call_name_is_free(struct call *call, const char *name)
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

struct json_object *
serve_task_get(struct call *call)
{
	const struct record *record = resolve_task(call);
	struct json_object *o;
	uint32_t members;

	if (record == NULL || !view_select(call, view_member, &members))
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
		if (!call_name_is_free(call, name))
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
	struct evtask_ctl_writer *w = console->writer;
	struct json_object *o;
	size_t i;

	evtask_ctl_write_begin(w);
	evtask_ctl_write_open_list(w, NULL);
	for (i = 0; i < n; i++) {
		if (!records[i]->done)
			return call_refuse_int(call, "TaskNotDone", "task",
			    (int64_t)records[i]->id);
		evtask_ctl_write_int(w, NULL, (int64_t)records[i]->id);
	}
	evtask_ctl_write_close_list(w);
	o = json_object_new_object();
	evtask_ctl_put(&o, "forgotten", evtask_ctl_write_take(w));
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
