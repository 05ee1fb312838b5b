/*
 * oob_answer.c - what the out-of-band socket answers, without an allocation.
 *
 * The few methods are those of the schema, with the members that methods_loop.c
 * and methods_trace.c give; a test holds them together. What else is asked for
 * is refused with what the loop does, so that the asker knows why his question
 * has to wait.
 */
#include "oob_answer.h"
#include <evtask/ctl_message.h>
#include <evtask/inspect_stack.h>
#include <evtask/inspect_watchdog.h>
#include <string.h>
#include "console.h"
#include "stall.h"

#define FRAMES_MAX 64
#define ID_MAX 128

struct oob_request {
	struct oob_slice version, id, method, params;
	bool unknown;           /* a member that no request has */
};

/* Of trace.snapshot. */
struct snapshot {
	int64_t after, limit, last_us; /* -1: all there is */
	const char *wrong;      /* the member that is not right; NULL */
};

static void
take_member(struct oob_slice name, struct oob_slice value, void *arg)
{
	struct oob_request *request = arg;

	if (oob_is(name, "jsonrpc"))
		request->version = value;
	else if (oob_is(name, "id"))
		request->id = value;
	else if (oob_is(name, "method"))
		request->method = value;
	else if (oob_is(name, "params"))
		request->params = value;
	else
		request->unknown = true;
}

/* It is echoed as it is, so it must be plain. */
static bool
is_id(struct oob_slice id)
{
	size_t i;
	int64_t n;

	if (oob_read_int(id, &n))
		return true;
	if (id.size < 2 || id.size > ID_MAX + 2 || id.at[0] != '"')
		return false;
	for (i = 1; i + 1 < id.size; i++)
		if ((unsigned char)id.at[i] >= 0x7f || id.at[i] == '\\')
			return false;
	return true;
}

static void
begin(struct oob_text *text, struct oob_slice id, const char *what)
{
	oob_open(text, '{');
	oob_put_string(text, "jsonrpc", "2.0");
	oob_name(text, "id");
	if (is_id(id))
		oob_raw(text, id.at, id.size, true);
	else
		oob_null(text);
	oob_name(text, what);
	oob_open(text, '{');
}

static bool
end(struct oob_text *text)
{
	oob_close(text, '}');
	oob_close(text, '}');
	oob_raw(text, "\n", 1, false);
	return oob_text_end(text);
}

static void
put_task(struct oob_text *text, const struct evtask_loop_look *look)
{
	oob_name(text, "task");
	if (look->task == 0) {
		oob_null(text);
		return;
	}
	oob_open(text, '{');
	oob_put_int(text, "id", (int64_t)look->task);
	oob_put_string(text, "name", look->name);
	oob_close(text, '}');
}

static void
put_look(struct oob_text *text, const struct evtask_loop_look *look)
{
	oob_put_string(text, "state", evtask_loop_state_name(look->state));
	oob_put_int(text, "still_us", look->still_us);
	put_task(text, look);
}

/* The row's words, but {method}, which stands in the message of one only. */
static bool
refuse(struct oob_answerer *answerer, struct oob_slice id, const char *name,
    const char *message)
{
	const struct evtask_ctl_error *row = evtask_ctl_error_find(name);
	struct evtask_loop_look look;
	struct oob_text *text = &answerer->text;

	begin(text, id, "error");
	oob_put_int(text, "code", row->code);
	oob_put_string(text, "message", message);
	oob_name(text, "data");
	oob_open(text, '{');
	oob_put_string(text, "name", row->name);
	if (strchr(row->hint, '{') == NULL)
		oob_put_string(text, "hint", row->hint);
	evtask_watchdog_look(stalls_watchdog(answerer->console), &look);
	put_look(text, &look);
	oob_close(text, '}');
	return end(text);
}

static bool
answer_status(struct oob_answerer *answerer, const struct oob_request *request)
{
	struct oob_text *text = &answerer->text;
	struct evtask_loop_look look;

	evtask_watchdog_look(stalls_watchdog(answerer->console), &look);
	begin(text, request->id, "result");
	put_look(text, &look);
	oob_name(text, "created_at");
	if (look.created_at != NULL) {
		oob_open(text, '{');
		oob_put_string(text, "func", look.created_at->func);
		oob_put_string(text, "file", look.created_at->file);
		oob_put_int(text, "line", (int64_t)look.created_at->line);
		oob_close(text, '}');
	} else {
		oob_null(text);
	}
	oob_put_int(text, "threshold_us",
	    stalls_threshold_us(answerer->console));
	oob_put_int(text, "stalls",
	    (int64_t)stalls_total(answerer->console));
	return end(text);
}

static void
put_frame(struct oob_text *text, const void *frame)
{
	struct evtask_place place;

	evtask_place_of(frame, &place);
	oob_open(text, '{');
	oob_put_string(text, "func", place.func[0] != '\0' ? place.func
	    : NULL);
	oob_name(text, "offset");
	if (place.func[0] != '\0')
		oob_int(text, (int64_t)place.func_offset);
	else
		oob_null(text);
	oob_put_string(text, "module", place.module[0] != '\0' ? place.module
	    : NULL);
	oob_put_int(text, "address", (int64_t)place.address);
	oob_close(text, '}');
}

static bool
answer_stack(struct oob_answerer *answerer, const struct oob_request *request)
{
	struct evtask_watchdog *watchdog = stalls_watchdog(answerer->console);
	struct oob_text *text = &answerer->text;
	struct evtask_loop_look look;
	void *frames[FRAMES_MAX];
	int n = evtask_watchdog_get_stack(watchdog, frames, FRAMES_MAX), i;

	evtask_watchdog_look(watchdog, &look);
	begin(text, request->id, "result");
	put_look(text, &look);
	oob_name(text, "frames");
	oob_open(text, '[');
	for (i = 0; i < n; i++)
		put_frame(text, frames[i]);
	oob_close(text, ']');
	return end(text);
}

