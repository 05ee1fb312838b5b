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
#include <errno.h>
#include <evtask/ctl_writer.h>
#include <evtask/handle.h>
#include <evtask/inspect.h>
#include <json-c/json.h>
#include <stdlib.h>
#include "console.h"
#include "slice.h"

#define AT_ONCE 250   /* tasks; an answer about more is made in slices */
#define LOOK_EVERY 32 /* tasks written; then at the clock */

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
drop_timeout(struct request *request)
{
	if (request->timeout == NULL)
		return;
	evtask_handle_cancel(request->timeout);
	evtask_handle_unref(request->timeout);
	request->timeout = NULL;
}

static void
request_free(struct request *request)
{
	size_t i;

	for (i = 0; i < request->n; i++) {
		drop_wait(&request->waits[i]);
		record_unref(request->waits[i].record);
	}
	drop_timeout(request);
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

/* Answers of a form. */

/* The tasks go on while it is made: from here on they are as they are now. */
static void
freeze(struct request *request)
{
	struct wait *wait;
	size_t i;

	for (i = 0; i < request->n; i++) {
		wait = &request->waits[i];
		wait->state = (uint8_t)evtask_get_state(wait->record->task);
		wait->outcome = (uint8_t)evtask_get_outcome(
		    wait->record->task);
	}
}

static bool
holds(const struct request_list *list, const struct wait *wait)
{
	return list->holds == NULL || list->holds(wait);
}

static struct json_object *
view_list(const struct request *request, const struct request_list *list)
{
	struct evtask_ctl_writer *w = request->session->console->writer;
	size_t i;

	evtask_ctl_write_begin(w);
	evtask_ctl_write_open_list(w, NULL);
	for (i = 0; i < request->n; i++)
		if (holds(list, &request->waits[i]))
			list->write(w, &request->waits[i]);
	evtask_ctl_write_close_list(w);
	return evtask_ctl_write_take(w);
}

static struct json_object *
answer_of(struct request *request)
{
	struct json_object *o;
	const struct request_list *list;

	if (request->form == NULL)
		return request->answer(request);
	freeze(request);
	o = json_object_new_object();
	for (list = request->form->lists; list->key != NULL; list++)
		evtask_ctl_put(&o, list->key, view_list(request, list));
	request->form->put_rest(&o, request);
	return o;
}

/* The same in slices. */
struct answer {
	struct slice slice;
	struct request *request;        /* owned */
	const struct request_list *list; /* that is being made */
	size_t at;                      /* the next of its tasks */
};

static bool
step(struct slice *slice)
{
	struct answer *answer = (struct answer *)slice;
	struct request *request = answer->request;
	struct evtask_ctl_writer *w = request->session->console->writer;
	const struct wait *wait;

	for (; answer->list->key != NULL; answer->list++, answer->at = 0) {
		if (answer->at == 0)
			slice_list(slice, answer->list->key);
		while (answer->at < request->n) {
			wait = &request->waits[answer->at++];
			if (holds(answer->list, wait)) {
				evtask_ctl_write_begin(w);
				answer->list->write(w, wait);
				slice_add_written(slice);
			}
			if (answer->at % LOOK_EVERY == 0 &&
			    slice_is_over(slice))
				return false;
		}
	}
	return true;
}

static struct json_object *
put_rest(struct slice *slice)
{
	const struct request *request = ((struct answer *)slice)->request;
	struct json_object *o = json_object_new_object();

	request->form->put_rest(&o, request);
	return o;
}

static void
release(struct slice *slice)
{
	request_free(((struct answer *)slice)->request);
}

/* Nothing can end it any more but the end of its connection. Takes it. */
static void
answer_in_slices(struct request *request)
{
	struct answer *answer = calloc(1, sizeof(*answer));
	struct session *session = request->session;
	const struct evtask_ctl_method *method = request->method;
	struct json_object *id = json_object_get(request->id);
	int r = -ENOMEM;
	size_t i;

	freeze(request);
	drop_timeout(request);
	for (i = 0; i < request->n; i++)
		drop_wait(&request->waits[i]);
	if (answer != NULL) {
		answer->slice.step = step;
		answer->slice.finish = put_rest;
		answer->slice.release = release;
		answer->request = request;
		answer->list = request->form->lists;
		r = slice_start_loose(&answer->slice, session, method, id,
		    request->started_us);
	} else {
		request_free(request);
	}
	if (r < 0)
		dispatch_answer(session, method, id, NULL, NULL);
	json_object_put(id);
}

static bool
is_long(const struct request *request)
{
	return request->form != NULL && request->n > AT_ONCE;
}

/* Its answer is made, sent, and it is gone. error (taken) NULL: its own. */
static void
finish(struct request *request, struct json_object *error)
{
	struct json_object *result = NULL;

	unlink_request(request);
	if (error == NULL && is_long(request)) {
		answer_in_slices(request);
		return;
	}
	if (error == NULL)
		result = answer_of(request);
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

/* Answers now, or later; takes the request, NULL: there was no memory. */
static struct json_object *
wait_for(struct call *call, struct request *request, int64_t timeout_us)
{
	struct json_object *result = NULL;
	bool complete;

	if (request == NULL)
		return NULL;
	complete = is_complete(request);
	if (!complete && timeout_us == 0)
		complete = request->timed_out = true;
	if (complete && is_long(request)) {
		call->deferred = true;
		answer_in_slices(request);
		return NULL;
	}
	if (complete)
		result = answer_of(request);
	if (complete || (timeout_us != EVTASK_FOREVER && evtask_call_later(
	    call->console->loop, timeout_us, on_timeout, request,
	    &request->timeout) < 0))
		request_free(request);
	else
		defer(call, request);
	return result;
}

struct json_object *
request_wait(struct call *call, struct record **records, size_t n,
    enum request_until until, int64_t timeout_us, bool flag,
    struct json_object *(*answer)(const struct request *request))
{
	struct request *request = request_new(call, records, n);

	if (request != NULL) {
		request->until = until;
		request->flag = flag;
		request->answer = answer;
	}
	return wait_for(call, request, timeout_us);
}

struct json_object *
request_wait_many(struct call *call, struct record **records, size_t n,
    enum request_until until, int64_t timeout_us, bool flag,
    const struct request_form *form)
{
	struct request *request = request_new(call, records, n);

	if (request != NULL) {
		request->until = until;
		request->flag = flag;
		request->form = form;
	}
	return wait_for(call, request, timeout_us);
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
