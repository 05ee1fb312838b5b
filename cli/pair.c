/*
 * pair.c - key=value, typed by a JSON Schema.
 *
 * A shell has only text, and a coroutine wants types: its schema decides.
 * What the schema allows is a set of types; the text becomes the narrowest
 * of them that it can be read as, and a duration stays a number or a text.
 * Only what is unknown to the schema is guessed, and := says it in JSON. The
 * server checks everything again; what is checked here is checked to give the
 * better sentence, before anything is sent.
 */
#include "pair.h"

#include <errno.h>
#include <evtask/ctl_schema.h>
#include <evtask/ctl_value.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "explain.h"
#include "file.h"
#include "words.h"

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

int
pair_allows(struct json_object *schema, const char *type)
{
	struct json_object *other;

	if (names_type(evtask_ctl_get(schema, "type"), type))
		return true;
	for (size_t i = 0; (other = alternative(schema, i)) != NULL; i++)
		if (pair_allows(other, type))
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

static int
read_json(const char *key, const char *text, struct json_object **ret_value,
    char **ret_why)
{
	struct json_tokener *tokener = json_tokener_new();
	size_t size = strlen(text);
	int r = 0;

	if (tokener == NULL)
		return -ENOMEM;
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT |
	    JSON_TOKENER_VALIDATE_UTF8);
	*ret_value = json_tokener_parse_ex(tokener, text, (int)size + 1);
	if (json_tokener_get_error(tokener) != json_tokener_success)
		r = explain(ret_why, -EINVAL, "%s:= wants JSON, and byte %zu "
		    "of %s is not; mind the shell's quotes", key,
		    json_tokener_get_parse_end(tokener) + 1, text);
	json_tokener_free(tokener);
	return r;
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
	if (pair_allows(schema, "integer"))
		return "a whole number";
	if (pair_allows(schema, "number"))
		return "a number";
	if (pair_allows(schema, "boolean"))
		return "true or false";
	if (pair_allows(schema, "object"))
		return "an object: say its members one by one, or use :=";
	if (pair_allows(schema, "null"))
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
	if (number && (pair_allows(schema, "number") || is_duration(schema)))
		return read_number(text, integer);
	if (number && integer && pair_allows(schema, "integer"))
		return read_number(text, integer);
	if (pair_allows(schema, "boolean")) {
		value = read_bool(text);
		if (value != NULL)
			return value;
	}
	if (is_duration(schema))
		return evtask_ctl_duration_parse(text, &us) < 0 ? NULL :
		    json_object_new_string(text);
	if (pair_allows(schema, "string"))
		return json_object_new_string(text);
	return NULL;
}

int
pair_read(struct json_object *schema, const char *key, const char *text,
    struct json_object **ret_value, char **ret_why)
{
	int r = check_enum(schema, key, text, ret_why);