static void
take_param(struct oob_slice name, struct oob_slice value, void *arg)
{
	struct snapshot *snapshot = arg;

	if (oob_is(name, "after")) {
		if (!oob_read_int(value, &snapshot->after))
			snapshot->wrong = "after";
	} else if (oob_is(name, "limit")) {
		if (!oob_read_int(value, &snapshot->limit) ||
		    snapshot->limit < 1 || snapshot->limit > OOB_RECORDS_MAX)
			snapshot->wrong = "limit";
	} else if (oob_is(name, "last_us")) {
		if (!oob_read_int(value, &snapshot->last_us))
			snapshot->wrong = "last_us";
	} else {
		snapshot->wrong = "another member";
	}
}

static void
put_record(struct oob_text *text, const struct evtask_trace_record *record)
{
	oob_open(text, '{');
	oob_put_int(text, "seq", (int64_t)record->seq);
	oob_put_int(text, "ts_ns", record->ts_ns);
	oob_put_string(text, "type", evtask_trace_type_name(record->type));
	oob_put_int(text, "task", (int64_t)record->task);
	oob_put_int(text, "other", (int64_t)record->other);
	oob_put_string(text, "op", record->op);
	oob_put_string(text, "name", record->name);
	oob_close(text, '}');
}

/* A page of the records; or, of those since a time, the first page that has
 * one of them. */
static int
read_page(struct oob_answerer *answerer, const struct snapshot *snapshot,
    size_t *ret_n)
{
	struct evtask_watchdog *watchdog = stalls_watchdog(answerer->console);
	int64_t from_ns = snapshot->last_us < 0 ? 0
	    : (clock_us() - snapshot->last_us) * 1000;
	uint64_t after = (uint64_t)snapshot->after;
	size_t n, i;
	int r;

	do {
		r = evtask_watchdog_read_trace(watchdog, after,
		    answerer->records, (size_t)snapshot->limit, &n);
		if (r < 0)
			return r;
		for (i = 0; i < n && answerer->records[i].ts_ns < from_ns;
		    i++)
			after = answerer->records[i].seq;
	} while (i > 0 && i == n);
	memmove(answerer->records, answerer->records + i,
	    (n - i) * sizeof(answerer->records[0]));
	*ret_n = n - i;
	return 0;
}

static bool
answer_trace(struct oob_answerer *answerer, const struct oob_request *request)
{
	struct snapshot snapshot = { .limit = OOB_RECORDS_MAX, .last_us = -1 };
	struct oob_text *text = &answerer->text;
	int64_t now_us = clock_us();
	size_t n, i, offset;

	if (request->params.size > 0 && (!oob_read(request->params, take_param,
	    &snapshot, &offset) || snapshot.wrong != NULL))
		return refuse(answerer, request->id, "InvalidParams",
		    "trace.snapshot takes after, limit (1 to 1000) and "
		    "last_us");
	if (read_page(answerer, &snapshot, &n) < 0)
		return refuse(answerer, request->id, "TraceNotActive",
		    "nothing is recorded");
	begin(text, request->id, "result");
	oob_name(text, "records");
	oob_open(text, '[');
	for (i = 0; i < n; i++)
		put_record(text, &answerer->records[i]);
	oob_close(text, ']');
	oob_name(text, "next");
	if (n > 0)	/* an empty page is the end: the loop may go on */
		oob_int(text, (int64_t)answerer->records[n - 1].seq);
	else
		oob_null(text);
	oob_put_int(text, "now_ns", now_us * 1000);
	oob_put_int(text, "now_us", console_epoch_us(answerer->console,
	    now_us));
	oob_put_int(text, "seq", 0);
	return end(text);
}

static const struct {
	const char *method;     /* with the quotes of the request */
	bool (*answer)(struct oob_answerer *answerer,
	    const struct oob_request *request);
} methods[] = {
	{ "\"loop.status\"", answer_status },
	{ "\"loop.stack\"", answer_stack },
	{ "\"trace.snapshot\"", answer_trace },
};

static bool
answer(struct oob_answerer *answerer, const struct oob_request *request)
{
	size_t i;

	for (i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (oob_is(request->method, methods[i].method))
			return methods[i].answer(answerer, request);
	return refuse(answerer, request->id, "NotOutOfBand",
	    "only loop.status, loop.stack and trace.snapshot are answered "
	    "here");
}

bool
oob_answer(struct oob_answerer *answerer, int fd, const char *line,
    size_t size)
{
	struct oob_request request = { .unknown = false };
	size_t offset, blanks = strspn(line, " \t\r");

	if (blanks == size)
		return true;
	oob_text_begin(&answerer->text, fd);
	if (!oob_read((struct oob_slice){ line, size }, take_member, &request,
	    &offset))
		return refuse(answerer, (struct oob_slice){ NULL, 0 },
		    "ParseError", "not a JSON object on one line");
	if (!is_id(request.id) || !oob_is(request.version, "\"2.0\"") ||
	    request.method.size == 0 || request.unknown)
		return refuse(answerer, request.id, "InvalidRequest",
		    "not a request: it has \"jsonrpc\":\"2.0\", an id, a "
		    "method and its params");
	return answer(answerer, &request);
}

bool
oob_refuse_long(struct oob_answerer *answerer, int fd)
{
	oob_text_begin(&answerer->text, fd);
	return refuse(answerer, (struct oob_slice){ NULL, 0 },
	    "FrameTooLarge", "the line is over 4096 bytes");
}
