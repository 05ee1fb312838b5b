/*
 * field.c - text, typed by a row of the protocol: what an option's value
 * becomes, or the sentence that says why it cannot.
 */
#include "field.h"

#include <errno.h>
#include <evtask/ctl_schema.h>
#include <evtask/ctl_value.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "explain.h"

bool
field_is_duration(const struct evtask_ctl_field *field)
{
	size_t size = strlen(field->name);

	return field->type == EVTASK_CTL_INT && size > 3 &&
	    strcmp(field->name + size - 3, "_us") == 0;
}

int
field_put_value(const struct evtask_ctl_field *field,
    struct json_object *object, struct json_object *value)
{
	if (value != NULL &&
	    json_object_object_add(object, field->name, value) == 0)
		return 0;
	json_object_put(value);
	return -ENOMEM;
}

static void
offer_all(struct evtask_ctl_nearest *nearest, const char *const *values)
{
	for (; *values != NULL; values++)
		evtask_ctl_nearest_offer(nearest, *values);
}

/* "all, any or first_error" */
static char *
list_of(const char *const *values)
{
	char *list = NULL;
	size_t size;
	FILE *out = open_memstream(&list, &size);

	if (out == NULL)
		return NULL;
	for (size_t i = 0; values[i] != NULL; i++)
		fprintf(out, "%s%s", i == 0 ? "" :
		    values[i + 1] == NULL ? " or " : ", ", values[i]);
	fclose(out);
	return list;
}

int
field_check(const struct evtask_ctl_field *field, const char *name,
    const char *text, char **ret_why)
{
	struct evtask_ctl_nearest nearest = {.word = text};
	char *list;
	int r;

	if (field->values == NULL) {
		if ((int64_t)strlen(text) >= field->min &&
		    (int64_t)strlen(text) <= field->max)
			return 0;
		return explain(ret_why, -EINVAL, "%s must be %lld to %lld "
		    "bytes long", name, (long long)field->min,
		    (long long)field->max);
	}
	for (size_t i = 0; field->values[i] != NULL; i++)
		if (strcmp(field->values[i], text) == 0)
			return 0;
	offer_all(&nearest, field->values);
	if (nearest.best != NULL)
		return explain(ret_why, -EINVAL, "%s cannot be \"%s\"; did "
		    "you mean %s?", name, text, nearest.best);
	list = list_of(field->values);
	r = explain(ret_why, -EINVAL, "%s cannot be \"%s\"; it is %s", name,
	    text, list != NULL ? list : "something else");
	free(list);
	return r;
}

/* What is too little, or too much, in the unit people write it in. */
static int
explain_limit(const struct evtask_ctl_field *field, const char *name,
    const char *text, bool little, char **ret_why)
{
	int64_t limit = little ? field->min : field->max;
	char number[EVTASK_CTL_DURATION_SIZE];

	if (field_is_duration(field))
		evtask_ctl_duration_format(limit, number);
	else
		snprintf(number, sizeof(number), "%lld", (long long)limit);
	return explain(ret_why, -EINVAL, "%s must be %s %s, not \"%s\"", name,
	    little ? "at least" : "at most", number, text);
}

static int
read_count(const struct evtask_ctl_field *field, const char *name,
    const char *text, struct json_object **ret_value, char **ret_why)
{
	int64_t n = 0;
	char *end = NULL;
	int r = 0;

	if (field_is_duration(field)) {
		r = evtask_ctl_duration_parse(text, &n);
		if (r < 0)
			return explain(ret_why, -EINVAL, "%s must be a "
			    "duration such as 90, 1h30m or 250ms, not \"%s\"",
			    name, text);
	} else {
		errno = 0;
		n = strtoll(text, &end, 10);
		if (end == text || *end != '\0' || errno != 0)
			return explain(ret_why, -EINVAL, "%s must be a whole "
			    "number, not \"%s\"", name, text);
	}
	if (n < field->min || n > field->max)
		return explain_limit(field, name, text, n < field->min,
		    ret_why);
	*ret_value = json_object_new_int64(n);
	return *ret_value != NULL ? 0 : -ENOMEM;
}

/* One more item; where only some values will do, commas part them. */
static int
put_items(const struct evtask_ctl_field *field, struct json_object *object,
    const char *name, const char *text, char **ret_why)
{
	struct json_object *list = evtask_ctl_get(object, field->name);
	char *copy, *rest, *item;
	int r = 0;

	if (list == NULL) {
		list = json_object_new_array();
		r = field_put_value(field, object, list);
		if (r < 0)
			return r;
	}
	copy = rest = strdup(text);
	if (copy == NULL)
		return -ENOMEM;
	while (r == 0 && rest != NULL) {
		item = field->item->values != NULL ? strsep(&rest, ",") : rest;
		if (field->item->values == NULL)
			rest = NULL;
		r = field_check(field->item, name, item, ret_why);
		if (r == 0 && json_object_array_add(list,
		    json_object_new_string(item)) < 0)
			r = -ENOMEM;
	}
	free(copy);
	return r;
}

/* Puts text into object as what field says; name is what it is called. */
int
field_put(const struct evtask_ctl_field *field, struct json_object *object,
    const char *name, const char *text, char **ret_why)
{
	struct json_object *value = NULL;
	int r;

	if (field->type == EVTASK_CTL_ARRAY)
		return put_items(field, object, name, text, ret_why);
	if (field->type == EVTASK_CTL_INT) {
		r = read_count(field, name, text, &value, ret_why);
	} else if (field->type == EVTASK_CTL_BOOL) {
		if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
			return explain(ret_why, -EINVAL, "%s is true or "
			    "false, not \"%s\"", name, text);
		value = json_object_new_boolean(text[0] == 't');
		r = 0;
	} else {
		r = field_check(field, name, text, ret_why);
		value = r == 0 ? json_object_new_string(text) : NULL;
	}
	return r < 0 ? r : field_put_value(field, object, value);
}
