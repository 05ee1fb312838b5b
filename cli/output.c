/*
 * output.c - what a task writes, read to its end.
 *
 * The log is read page by page, from its beginning or its last lines. Followed,
 * the first page comes with a subscription, which goes on where the page ends
 * and itself ends after the last line of a task that is done: nothing is
 * missed, nothing comes twice, and the order is the log's. What the server no
 * longer had is told, in bytes or in lines, and never passed over in silence.
 *
 * A line is its bytes and a newline, unless it is partial: then the newline
 * was never written, or is still to come.
 */
#include "output.h"

#include <errno.h>
#include <evtask/ctl.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include "cli.h"
#include "each.h"
#include "exits.h"
#include "remote.h"
#include "stream.h"
#include "tap.h"
#include "text.h"

#define PAGE 4000 /* lines */

struct reading {
	struct cli *cli;
	struct json_object *task;
	const struct output_options *options;
	int64_t dropped_bytes; /* as the server said last */
	bool inside[2];        /* the stream's last line was partial */
	bool last_stderr;      /* where the last line went */
};

/* Another task has the word: a title says which. */
static void
take_floor(struct reading *reading)
{
	const struct output_options *options = reading->options;
	struct output_floor *floor = options->floor;

	if (floor == NULL || floor->holder == options->name)
		return;
	each_title(reading->cli, options->name, floor->holder == NULL);
	fflush(reading->cli->out.data);
	floor->holder = options->name;
}

static void
print_bytes(struct reading *reading, bool is_stderr, const void *bytes,
    size_t size)
{
	struct out *out = &reading->cli->out;
	FILE *file = is_stderr && !out->captured ? out->prose : out->data;

	take_floor(reading);
	/* Both may be one terminal: what came first goes out first. */
	if (is_stderr != reading->last_stderr)
		fflush(reading->last_stderr ? out->prose : out->data);
	reading->last_stderr = is_stderr;
	if (fwrite(bytes, 1, size, file) != size && out->failed == 0)
		out->failed = -errno;
}

static void
print_time(struct reading *reading, bool is_stderr, struct json_object *line)
{
	char time[TEXT_TIME_SIZE];

	text_time(evtask_ctl_get_int(line, "ts_us", 0), time);
	print_bytes(reading, is_stderr, time, strlen(time));
	print_bytes(reading, is_stderr, "  ", 2);
}

static void
print_line(struct reading *reading, struct json_object *line)
{
	bool is_stderr = strcmp(evtask_ctl_get_text(line, "stream", ""),
	    "stderr") == 0;
	bool partial = evtask_ctl_get_bool(line, "partial", false);
	const char *base64 = evtask_ctl_get_text(line, "data_base64", NULL);
	const char *text = evtask_ctl_get_text(line, "text", "");
	void *bytes;
	size_t size;

	if (reading->cli->out.json) {
		out_json(&reading->cli->out, line);
		return;
	}
	if (reading->options->timestamps && !reading->inside[is_stderr])
		print_time(reading, is_stderr, line);
	reading->inside[is_stderr] = partial;
	if (base64 != NULL && evtask_ctl_base64_decode(base64,
	    strlen(base64), &bytes, &size) == 0) {
		print_bytes(reading, is_stderr, bytes, size);
		free(bytes);
	} else {
		print_bytes(reading, is_stderr, text, (size_t)
		    json_object_get_string_len(evtask_ctl_get(line, "text")));
	}
	if (!partial)
		print_bytes(reading, is_stderr, "\n", 1);
}

/* Says what is lost, once for each time that more is. Who wants the end only,
 * and gets so many lines, or a page of them, has lost nothing. */
static void
report_dropped(struct reading *reading, int64_t dropped_bytes, size_t lines)
{
	const struct output_options *options = reading->options;
	bool whole = options->end_only &&
	    (lines >= PAGE || (int64_t)lines >= options->tail);
	char size[TEXT_SIZE_SIZE];

	if (dropped_bytes > reading->dropped_bytes && !whole)
		out_error(&reading->cli->out, "%s of the output are missing: "
		    "the server does not keep that much",
		    text_bytes(dropped_bytes - reading->dropped_bytes, size));
	reading->dropped_bytes = dropped_bytes;
}

/* Nobody reads any more: go, as a program does that SIGPIPE ends. */
static int
flush(struct reading *reading)
{
	struct out *out = &reading->cli->out;

	out_flush(out);
	fflush(out->prose);
	return out->failed != 0 ? out_finish(out, EXIT_FAILED) : 0;
}

