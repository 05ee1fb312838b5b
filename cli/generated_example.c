/*
 * generated_example.c - the example of a method, as a line that does it.
 *
 * rpc.discover has an example of each method's params. What the verb takes as
 * arguments stands first, in their order; the rest is said as key=value.
 */
#include "generated.h"

#include <evtask/ctl.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "grammar.h"

/* As a shell takes it for one word. */
static void
write_word(FILE *out, const char *key, const char *sign, const char *value)
{
	const char *quote = strpbrk(value, " \t\"{}[]*?$&;|<>()#~") != NULL ?
	    "'" : "";

	fprintf(out, " %s%s%s%s%s", quote, key, sign, value, quote);
}

static const char *
text_of(struct json_object *value)
{
	return json_object_is_type(value, json_type_string) ?
	    json_object_get_string(value) :
	    json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN);
}

/* The values of an argument: several, where it takes several. */
static void
write_argument(FILE *out, struct json_object *value)
{
	size_t n = json_object_is_type(value, json_type_array) ?
	    json_object_array_length(value) : 0;

	for (size_t i = 0; i < n; i++)
		write_word(out, "", "",
		    text_of(json_object_array_get_idx(value, i)));
	if (n == 0)
		write_word(out, "", "", text_of(value));
}

static void
write_pair(FILE *out, const char *key, struct json_object *value)
{
	bool plain = !json_object_is_type(value, json_type_object) &&
	    !json_object_is_type(value, json_type_array) && value != NULL;

	write_word(out, key, plain ? "=" : ":=", text_of(value));
}

/* Whether the parameter of that name is an argument of the verb. */
static bool
is_argument(const struct argument *arg, const char *name)
{
	if (arg->kind == ARG_TASK)
		return strcmp(name, "task") == 0 || strcmp(name, "tasks") == 0;
	return arg->param != NULL && strcmp(arg->param, name) == 0;
}

static bool
is_any_argument(const struct command *command, const char *name)
{
	for (const struct argument *a = command->args; a->name != NULL; a++)
		if (is_argument(a, name))
			return true;
	return false;
}

char *
generated_example(const struct command *command, struct json_object *method)
{
	struct json_object *example, *params, *param;
	char *text = NULL;
	size_t size, n;
	FILE *out;

	example = evtask_ctl_get(method, "examples");
	if (!json_object_is_type(example, json_type_array) ||
	    json_object_array_length(example) == 0)
		return NULL;
	params = evtask_ctl_get(json_object_array_get_idx(example, 0),
	    "params");
	n = json_object_is_type(params, json_type_array) ?
	    json_object_array_length(params) : 0;
	out = open_memstream(&text, &size);
	if (out == NULL)
		return NULL;
	fputs(command->name, out);
	for (const struct argument *a = command->args; a->name != NULL; a++)
		for (size_t i = 0; i < n; i++) {
			param = json_object_array_get_idx(params, i);
			if (is_argument(a, evtask_ctl_get_text(param, "name",
			    "")))
				write_argument(out,
				    evtask_ctl_get(param, "value"));
		}
	for (size_t i = 0; i < n; i++) {
		const char *name;

		param = json_object_array_get_idx(params, i);
		name = evtask_ctl_get_text(param, "name", "");
		if (!is_any_argument(command, name))
			write_pair(out, name, evtask_ctl_get(param, "value"));
	}
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}
