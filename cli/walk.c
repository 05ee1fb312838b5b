/*
 * walk.c - where a line stands that is still being typed.
 *
 * The line is walked as the grammar would read it, but forgiving: what cannot
 * be understood is passed over. Where the walk ends decides what is offered
 * there, and hinted at.
 */
#include "walk.h"

#include <evtask/ctl.h>
#include <json-c/json.h>
#include <string.h>
#include "complete.h"
#include "generated.h"
#include "grammar.h"
#include "typed.h"
#include "words.h"

struct json_object *
walk_document(struct walk *walk)
{
	if (walk->document == NULL && walk->source->document != NULL)
		walk->document = walk->source->document(walk->source->arg);
	if (walk->document == NULL)
		walk->document = evtask_ctl_discover("evtaskd", "");
	return walk->document;
}

struct json_object *
walk_schema(struct walk *walk)
{
	const char *name = walk->subject;
	struct json_object *all, *c, *schema = NULL;

	if (walk->generated != NULL)
		return json_object_get(walk->generated->schema);
	if (name == NULL)
		return NULL;
	if (walk->command->args[0].kind == ARG_METHOD)
		return generated_schema(walk_document(walk), name);
	all = walk->source->coroutines(walk->source->arg);
	for (size_t i = 0; all != NULL && schema == NULL &&
	    i < json_object_array_length(all); i++) {
		c = json_object_array_get_idx(all, i);
		if (strcmp(evtask_ctl_get_text(c, "name", ""), name) == 0)
			schema = json_object_get(evtask_ctl_get(c, "args"));
	}
	json_object_put(all);
	return schema;
}

bool
walk_is_given(const struct walk *walk, struct json_object *member,
    const char *key)
{
	size_t size = strlen(key);
	const char *word;

	if (typed_allows(member, "array"))
		return false;
	for (size_t i = walk->first; i + 1 < walk->words->n; i++) {
		word = walk->words->v[i].text;
		if (strncmp(word, key, size) == 0 &&
		    (word[size] == '=' || word[size] == ':'))
			return true;
	}
	return false;
}

/* An option among the words: does it want the next word? */
static void
walk_option(struct walk *walk, const char *word)
{
	const struct evtask_ctl_field *field = NULL;
	const struct option *option;

	if (strchr(word, '=') != NULL)
		return;
	if (word[1] == '-')
		option = grammar_option(walk->command, word + 2, 0, &field);
	else
		option = grammar_option(walk->command, NULL,
		    word[strlen(word) - 1], &field);
	if (option == NULL || grammar_is_flag(field, option))
		return;
	walk->option = option;
	walk->awaited = field;
}

static void
find_verb(struct walk *walk, const char *word)
{
	walk->command = command_find(word);
	if (walk->command != NULL)
		return;
	walk->generated = generated_new(walk_document(walk), word);
	walk->command = walk->generated != NULL ? &walk->generated->command :
	    command_find("quit"); /* which offers nothing */
}

static void
walk_argument(struct walk *walk, const char *word, size_t at)
{
	if (walk->command == NULL) {
		find_verb(walk, word);
		walk->argument = walk->command->args;
		walk->first = at + 1;
		return;
	}
	if (walk->argument->kind == ARG_COROUTINE ||
	    walk->argument->kind == ARG_METHOD)
		walk->subject = word;
	if (walk->argument->kind == ARG_PROGRAM)
		walk->literal = true;
	walk->given = walk->argument->many;
	if (walk->argument->name != NULL && !walk->argument->many)
		walk->argument++;
}

static void
walk_dashes(struct walk *walk)
{
	walk->literal = true;
	walk->given = false;
	while (walk->argument != NULL && walk->argument->name != NULL &&
	    walk->argument->kind != ARG_PROGRAM)
		walk->argument++;
}

static void
walk_word(struct walk *walk, const char *word, size_t at)
{
	if (walk->awaited != NULL)
		walk->awaited = NULL;
	else if (!walk->literal && strcmp(word, "--") == 0)
		walk_dashes(walk);
	else if (!walk->literal && word[0] == '-' && word[1] != '\0')
		walk_option(walk, word);
	else
		walk_argument(walk, word, at);
}

void
walk_over(struct walk *walk, const struct words *words, size_t n,
    const struct complete_source *source)
{
	*walk = (struct walk){ .words = words, .source = source, .stem = "",
	    .lead = "" };
	for (size_t i = 0; i < n; i++)
		walk_word(walk, words->v[i].text, i);
}

void
walk_release(struct walk *walk)
{
	generated_free(walk->generated);
	json_object_put(walk->document);
	*walk = (struct walk){0};
}
