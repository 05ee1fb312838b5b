/*
 * methods_log.c - task.logs: what a task has written.
 *
 * The cursor of a log is the number of its next line. Of a task that no
 * console has made there is no output to know of: its log is empty.
 */
#include <inttypes.h>
#include <evtask/ctl_writer.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "console.h"
#include "job.h"
#include "methods.h"
#include "render.h"
#include "resolve.h"
#include "subscription.h"

/* What an answer may hold of a log; the rest is there with `more`. */
#define LOGS_BYTES_MAX (4 << 20)

static const struct job_log *
log_of(const struct record *record)
{
	static const struct job_log empty;

	return record->job != NULL ? &record->job->log : &empty;
}

static uint32_t
streams_of(const struct call *call)
{
	struct json_object *streams = evtask_ctl_get(call->params, "streams");
	uint32_t bits = 0;
	size_t i, n;

	if (streams == NULL)
		return UINT32_MAX;
	n = json_object_array_length(streams);
	for (i = 0; i < n; i++)
		bits |= 1U << (strcmp(json_object_get_string(
		    json_object_array_get_idx(streams, i)), "stdout") == 0
		    ? EVTASK_JOB_OUT : EVTASK_JOB_ERR);
	return bits;
}

/* The line to begin with. False, having refused, when it is no number. */
static bool
read_after(struct call *call, const struct job_log *log, uint64_t *ret_line)
{
	const char *text = evtask_ctl_get_text(call->params, "after", NULL);
	struct json_object *members;
	char *end;

	*ret_line = log->first;
	if (text == NULL)
		return true;
	*ret_line = strtoull(text, &end, 10);
	if (end != text && *end == '\0' && *text != '-') {
		if (*ret_line > log->next)
			*ret_line = log->next;
		if (*ret_line < log->first)
			*ret_line = log->first;
		return true;
	}
	members = json_object_new_object();
	evtask_ctl_put_text(&members, "path", "after");
	evtask_ctl_put_text(&members, "expected", "the next of an answer");
	evtask_ctl_put_text(&members, "got", text);
	evtask_ctl_put_text(&members, "method", call->method->name);
	call_refuse(call, "InvalidParams", members);
	return false;
}

/* From that line on, the first of the last so many of the streams. */
static uint64_t
skip_to_tail(const struct job_log *log, uint32_t streams, uint64_t line,
    int64_t tail)
{
	uint64_t at = log->next;

	while (at > line && tail > 0)
		tail -= (streams >> job_log_line(log, --at)->stream) & 1;
	return at;
}

/* To hold a task is to act on it. False: the call is refused. */
static bool
may_pace(struct call *call)
{
	enum evtask_ctl_role role = call->session->role;
	struct json_object *members;

	if (role >= EVTASK_CTL_OPERATOR ||
	    !evtask_ctl_get_bool(call->params, "pace", false))
		return true;
	members = json_object_new_object();
	evtask_ctl_put_text(&members, "method", call->method->name);
	evtask_ctl_put_text(&members, "needs",
	    evtask_ctl_role_name(EVTASK_CTL_OPERATOR));
	evtask_ctl_put_text(&members, "role", evtask_ctl_role_name(role));
	evtask_ctl_put_text(&members, "hint", "follow without \"pace\"");
	call_refuse(call, "PermissionDenied", members);
	return false;
}

/* Whether there is more that the request would have got. */
static bool
has_more(const struct job_log *log, uint32_t streams, uint64_t line)
{
	const struct job_log_line *at;

	for (; (at = job_log_line(log, line)) != NULL; line++)
		if ((streams & (1U << at->stream)) != 0)
			return true;
	return false;
}

/* The answer, as far as it is. Ten thousand lines are made in slices. */
struct logs {
	struct slice slice;
	struct record *record; /* a reference */
	uint32_t streams;
	uint64_t line;         /* the next */
	int64_t left;          /* lines, of the limit */
	size_t bytes;          /* so far */
	uint64_t seq;
	bool follow, pace;
	bool failed;
};

/* The next line there is: the log may have dropped some meanwhile. */
static const struct job_log_line *
next_line(struct logs *logs, const struct job_log *log)
{
	if (logs->line < log->first)
		logs->line = log->first;
	return job_log_line(log, logs->line);
}

static bool
step(struct slice *slice)
{
	struct logs *logs = (struct logs *)slice;
	const struct evtask_console *console = slice->session->console;
	const struct job_log *log = log_of(logs->record);
	const struct job_log_line *at;

	while (logs->left > 0 && logs->bytes < LOGS_BYTES_MAX &&
	    (at = next_line(logs, log)) != NULL) {
		logs->line++;
		if ((logs->streams & (1U << at->stream)) == 0)
			continue;
		evtask_ctl_write_begin(console->writer);
		write_log_line(console->writer, NULL, console, at);
		logs->failed |= slice_add_written(slice) == 0;
		logs->bytes += at->size + 64;
		logs->left--;
		if (slice_is_over(slice))
			return logs->left == 0;
	}
	return true;
}

/* The subscription begins here, behind the last line of the answer, which
 * goes before its events. */
static struct json_object *
finish(struct slice *slice)
{
	struct logs *logs = (struct logs *)slice;
	const struct job_log *log = log_of(logs->record);
	struct subscription *sub = NULL;
	struct json_object *o;
	char next[24];

	if (logs->follow && !logs->failed)
		sub = subscription_new(slice->session);
	if (logs->failed || (logs->follow && sub == NULL))
		return NULL;
	if (sub != NULL)
		subscription_follow(sub, logs->record, logs->streams,
		    logs->line, logs->pace);
	snprintf(next, sizeof(next), "%" PRIu64, logs->line);
	o = json_object_new_object();
	evtask_ctl_put_text(&o, "next", next);
	evtask_ctl_put_bool(&o, "more",
	    has_more(log, logs->streams, logs->line));
	evtask_ctl_put_int(&o, "dropped_bytes", (int64_t)log->dropped_bytes);
	if (sub != NULL)
		evtask_ctl_put_int(&o, "sub", (int64_t)sub->id);
	else
		evtask_ctl_put_null(&o, "sub");
	evtask_ctl_put_int(&o, "seq", (int64_t)logs->seq);
	if (o == NULL && sub != NULL)
		subscription_free(sub);
	return o;
}

static void
release(struct slice *slice)
{
	record_unref(((struct logs *)slice)->record);
}

struct json_object *
serve_task_logs(struct call *call)
{
	struct record *record = resolve_task(call);
	bool follow = evtask_ctl_get_bool(call->params, "follow", false);
	struct logs *logs;
	uint64_t line;

	if (record == NULL || !read_after(call, log_of(record), &line) ||
	    !may_pace(call) || !may_subscribe(call, follow))
		return NULL;
	logs = calloc(1, sizeof(*logs));
	if (logs == NULL)
		return NULL;
	logs->slice.key = "lines";
	logs->slice.step = step;
	logs->slice.finish = finish;
	logs->slice.release = release;
	logs->record = record_ref(record);
	logs->streams = streams_of(call);
	logs->line = skip_to_tail(log_of(record), logs->streams, line,
	    evtask_ctl_get_int(call->params, "tail", INT64_MAX));
	logs->left = evtask_ctl_get_int(call->params, "limit", 0);
	logs->seq = call->console->ring.seq;
	logs->follow = follow;
	logs->pace = evtask_ctl_get_bool(call->params, "pace", false);
	return slice_start(call, &logs->slice);
}
