/*
 * args.c - the arguments of a coroutine, by the JSON Schema that it describes
 * them with: checking them, and filling in what was left out.
 */
#include <errno.h>
#include <evtask/ctl_schema.h>
#include <evtask/ctl_value.h>
#include <json-c/json.h>
#include "fault.h"
#include "json_schema.h"
#include "member.h"

int
evtask_ctl_check_args(struct json_object *schema, struct json_object *args,
    struct json_object **ret_error)
{
	struct json_object *none = NULL, *error;
	struct fault fault = {0};
	int r = 0;

	if (args == NULL)
		args = none = json_object_new_object();
	if (args == NULL)
		return -ENOMEM;
	fault_enter_member(&fault, "args");
	if (!check_json_schema(schema, args, &fault)) {
		error = fault_take_error(&fault, "ArgsInvalid", "args", NULL);
		r = error != NULL ? -EINVAL : -ENOMEM;
		if (error != NULL)
			*ret_error = error;
	}
	json_object_put(none);
	return r;
}

/* Adds a copy: the schema stays the coroutine's, the args the task's. */
static int
fill_default(struct json_object *args, const char *name,
    struct json_object *initial)
{
	struct json_object *copy = NULL;

	if (initial != NULL &&
	    json_object_deep_copy(initial, &copy, NULL) < 0)
		return -ENOMEM;
	if (json_object_object_add(args, name, copy) == 0)
		return 0;
	json_object_put(copy);
	return -ENOMEM;
}

int
evtask_ctl_fill_args(struct json_object *schema, struct json_object *args)
{
	struct json_object *properties = evtask_ctl_get(schema, "properties");
	struct json_object *initial, *value;
	int r = 0;

	if (!json_object_is_type(properties, json_type_object) ||
	    !json_object_is_type(args, json_type_object))
		return 0;
	json_object_object_foreach(properties, name, property) {
		if (member_find(args, name, &value))
			r = evtask_ctl_fill_args(property, value);
		else if (json_object_is_type(property, json_type_object) &&
		    member_find(property, "default", &initial))
			r = fill_default(args, name, initial);
		if (r < 0)
			return r;
	}
	return 0;
}

static struct json_object *show(struct json_object *schema,
    struct json_object *value, int depth);

/* The schema of a member: its own, or that of those not named. */
static struct json_object *
member_schema(struct json_object *schema, const char *name)
{
	struct json_object *properties = evtask_ctl_get(schema, "properties");
	struct json_object *own = evtask_ctl_get(properties, name);

	return own != NULL ? own
	    : evtask_ctl_get(schema, "additionalProperties");
}

static struct json_object *
show_object(struct json_object *schema, struct json_object *object, int depth)
{
	struct json_object *o = json_object_new_object();

	json_object_object_foreach(object, name, value) {
		if (value == NULL)
			evtask_ctl_put_null(&o, name);
		else
			evtask_ctl_put(&o, name, show(member_schema(schema,
			    name), value, depth));
	}
	return o;
}

static struct json_object *
show_array(struct json_object *schema, struct json_object *array, int depth)
{
	struct json_object *list = json_object_new_array(), *value;
	struct json_object *items = evtask_ctl_get(schema, "items");
	size_t i, n = json_object_array_length(array);

	for (i = 0; list != NULL && i < n; i++) {
		value = json_object_array_get_idx(array, i);
		if (value == NULL)
			json_object_array_add(list, NULL);
		else
			evtask_ctl_append(&list, show(items, value, depth));
	}
	return list;
}

/* Of a value that is one. Scalars are shared. */
static struct json_object *
show(struct json_object *schema, struct json_object *value, int depth)
{
	bool is_object = json_object_is_type(value, json_type_object);

	if (is_secret(schema))
		return json_object_new_string("***");
	if (!is_object && !json_object_is_type(value, json_type_array))
		return json_object_get(value);
	if (depth == 0)
		return json_object_new_string("(nested too deep to be shown)");
	return is_object ? show_object(schema, value, depth - 1)
	    : show_array(schema, value, depth - 1);
}

struct json_object *
evtask_ctl_show_args(struct json_object *schema, struct json_object *args,
    int depth)
{
	return show(schema, args, depth);
}
