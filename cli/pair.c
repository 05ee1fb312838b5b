/*
 * pair.c - key=value, typed by a JSON Schema.
 *
 * A shell has only text, and a coroutine wants types: its schema decides, and
 * := says it in JSON. The key is a path to a member, and objects are made on
 * the way. The server checks everything again; what is checked here is checked
 * to give the better sentence, before anything is sent.
 */
#include "pair.h"

#include <errno.h>
#include <evtask/ctl_value.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "explain.h"
#include "file.h"
#include "typed.h"
#include "words.h"

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
	r = typed_read(evtask_ctl_get(schema, "items"), name, text, &item,
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
	struct json_object *member = typed_member(schema, name), *value;
	int r;

	if (!json && typed_allows(member, "array") &&
	    !typed_allows(member, "string"))
		return add_item(member, object, name, text, ret_why);
	if (json_object_object_get_ex(object, name, NULL))
		return explain(ret_why, -EINVAL, "%s is given twice", name);
	r = json ? read_json(name, text, &value, ret_why) :
	    typed_read(member, name, text, &value, ret_why);
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
		*schema = typed_member(*schema, *name);
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
