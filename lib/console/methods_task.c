/*
 * methods_task.c - task.*: finding tasks, naming them, letting them go.
 */
#include <evtask/ctl_writer.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include "batch.h"
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
static bool
is_forgettable(struct call *call, const struct record *record)
{
	if (!record->done)
		call_refuse_int(call, "TaskNotDone", "task",
		    (int64_t)record->id);
	return record->done;
}

static void
forget_one(struct batch *batch, struct record *record)
{
	struct evtask_console *console = batch->call.console;

	evtask_ctl_write_int(console->writer, NULL, (int64_t)record->id);
	if (!record->kept)
		return; /* named twice, or somebody else was faster */
	console_tell(console, EVENT_FORGOTTEN, record->id, 0, NULL);
	registry_forget(&console->registry, record);
}

static const struct batch_kind forget_kind = {
	.key = "forgotten", .allows = is_forgettable, .each = forget_one };

struct json_object *
serve_task_forget(struct call *call)
{
	return batch_start(call, &forget_kind);
}
