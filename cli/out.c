/*
 * out.c - where data and words go: data to the standard output, words for
 * people to the standard error, errors in one line that names the thing and
 * the way out.
 *
 * Colour is for terminals that can, and for nobody who set NO_COLOR. A pipe
 * that nobody reads any more is no error worth words: the exit code tells. At
 * the prompt the words lose what only a shell needs.
 */
#include "out.h"

#include <errno.h>
#include <evtask/ctl_message.h>
#include <evtask/ctl_value.h>
#include <json-c/json.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "exits.h"
#include "text.h"

const char *const out_forms[] = {
	[OUT_TABLE] = "table", [OUT_WIDE] = "wide", [OUT_JSON] = "json",
	[OUT_JSONL] = "jsonl", [OUT_TSV] = "tsv", [OUT_ID] = "id", NULL
};

static bool
may_colour(FILE *file, int color)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	if (color >= 0)
		return color > 0;
	return isatty(fileno(file)) && (no == NULL || *no == '\0') &&
	    term != NULL && *term != '\0' && strcmp(term, "dumb") != 0;
}

void
out_init(struct out *out, int color, enum out_form form)
{
	*out = (struct out){
		.data = stdout,
		.prose = stderr,
		.form = form,
		.json = form == OUT_JSON || form == OUT_JSONL,
		.color = may_colour(stdout, color),
		.prose_color = may_colour(stderr, color),
	};
	out_measure(out);
}

void
out_measure(struct out *out)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;

	out->width = out->height = 0;
	if (!isatty(STDOUT_FILENO))
		return;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) {
		out->width = size.ws_col;
		out->height = size.ws_row;
	}
	if (out->width == 0 && columns != NULL)
		out->width = (size_t)strtoul(columns, NULL, 10);
	if (out->width == 0)
		out->width = 80;
}

static const char *
sequence(enum paint paint)
{
	switch (paint) {
	case PAINT_NONE:
		return "";
	case PAINT_BOLD:
		return "\033[1m";
	case PAINT_DIM:
		return "\033[2m";
	case PAINT_RED:
		return "\033[31m";
	case PAINT_GREEN:
		return "\033[32m";
	case PAINT_YELLOW:
		return "\033[33m";
	case PAINT_BLUE:
		return "\033[34m";
	}
	return "";
}

const char *
out_paint(const struct out *out, enum paint paint)
{
	return out->color ? sequence(paint) : "";
}

const char *
out_plain(const struct out *out)
{
	return out->color ? "\033[0m" : "";
}

static void
note_failure(struct out *out, int r)
{
	if (r < 0 && out->failed == 0)
		out->failed = errno != 0 ? -errno : -EIO;
}

void
out_printf(struct out *out, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	note_failure(out, vfprintf(out->data, fmt, args));
	va_end(args);
}

void
out_flush(struct out *out)
{
	note_failure(out, fflush(out->data));
}

void
out_bytes(struct out *out, bool prose, const void *bytes, size_t size)
{
	FILE *file = prose ? out->prose : out->data;

	if (fwrite(bytes, 1, size, file) != size || fflush(file) != 0)
		note_failure(out, -1);
}

void
out_json(struct out *out, struct json_object *value)
{
	char *line;
	size_t size;

	if (out->gathered != NULL) {
		json_object_array_add(out->gathered, json_object_get(value));
		return;
	}
	if (evtask_ctl_encode(value, &line, &size) < 0) {
		errno = ENOMEM;
		note_failure(out, -1);
		return;
	}
	out_bytes(out, false, line, size);
	free(line);
}

void
out_gather(struct out *out)
{
	if (out->form == OUT_JSON)
		out->gathered = json_object_new_array();
}

void
out_end_gathering(struct out *out)
{
	struct json_object *all = out->gathered;

	out->gathered = NULL;
	if (all != NULL)
		out_json(out, all);
	json_object_put(all);
}

void
out_note(struct out *out, const char *fmt, ...)
{
	va_list args;

	fflush(out->data);
	va_start(args, fmt);
	vfprintf(out->prose, fmt, args);
	va_end(args);
	fputc('\n', out->prose);
}

/* One line of trouble: "evtask: ...", "script:3: ...", or just itself. */
static void
write_trouble(struct out *out, const char *text)
{
	bool red = out->prose_color;

	fflush(out->data);
	if (out->where != NULL)
		fprintf(out->prose, "%s: ", out->where);
	else if (!out->prompt)
		fputs("evtask: ", out->prose);
	fputs(red ? sequence(PAINT_RED) : "", out->prose);
	if (out->about != NULL) {
		text_print(out->prose, out->about, out->prompt);
		fputs(": ", out->prose);
	}
	text_print(out->prose, text, out->prompt);
	fputs(red ? "\033[0m\n" : "\n", out->prose);
}

static void
write_error(struct out *out, const char *text)
{
	struct json_object *error;
	char *line;
	size_t size;

	if (!out->json) {
		write_trouble(out, text);
		return;
	}
	error = json_object_new_object();
	evtask_ctl_put_text(&error, "message", text);
	if (evtask_ctl_encode(error, &line, &size) == 0) {
		fwrite(line, 1, size, out->prose);
		free(line);
	}
	json_object_put(error);
}

void
out_error(struct out *out, const char *fmt, ...)
{
	va_list args;
	char *text;
	int r;

	va_start(args, fmt);
	r = vasprintf(&text, fmt, args);
	va_end(args);
	write_error(out, r < 0 ? "out of memory" : text);
	if (r >= 0)
		free(text);
}

void
out_error_object(struct out *out, struct json_object *error)
{
	const char *message = evtask_ctl_get_text(error, "message", NULL);
	const char *hint = evtask_ctl_get_text(evtask_ctl_get(error, "data"),
	    "hint", NULL);
	char *line;
	size_t size;

	if (out->json && evtask_ctl_encode(error, &line, &size) == 0) {
		fflush(out->data);
		fwrite(line, 1, size, out->prose);
		free(line);
	} else if (message == NULL) {
		out_error(out, "out of memory");
	} else if (hint == NULL) {
		out_error(out, "%s", message);
	} else {
		out_error(out, "%s; %s", message, hint);
	}
}

int
out_finish(struct out *out, int code)
{
	out_flush(out);
	if (out->failed == 0)
		return code;
	if (out->failed == -EPIPE)
		return EXIT_PIPE;
	out_error(out, "cannot write the output: %s", strerror(-out->failed));
	out->failed = 0; /* said */
	return code != EXIT_OK ? code : EXIT_FAILED;
}
