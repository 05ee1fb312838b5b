/*
 * fault.c - what is wrong with a value, and where.
 */
#include "fault.h"
#include <evtask/ctl_message.h>
#include <evtask/ctl_value.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include "message.h"
#include "utf8.h"

#define QUOTED_MAX 40 /* bytes of a text that are shown */

/* Every member of every request comes by here, and nearly none is at fault. */
static void
add(struct fault *fault, const char *step, size_t size)
{
	size_t room = sizeof(fault->path) - 1 - fault->path_size;

	memcpy(fault->path + fault->path_size, step, size < room ? size
	    : room);
	if (size <= room)
		fault_leave(fault, fault->path_size + size);
	else
		fault_leave(fault, utf8_floor(fault->path,
		    sizeof(fault->path) - 1));
}

size_t
fault_enter_member(struct fault *fault, const char *name)
{
	size_t mark = fault->path_size;

	if (mark > 0)
		add(fault, ".", 1);
	add(fault, name, strlen(name));
	return mark;
}

size_t
fault_enter_item(struct fault *fault, size_t index)
{
	char buf[TEXT_DIGITS + 2], *digits, *end = buf + sizeof(buf);
	size_t mark = fault->path_size;

	digits = text_digits(buf + 1, (int64_t)index);
	*--digits = '[';
	end[-1] = ']';
	add(fault, digits, (size_t)(end - digits));
	return mark;
}

void
fault_leave(struct fault *fault, size_t mark)
{
	fault->path_size = mark;
	fault->path[mark] = '\0';
}

static void
describe_string(struct text *out, struct json_object *string)
{
	int size = json_object_get_string_len(string);
	struct json_object *shown;

	if (size <= QUOTED_MAX) {
		text_value(out, string);
		return;
	}
	shown = json_object_new_string_len(json_object_get_string(string),
	    (int)utf8_floor(json_object_get_string(string), QUOTED_MAX));
	text_value(out, shown);
	text_add_string(out, "...");
	json_object_put(shown);
}

/* Says what value is in a few words: 7, "text", a list of 3 items. */
static void
describe(struct text *out, struct json_object *value)
{
	char buf[48];

	switch (json_object_get_type(value)) {
	case json_type_object:
		text_add_string(out, "an object");
		break;
	case json_type_array:
		snprintf(buf, sizeof(buf), "a list of %zu items",
		    json_object_array_length(value));
		text_add_string(out, buf);
		break;
	case json_type_string:
		describe_string(out, value);
		break;
	case json_type_null:
	case json_type_boolean:
	case json_type_double:
	case json_type_int:
		text_value(out, value);
		break;
	}
}

bool
fault_value(struct fault *fault, struct json_object *value)
{
	if (fault->secret)
		text_add_string(&fault->got, "a secret");
	else
		describe(&fault->got, value);
	return false;
}

bool
fault_got(struct fault *fault, const char *expected, const char *got)
{
	text_add_string(&fault->expected, expected);
	text_add_string(&fault->got, got);
	return false;
}

struct json_object *
fault_take_error(struct fault *fault, const char *name, const char *root,
    const char *method)
{
	struct json_object *members = json_object_new_object();

	evtask_ctl_put_text(&members, "path",
	    fault->path_size > 0 ? fault->path : root);
	evtask_ctl_put(&members, "expected",
	    text_take_string(&fault->expected));
	evtask_ctl_put(&members, "got", text_take_string(&fault->got));
	if (method != NULL)
		evtask_ctl_put_text(&members, "method", method);
	if (fault->did_you_mean != NULL)
		evtask_ctl_put_text(&members, "did_you_mean",
		    fault->did_you_mean);
	return error_of(name, members);
}
