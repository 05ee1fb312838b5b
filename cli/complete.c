/*
 * complete.c - how a line may go on.
 *
 * The line is walked as the grammar would read it, but forgiving: what cannot
 * be understood is passed over. Where the walk ends decides what is offered:
 * verbs, options, the values of an option, or what the next argument is. The
 * tables say all of that; tasks and coroutines come from a source, which is
 * the server for a shell and what the prompt has seen for the prompt.
 */
#include "complete.h"

#include <errno.h>
#include <evtask/ctl_value.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "generated.h"
#include "grammar.h"
#include "help.h"
#include "pair.h"
#include "words.h"

/* Where the walk stands. */
struct walk {
	const struct words *words;
	const struct complete_source *source;
	struct json_object *document; /* asked for; NULL: not yet */
	struct generated *generated;  /* the verb, when the table has none */
	const struct command *command;
	const struct argument *argument;
	const struct evtask_ctl_field *awaited; /* an option wants its value */
	size_t first;     /* the word of the first argument */
	const char *subject; /* the coroutine or the method that was named */
	bool literal;     /* -- has come */
	const char *stem; /* the last word: what is there already */
	const char *lead; /* goes before each candidate: "--state=", "a,b," */
	struct candidates *to;
	int r;
};

static void
offer_led(struct walk *walk, const char *text, const char *tail,
    const char *doc)
{
	struct candidate *v;
	char *whole;

	if (walk->r < 0 || strncmp(text, walk->stem, strlen(walk->stem)) != 0)
		return;
	v = reallocarray(walk->to->v, walk->to->n + 1, sizeof(*v));
	if (v == NULL || asprintf(&whole, "%s%s%s", walk->lead, text,
	    tail) < 0) {
		walk->to->v = v != NULL ? v : walk->to->v;
		walk->r = -ENOMEM;
		return;
	}
	walk->to->v = v;
	v[walk->to->n++] = (struct candidate){ whole,
	    strdup(doc != NULL ? doc : "") };
}

static void
offer(struct walk *walk, const char *text, const char *doc)
{
	offer_led(walk, text, "", doc);
}

static void
offer_values(struct walk *walk, const char *const *values)
{
	for (; values != NULL && *values != NULL; values++)
		offer(walk, *values, NULL);
}

static struct json_object *
document_of(struct walk *walk)
{
	if (walk->document == NULL && walk->source->document != NULL)
		walk->document = walk->source->document(walk->source->arg);
	if (walk->document == NULL)
		walk->document = evtask_ctl_discover("evtaskd", "");
	return walk->document;
}

static void
offer_generated(const char *name, const char *summary, void *arg)
{
	offer(arg, name, summary);
}

static void
offer_verbs(struct walk *walk)
{
	for (const struct command *c = command_table(); c->name != NULL; c++)
		if (walk->source->prompt || !c->prompt_only)
			offer(walk, c->name, c->summary);
	generated_each(document_of(walk), offer_generated, walk);
}

static void
offer_option_rows(struct walk *walk, const struct command *command,
    const struct option *options)
{
	char dashed[64];

	for (; options->name != NULL; options++) {
		snprintf(dashed, sizeof(dashed), "--%s", options->name);
		offer(walk, dashed, command_option_doc(command, options));
	}
}

/* Options: the verb's own; the global ones where there is no verb, yet. */
static void
offer_options(struct walk *walk)
{
	if (walk->command == NULL) {
		offer_option_rows(walk, NULL, command_globals());
		return;
	}
	offer_option_rows(walk, walk->command, walk->command->options);
	offer(walk, "--json", "Print JSON, one object a line.");
	offer(walk, "--help", "Explain, and end.");
}

static void
offer_coroutines(struct walk *walk)
{
	struct json_object *all =
	    walk->source->coroutines(walk->source->arg), *c;

	for (size_t i = 0; all != NULL && i < json_object_array_length(all);
	    i++) {
		c = json_object_array_get_idx(all, i);
		offer(walk, evtask_ctl_get_text(c, "name", ""),
		    evtask_ctl_get_text(c, "summary", ""));
	}
	json_object_put(all);
}

/* Whether the line names the task already. */
static bool
is_named(const struct walk *walk, const char *name)
{
	for (size_t i = walk->first; i + 1 < walk->words->n; i++)
		if (strcmp(walk->words->v[i].text, name) == 0)
			return true;
	return false;
}

