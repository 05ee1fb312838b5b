/*
 * methods_wait.c - task.wait, .result, .exception and .cancel: what may be
 * answered when tasks are done.
 */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include "console.h"
#include "methods.h"
#include "render.h"
#include "request.h"
#include "resolve.h"

int64_t
call_timeout_us(const struct call *call)
{
	return evtask_ctl_get_int(call->params, "timeout_us", EVTASK_FOREVER);
}

/* The states of the tasks that are done, or of those that are not. */
static struct json_object *
render_states(const struct request *request, bool done)
{
	struct json_object *array = json_object_new_array();
	size_t i;

	for (i = 0; i < request->n; i++)
		if (request->waits[i].record->done == done)
			evtask_ctl_append(&array,
			    render_task_state(request->waits[i].record));
	return array;
}

static struct json_object *
answer_wait(const struct request *request)
{
	struct json_object *o = json_object_new_object();

	evtask_ctl_put(&o, "done", render_states(request, true));
	evtask_ctl_put(&o, "pending", render_states(request, false));
	evtask_ctl_put_bool(&o, "timed_out", request->timed_out);
	return o;
}

static enum request_until
until_of(const char *mode)
{
	if (strcmp(mode, "any") == 0)
		return REQUEST_ANY;
	if (strcmp(mode, "first_error") == 0)
		return REQUEST_FIRST_ERROR;
	return REQUEST_ALL;
}

struct json_object *
serve_task_wait(struct call *call)
{
	struct json_object *o;
	struct record **records;
	size_t n;

	records = resolve_tasks(call, &n);
	if (records == NULL)
		return NULL;
	o = request_wait(call, records, n, until_of(evtask_ctl_get_text(
	    call->params, "mode", "all")), call_timeout_us(call), false,
	    answer_wait);
	free(records);
	return o;
}

static struct json_object *
answer_result(const struct request *request)
{
	const struct record *record = request->waits[0].record;
	struct json_object *o = json_object_new_object();

	evtask_ctl_put_int(&o, "id", (int64_t)record->id);
	render_ending(&o, record);
	return o;
}

static struct json_object *
answer_exception(const struct request *request)
{
	const struct record *record = request->waits[0].record;
	struct json_object *o = json_object_new_object();
	const char *outcome = outcome_of(record);

	evtask_ctl_put_int(&o, "id", (int64_t)record->id);
	evtask_ctl_put_text(&o, "outcome", outcome);
	put_or_null(&o, "error", strcmp(outcome, "returned") != 0,
	    render_failure(record));
	return o;
}

/* Now, when it is done; later, when asked to wait; else an error. */
static struct json_object *
when_done(struct call *call,
    struct json_object *(*answer)(const struct request *request))
{
	struct record *record = resolve_task(call);

	if (record == NULL)
		return NULL;
	if (!record->done && !evtask_ctl_get_bool(call->params, "wait", false))
		return call_refuse_int(call, "TaskNotDone", "task",
		    (int64_t)record->id);
	return request_wait(call, &record, 1, REQUEST_ALL, EVTASK_FOREVER,
	    false, answer);
}

struct json_object *
serve_task_result(struct call *call)
{
	return when_done(call, answer_result);
}

struct json_object *
serve_task_exception(struct call *call)
{
	return when_done(call, answer_exception);
}

/* What one cancel has done; requested is told by how it was before. */
static struct json_object *
render_cancelled(const struct record *record, bool requested)
{
	struct json_object *o = json_object_new_object();

	evtask_ctl_put_int(&o, "id", (int64_t)record->id);
	evtask_ctl_put_bool(&o, "requested", requested);
	evtask_ctl_put_int(&o, "count", evtask_cancelling(record->task));
	evtask_ctl_put_text(&o, "state", state_of(record));
	return o;
}

static struct json_object *
answer_cancel(const struct request *request)
{
	struct json_object *o = json_object_new_object();
	struct json_object *tasks = json_object_new_array();
	size_t i;

	for (i = 0; i < request->n; i++)
		evtask_ctl_append(&tasks, render_cancelled(
		    request->waits[i].record, request->waits[i].asked));
	evtask_ctl_put(&o, "tasks", tasks);
	evtask_ctl_put_bool(&o, "timed_out", request->timed_out &&
	    request->flag);
	return o;
}

struct json_object *
serve_task_cancel(struct call *call)
{
	const char *message = evtask_ctl_get_text(call->params, "message",
	    NULL);
	bool wait = evtask_ctl_get_bool(call->params, "wait", false);
	struct evtask_origin origin = { EVTASK_ORIGIN_CLIENT,
	    call->session->id };
	struct json_object *o;
	struct record **records;
	size_t i, n;

	records = resolve_tasks(call, &n);
	if (records == NULL)
		return NULL;
	for (i = 0; i < n; i++)
		if (!records[i]->done)
			evtask_cancel_by(records[i]->task, message, &origin,
			    NULL);
	o = request_wait(call, records, n, REQUEST_ALL,
	    wait ? call_timeout_us(call) : 0, wait, answer_cancel);
	free(records);
	return o;
}

struct json_object *
serve_task_uncancel(struct call *call)
{
	struct json_object *o, *tasks;
	struct record **records;
	size_t i, n;
	int before;

	records = resolve_tasks(call, &n);
	if (records == NULL)
		return NULL;
	tasks = json_object_new_array();
	for (i = 0; i < n; i++) {
		before = records[i]->done ? 0
		    : evtask_cancelling(records[i]->task);
		if (before > 0)
			evtask_uncancel(records[i]->task);
		evtask_ctl_append(&tasks, render_cancelled(records[i],
		    before > 0));
	}
	free(records);
	o = json_object_new_object();
	evtask_ctl_put(&o, "tasks", tasks);
	return o;
}
