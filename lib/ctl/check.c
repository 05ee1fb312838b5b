/*
 * check.c - a value against rows of the tables.
 *
 * The server calls it before a handler sees the params, so that a handler
 * reads members without looking whether they are there and right; the tests
 * hold the tables' own examples against it. One row per type says how a value
 * of that type is known and what to call it for people.
 */
#include "check.h"
#include <errno.h>
#include <evtask/ctl_value.h>
#include <inttypes.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "fault.h"
#include "member.h"
#include "read.h"

static bool
in_range(const struct evtask_ctl_field *field, size_t n)
{
	return (int64_t)n >= field->min && (int64_t)n <= field->max;
}

static bool
is_any(const struct evtask_ctl_field *field, struct json_object *value)
{
	return true;
}

static bool
is_bool(const struct evtask_ctl_field *field, struct json_object *value)
{
	return json_object_is_type(value, json_type_boolean);
}

static bool
is_int(const struct evtask_ctl_field *field, struct json_object *value)
{
	int64_t n = json_object_get_int64(value);

	return json_object_is_type(value, json_type_int) && n >= field->min &&
	    n <= field->max;
}

/* Text without a NUL: the handlers are C. */
static bool
is_string(struct json_object *value)
{
	return json_object_is_type(value, json_type_string) &&
	    strlen(json_object_get_string(value)) ==
	    (size_t)json_object_get_string_len(value);
}

static bool
is_text(const struct evtask_ctl_field *field, struct json_object *value)
{
	const char *const *v;

	if (!is_string(value))
		return false;
	if (field->values == NULL)
		return in_range(field,
		    (size_t)json_object_get_string_len(value));
	for (v = field->values; *v != NULL; v++)
		if (strcmp(*v, json_object_get_string(value)) == 0)
			return true;
	return false;
}

static bool
is_base64(const struct evtask_ctl_field *field, struct json_object *value)
{
	size_t size;
	void *bytes;

	if (!json_object_is_type(value, json_type_string) ||
	    evtask_ctl_base64_decode(json_object_get_string(value),
	    (size_t)json_object_get_string_len(value), &bytes, &size) < 0)
		return false;
	free(bytes);
	return in_range(field, size);
}

static bool
is_task(const struct evtask_ctl_field *field, struct json_object *value)
{
	int64_t n = json_object_get_int64(value);

	if (json_object_is_type(value, json_type_int))
		return n > 0 && n <= EVTASK_CTL_INT_MAX;
	return is_string(value) && json_object_get_string_len(value) > 0 &&
	    json_object_get_string_len(value) <= EVTASK_CTL_NAME_MAX;
}

bool
is_id(struct json_object *value)
{
	int64_t n = json_object_get_int64(value);

	if (json_object_is_type(value, json_type_int))
		return n >= -EVTASK_CTL_INT_MAX && n <= EVTASK_CTL_INT_MAX;
	return json_object_is_type(value, json_type_string) &&
	    json_object_get_string_len(value) <= EVTASK_CTL_NAME_MAX;
}

static bool
is_request(const struct evtask_ctl_field *field, struct json_object *value)
{
	return is_id(value);
}

static bool
is_array(const struct evtask_ctl_field *field, struct json_object *value)
{
	return json_object_is_type(value, json_type_array) &&
	    in_range(field, json_object_array_length(value));
}

static bool
is_object(const struct evtask_ctl_field *field, struct json_object *value)
{
	return json_object_is_type(value, json_type_object) &&
	    (field->item == NULL || in_range(field,
	    (size_t)json_object_object_length(value)));
}

