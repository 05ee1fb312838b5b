/*
 * value.c - building and reading JSON values.
 *
 * Building fails once, by the rule that a NULL object stays NULL. json-c
 * itself cannot tell a null from a failed allocation (both are NULL), so here
 * a NULL value is always a failure, and null has a function of its own.
 */
#include <evtask/ctl_value.h>
#include <json-c/json.h>
#include "member.h"

static void
fail(struct json_object **object)
{
	json_object_put(*object);
	*object = NULL;
}

void
evtask_ctl_put(struct json_object **object, const char *key,
    struct json_object *value)
{
	if (*object != NULL && value != NULL &&
	    json_object_object_add(*object, key, value) == 0)
		return;
	json_object_put(value);
	fail(object);
}

void
evtask_ctl_put_int(struct json_object **object, const char *key, int64_t n)
{
	evtask_ctl_put(object, key, json_object_new_int64(n));
}

void
evtask_ctl_put_bool(struct json_object **object, const char *key, bool truth)
{
	evtask_ctl_put(object, key, json_object_new_boolean(truth));
}

void
evtask_ctl_put_text(struct json_object **object, const char *key,
    const char *text)
{
	if (text == NULL)
		evtask_ctl_put_null(object, key);
	else
		evtask_ctl_put(object, key, json_object_new_string(text));
}

void
evtask_ctl_put_null(struct json_object **object, const char *key)
{
	if (*object != NULL && json_object_object_add(*object, key, NULL) != 0)
		fail(object);
}

void
evtask_ctl_append(struct json_object **array, struct json_object *value)
{
	if (*array != NULL && value != NULL &&
	    json_object_array_add(*array, value) == 0)
		return;
	json_object_put(value);
	fail(array);
}

struct json_object *
evtask_ctl_get(struct json_object *object, const char *key)
{
	struct json_object *value;

	if (!json_object_is_type(object, json_type_object) ||
	    !member_find(object, key, &value))
		return NULL;
	return value;
}

int64_t
evtask_ctl_get_int(struct json_object *object, const char *key,
    int64_t absent)
{
	struct json_object *value = evtask_ctl_get(object, key);

	return json_object_is_type(value, json_type_int)
	    ? json_object_get_int64(value) : absent;
}

bool
evtask_ctl_get_bool(struct json_object *object, const char *key, bool absent)
{
	struct json_object *value = evtask_ctl_get(object, key);

	return json_object_is_type(value, json_type_boolean)
	    ? json_object_get_boolean(value) : absent;
}

const char *
evtask_ctl_get_text(struct json_object *object, const char *key,
    const char *absent)
{
	struct json_object *value = evtask_ctl_get(object, key);

	return json_object_is_type(value, json_type_string)
	    ? json_object_get_string(value) : absent;
}
