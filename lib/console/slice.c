/*
 * slice.c - answers that are made in slices, a little in each turn.
 *
 * A page of a list may mean to look at a hundred thousand tasks and to write a
 * thousand of them, which takes longer than the tasks should have to wait. So
 * such an answer is made in steps, each of which ends when its time is over;
 * all answers in the making share one slice of each turn, one after the other.
 * Most take a single step and are made where they are asked for.
 *
 * While it is being made its connection is not read from: answers keep their
 * order, and a client has one of them at a time; but for those that may come
 * in any order, which are loose. The list itself is written as
 * it grows, so that the end of a long answer is as short as its beginning.
 */
#include "slice.h"
#include <errno.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <evtask/ctl_writer.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include "console.h"

static void on_next(evutil_socket_t fd, short what, void *arg);

int
slices_init(struct evtask_console *console)
{
	struct slices *slices = &console->slices;

	slices->slice_us = SLICE_US;
	slices->next = event_new(console->base, -1, 0, on_next, console);
	return slices->next != NULL ? 0 : -ENOMEM;
}

void
slices_release(struct evtask_console *console)
{
	if (console->slices.next != NULL)
		event_free(console->slices.next);
	console->slices.next = NULL;
}

/* In the next turn; not by event_active(), which would be in this one. */
static void
go_on(struct slices *slices)
{
	static const struct timeval now;

	if (!TAILQ_EMPTY(&slices->list) &&
	    event_add(slices->next, &now) < 0)
		event_active(slices->next, EV_TIMEOUT, 0);
}

bool
slice_is_over(const struct slice *slice)
{
	return clock_us() >= slice->until_us;
}

void
slice_list(struct slice *slice, const char *key)
{
	if (evbuffer_add_printf(slice->items, "%s\"%s\":[",
	    slice->listing ? "]," : "", key) < 0)
		slice->failed = true;
	slice->listing = slice->first = true;
}

static size_t
add(struct slice *slice, const char *item, size_t size)
{
	if ((!slice->first && evbuffer_add(slice->items, ",", 1) < 0) ||
	    evbuffer_add(slice->items, item, size) < 0) {
		slice->failed = true;
		return 0;
	}
	slice->first = false;
	return size;
}

size_t
slice_add(struct slice *slice, struct json_object *item)
{
	char *line;
	size_t size = 0;

	if (item != NULL && evtask_ctl_encode(item, &line, &size) == 0) {
		size = add(slice, line, size - 1); /* but its newline */
		free(line);
	} else {
		slice->failed = true;
		size = 0;
	}
	json_object_put(item);
	return size;
}

size_t
slice_add_written(struct slice *slice)
{
	const char *item;
	size_t size;

	if (evtask_ctl_write_get(slice->session->console->writer, &item,
	    &size) < 0) {
		slice->failed = true;
		return 0;
	}
	return add(slice, item, size);
}

void
slice_free(struct slice *slice)
{
	struct session *session;

	if (slice == NULL)
		return;
	session = slice->session;
	if (slice->queued)
		TAILQ_REMOVE(&session->console->slices.list, slice, link);
	if (slice->loose)
		LIST_REMOVE(slice, loose_link);
	else if (session->slice == slice)
		session->slice = NULL;
	slice->release(slice);
	if (slice->items != NULL)
		evbuffer_free(slice->items);
	json_object_put(slice->id);
	free(slice);
}

/* The lists, and a comma if more is to follow. */
static int
add_lists(struct slice *slice, bool more, struct evbuffer *out)
{
	if (evbuffer_add_buffer(out, slice->items) < 0 ||
	    evbuffer_add(out, "],", more ? 2 : 1) < 0)
		return -ENOMEM;
	return 0;
}

/* {"jsonrpc":"2.0","id":ID,"result":{"KEY":[ITEMS],REST}} and a newline: the
 * parts are complete JSON each, and only put together here. */
static int
compose(struct slice *slice, struct json_object *rest, struct evbuffer *out)
{
	char *id = NULL, *end = NULL;
	size_t id_size, end_size;
	int r = -ENOMEM;

	if (evtask_ctl_encode(slice->id, &id, &id_size) == 0 &&
	    evtask_ctl_encode(rest, &end, &end_size) == 0 &&
	    evbuffer_add_printf(out, "{\"jsonrpc\":\"2.0\",\"id\":%.*s,"
	    "\"result\":{", (int)id_size - 1, id) > 0 &&
	    add_lists(slice, end_size > sizeof("{}"), out) == 0 &&
	    evbuffer_add_printf(out, "%.*s}\n", (int)end_size - 2,
	    end + 1) > 0)
		r = 0;
	free(id);
	free(end);
	return r;
}

