/*
 * hint.c - what a line that is being typed still wants.
 *
 * Said where the next word begins, and never in the middle of one: there Tab
 * says more. The tables know the arguments, the coroutine's schema its keys.
 */
#include "hint.h"

#include <ctype.h>
#include <evtask/ctl_value.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "complete.h"
#include "generated.h"
#include "grammar.h"
#include "typed.h"
#include "walk.h"
#include "words.h"

static void
write_capitals(FILE *out, const char *word)
{
	for (; *word != '\0'; word++)
		fputc(toupper((unsigned char)*word), out);
}

static bool
is_required(struct json_object *schema, const char *key)
{
	struct json_object *required = evtask_ctl_get(schema, "required");

	for (size_t i = 0; json_object_is_type(required, json_type_array) &&
	    i < json_object_array_length(required); i++)
		if (strcmp(json_object_get_string(
		    json_object_array_get_idx(required, i)), key) == 0)
			return true;
	return false;
}

/* The keys that are not given: first those that must be. */
static void
write_keys(FILE *out, const struct walk *walk, struct json_object *schema,
    bool required)
{
	struct json_object *members = evtask_ctl_get(schema, "properties");

	if (members == NULL)
		return;
	json_object_object_foreach(members, key, member) {
		if (is_required(schema, key) != required ||
		    walk_is_given(walk, member, key))
			continue;
		fprintf(out, " %s%s=", required ? "" : "[", key);
		write_capitals(out, typed_name(member));
		fputs(required ? "" : "]", out);
	}
}

static void
write_argument(FILE *out, struct walk *walk, const struct argument *argument)
{
	bool optional = argument->optional ||
	    (argument == walk->argument && walk->given);
	struct json_object *schema = NULL;

	if (argument->kind == ARG_PAIR)
		schema = walk_schema(walk);
	if (schema != NULL) {
		write_keys(out, walk, schema, true);
		write_keys(out, walk, schema, false);
		json_object_put(schema);
		return;
	}
	fprintf(out, " %s%s%s%s", optional ? "[" : "", argument->name,
	    argument->many ? "..." : "", optional ? "]" : "");
}

static void
write_rest(FILE *out, struct walk *walk)
{
	const struct argument *a = walk->argument;
	char *owned = NULL;
	const char *word;

	if (walk->awaited != NULL) {
		word = grammar_metavar(walk->awaited, walk->option, &owned);
		fprintf(out, " %s", word != NULL ? word : "");
		free(owned);
		return;
	}
	for (; a->name != NULL; a++)
		if (!walk->literal || a->kind == ARG_PROGRAM || a->many)
			write_argument(out, walk, a);
	if (!walk->literal && walk->command->options[0].name != NULL)
		fputs(" [options]", out);
}

/* "key=" wants a value of its type at once. */
static char *
hint_value(const struct words *words, const struct complete_source *source)
{
	const char *word = words->v[words->n - 1].text;
	size_t size = strlen(word);
	struct json_object *schema;
	struct walk walk;
	char *text = NULL, *key;

	if (size < 2 || word[size - 1] != '=' || word[size - 2] == ':')
		return NULL;
	walk_over(&walk, words, words->n - 1, source);
	if (walk.command != NULL && walk.argument->kind == ARG_PAIR) {
		key = strndup(word, size - 1);
		schema = walk_schema(&walk);
		if (key != NULL && typed_member(schema, key) != NULL)
			text = strdup(typed_name(typed_member(schema, key)));
		json_object_put(schema);
		free(key);
	}
	for (char *p = text; p != NULL && *p != '\0'; p++)
		*p = (char)toupper((unsigned char)*p);
	walk_release(&walk);
	return text;
}

char *
hint_text(const struct words *words, const struct complete_source *source)
{
	bool verb = words->n == 1 && command_find(words->v[0].text) != NULL;
	struct walk walk;
	char *text = NULL;
	size_t size;
	FILE *out;

	if (words->n == 0 || words->open != '\0')
		return NULL;
	if (!words->finished && !verb)
		return hint_value(words, source);
	out = open_memstream(&text, &size);
	if (out == NULL)
		return NULL;
	walk_over(&walk, words, words->n, source);
	if (walk.command != NULL)
		write_rest(out, &walk);
	walk_release(&walk);
	fclose(out);
	if (text != NULL && words->finished && *text == ' ')
		memmove(text, text + 1, strlen(text));
	if (text == NULL || *text != '\0')
		return text;
	free(text);
	return NULL;
}
