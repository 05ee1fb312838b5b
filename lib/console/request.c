/*
 * request.c - a request that is answered later: when tasks are done.
 *
 * A request waits for any number of tasks and owns one wait for each, hung on
 * the task's record as long as the task is not done. It ends in one of four
 * ways: what it waits for has come; its time is up; rpc.cancel or the end of
 * the console ends it with an error; its connection closes, and it is gone
 * without a word. None of them touches a task.
 */
#include "request.h"
#include <evtask/handle.h>
#include <evtask/inspect.h>
#include <json-c/json.h>
#include <stdlib.h>
#include "console.h"

static void
drop_wait(struct wait *wait)
{
	if (wait->pending) {
		LIST_REMOVE(wait, link);
		wait->pending = false;
		wait->request->n_pending--;
	}
}

static void
request_free(struct request *request)
{
	size_t i;

	for (i = 0; i < request->n; i++) {
		drop_wait(&request->waits[i]);
		record_unref(request->waits[i].record);
	}
	if (request->timeout != NULL) {
		evtask_handle_cancel(request->timeout);
		evtask_handle_unref(request->timeout);
	}
	json_object_put(request->id);
	free(request);
}

static void
unlink_request(struct request *request)
{
	struct session *session = request->session;

	TAILQ_REMOVE(&session->requests, request, link);
	session->n_requests--;
	session->console->sessions.deferred--;
}

/* Its answer is made, sent, and it is gone. error (taken) NULL: its own. */
static void
finish(struct request *request, struct json_object *error)
{
	struct json_object *result = NULL;

	unlink_request(request);
	if (error == NULL)
		result = request->answer(request);
	dispatch_answer(request->session, request->method, request->id,
	    result, error);
	metrics_request(&request->session->console->metrics, request->method,
	    clock_us() - request->started_us);
	request_free(request);
}

static void
on_timeout(void *arg)
{
	struct request *request = arg;

	request->timed_out = true;
	finish(request, NULL);
}

static bool
is_complete(const struct request *request)
{
	switch (request->until) {
	case REQUEST_ALL:
		break;
	case REQUEST_ANY:
		if (request->n_pending < request->n)
			return true;
		break;
	case REQUEST_FIRST_ERROR:
		if (request->failed)
			return true;
		break;
	}
	return request->n_pending == 0;
}

/* As asyncio has it, a task that was cancelled has not failed. */
static bool
has_failed(const struct record *record)
{
	return evtask_get_outcome(record->task) == EVTASK_OUTCOME_RAISED;
}

static void
hang_waits(struct request *request, struct record **records)
{
	struct wait *wait;
	size_t i;

	for (i = 0; i < request->n; i++) {
		wait = &request->waits[i];
		wait->request = request;
		wait->record = record_ref(records[i]);
		wait->asked = wait->pending = !records[i]->done;
		if (wait->pending) {
			LIST_INSERT_HEAD(&records[i]->waits, wait, link);
			request->n_pending++;
		} else if (has_failed(records[i])) {
			request->failed = true;
		}
	}
}

static struct request *
request_new(struct call *call, struct record **records, size_t n)
{
	struct request *request = calloc(1, sizeof(*request) +
	    n * sizeof(request->waits[0]));

	if (request == NULL)
		return NULL;
	request->session = call->session;
	request->method = call->method;
	request->id = json_object_get(call->id);
	request->started_us = call->started_us;
	request->n = n;
	hang_waits(request, records);
	return request;
}

static void
defer(struct call *call, struct request *request)
{
	struct session *session = call->session;

	TAILQ_INSERT_TAIL(&session->requests, request, link);
	session->n_requests++;
	session->console->sessions.deferred++;
	call->deferred = true;
}

struct json_object *
request_wait(struct call *call, struct record **records, size_t n,
    enum request_until until, int64_t timeout_us, bool flag,
    struct json_object *(*answer)(const struct request *request))
{
	struct request *request = request_new(call, records, n);
	struct json_object *result = NULL;
	bool complete;

	if (request == NULL)
		return NULL;
	request->until = until;
	request->flag = flag;
	request->answer = answer;
	complete = is_complete(request);
	if (!complete && timeout_us == 0)
		complete = request->timed_out = true;
	if (complete)
		result = answer(request);
	if (complete || (timeout_us != EVTASK_FOREVER && evtask_call_later(
	    call->console->loop, timeout_us, on_timeout, request,
	    &request->timeout) < 0))
		request_free(request);
	else
		defer(call, request);
	return result;
}

struct request *
request_find(const struct session *session, struct json_object *id)
{
	struct request *request;

	TAILQ_FOREACH(request, &session->requests, link)
		if (json_object_equal(request->id, id))
			return request;
	return NULL;
}

void
request_end(struct request *request, const char *error)
{
	finish(request, evtask_ctl_error_new(error, NULL));
}

void
request_end_all(struct session *session, const char *error)
{
	struct request *request;

	while ((request = TAILQ_FIRST(&session->requests)) != NULL)
		request_end(request, error);
}

void
request_free_all(struct session *session)
{
	struct request *request;

	while ((request = TAILQ_FIRST(&session->requests)) != NULL) {
		unlink_request(request);
		request_free(request);
	}
}

void
request_task_done(struct record *record)
{
	bool failed = !LIST_EMPTY(&record->waits) && has_failed(record);
	struct request *request;
	struct wait *wait;

	while ((wait = LIST_FIRST(&record->waits)) != NULL) {
		request = wait->request;
		drop_wait(wait);
		request->failed |= failed;
		if (is_complete(request))
			finish(request, NULL);
	}
}
