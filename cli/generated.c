/*
 * generated.c - verbs for the methods that no row of the table serves.
 *
 * The server describes each of its methods in rpc.discover. From that comes a
 * row as the table has it: the tasks it is about and what it cannot go without
 * are arguments, every plain parameter is an option, and anything can be said
 * as key=value. So grammar, help, completion and output of a method that came
 * after this evtask are those of any verb.
 */
#include "generated.h"

#include <ctype.h>
#include <errno.h>
#include <evtask/ctl.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include "verbs.h"

#define PARAMS_MAX 32

static struct json_object *
method_at(struct json_object *document, size_t i)
{
	struct json_object *methods = evtask_ctl_get(document, "methods");

	if (!json_object_is_type(methods, json_type_array) ||
	    i >= json_object_array_length(methods))
		return NULL;
	return json_object_array_get_idx(methods, i);
}

static const char *
name_of(struct json_object *method)
{
	return evtask_ctl_get_text(method, "name", "");
}

static const char *
last_part(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot != NULL ? dot + 1 : name;
}

/* Whether a row of the table calls the method. */
static bool
is_served(const char *name)
{
	for (const struct command *c = command_table(); c->name != NULL; c++)
		for (size_t i = 0; c->methods[i] != NULL; i++)
			if (strcmp(c->methods[i], name) == 0)
				return true;
	return false;
}

/* What the method's verb is called: shortly, if nobody else is called so. */
static const char *
verb_name(struct json_object *document, struct json_object *method)
{
	const char *name = name_of(method), *last = last_part(name);
	const char *verb = evtask_ctl_get_text(method, "x-verb", NULL);
	struct json_object *other;

	if (verb != NULL)
		return command_find(verb) == NULL ? verb : name;
	if (command_find(last) != NULL)
		return name;
	for (size_t i = 0; (other = method_at(document, i)) != NULL; i++)
		if (other != method &&
		    (strcmp(last_part(name_of(other)), last) == 0 ||
		    strcmp(evtask_ctl_get_text(other, "x-verb", ""),
		    last) == 0))
			return name;
	return last;
}

void
generated_each(struct json_object *document,
    void (*fn)(const char *name, const char *summary, void *arg), void *arg)
{
	struct json_object *method;

	for (size_t i = 0; (method = method_at(document, i)) != NULL; i++)
		if (!is_served(name_of(method)))
			fn(verb_name(document, method),
			    evtask_ctl_get_text(method, "summary", ""), arg);
}

void
generated_each_method(struct json_object *document,
    void (*fn)(const char *name, const char *summary, void *arg), void *arg)
{
	struct json_object *method;

	for (size_t i = 0; (method = method_at(document, i)) != NULL; i++)
		fn(name_of(method), evtask_ctl_get_text(method, "summary", ""),
		    arg);
}

static struct json_object *
find_method(struct json_object *document, const char *name)
{
	struct json_object *method;

	for (size_t i = 0; (method = method_at(document, i)) != NULL; i++)
		if (strcmp(name_of(method), name) == 0 ||
		    (!is_served(name_of(method)) &&
		    strcmp(verb_name(document, method), name) == 0))
			return method;
	return NULL;
}

/* The params as one JSON Schema. */
static struct json_object *
schema_of(struct json_object *method)
{
	struct json_object *params = evtask_ctl_get(method, "params"), *param;
	struct json_object *schema = json_object_new_object();
	struct json_object *members = json_object_new_object();
	struct json_object *required = json_object_new_array();
	size_t n = json_object_is_type(params, json_type_array) ?
	    json_object_array_length(params) : 0;

	for (size_t i = 0; i < n; i++) {
		param = json_object_array_get_idx(params, i);
		evtask_ctl_put(&members, name_of(param), json_object_get(
		    evtask_ctl_get(param, "schema")));
		if (evtask_ctl_get_bool(param, "required", false))
			evtask_ctl_append(&required,
			    json_object_new_string(name_of(param)));
	}
	evtask_ctl_put(&schema, "required", required);
	evtask_ctl_put(&schema, "properties", members);
	evtask_ctl_put_bool(&schema, "additionalProperties", false);
	return schema;
}

struct json_object *
generated_schema(struct json_object *document, const char *name)
{
	struct json_object *method = find_method(document, name);

	return method != NULL ? schema_of(method) : NULL;
}

/* The values of an enum, which live as long as the schema; or NULL. */
static const char **
values_of(struct json_object *schema)
{
	struct json_object *values = evtask_ctl_get(schema, "enum");
	const char **list;
	size_t n;

	if (!json_object_is_type(values, json_type_array))
		return NULL;
	n = json_object_array_length(values);
	list = calloc(n + 1, sizeof(*list));
	for (size_t i = 0; list != NULL && i < n; i++)
		list[i] = json_object_get_string(
		    json_object_array_get_idx(values, i));
	return list;
}

/* The type of a plain parameter; false: it is none. */
static bool
plain_type(struct json_object *schema, enum evtask_ctl_type *ret_type)
{
	const char *type = evtask_ctl_get_text(schema, "type", "");

	if (strcmp(type, "integer") == 0)
		*ret_type = EVTASK_CTL_INT;
	else if (strcmp(type, "boolean") == 0)
		*ret_type = EVTASK_CTL_BOOL;
	else if (strcmp(type, "string") == 0)
		*ret_type = EVTASK_CTL_TEXT;
	else
		return false;
	return true;
}