/* How a value of a type is known, and its words; bounded: then its bounds. */
static const struct type {
	bool (*holds)(const struct evtask_ctl_field *field,
	    struct json_object *value);
	const char *words;
	bool bounded;
} types[] = {
	[EVTASK_CTL_ANY] = { is_any, "a value", false },
	[EVTASK_CTL_BOOL] = { is_bool, "true or false", false },
	[EVTASK_CTL_INT] = { is_int, "an integer from ", true },
	[EVTASK_CTL_TEXT] = { is_text, "text in bytes from ", true },
	[EVTASK_CTL_BASE64] = { is_base64, "base64 of bytes from ", true },
	[EVTASK_CTL_TASK] = { is_task, "a task's id or name", false },
	[EVTASK_CTL_ID] = { is_request, "a request's id", false },
	[EVTASK_CTL_ARRAY] = { is_array, "a list of items from ", true },
	[EVTASK_CTL_OBJECT] = { is_object, "an object", false },
};

/* An object whose members have names of the caller's. */
static bool
is_map(const struct evtask_ctl_field *field)
{
	return field->type == EVTASK_CTL_OBJECT && field->item != NULL;
}

static void
describe(struct text *out, const struct evtask_ctl_field *field)
{
	const struct type *type = &types[field->type];
	const char *const *v = field->values;
	char bounds[64];

	if (v != NULL) {
		text_add_string(out, "one of ");
		for (; *v != NULL; v++) {
			text_add_string(out, *v);
			if (v[1] != NULL)
				text_add_string(out, ", ");
		}
	} else {
		text_add_string(out, type->words);
		if (is_map(field))
			text_add_string(out, " of members from ");
		if (type->bounded || is_map(field)) {
			snprintf(bounds, sizeof(bounds),
			    "%" PRId64 " to %" PRId64, field->min, field->max);
			text_add_string(out, bounds);
		}
	}
	if (field->nullable)
		text_add_string(out, " or null");
}

static void
suggest_value(struct fault *fault, const struct evtask_ctl_field *field,
    struct json_object *value)
{
	struct evtask_ctl_nearest nearest;
	const char *const *v = field->values;

	if (v == NULL || !is_string(value))
		return;
	nearest = (struct evtask_ctl_nearest){
		.word = json_object_get_string(value) };
	for (; *v != NULL; v++)
		evtask_ctl_nearest_offer(&nearest, *v);
	fault->did_you_mean = nearest.best;
}

static bool check_value(const struct evtask_ctl_field *field,
    struct json_object *value, struct fault *fault);

static bool
check_items(const struct evtask_ctl_field *item, struct json_object *array,
    struct fault *fault)
{
	size_t i, mark, n = json_object_array_length(array);

	for (i = 0; i < n; i++) {
		mark = fault_enter_item(fault, i);
		if (!check_value(item, json_object_array_get_idx(array, i),
		    fault))
			return false;
		fault_leave(fault, mark);
	}
	return true;
}

static bool
check_members(const struct evtask_ctl_field *item, struct json_object *object,
    struct fault *fault)
{
	size_t mark;

	json_object_object_foreach(object, name, value) {
		mark = fault_enter_member(fault, name);
		if (*name == '\0' || strlen(name) > EVTASK_CTL_NAME_MAX)
			return fault_got(fault, "a name of bytes from 1 to 128",
			    "another");
		if (!check_value(item, value, fault))
			return false;
		fault_leave(fault, mark);
	}
	return true;
}

/* It is an object, and has too few members or too many. */
static bool
fault_members(struct fault *fault, struct json_object *object)
{
	char got[32];

	snprintf(got, sizeof(got), "%d members",
	    json_object_object_length(object));
	return fault_got(fault, "", got);
}

static bool
check_value(const struct evtask_ctl_field *field, struct json_object *value,
    struct fault *fault)
{
	if (value == NULL && field->nullable)
		return true;
	if (!types[field->type].holds(field, value)) {
		suggest_value(fault, field, value);
		describe(&fault->expected, field);
		return is_map(field) && json_object_is_type(value,
		    json_type_object) ? fault_members(fault, value)
		    : fault_value(fault, value);
	}
	if (field->shape != NULL)
		return check_fields(field->shape->fields, value, fault);
	if (field->item == NULL)
		return true;
	return field->type == EVTASK_CTL_ARRAY
	    ? check_items(field->item, value, fault)
	    : check_members(field->item, value, fault);
}

