/*
 * member.c - a member of an object, by its name.
 *
 * Most objects have but few members: to look at them all costs less than to
 * hash the name, which is what json-c does.
 */
#include "member.h"
#include <json-c/json.h>
#include <string.h>

#define FEW 12

bool
member_find(struct json_object *object, const char *name,
    struct json_object **ret_value)
{
	if (!json_object_is_type(object, json_type_object))
		return false;
	if (json_object_object_length(object) > FEW)
		return json_object_object_get_ex(object, name, ret_value);
	json_object_object_foreach(object, key, value) {
		if (key[0] != name[0] || strcmp(key, name) != 0)
			continue;
		if (ret_value != NULL)
			*ret_value = value;
		return true;
	}
	return false;
}