/* The row of a parameter. Returns whether it is a plain one. */
static bool
fill_field(struct evtask_ctl_field *field, struct json_object *param,
    const char ***list)
{
	struct json_object *schema = evtask_ctl_get(param, "schema");
	bool text, plain = plain_type(schema, &field->type);

	text = field->type == EVTASK_CTL_TEXT;
	field->name = name_of(param);
	field->doc = evtask_ctl_get_text(param, "description", "");
	field->optional = true;
	field->min = evtask_ctl_get_int(schema, text ? "minLength" : "minimum",
	    0);
	field->max = evtask_ctl_get_int(schema, text ? "maxLength" : "maximum",
	    EVTASK_CTL_INT_MAX);
	field->values = *list = values_of(schema);
	return plain;
}

/* As usage shows it: a name that stands for something. */
static char *
in_capitals(const char *name)
{
	char *copy = strdup(name);

	for (char *p = copy; p != NULL && *p != '\0'; p++)
		*p = (char)toupper((unsigned char)*p);
	return copy;
}

static bool
is_task(const char *name)
{
	return strcmp(name, "task") == 0 || strcmp(name, "tasks") == 0;
}

/* Puts each parameter where it is said: tasks first, the others as they are. */
static void
fill_rows(struct generated *g, struct json_object *params)
{
	size_t n = json_object_is_type(params, json_type_array) ?
	    json_object_array_length(params) : 0, f = 0, a = 0, o = 0;
	struct json_object *param;
	bool required, plain;

	for (size_t i = 0; i < n && i < PARAMS_MAX; i++) {
		param = json_object_array_get_idx(params, i);
		required = evtask_ctl_get_bool(param, "required", false);
		if (is_task(name_of(param))) {
			g->args[a++] = (struct argument){ .name = "TASK",
			    .kind = ARG_TASK, .optional = !required,
			    .many = n == 1 ||
			    strcmp(name_of(param), "tasks") == 0 };
			continue;
		}
		plain = fill_field(&g->fields[f], param, &g->lists[f]);
		if (required && plain && (a == 0 || !g->args[a - 1].many) &&
		    (g->names[f] = in_capitals(g->fields[f].name)) != NULL)
			g->args[a++] = (struct argument){
			    .name = g->names[f],
			    .kind = g->fields[f].values != NULL ? ARG_CHOICE :
			    ARG_TEXT, .param = g->fields[f].name };
		else if (plain)
			g->options[o++] = (struct option){
			    .name = g->fields[f].name,
			    .param = g->fields[f].name };
		f++;
	}
	if (n > 0 && (a == 0 || !g->args[a - 1].many))
		g->args[a] = (struct argument){ .name = "KEY=VALUE",
		    .kind = ARG_PAIR, .optional = true, .many = true };
}

static int
fill_command(struct generated *g, const char *name)
{
	static const int no_exits[] = { 0 };
	const char **methods = calloc(2, sizeof(*methods));

	if (methods == NULL)
		return -ENOMEM;
	methods[0] = name_of(g->method);
	g->command = (struct command){
		.name = name,
		.summary = evtask_ctl_get_text(g->method, "summary", ""),
		.doc = evtask_ctl_get_text(g->method, "description", NULL),
		.methods = methods,
		.args = g->args,
		.options = g->options,
		.own = g->fields,
		.exits = no_exits,
		.run = verb_generated,
	};
	return 0;
}

struct generated *
generated_new(struct json_object *document, const char *name)
{
	struct json_object *method = find_method(document, name);
	struct generated *g = method != NULL ? calloc(1, sizeof(*g)) : NULL;

	if (g == NULL)
		return NULL;
	g->method = json_object_get(method);
	g->schema = schema_of(method);
	g->fields = calloc(PARAMS_MAX + 1, sizeof(*g->fields));
	g->args = calloc(PARAMS_MAX + 2, sizeof(*g->args));
	g->options = calloc(PARAMS_MAX + 1, sizeof(*g->options));
	g->lists = calloc(PARAMS_MAX + 1, sizeof(*g->lists));
	g->names = calloc(PARAMS_MAX + 1, sizeof(*g->names));
	if (g->schema == NULL || g->fields == NULL || g->args == NULL ||
	    g->options == NULL || g->lists == NULL || g->names == NULL ||
	    fill_command(g, is_served(name_of(method)) ? name_of(method) :
	    verb_name(document, method)) < 0) {
		generated_free(g);
		return NULL;
	}
	if (evtask_ctl_get(method, "params") != NULL)
		fill_rows(g, evtask_ctl_get(method, "params"));
	g->command.example = g->example = generated_example(&g->command,
	    method);
	return g;
}

void
generated_free(struct generated *g)
{
	if (g == NULL)
		return;
	for (size_t i = 0; g->lists != NULL && i < PARAMS_MAX; i++)
		free(g->lists[i]);
	for (size_t i = 0; g->names != NULL && i < PARAMS_MAX; i++)
		free(g->names[i]);
	free(g->names);
	free(g->example);
	free(g->lists);
	free(g->fields);
	free(g->args);
	free(g->options);
	free((void *)g->command.methods);
	json_object_put(g->schema);
	json_object_put(g->method);
	free(g);
}
