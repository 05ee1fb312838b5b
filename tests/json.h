/*
 * json.h - JSON in tests: written as it is, and compared as values.
 *
 *	ck_assert_json(reply, JSON({"id": 7, "result": {}}));
 */
#ifndef TESTS_JSON_H
#define TESTS_JSON_H

#include <check.h>
#include <json-c/json.h>

#define JSON(...) #__VA_ARGS__

/* The value of a text that must be JSON. */
static inline struct json_object *
json(const char *text)
{
	enum json_tokener_error error;
	struct json_object *value = json_tokener_parse_verbose(text, &error);

	ck_assert_msg(error == json_tokener_success, "not JSON: %s", text);
	return value;
}

#define ck_assert_json(value, text) \
	do { \
		struct json_object *want_ = json(text); \
		ck_assert_msg(json_object_equal((value), want_), \
		    "%s is not %s", json_object_to_json_string(value), \
		    (text)); \
		json_object_put(want_); \
	} while (0)

/* A member of a member: at(error, "data", "path"). */
static inline const char *
at(struct json_object *object, const char *outer, const char *inner)
{
	struct json_object *value = NULL;

	json_object_object_get_ex(object, outer, &value);
	if (inner != NULL)
		json_object_object_get_ex(value, inner, &value);
	return value != NULL ? json_object_get_string(value) : "(none)";
}

#endif
