/*
 * render_value.c - values, errors and events for people.
 */
#include <evtask/ctl_value.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include "render.h"
#include "text.h"

#define CAUSES 8 /* told of an error; a chain has an end, a hostile one not */

void
render_value(struct out *out, struct json_object *value)
{
	if (json_object_is_type(value, json_type_string)) {
		out_bytes(out, false, json_object_get_string(value),
		    (size_t)json_object_get_string_len(value));
		out_printf(out, "\n");
		return;
	}
	out_printf(out, "%s\n", json_object_to_json_string_ext(value,
	    JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |
	    JSON_C_TO_STRING_NOSLASHESCAPE));
}

/* Microseconds: a duration, or a time since 1970. */
static void
print_us(FILE *out, int64_t n, int64_t now_us)
{
	char age[TEXT_AGE_SIZE], time[TEXT_TIME_SIZE];

	if (n <= INT64_C(1000000000000000))
		fputs(text_age(n, age), out);
	else if (now_us == 0)
		fputs(text_time(n, time), out);
	else if (n > now_us)
		fprintf(out, "in %s", text_age(n - now_us, age));
	else
		fprintf(out, "%s ago", text_age(now_us - n, age));
}

/* A number by the unit in its name. */
static void
print_number(FILE *out, const char *key, int64_t n, int64_t now_us)
{
	const char *unit = strrchr(key, '_');
	char size[TEXT_SIZE_SIZE];

	if (unit != NULL && strcmp(unit, "_us") == 0)
		print_us(out, n, now_us);
	else if (unit != NULL && strcmp(unit, "_bytes") == 0)
		fputs(text_bytes(n, size), out);
	else
		fprintf(out, "%lld", (long long)n);
}

void
render_cell(FILE *cell, const char *name, struct json_object *value,
    int64_t now_us)
{
	if (json_object_is_type(value, json_type_int))
		print_number(cell, name, json_object_get_int64(value),
		    now_us);
	else if (json_object_is_type(value, json_type_string))
		fputs(json_object_get_string(value), cell);
	else
		fputs(json_object_to_json_string_ext(value,
		    JSON_C_TO_STRING_PLAIN), cell);
}

enum paint
render_name_cell(FILE *cell, struct json_object *row, int64_t now_us)
{
	fputs(evtask_ctl_get_text(row, "name", "-"), cell);
	return PAINT_BOLD;
}

static void
print_label(struct out *out, const char *prefix, const char *key)
{
	const char *unit = strrchr(key, '_');
	int size = (int)strlen(key);

	if (unit != NULL && (strcmp(unit, "_us") == 0 ||
	    strcmp(unit, "_bytes") == 0))
		size = (int)(unit - key);
	out_printf(out, "%s%s%s%.*s%s%*s", out_paint(out, PAINT_DIM), prefix,
	    *prefix != '\0' ? " " : "", size, key, out_plain(out),
	    (int)strlen(prefix) + size > 16 ? 1 :
	    18 - (int)strlen(prefix) - size - (*prefix != '\0'), "");
}

static void
print_members(struct out *out, struct json_object *object, const char *prefix)
{
	json_object_object_foreach(object, key, value) {
		if (json_object_is_type(value, json_type_object)) {
			print_members(out, value, key);
			continue;
		}
		print_label(out, prefix, key);
		if (json_object_is_type(value, json_type_int))
			print_number(out->data, key,
			    json_object_get_int64(value), 0);
		else if (json_object_is_type(value, json_type_string))
			text_print(out->data, json_object_get_string(value),
			    false);
		else
			out_printf(out, "%s", json_object_to_json_string_ext(
			    value, JSON_C_TO_STRING_PLAIN));
		out_printf(out, "\n");
	}
}

/* For a program: the path and the bare value, a tab between them. */
static void
print_bare(struct out *out, struct json_object *object, const char *prefix)
{
	char path[256];

	json_object_object_foreach(object, key, value) {
		snprintf(path, sizeof(path), "%s%s%s", prefix,
		    *prefix != '\0' ? "." : "", key);
		if (json_object_is_type(value, json_type_object)) {
			print_bare(out, value, path);
			continue;
		}
		out_printf(out, "%s\t", path);
		rows_print_value(out, value);
		out_printf(out, "\n");
	}
}

void
render_members(struct out *out, struct json_object *object)
{
	if (out->form == OUT_TSV) {
		print_bare(out, object, "");
		return;
	}
	print_members(out, object, "");
}

char *
render_error(struct json_object *error)
{
	const char *message;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (out == NULL)
		return NULL;
	for (int i = 0; error != NULL && i < CAUSES; i++) {
		if (i > 0)
			fputs("; because of ", out);
		message = evtask_ctl_get_text(error, "message", "");
		fprintf(out, "%s%s%s", evtask_ctl_get_text(error, "type",
		    "Error"), *message != '\0' ? ": " : "", message);
		error = evtask_ctl_get(error, "cause");
	}
	fclose(out);
	return text;
}

/* What an event's data says, in the order of the protocol. */
static void
print_data(struct out *out, struct json_object *data)
{
	struct json_object *task = evtask_ctl_get(data, "task");
	struct json_object *line = evtask_ctl_get(data, "line");

	if (task != NULL)
		data = NULL;
	if (line != NULL) {
		out_printf(out, " %s: ",
		    evtask_ctl_get_text(line, "stream", "?"));
		text_print(out->data, evtask_ctl_get_text(line, "text", ""),
		    false);
		return;
	}
	if (task != NULL)
		out_printf(out, " %s", evtask_ctl_get_text(task, "coroutine",
		    ""));
	if (data == NULL)
		return;
	json_object_object_foreach(data, key, value) {
		if (value == NULL)
			continue;
		out_printf(out, " %s=", key);
		text_print(out->data, json_object_get_string(value), false);
	}
}

void
render_event(struct out *out, struct json_object *event, const char *name)
{
	const char *type = evtask_ctl_get_text(event, "type", "?");
	int64_t task = evtask_ctl_get_int(event, "task", -1);
	char time[TEXT_TIME_SIZE];

	out_printf(out, "%s%s%s ", out_paint(out, PAINT_DIM), text_time(
	    evtask_ctl_get_int(event, "ts_us", 0), time) + 11,
	    out_plain(out));
	out_printf(out, "%-21s", type);
	if (task >= 0)
		out_printf(out, " %lld", (long long)task);
	if (name != NULL) {
		out_printf(out, " %s", out_paint(out, PAINT_BOLD));
		text_print(out->data, name, false);
		out_printf(out, "%s", out_plain(out));
	}
	print_data(out, evtask_ctl_get(event, "data"));
	out_printf(out, "\n");
}