/* The answer, or that it has failed; rest is taken. */
static void
send_lists(struct slice *slice, struct json_object *rest)
{
	struct evbuffer *whole = evbuffer_new();

	if (whole != NULL && !slice->failed &&
	    compose(slice, rest, whole) == 0)
		session_send_line(slice->session, whole);
	else
		dispatch_answer(slice->session, slice->method, slice->id,
		    NULL, NULL);
	if (whole != NULL)
		evbuffer_free(whole);
	json_object_put(rest);
}

static void
finish(struct slice *slice)
{
	struct json_object *rest = slice->finish(slice);

	if (slice->handed)
		return;
	if (slice->listing && rest != NULL)
		send_lists(slice, rest);
	else
		dispatch_answer(slice->session, slice->method, slice->id,
		    rest, slice->error);
	metrics_request(&slice->session->console->metrics, slice->method,
	    clock_us() - slice->started_us);
}

static bool
step(struct slice *slice, int64_t until_us)
{
	slice->session->console->metrics.slices++;
	slice->until_us = until_us;
	return slice->step(slice);
}

/* The end of what is left of the slice, and no later than now when all of it is
 * spent. Time that has passed since gives back as much. */
static int64_t
end_of_slice(struct slices *slices, int64_t now_us)
{
	slices->spent_us -= now_us - slices->spent_at_us;
	if (slices->spent_us < 0)
		slices->spent_us = 0;
	slices->spent_at_us = now_us;
	return now_us + slices->slice_us - slices->spent_us;
}

static void
spend(struct slices *slices, int64_t since_us)
{
	slices->spent_at_us = clock_us();
	slices->spent_us += slices->spent_at_us - since_us;
}

/* It is an answer to that request from now on. */
static int
begin(struct slice *slice, struct session *session,
    const struct evtask_ctl_method *method, struct json_object *id,
    int64_t started_us)
{
	slice->session = session;
	slice->method = method;
	slice->id = json_object_get(id);
	slice->started_us = started_us;
	slice->items = evbuffer_new();
	if (slice->items == NULL)
		return -ENOMEM;
	if (slice->key != NULL)
		slice_list(slice, slice->key);
	return 0;
}

static void
enqueue(struct slice *slice)
{
	struct slices *slices = &slice->session->console->slices;

	slice->queued = true;
	TAILQ_INSERT_TAIL(&slices->list, slice, link);
	go_on(slices);
}

/* True: it is done, and gone. */
static bool
try_at_once(struct slices *slices, struct slice *slice)
{
	int64_t now_us = clock_us();
	int64_t until_us = end_of_slice(slices, now_us);
	bool done = until_us > now_us && step(slice, until_us);

	if (done) {
		finish(slice);
		slice_free(slice);
	}
	spend(slices, now_us);
	return done;
}

struct json_object *
slice_start(struct call *call, struct slice *slice)
{
	if (begin(slice, call->session, call->method, call->id,
	    call->started_us) < 0) {
		slice_free(slice);
		return NULL;
	}
	call->deferred = true;
	if (try_at_once(&call->console->slices, slice))
		return NULL;
	call->session->slice = slice;
	enqueue(slice);
	return NULL;
}

int
slice_start_loose(struct slice *slice, struct session *session,
    const struct evtask_ctl_method *method, struct json_object *id,
    int64_t started_us)
{
	if (begin(slice, session, method, id, started_us) < 0) {
		slice_free(slice);
		return -ENOMEM;
	}
	slice->loose = true;
	LIST_INSERT_HEAD(&session->loose, slice, loose_link);
	enqueue(slice);
	return 0;
}

bool
slice_is_loose(const struct session *session, struct json_object *id)
{
	const struct slice *slice;

	LIST_FOREACH(slice, &session->loose, loose_link)
		if (json_object_equal(slice->id, id))
			return true;
	return false;
}

/* One slice, for those whose turn it is; who is not done goes to the end. */
static void
on_next(evutil_socket_t fd, short what, void *arg)
{
	struct evtask_console *console = arg;
	struct slices *slices = &console->slices;
	struct session *session;
	struct slice *slice;
	int64_t began_us, until_us;
	bool done;

	sessions_flush(&console->sessions); /* who has an answer, first */
	began_us = clock_us();
	until_us = began_us + slices->slice_us;
	do {
		slice = TAILQ_FIRST(&slices->list);
		if (slice == NULL)
			break;
		done = step(slice, until_us);
		session = slice->session;
		if (done) {
			finish(slice);
			slice_free(slice);
			session_flush(session);
		} else {
			TAILQ_REMOVE(&slices->list, slice, link);
			TAILQ_INSERT_TAIL(&slices->list, slice, link);
		}
	} while (done && clock_us() < until_us);
	slices->spent_us = 0;
	spend(slices, began_us);
	go_on(slices);
}
