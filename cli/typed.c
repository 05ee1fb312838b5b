/*
 * typed.c - text, as the value that a JSON Schema wants.
 *
 * What the schema allows is a set of types; the text becomes the narrowest of
 * them that it can be read as, and a duration stays a number or a text. Where
 * the schema knows nothing, numbers, true, false and null are read as such.
 */
#include "typed.h"

#include <errno.h>
#include <evtask/ctl_schema.h>
#include <evtask/ctl_value.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include "explain.h"

static bool
names_type(struct json_object *names, const char *type)
{
	if (json_object_is_type(names, json_type_string))
		return strcmp(json_object_get_string(names), type) == 0;
	if (!json_object_is_type(names, json_type_array))
		return false;
	for (size_t i = 0; i < json_object_array_length(names); i++)
		if (names_type(json_object_array_get_idx(names, i), type))
			return true;
	return false;
}

/* The i-th of a schema's alternatives, or NULL. */
static struct json_object *
alternative(struct json_object *schema, size_t i)
{
	struct json_object *any = evtask_ctl_get(schema, "anyOf");

	if (any == NULL)
		any = evtask_ctl_get(schema, "oneOf");
	if (!json_object_is_type(any, json_type_array))
		return NULL;
	return json_object_array_get_idx(any, i);
}

bool
typed_allows(struct json_object *schema, const char *type)
{
	struct json_object *other;

	if (names_type(evtask_ctl_get(schema, "type"), type))
		return true;
	for (size_t i = 0; (other = alternative(schema, i)) != NULL; i++)
		if (typed_allows(other, type))
			return true;
	return false;
}

static bool
is_duration(struct json_object *schema)
{
	const char *format = evtask_ctl_get_text(schema, "format", "");
	struct json_object *other;

	if (strcmp(format, "duration") == 0)
		return true;
	for (size_t i = 0; (other = alternative(schema, i)) != NULL; i++)
		if (is_duration(other))
			return true;
	return false;
}

/* Whether the schema names no type at all. */
static bool
is_open(struct json_object *schema)
{
	return evtask_ctl_get(schema, "type") == NULL &&
	    alternative(schema, 0) == NULL;
}

/* A number by the rules of JSON: no blank, no hex, no inf. */
static bool
is_number(const char *text, bool *ret_integer)
{
	const char *digits = text + (text[0] == '-');
	size_t n = strspn(digits, "0123456789");
	const char *p = digits + n;

	if (n == 0 || (n > 1 && digits[0] == '0'))
		return false;
	*ret_integer = *p == '\0';
	if (*p == '.') {
		n = strspn(p + 1, "0123456789");
		if (n == 0)
			return false;
		p += 1 + n;
	}
	if (*p == 'e' || *p == 'E') {
		p += 1 + (p[1] == '+' || p[1] == '-');
		n = strspn(p, "0123456789");
		p += n;
		if (n == 0)
			return false;
	}
	return *p == '\0';
}

static struct json_object *
read_number(const char *text, bool integer)
{
	long long n;

	errno = 0;
	n = strtoll(text, NULL, 10);
	if (integer && errno == 0 && n <= EVTASK_CTL_INT_MAX &&
	    n >= -EVTASK_CTL_INT_MAX)
		return json_object_new_int64(n);
	return json_object_new_double_s(strtod(text, NULL), text);
}

static struct json_object *
read_bool(const char *text)
{
	if (strcmp(text, "true") == 0 || strcmp(text, "yes") == 0)
		return json_object_new_boolean(true);
	if (strcmp(text, "false") == 0 || strcmp(text, "no") == 0)
		return json_object_new_boolean(false);
	return NULL;
}

/* What text looks like, where nothing is known. */
static int
guess(const char *text, struct json_object **ret_value)
{
	bool integer = false;

	if (strcmp(text, "null") == 0) {
		*ret_value = NULL;
		return 0;
	}
	if (is_number(text, &integer))
		*ret_value = read_number(text, integer);
	else if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)
		*ret_value = read_bool(text);
	else
		*ret_value = json_object_new_string(text);
	return *ret_value != NULL ? 0 : -ENOMEM;
}