static void
offer_tasks(struct walk *walk)
{
	struct json_object *all, *task;
	const char *name, *outcome;
	char doc[256];

	all = walk->source->tasks(walk->stem, walk->argument->want,
	    walk->source->arg);
	for (size_t i = 0; all != NULL && i < json_object_array_length(all);
	    i++) {
		task = json_object_array_get_idx(all, i);
		name = evtask_ctl_get_text(task, "name", "");
		outcome = evtask_ctl_get_text(task, "outcome", NULL);
		if (*name == '\0' || is_named(walk, name))
			continue;
		snprintf(doc, sizeof(doc), "%s, %s",
		    evtask_ctl_get_text(task, "coroutine", "task"),
		    outcome != NULL ? outcome :
		    evtask_ctl_get_text(task, "state", "?"));
		offer(walk, name, doc);
	}
	json_object_put(all);
	if (walk->stem[0] == '@')
		offer(walk, "@last", "the task you created last");
}

/* The schema of the arguments of the line's coroutine or method; to put. */
static struct json_object *
schema_of_line(struct walk *walk)
{
	const char *name = walk->subject;
	struct json_object *all, *c, *schema = NULL;

	if (walk->generated != NULL)
		return json_object_get(walk->generated->schema);
	if (walk->command->args[0].kind == ARG_METHOD)
		return generated_schema(document_of(walk), name);
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

/* The values key may have: those of its enum, or true and false. */
static void
offer_pair_values(struct walk *walk, struct json_object *schema,
    const char *key)
{
	struct json_object *member = pair_member(schema, key);
	struct json_object *values = evtask_ctl_get(member, "enum");

	if (json_object_is_type(values, json_type_array))
		for (size_t i = 0; i < json_object_array_length(values); i++)
			offer(walk, json_object_get_string(
			    json_object_array_get_idx(values, i)), NULL);
	else if (pair_allows(member, "boolean") &&
	    !pair_allows(member, "string"))
		offer_values(walk, (const char *const[]){ "true", "false",
		    NULL });
}

/* Whether a word of the line gives key already; a list takes many. */
static bool
is_given(const struct walk *walk, struct json_object *member, const char *key)
{
	size_t size = strlen(key);
	const char *word;

	if (pair_allows(member, "array"))
		return false;
	for (size_t i = walk->first; i + 1 < walk->words->n; i++) {
		word = walk->words->v[i].text;
		if (strncmp(word, key, size) == 0 &&
		    (word[size] == '=' || word[size] == ':'))
			return true;
	}
	return false;
}

static void
offer_keys(struct walk *walk, struct json_object *schema)
{
	struct json_object *known = evtask_ctl_get(schema, "properties");

	walk->to->open = true;
	if (known == NULL)
		return;
	json_object_object_foreach(known, key, member) {
		bool map = pair_allows(member, "object") &&
		    !pair_allows(member, "string");

		if (!is_given(walk, member, key))
			offer_led(walk, key, map ? "." : "=",
			    evtask_ctl_get_text(member, "description", ""));
	}
}

static void
offer_pairs(struct walk *walk)
{
	struct json_object *schema = schema_of_line(walk);
	const char *equals = strchr(walk->stem, '=');
	char *lead, *key;

	if (equals == NULL) {
		offer_keys(walk, schema);
		json_object_put(schema);
		return;
	}
	lead = strndup(walk->stem, (size_t)(equals + 1 - walk->stem));
	key = strndup(walk->stem, (size_t)(equals - walk->stem));
	if (lead == NULL || key == NULL) {
		walk->r = -ENOMEM;
	} else {
		walk->lead = lead;
		walk->stem = equals + 1;
		offer_pair_values(walk, schema, key);
		walk->lead = "";
	}
	free(lead);
	free(key);
	json_object_put(schema);
}

static void
offer_topics(struct walk *walk)
{
	offer_verbs(walk);
	for (const struct help_page *p = help_pages(); p->name != NULL; p++)
		offer(walk, p->name, p->summary);
}

static void
offer_argument(struct walk *walk)
{
	switch (walk->argument->kind) {
	case ARG_TASK:
		offer_tasks(walk);
		break;
	case ARG_COROUTINE:
		offer_coroutines(walk);
		break;
	case ARG_PAIR:
		offer_pairs(walk);
		break;
	case ARG_METHOD:
		generated_each_method(document_of(walk), offer_generated,
		    walk);
		break;
	case ARG_TOPIC:
		offer_topics(walk);
		break;
	case ARG_CHOICE:
		offer_values(walk, command_values(walk->command,
		    walk->argument));
		break;
	case ARG_PROGRAM:
	case ARG_TEXT:
		break; /* anything at all */
	}
}

/* The value of an option; in a list with commas, the last one of it. */
static void
offer_field(struct walk *walk, const struct evtask_ctl_field *field)
{
	const char *comma = NULL;
	char *lead = NULL;

	if (field->type == EVTASK_CTL_ARRAY)
		comma = strrchr(walk->stem, ',');
	if (comma != NULL && asprintf(&lead, "%s%.*s", walk->lead,
	    (int)(comma + 1 - walk->stem), walk->stem) >= 0) {
		walk->lead = lead;
		walk->stem = comma + 1;
	}
	if (strcmp(field->name, "coroutine") == 0)
		offer_coroutines(walk);
	else if (field->type == EVTASK_CTL_BOOL)
		offer_values(walk, (const char *const[]){ "true", "false",
		    NULL });
	else
		offer_values(walk, command_field_values(field));
	walk->lead = "";
	free(lead);
}

/* "--name=value", with the value being typed. */
static void
offer_long_value(struct walk *walk, const char *equals)
{
	const struct evtask_ctl_field *field;
	char *lead = strndup(walk->stem, (size_t)(equals + 1 - walk->stem));
	char *name = strndup(walk->stem + 2,
	    (size_t)(equals - walk->stem) - 2);

	if (lead == NULL || name == NULL) {
		walk->r = -ENOMEM;
	} else if (grammar_option(walk->command, name, 0, &field) != NULL) {
		walk->lead = lead;
		walk->stem = equals + 1;
		offer_field(walk, field);
	}
	free(lead);
	free(name);
}

static void
offer_last(struct walk *walk)
{
	const char *equals = strchr(walk->stem, '=');

	if (walk->awaited != NULL)
		offer_field(walk, walk->awaited);
	else if (!walk->literal && strncmp(walk->stem, "--", 2) == 0 &&
	    equals != NULL)
		offer_long_value(walk, equals);
	else if (!walk->literal && walk->stem[0] == '-')
		offer_options(walk);
	else if (walk->command == NULL)
		offer_verbs(walk);
	else if (walk->argument->name != NULL)
		offer_argument(walk);
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
	if (option != NULL && !grammar_is_flag(field, option))
		walk->awaited = field;
}

static void
find_verb(struct walk *walk, const char *word)
{
	walk->command = command_find(word);
	if (walk->command != NULL)
		return;
	walk->generated = generated_new(document_of(walk), word);
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
	if (walk->argument->name != NULL && !walk->argument->many)
		walk->argument++;
}

static void
walk_word(struct walk *walk, const char *word, size_t at)
{
	if (walk->awaited != NULL) {
		walk->awaited = NULL;
	} else if (!walk->literal && strcmp(word, "--") == 0) {
		walk->literal = true;
		while (walk->argument != NULL && walk->argument->name != NULL &&
		    walk->argument->kind != ARG_PROGRAM)
			walk->argument++;
	} else if (!walk->literal && word[0] == '-' && word[1] != '\0') {
		walk_option(walk, word);
	} else {
		walk_argument(walk, word, at);
	}
}

static int
by_text(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	return strcmp(x->text, y->text);
}

int
complete_words(const struct words *words,
    const struct complete_source *source, struct candidates *ret_candidates)
{
	struct walk walk = { .words = words, .source = source,
	    .to = ret_candidates, .stem = "", .lead = "" };

	*ret_candidates = (struct candidates){0};
	for (size_t i = 0; i + 1 < words->n; i++)
		walk_word(&walk, words->v[i].text, i);
	if (words->n > 0)
		walk.stem = words->v[words->n - 1].text;
	offer_last(&walk);
	generated_free(walk.generated);
	json_object_put(walk.document);
	if (walk.r < 0) {
		complete_release(ret_candidates);
		return walk.r;
	}
	if (ret_candidates->n > 0)
		qsort(ret_candidates->v, ret_candidates->n,
		    sizeof(*ret_candidates->v), by_text);
	return 0;
}

void
complete_release(struct candidates *candidates)
{
	for (size_t i = 0; i < candidates->n; i++) {
		free(candidates->v[i].text);
		free(candidates->v[i].doc);
	}
	free(candidates->v);
	*candidates = (struct candidates){0};
}
