/*
 * output.c - what a task writes, read to its end.
 *
 * The log is read by its cursor, page by page, and by nothing else. Following
 * adds a subscription, whose events are only a bell: when it rings, the log is
 * read on from the cursor. So an event that was dropped loses nothing, nothing
 * comes twice, and the order is the log's. The last page is read after the
 * task is done, when nothing can be added any more.
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
#include "exits.h"
#include "remote.h"
#include "text.h"

#define PAGE 4000 /* lines */

struct reading {
	struct cli *cli;
	struct json_object *task;
	const struct output_options *options;
	char *cursor;          /* NULL: from the beginning */
	int64_t dropped_bytes; /* as the server said last */
	bool inside[2];        /* the stream's last line was partial */
	bool last_stderr;      /* where the last line went */
	struct stream *bell;
};

static void
print_bytes(struct reading *reading, bool is_stderr, const void *bytes,
    size_t size)
{
	struct out *out = &reading->cli->out;
	FILE *file = is_stderr ? out->prose : out->data;

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

/* Says what is lost, once for each time that more is. */
static void
report_dropped(struct reading *reading, int64_t dropped_bytes)
{
	char size[TEXT_SIZE_SIZE];

	if (dropped_bytes > reading->dropped_bytes)
		out_error(&reading->cli->out, "%s of the output are missing: "
		    "the server does not keep that much",
		    text_bytes(dropped_bytes - reading->dropped_bytes, size));
	reading->dropped_bytes = dropped_bytes;
}

static int
take_page(struct reading *reading, struct json_object *page, bool *ret_more)
{
	struct json_object *lines = evtask_ctl_get(page, "lines");
	const char *next = evtask_ctl_get_text(page, "next", NULL);
	char *cursor = next != NULL ? strdup(next) : NULL;
	struct out *out = &reading->cli->out;

	report_dropped(reading, evtask_ctl_get_int(page, "dropped_bytes", 0));
	for (size_t i = 0; lines != NULL &&
	    i < json_object_array_length(lines); i++)
		print_line(reading, json_object_array_get_idx(lines, i));
	out_flush(out);
	fflush(out->prose);
	if (cursor == NULL)
		return cli_no_memory(reading->cli);
	free(reading->cursor);
	reading->cursor = cursor;
	*ret_more = evtask_ctl_get_bool(page, "more", false);
	/* Nobody reads: go, as a program does that SIGPIPE ends. */
	return out->failed != 0 ? out_finish(out, EXIT_FAILED) : 0;
}

static struct json_object *
page_params(struct reading *reading, bool follow)
{
	struct json_object *params = json_object_new_object();

	evtask_ctl_put(&params, "task", json_object_get(reading->task));
	evtask_ctl_put_int(&params, "limit", PAGE);
	if (reading->cursor != NULL)
		evtask_ctl_put_text(&params, "after", reading->cursor);
	if (reading->options->streams != NULL)
		evtask_ctl_put(&params, "streams",
		    json_object_get(reading->options->streams));
	if (follow)
		evtask_ctl_put_bool(&params, "follow", true);
	return params;
}

/* Reads on to where the log ends now. */
static int
read_on(struct reading *reading)
{
	struct json_object *page;
	bool more = true;
	int r = 0;

	while (r == 0 && more) {
		r = cli_ask(reading->cli, "task.logs",
		    page_params(reading, false), &page);
		if (r != 0)
			return r;
		r = take_page(reading, page, &more);
		json_object_put(page);
	}
	return r;
}

/* Hangs up the bell; the page that comes with it is the first one. */
static int
begin_following(struct reading *reading)
{
	struct json_object *page;
	bool more = false;
	int r;

	r = cli_subscribe(reading->cli, "task.logs",
	    page_params(reading, true), &page, &reading->bell);
	if (r != 0)
		return r;
	r = take_page(reading, page, &more);
	json_object_put(page);
	return r == 0 && more ? read_on(reading) : r;
}

/* Waits for the bell: 1, it rang; 0, it will never again; or as usual. */
static int
wait_for_bell(struct reading *reading)
{
	struct json_object *params;
	const char *method;
	int r = stream_next(reading->bell, &method, &params);

	if (r == 0) {
		out_error(&reading->cli->out, "the connection is lost, and "
		    "with it the end of the output; see \"evtask logs\"");
		return -EREMOTEIO;
	}
	if (r < 0)
		return r;
	json_object_put(params);
	return strcmp(method, "event.end") != 0;
}

static int
follow(struct reading *reading)
{
	int r = begin_following(reading), ringing = 1;

	while (r == 0 && reading->bell != NULL && ringing > 0) {
		ringing = wait_for_bell(reading);
		/* One reading answers all that has rung by now. */
		while (ringing > 0 && stream_has(reading->bell))
			ringing = wait_for_bell(reading);
		if (ringing == -EREMOTEIO)
			r = EXIT_NO_SERVER;
		else
			r = ringing < 0 ? ringing : read_on(reading);
	}
	stream_close(reading->bell);
	return r;
}

int
output_print(struct cli *cli, struct json_object *task,
    const struct output_options *options)
{
	struct reading reading = { .cli = cli, .task = task,
	    .options = options };
	int r;

	r = options->follow ? follow(&reading) : read_on(&reading);
	free(reading.cursor);
	return r;
}