static int
print_page(struct reading *reading, struct json_object *page)
{
	struct json_object *lines = evtask_ctl_get(page, "lines");
	size_t n = lines != NULL ? json_object_array_length(lines) : 0;

	report_dropped(reading, evtask_ctl_get_int(page, "dropped_bytes", 0),
	    n);
	for (size_t i = 0; i < n; i++)
		print_line(reading, json_object_array_get_idx(lines, i));
	return flush(reading);
}

static struct json_object *
page_params(struct reading *reading, const char *cursor)
{
	struct json_object *params = json_object_new_object();

	evtask_ctl_put(&params, "task", json_object_get(reading->task));
	evtask_ctl_put_int(&params, "limit", PAGE);
	if (cursor != NULL)
		evtask_ctl_put_text(&params, "after", cursor);
	else if (reading->options->end_only)
		evtask_ctl_put_int(&params, "tail", reading->options->tail);
	if (reading->options->streams != NULL)
		evtask_ctl_put(&params, "streams",
		    json_object_get(reading->options->streams));
	if (reading->options->follow)
		evtask_ctl_put_bool(&params, "follow", true);
	return params;
}

/* Page by page, to where the log ends now. */
static int
read_pages(struct reading *reading)
{
	struct json_object *page, *last = NULL;
	bool more = true;
	int r = 0;

	while (r == 0 && more) {
		r = cli_ask(reading->cli, "task.logs", page_params(reading,
		    evtask_ctl_get_text(last, "next", NULL)), &page);
		json_object_put(last);
		last = NULL;
		if (r != 0)
			break;
		r = print_page(reading, page);
		more = evtask_ctl_get_bool(page, "more", false);
		last = page;
	}
	json_object_put(last);
	return r;
}

/* One notification. 1: there is more to come; 0: that was the end. */
static int
take_notice(struct reading *reading, const char *method,
    struct json_object *params)
{
	long long dropped = evtask_ctl_get_int(params, "dropped", 0);
	struct json_object *data = evtask_ctl_get(params, "data");

	if (strcmp(method, "event.end") == 0)
		return 0;
	if (strcmp(method, "event.lag") == 0)
		out_error(&reading->cli->out, "%lld line%s of the output %s "
		    "missing: they came faster than they were read", dropped,
		    dropped == 1 ? "" : "s", dropped == 1 ? "is" : "are");
	else
		print_line(reading, evtask_ctl_get(data, "line"));
	return 1;
}

/* A line as most are; NULL: there are no more at hand. */
static bool
print_tapped(const struct tap_line *line, void *arg)
{
	struct reading *reading = arg;
	struct out *out = &reading->cli->out;

	if (line == NULL) {
		out_flush(out);
		fflush(out->prose);
		return out->failed == 0;
	}
	reading->inside[line->is_stderr] = false;
	print_bytes(reading, line->is_stderr, line->text, line->size);
	print_bytes(reading, line->is_stderr, "\n", 1);
	return out->failed == 0;
}

static int
follow(struct reading *reading, struct stream *stream)
{
	struct json_object *params;
	const char *method;
	int r = flush(reading), more = 1;

	if (!reading->cli->out.json && !reading->options->timestamps)
		stream_tap(stream, print_tapped, reading);
	while (r == 0 && more > 0) {
		r = stream_next(stream, &method, &params);
		if (r == -EPIPE)
			return flush(reading);
		if (r == 0) {
			out_error(&reading->cli->out, "the connection is "
			    "lost, and with it the end of the output");
			return EXIT_NO_SERVER;
		}
		if (r < 0)
			return r;
		more = take_notice(reading, method, params);
		json_object_put(params);
		/* What has come together goes out together. */
		r = stream_has(stream) && more > 0 ? 0 : flush(reading);
	}
	return r;
}

static int
read_and_follow(struct reading *reading)
{
	struct json_object *page;
	struct stream *stream;
	int r;

	r = cli_subscribe(reading->cli, "task.logs",
	    page_params(reading, NULL), &page, &stream);
	if (r != 0)
		return r;
	r = print_page(reading, page);
	json_object_put(page);
	if (r == 0 && stream != NULL)
		r = follow(reading, stream);
	remote_unsubscribe(reading->cli->remote, stream);
	return r;
}

int
output_follow(struct cli *cli, struct stream *stream)
{
	struct output_options options = { .follow = true };
	struct reading reading = { .cli = cli, .options = &options };
	int r = follow(&reading, stream);

	remote_unsubscribe(cli->remote, stream);
	return r;
}

int
output_print(struct cli *cli, struct json_object *task,
    const struct output_options *options)
{
	struct reading reading = { .cli = cli, .task = task,
	    .options = options };

	return options->follow ? read_and_follow(&reading) :
	    read_pages(&reading);
}
