/*
 * read.c - JSON text to a json-c value: the scan, then json-c, then a look at
 * what json-c made of it.
 *
 * The look finds the two things that the scan cannot see in passing without
 * memory of its own: a member named twice (json-c keeps the last one, so the
 * value holds fewer members than the text names) and a number that is too
 * great for a double. Both cost one walk.
 */
#include "read.h"
#include <errno.h>
#include <evtask/ctl_message.h>
#include <json-c/json.h>
#include <math.h>
#include <stdbool.h>

static bool count_members(struct json_object *value, size_t *count);

static bool
count_in_object(struct json_object *object, size_t *count)
{
	json_object_object_foreach(object, name, member) {
		(void)name;
		++*count;
		if (!count_members(member, count))
			return false;
	}
	return true;
}

static bool
count_in_array(struct json_object *array, size_t *count)
{
	size_t i;

	for (i = 0; i < json_object_array_length(array); i++)
		if (!count_members(json_object_array_get_idx(array, i), count))
			return false;
	return true;
}

/* Counts the members of all objects in value; false: a number is infinite. */
static bool
count_members(struct json_object *value, size_t *count)
{
	switch (json_object_get_type(value)) {
	case json_type_object:
		return count_in_object(value, count);
	case json_type_array:
		return count_in_array(value, count);
	case json_type_double:
		return isfinite(json_object_get_double(value));
	case json_type_null:
	case json_type_boolean:
	case json_type_int:
	case json_type_string:
		return true;
	}
	return true;
}

/* What is wrong with the value as a whole; NULL: nothing. */
static const char *
find_fault(struct json_object *value, size_t named)
{
	size_t members = 0;

	if (!count_members(value, &members))
		return "numbers that a double can hold";
	if (members != named)
		return "every member's name once in its object";
	return NULL;
}

/*
 * The scan has said that the text is JSON, so an error of json-c's is its
 * memory. A blank goes after the value for numbers, whose end it looks for.
 */
static int
parse(const struct scan *scan, struct json_object **ret_value)
{
	struct json_tokener *tokener;
	struct json_object *value;
	enum json_tokener_error error;

	tokener = json_tokener_new_ex(EVTASK_CTL_DEPTH_MAX + 2);
	if (tokener == NULL)
		return -ENOMEM;
	value = json_tokener_parse_ex(tokener, scan->value, (int)scan->size);
	if (json_tokener_get_error(tokener) == json_tokener_continue)
		value = json_tokener_parse_ex(tokener, " ", 1);
	error = json_tokener_get_error(tokener);
	json_tokener_free(tokener);
	if (error != json_tokener_success)
		return -ENOMEM;
	*ret_value = value;
	return 0;
}

int
read_json(const char *text, size_t size, struct json_object **ret_value,
    struct scan_fault *ret_fault)
{
	struct json_object *value = NULL;
	struct scan scan;
	const char *wrong;
	int r;

	r = scan_json(text, size, &scan, ret_fault);
	if (r == 0)
		r = parse(&scan, &value);
	if (r < 0)
		return r;
	wrong = find_fault(value, scan.members);
	if (wrong != NULL) {
		json_object_put(value);
		*ret_fault = (struct scan_fault){ .expected = wrong,
			.offset = (size_t)(scan.value - text),
			.got = "others" };
		return -EINVAL;
	}
	*ret_value = value;
	return 0;
}