/* What a schema wants, in words. */
static const char *
wanted(struct json_object *schema)
{
	if (is_duration(schema))
		return "a duration such as 90, 1h30m or 250ms";
	if (typed_allows(schema, "integer"))
		return "a whole number";
	if (typed_allows(schema, "number"))
		return "a number";
	if (typed_allows(schema, "boolean"))
		return "true or false";
	if (typed_allows(schema, "object"))
		return "an object: say its members one by one, or use :=";
	if (typed_allows(schema, "null"))
		return "null";
	return "something else";
}

static int
check_enum(struct json_object *schema, const char *key, const char *text,
    char **ret_why)
{
	struct json_object *values = evtask_ctl_get(schema, "enum");
	struct evtask_ctl_nearest nearest = {.word = text};
	const char *value;

	if (!json_object_is_type(values, json_type_array))
		return 0;
	for (size_t i = 0; i < json_object_array_length(values); i++) {
		value = json_object_get_string(
		    json_object_array_get_idx(values, i));
		if (value != NULL && strcmp(value, text) == 0)
			return 0;
		if (value != NULL)
			evtask_ctl_nearest_offer(&nearest, value);
	}
	if (nearest.best != NULL)
		return explain(ret_why, -EINVAL, "%s cannot be \"%s\"; did "
		    "you mean %s?", key, text, nearest.best);
	return explain(ret_why, -EINVAL, "%s cannot be \"%s\"; it is one of "
	    "%s", key, text, json_object_to_json_string_ext(values,
	    JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
}

/* The value of text as one of the types, the narrowest first; or NULL. */
static struct json_object *
narrowest(struct json_object *schema, const char *text)
{
	struct json_object *value;
	bool number, integer = false;
	int64_t us;

	number = is_number(text, &integer);
	if (number && (typed_allows(schema, "number") || is_duration(schema)))
		return read_number(text, integer);
	if (number && integer && typed_allows(schema, "integer"))
		return read_number(text, integer);
	if (typed_allows(schema, "boolean")) {
		value = read_bool(text);
		if (value != NULL)
			return value;
	}
	if (is_duration(schema))
		return evtask_ctl_duration_parse(text, &us) < 0 ? NULL :
		    json_object_new_string(text);
	if (typed_allows(schema, "string"))
		return json_object_new_string(text);
	return NULL;
}

int
typed_read(struct json_object *schema, const char *key, const char *text,
    struct json_object **ret_value, char **ret_why)
{
	int r = check_enum(schema, key, text, ret_why);

	if (r < 0)
		return r;
	if (is_open(schema) && !is_duration(schema))
		return guess(text, ret_value);
	if (typed_allows(schema, "null") && strcmp(text, "null") == 0) {
		*ret_value = NULL;
		return 0;
	}
	*ret_value = narrowest(schema, text);
	if (*ret_value != NULL)
		return 0;
	return explain(ret_why, -EINVAL, "%s must be %s, not \"%s\"", key,
	    wanted(schema), text);
}

const char *
typed_name(struct json_object *schema)
{
	static const char *const words[][2] = {
		{ "array", "list" }, { "object", "members" },
		{ "number", "number" }, { "integer", "integer" },
		{ "boolean", "true|false" }, { "string", "text" },
	};

	if (is_duration(schema))
		return "duration";
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (typed_allows(schema, words[i][0]))
			return words[i][1];
	return "anything";
}

struct json_object *
typed_member(struct json_object *schema, const char *name)
{
	struct json_object *member, *others;

	member = evtask_ctl_get(evtask_ctl_get(schema, "properties"), name);
	if (member != NULL)
		return member;
	others = evtask_ctl_get(schema, "additionalProperties");
	return json_object_is_type(others, json_type_object) ? others : NULL;
}
