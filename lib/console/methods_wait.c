/*
 * methods_wait.c - task.wait, .result, .exception and .cancel: what may be
 * answered when tasks are done.
 */
#include <evtask/ctl_writer.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include "batch.h"
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

static bool
is_done(const struct wait *wait)
{
	return wait->state == EVTASK_STATE_DONE;
}

static bool
is_pending(const struct wait *wait)
{
	return wait->state != EVTASK_STATE_DONE;
}

static void
write_state(struct evtask_ctl_writer *w, const struct wait *wait)
{
	evtask_ctl_write_open(w, NULL);
	evtask_ctl_write_int(w, "id", (int64_t)wait->record->id);
	evtask_ctl_write_text(w, "name", wait->record->name);
	evtask_ctl_write_text(w, "state", evtask_state_name(
	    (enum evtask_state)wait->state));
	evtask_ctl_write_text(w, "outcome", evtask_outcome_name(
	    (enum evtask_outcome)wait->outcome));
	evtask_ctl_write_close(w);
}

static void
put_timed_out(struct json_object **object, const struct request *request)
{
	evtask_ctl_put_bool(object, "timed_out", request->timed_out);
}

static const struct request_form wait_form = {
	.lists = (const struct request_list[]){
		{ "done", is_done, write_state },
		{ "pending", is_pending, write_state },
		{ .key = NULL },
	},
	.put_rest = put_timed_out,
};

static enum request_until
until_of(const char *mode)
{
	if (strcmp(mode, "any") == 0)
		return REQUEST_ANY;
	if (strcmp(mode, "first_error") == 0)
		return REQUEST_FIRST_ERROR;
	return REQUEST_ALL;
}

static struct json_object *
wait_for_found(struct batch *batch)
{
	struct call *call = &batch->call;
	const char *mode = evtask_ctl_get_text(call->params, "mode", "all");

	return request_wait_many(call, batch->records, batch->n,
	    until_of(mode), call_timeout_us(call), false, &wait_form);
}

static const struct batch_kind wait_kind = { .then = wait_for_found };

struct json_object *
serve_task_wait(struct call *call)
{
	return batch_start(call, &wait_kind);
}

static struct json_object *
answer_result(const struct request *request)
{
	const struct record *record = request->waits[0].record;
	struct evtask_ctl_writer *w = request->session->console->writer;
	struct json_object *o;

	evtask_ctl_write_begin(w);
	evtask_ctl_write_open(w, NULL);
	evtask_ctl_write_int(w, "id", (int64_t)record->id);
	if (write_short_ending(w, record)) {
		evtask_ctl_write_close(w);
		return evtask_ctl_write_take(w);
	}
	o = json_object_new_object();
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

static void
write_asked(struct evtask_ctl_writer *w, const struct wait *wait)
{
	write_cancelled(w, wait->record, wait->asked);
}

static void
put_out_of_time(struct json_object **object, const struct request *request)
{
	evtask_ctl_put_bool(object, "timed_out", request->timed_out &&
	    request->flag);
}

static const struct request_form cancel_form = {
	.lists = (const struct request_list[]){
		{ "tasks", NULL, write_asked },
		{ .key = NULL },
	},
	.put_rest = put_out_of_time,
};

/* First all are asked, and then the answer waits for them, or does not. */
static void
cancel_one(struct batch *batch, struct record *record)
{
	const char *message = evtask_ctl_get_text(batch->call.params,
	    "message", NULL);
	struct evtask_origin origin = { EVTASK_ORIGIN_CLIENT,
	    batch->call.session->id };

	if (!record->done)
		evtask_cancel_by(record->task, message, &origin, NULL);
}

static struct json_object *
wait_for_cancelled(struct batch *batch)
{
	bool wait = evtask_ctl_get_bool(batch->call.params, "wait", false);

	return request_wait_many(&batch->call, batch->records, batch->n,
	    REQUEST_ALL, wait ? call_timeout_us(&batch->call) : 0, wait,
	    &cancel_form);
}

static const struct batch_kind cancel_kind = {
	.each = cancel_one, .then = wait_for_cancelled };

struct json_object *
serve_task_cancel(struct call *call)
{
	return batch_start(call, &cancel_kind);
}

static void
uncancel_one(struct batch *batch, struct record *record)
{
	int before = record->done ? 0 : evtask_cancelling(record->task);

	if (before > 0)
		evtask_uncancel(record->task);
	write_cancelled(batch->call.console->writer, record, before > 0);
}

static const struct batch_kind uncancel_kind = {
	.key = "tasks", .each = uncancel_one };

struct json_object *
serve_task_uncancel(struct call *call)
{
	return batch_start(call, &uncancel_kind);
}