	if (r < 0)
		return r;
	if (is_open(schema) && !is_duration(schema))
		return guess(text, ret_value);
	if (pair_allows(schema, "null") && strcmp(text, "null") == 0) {
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
pair_type(struct json_object *schema)
{
	static const char *const words[][2] = {
		{ "array", "list" }, { "object", "members" },
		{ "number", "number" }, { "integer", "integer" },
		{ "boolean", "true|false" }, { "string", "text" },
	};

	if (is_duration(schema))
		return "duration";
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (pair_allows(schema, words[i][0]))
			return words[i][1];
	return "anything";
}

struct json_object *
pair_member(struct json_object *schema, const char *name)
{
	struct json_object *member, *others;

	member = evtask_ctl_get(evtask_ctl_get(schema, "properties"), name);
	if (member != NULL)
		return member;
	others = evtask_ctl_get(schema, "additionalProperties");
	return json_object_is_type(others, json_type_object) ? others : NULL;
}

/* Whether the schema knows the member, or takes those it does not know. */
static int
check_member(struct json_object *schema, const char *name, char **ret_why)
{
	struct json_object *known = evtask_ctl_get(schema, "properties");
	struct json_object *others =
	    evtask_ctl_get(schema, "additionalProperties");
	struct evtask_ctl_nearest nearest = {.word = name};

	if (evtask_ctl_get(known, name) != NULL ||
	    !json_object_is_type(others, json_type_boolean) ||
	    json_object_get_boolean(others))
		return 0;
	if (known == NULL || json_object_object_length(known) == 0)
		return explain(ret_why, -EINVAL, "there is no argument %s; "
		    "it takes none", name);
	json_object_object_foreach(known, key, value) {
		(void)value;
		evtask_ctl_nearest_offer(&nearest, key);
	}
	if (nearest.best != NULL)
		return explain(ret_why, -EINVAL, "there is no argument %s; "
		    "did you mean %s?", name, nearest.best);
	return explain(ret_why, -EINVAL, "there is no argument %s", name);
}

/* Takes value. */
static int
add_member(struct json_object *object, const char *name,
    struct json_object *value)
{
	if (json_object_object_add(object, name, value) == 0)
		return 0;
	json_object_put(value);
	return -ENOMEM;
}

/* One more item of the list that object has, or is to have, as name. */
static int
add_item(struct json_object *schema, struct json_object *object,
    const char *name, const char *text, char **ret_why)
{
	struct json_object *list = evtask_ctl_get(object, name), *item;
	int r;

	if (list != NULL && !json_object_is_type(list, json_type_array))
		return explain(ret_why, -EINVAL, "%s was given as %s already, "
		    "which is not a list", name,
		    json_object_to_json_string(list));
	r = pair_read(evtask_ctl_get(schema, "items"), name, text, &item,
	    ret_why);
	if (r < 0)
		return r;
	if (list == NULL) {
		list = json_object_new_array();
		r = list != NULL ? add_member(object, name, list) : -ENOMEM;
	}
	if (r == 0 && json_object_array_add(list, item) == 0)
		return 0;
	json_object_put(item);
	return -ENOMEM;
}

/* @FILE is what is in it, @@ an @; *ret_owned is to free, or NULL. The last
 * line end of a file is none of its value's. */
static int
read_text(const char *text, const char **ret_text, char **ret_owned,
    char **ret_why)
{
	size_t size;
	int r;

	*ret_owned = NULL;
	*ret_text = text;
	if (*text != '@' || strcmp(text, "@last") == 0)
		return 0;
	*ret_text = text + 1;
	if (text[1] == '@')
		return 0;
	r = file_read(text + 1, ret_owned, &size, ret_why);
	if (r == -ENOMEM)
		return r;
	if (r < 0)
		return -EINVAL;
	*ret_text = *ret_owned;
	if (strlen(*ret_owned) != size || !words_is_utf8(*ret_owned))
		return explain(ret_why, -EINVAL, "%s is not text in UTF-8",
		    text + 1);
	if (size > 0 && (*ret_owned)[size - 1] == '\n')
		(*ret_owned)[size - 1] = '\0';
	return 0;
}

/* Puts what text stands for. */
static int
put_text(struct json_object *schema, struct json_object *object,
    const char *name, const char *text, bool json, char **ret_why)
{
	struct json_object *member = pair_member(schema, name), *value;
	int r;

	if (!json && pair_allows(member, "array") &&
	    !pair_allows(member, "string"))
		return add_item(member, object, name, text, ret_why);
	if (json_object_object_get_ex(object, name, NULL))
		return explain(ret_why, -EINVAL, "%s is given twice", name);
	r = json ? read_json(name, text, &value, ret_why) :
	    pair_read(member, name, text, &value, ret_why);
	return r < 0 ? r : add_member(object, name, value);
}

static int
put_member(struct json_object *schema, struct json_object *object,
    const char *name, const char *text, bool json, char **ret_why)
{
	char *owned = NULL;
	int r = check_member(schema, name, ret_why);

	if (r == 0)
		r = read_text(text, &text, &owned, ret_why);
	if (r == 0)
		r = put_text(schema, object, name, text, json, ret_why);
	free(owned);
	return r;
}

/* Whether the members are the caller's to name: dots and all. */
static bool
is_map(struct json_object *schema)
{
	return evtask_ctl_get(schema, "properties") == NULL &&
	    json_object_is_type(evtask_ctl_get(schema,
	    "additionalProperties"), json_type_object);
}

/* Goes down a dotted path, making objects; name is its last part, cut off. */
static int
descend(struct json_object **schema, struct json_object **object, char **name,
    char **ret_why)
{
	struct json_object *inner;
	char *dot;
	int r;

	/* A name that is known with its dots is one name. */
	while (!is_map(*schema) && evtask_ctl_get(evtask_ctl_get(*schema,
	    "properties"), *name) == NULL &&
	    (dot = strchr(*name, '.')) != NULL) {
		*dot = '\0';
		if (**name == '\0' || dot[1] == '\0')
			return explain(ret_why, -EINVAL, "a name is missing "
			    "beside a dot");
		r = check_member(*schema, *name, ret_why);
		if (r < 0)
			return r;
		inner = evtask_ctl_get(*object, *name);
		if (inner == NULL) {
			inner = json_object_new_object();
			if (inner == NULL ||
			    add_member(*object, *name, inner) < 0)
				return -ENOMEM;
		}
		if (!json_object_is_type(inner, json_type_object))
			return explain(ret_why, -EINVAL, "%s is given twice",
			    *name);
		*schema = pair_member(*schema, *name);
		*object = inner;
		*name = dot + 1;
	}
	return 0;
}

/* A word without a key: the one key that is required may be meant. */
static int
explain_word(struct json_object *schema, const char *word, char **ret_why)
{
	struct json_object *required = evtask_ctl_get(schema, "required");

	if (json_object_is_type(required, json_type_array) &&
	    json_object_array_length(required) == 1 &&
	    strchr(word, '=') == NULL)
		return explain(ret_why, -EINVAL, "\"%s\" is not key=value; "
		    "did you mean %s=%s?", word, json_object_get_string(
		    json_object_array_get_idx(required, 0)), word);
	return explain(ret_why, -EINVAL, "\"%s\" is not key=value", word);
}

int
pair_put(struct json_object *schema, struct json_object *args,
    const char *word, char **ret_why)
{
	const char *equals = strchr(word, '=');
	char *key, *name;
	bool json;
	int r;

	if (equals == NULL || equals == word ||
	    (equals == word + 1 && word[0] == ':'))
		return explain_word(schema, word, ret_why);
	json = equals[-1] == ':';
	key = strndup(word, (size_t)(equals - word) - json);
	if (key == NULL)
		return -ENOMEM;
	name = key;
	r = descend(&schema, &args, &name, ret_why);
	if (r == 0)
		r = put_member(schema, args, name, equals + 1, json, ret_why);
	free(key);
	return r;
}
