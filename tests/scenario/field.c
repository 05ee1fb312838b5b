/*
 * field.c - the fields of an operation, checked before (check.c).
 */
#include <string.h>

#include "scenario.h"

struct json_object *
field(const struct step *step, const char *name)
{
	struct json_object *value = NULL;

	json_object_object_get_ex(step->json, name, &value);
	return value;
}

bool
has_field(const struct step *step, const char *name)
{
	return json_object_object_get_ex(step->json, name, NULL);
}

const char *
field_text(const struct step *step, const char *name)
{
	return json_object_get_string(field(step, name));
}

int64_t
field_int(const struct step *step, const char *name, int64_t otherwise)
{
	if (!has_field(step, name))
		return otherwise;
	return json_object_get_int64(field(step, name));
}

bool
field_bool(const struct step *step, const char *name)
{
	return json_object_get_boolean(field(step, name));
}

int64_t
field_us(const struct step *step, const char *name)
{
	struct json_object *value = field(step, name);

	if (value == NULL)
		return EVTASK_FOREVER;
	return json_object_get_int64(value) * 1000;
}

/* Text is lent by the scenario, which outlives its values. */
struct evtask_value
field_value(const struct step *step, const char *name)
{
	struct json_object *value = field(step, name);

	switch (json_object_get_type(value)) {
	case json_type_boolean:
		return evtask_value_bool(json_object_get_boolean(value));
	case json_type_int:
		return evtask_value_int(json_object_get_int64(value));
	case json_type_string:
		return evtask_value_literal(json_object_get_string(value));
	default:
		return evtask_value_none();
	}
}

static struct object *
look_up(struct step *step, const char *name, int kinds)
{
	struct object *object = strcmp(name, "self") == 0 ?
	    step->frame->actor->self : name_of(step->s, name)->object;

	return object != NULL && (object->kind & kinds) ? object : NULL;
}

struct object *
field_object(struct step *step, const char *name, int kinds)
{
	const char *text = field_text(step, name);
	struct object *object = look_up(step, text, kinds);

	if (object == NULL)
		step->missing = text;
	else
		step->args = object->kind & (HANDLE | CALLBACK) ?
		    scenario_print(step->s, "@%s", object->label) :
		    object->label;
	return object;
}

size_t
field_objects(struct step *step, const char *name, int kinds,
    struct object ***ret_objects)
{
	struct json_object *list = field(step, name);
	size_t n = json_object_array_length(list), found = 0;
	struct object **objects = scenario_alloc(step->s,
	    (n + 1) * sizeof *objects);
	const char *missing = "";

	for (size_t i = 0; i < n; i++) {
		const char *text = json_object_get_string(
		    json_object_array_get_idx(list, i));
		struct object *object = look_up(step, text, kinds);

		missing = scenario_print(step->s, "%s%s%s", missing,
		    i > 0 ? "," : "", text);
		if (object != NULL)
			objects[found++] = object;
	}
	if (found == 0 && n > 0)
		step->missing = missing;
	*ret_objects = objects;
	return found;
}

union evtask_awaitable
awaitable(const struct object *object)
{
	if (object->kind == TASK)
		return (union evtask_awaitable){ .task = object->is.task };
	return (union evtask_awaitable){ .future = object->is.future };
}

const char *
new_label(struct step *step)
{
	return step->args = label_of(step->s, field_text(step, "as"));
}
