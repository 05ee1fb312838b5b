/*
 * methods_wait.c - task.wait, .result, .exception and .cancel: what may be
 * answered when tasks are done.
 */
#include <evtask/ctl_writer.h>
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
view_states(const struct request *request, bool done)
{
	struct evtask_ctl_writer *w = request->session->console->writer;
	size_t i;

	evtask_ctl_write_begin(w);
	evtask_ctl_write_open_list(w, NULL);
	for (i = 0; i < request->n; i++)
		if (request->waits[i].record->done == done)
			write_task_state(w, request->waits[i].record);
	evtask_ctl_write_close_list(w);
	return evtask_ctl_write_take(w);
}

static struct json_object *
answer_wait(const struct request *request)
{
	struct json_object *o = json_object_new_object();

	evtask_ctl_put(&o, "done", view_states(request, true));
	evtask_ctl_put(&o, "pending", view_states(request, false));
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
static void
write_cancelled(struct evtask_ctl_writer *w, const struct record *record,
    bool requested)
{
	evtask_ctl_write_open(w, NULL);
	evtask_ctl_write_int(w, "id", (int64_t)record->id);
	evtask_ctl_write_bool(w, "requested", requested);
	evtask_ctl_write_int(w, "count", evtask_cancelling(record->task));
	evtask_ctl_write_text(w, "state", state_of(record));
	evtask_ctl_write_close(w);
}

static struct json_object *
answer_cancel(const struct request *request)
{
	struct evtask_ctl_writer *w = request->session->console->writer;
	struct json_object *o = json_object_new_object();
	size_t i;

	evtask_ctl_write_begin(w);
	evtask_ctl_write_open_list(w, NULL);
	for (i = 0; i < request->n; i++)
		write_cancelled(w, request->waits[i].record,
		    request->waits[i].asked);
	evtask_ctl_write_close_list(w);
	evtask_ctl_put(&o, "tasks", evtask_ctl_write_take(w));
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
	struct evtask_ctl_writer *w = call->console->writer;
	struct json_object *o;
	struct record **records;
	size_t i, n;
	int before;

	records = resolve_tasks(call, &n);
	if (records == NULL)
		return NULL;
	evtask_ctl_write_begin(w);
	evtask_ctl_write_open_list(w, NULL);
	for (i = 0; i < n; i++) {
		before = records[i]->done ? 0
		    : evtask_cancelling(records[i]->task);
		if (before > 0)
			evtask_uncancel(records[i]->task);
		write_cancelled(w, records[i], before > 0);
	}
	evtask_ctl_write_close_list(w);
	free(records);
	o = json_object_new_object();
	evtask_ctl_put(&o, "tasks", evtask_ctl_write_take(w));
	return o;
}