static bool
fault_unknown(struct fault *fault, const struct evtask_ctl_field *fields,
    const char *name)
{
	struct evtask_ctl_nearest nearest = { .word = name };
	const struct evtask_ctl_field *f;

	text_add_string(&fault->expected,
	    fields->name == NULL ? "left out" : "one of ");
	for (f = fields; f->name != NULL; f++) {
		evtask_ctl_nearest_offer(&nearest, f->name);
		text_add_string(&fault->expected, f->name);
		if (f[1].name != NULL)
			text_add_string(&fault->expected, ", ");
	}
	fault->did_you_mean = nearest.best;
	return fault_got(fault, "", "an unknown member");
}

/* A member that a row speaks of: there if it must be, alone if it must be. */
static bool
check_presence(const struct evtask_ctl_field *field,
    struct json_object *object, struct fault *fault)
{
	struct json_object *value;

	if (!member_find(object, field->name, &value)) {
		if (field->optional)
			return true;
		fault_enter_member(fault, field->name);
		describe(&fault->expected, field);
		return fault_got(fault, "", "left out");
	}
	if (field->not_with != NULL &&
	    member_find(object, field->not_with, NULL)) {
		fault_enter_member(fault, field->name);
		text_add_string(&fault->expected, "left out beside ");
		text_add_string(&fault->expected, field->not_with);
		return fault_value(fault, value);
	}
	return true;
}

static bool
check_known(const struct evtask_ctl_field *fields, struct json_object *object,
    struct fault *fault)
{
	const struct evtask_ctl_field *f;
	size_t mark;

	json_object_object_foreach(object, name, value) {
		mark = fault_enter_member(fault, name);
		f = evtask_ctl_field_find(fields, name);
		if (f == NULL)
			return fault_unknown(fault, fields, name);
		if (!check_value(f, value, fault))
			return false;
		fault_leave(fault, mark);
	}
	return true;
}

/* Unknown members first: a slip in a name explains what is missing. object
 * NULL is one without members. */
bool
check_fields(const struct evtask_ctl_field *fields,
    struct json_object *object, struct fault *fault)
{
	const struct evtask_ctl_field *f;

	if (object != NULL && !check_known(fields, object, fault))
		return false;
	for (f = fields; f->name != NULL; f++)
		if (!check_presence(f, object, fault))
			return false;
	return true;
}

int
evtask_ctl_check_params(const struct evtask_ctl_method *method,
    struct json_object *params, struct json_object **ret_error)
{
	const struct evtask_ctl_field whole = { .type = EVTASK_CTL_OBJECT };
	struct json_object *error;
	struct fault fault;

	/* All but the path, which says itself how long it is. */
	fault.path[0] = '\0';
	fault.path_size = 0;
	fault.expected = fault.got = (struct text){0};
	fault.did_you_mean = NULL;
	fault.secret = false;
	if ((params == NULL || check_value(&whole, params, &fault)) &&
	    check_fields(method->params, params, &fault))
		return 0;
	error = fault_take_error(&fault, "InvalidParams", "params",
	    method->name);
	if (error == NULL)
		return -ENOMEM;
	*ret_error = error;
	return -EINVAL;
}

int
evtask_ctl_fill_params(const struct evtask_ctl_method *method,
    struct json_object *params)
{
	const struct evtask_ctl_field *f;
	struct read_fault fault;
	struct json_object *value;

	for (f = method->params; f->name != NULL; f++) {
		if (f->initial == NULL ||
		    member_find(params, f->name, NULL))
			continue;
		if (read_json(f->initial, strlen(f->initial), READ_ALL, &value,
		    &fault) < 0)
			return -ENOMEM;
		/* The names of rows live for ever. */
		if (json_object_object_add_ex(params, f->name, value,
		    JSON_C_OBJECT_ADD_KEY_IS_NEW |
		    JSON_C_OBJECT_KEY_IS_CONSTANT) < 0) {
			json_object_put(value);
			return -ENOMEM;
		}
	}
	return 0;
}
