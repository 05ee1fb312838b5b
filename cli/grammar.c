/*
 * grammar.c - from the words of a line to what is asked for.
 *
 *	[global options] VERB [options and arguments, mixed] [-- words]
 *
 * The same for the prompt, the command line and a script; only the table of
 * commands decides. Options are typed here, by the rows of the protocol they
 * stand for, so that a wrong one is told by the name it was given by, and
 * before anything is sent. After -- no word is an option; a verb that runs a
 * program takes what follows as it is.
 */
#include "grammar.h"

#include <errno.h>
#include <evtask/ctl_schema.h>
#include <evtask/ctl_value.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "command.h"
#include "explain.h"
#include "field.h"
#include "words.h"

/* What is known while a line is being read. */
struct parse {
	const struct words *words;
	const struct verbs *more;
	size_t at;
	struct invocation *invocation;
	const struct argument *argument; /* the one the next word is for */
	bool given;                      /* it has had a word already */
	bool literal;                    /* -- has come */
	char **ret_why;
};

bool
grammar_is_flag(const struct evtask_ctl_field *field,
    const struct option *option)
{
	return option->sets != NULL || field->type == EVTASK_CTL_BOOL;
}

static const struct option *
find_option(const struct option *options, const char *name, char letter)
{
	for (; options->name != NULL; options++)
		if (name != NULL ? strcmp(options->name, name) == 0 :
		    options->letter == letter)
			return options;
	return NULL;
}

const struct option *
grammar_option(const struct command *command, const char *name, char letter,
    const struct evtask_ctl_field **ret_field)
{
	const struct option *option = NULL;

	if (command != NULL)
		option = find_option(command->options, name, letter);
	if (option == NULL) {
		option = find_option(command_globals(), name, letter);
		command = NULL;
	}
	if (option != NULL)
		*ret_field = command_field(command, option);
	return option;
}

/* Where the value of a row of the verb's goes. */
static struct json_object *
object_of(struct invocation *invocation, const struct evtask_ctl_field *field)
{
	const struct command *command = invocation->command;

	if (command->own != NULL &&
	    evtask_ctl_field_find(command->own, field->name) == field)
		return invocation->own;
	return invocation->params;
}

/* Where the value of an option goes. */
static struct json_object *
target(struct invocation *invocation, const struct option *option,
    const struct evtask_ctl_field *field)
{
	if (field == command_field(NULL, option))
		return invocation->globals;
	return object_of(invocation, field);
}

static int
unknown_option(struct parse *parse, const char *name, char letter)
{
	const struct command *command = parse->invocation->command;
	struct evtask_ctl_nearest nearest = {.word = name};
	const struct option *o;
	const char *verb = command != NULL ? command->name : "evtask";

	if (name == NULL)
		return explain(parse->ret_why, -EINVAL, "%s has no option "
		    "-%c; see \"evtask help%s%s\"", verb, letter,
		    command != NULL ? " " : "", command != NULL ? verb : "");
	if (command != NULL)
		for (o = command->options; o->name != NULL; o++)
			evtask_ctl_nearest_offer(&nearest, o->name);
	for (o = command_globals(); o->name != NULL; o++)
		evtask_ctl_nearest_offer(&nearest, o->name);
	if (nearest.best != NULL)
		return explain(parse->ret_why, -EINVAL, "%s has no option "
		    "--%s; did you mean --%s?", verb, name, nearest.best);
	return explain(parse->ret_why, -EINVAL, "%s has no option --%s; see "
	    "\"evtask help%s%s\"", verb, name, command != NULL ? " " : "",
	    command != NULL ? verb : "");
}

/* The next word, as the value of an option; or NULL. */
static const char *
take_value(struct parse *parse)
{
	if (parse->at >= parse->words->n)
		return NULL;
	return parse->words->v[parse->at++].text;
}

/* Applies one option; called is how it was written, text its value or NULL. */
static int
apply_option(struct parse *parse, const struct option *option,
    const struct evtask_ctl_field *field, const char *called,
    const char *text)
{
	struct json_object *object = target(parse->invocation, option, field);

	if (option->sets != NULL && text != NULL)
		return explain(parse->ret_why, -EINVAL, "%s takes no value",
		    called);
	if (option->sets != NULL)
		return field_put_value(field, object,
		    json_tokener_parse(option->sets));
	if (field->type == EVTASK_CTL_BOOL && text == NULL)
		text = "true";
	if (text == NULL)
		text = take_value(parse);
	if (text == NULL)
		return explain(parse->ret_why, -EINVAL, "%s wants a value",
		    called);
	return field_put(field, object, called, text, parse->ret_why);
}

static int
parse_long(struct parse *parse, const char *word)
{
	const struct evtask_ctl_field *field;
	const struct option *option;
	const char *equals = strchr(word, '=');
	char *name = equals != NULL ? strndup(word, (size_t)(equals - word)) :
	    strdup(word);
	int r;

	if (name == NULL)
		return -ENOMEM;
	option = grammar_option(parse->invocation->command, name + 2, 0,
	    &field);
	if (option == NULL)
		r = unknown_option(parse, name + 2, 0);
	else
		r = apply_option(parse, option, field, name,
		    equals != NULL ? equals + 1 : NULL);
	free(name);
	return r;
}

/* -f, -fw for -f -w, and -mwords for -m words. */
static int
parse_short(struct parse *parse, const char *word)
{
	const struct evtask_ctl_field *field;
	const struct option *option;
	const char *text;
	int r = 0;

	for (const char *p = word + 1; r == 0 && *p != '\0'; p++) {
		char called[3] = {'-', *p, '\0'};

		option = grammar_option(parse->invocation->command, NULL, *p,
		    &field);
		if (option == NULL)
			return unknown_option(parse, NULL, *p);
		text = NULL;
		if (!grammar_is_flag(field, option) && p[1] != '\0')
			text = p + 1;
		r = apply_option(parse, option, field, called, text);
		if (text != NULL)
			break;
	}
	return r;
}

static int
append(struct word_list *list, const char *word, size_t most)
{
	if (list->v == NULL) {
		list->v = calloc(most, sizeof(*list->v));
		if (list->v == NULL)
			return -ENOMEM;
	}
	list->v[list->n++] = word;
	return 0;
}

static int
unknown_verb(struct parse *parse, const char *word)
{
	struct evtask_ctl_nearest nearest = {.word = word};

	command_offer(&nearest);
	if (parse->more != NULL && parse->more->offer != NULL)
		parse->more->offer(&nearest, parse->more->arg);
	if (nearest.best != NULL)
		return explain(parse->ret_why, -EINVAL, "there is no verb "
		    "%s; did you mean %s?", word, nearest.best);
	return explain(parse->ret_why, -EINVAL, "there is no verb %s; "
	    "\"evtask help\" lists them", word);
}

static int
too_many(struct parse *parse, const char *word)
{
	const struct command *command = parse->invocation->command;
	char *usage = grammar_usage(command);
	int r;

	r = explain(parse->ret_why, -EINVAL, "%s: \"%s\" is one word too "
	    "many; usage: evtask %s", command->name, word,
	    usage != NULL ? usage : command->name);
	free(usage);
	return r;
}

static int
choose(struct parse *parse, const char *word)
{
	const struct argument *argument = parse->argument;
	const struct evtask_ctl_field row = { .name = argument->name,
	    .values = command_values(parse->invocation->command, argument) };

	return field_check(&row, argument->name, word, parse->ret_why);
}

/* Takes a word as what the current argument is. */
static int
take_argument(struct parse *parse, const char *word)
{
	struct invocation *to = parse->invocation;
	const struct argument *argument = parse->argument;
	const struct evtask_ctl_field *field;
	size_t most = parse->words->n;
	int r;

	switch (argument->kind) {
	case ARG_TASK:
		return append(&to->tasks, word, most);
	case ARG_PAIR:
		return append(&to->pairs, word, most);
	case ARG_PROGRAM:
		return append(&to->program, word, most);
	case ARG_CHOICE:
		r = choose(parse, word);
		if (r < 0)
			return r;
		break;
	case ARG_COROUTINE:
	case ARG_METHOD:
	case ARG_MODULE:
	case ARG_TOPIC:
	case ARG_TEXT:
		break;
	}
	if (argument->param == NULL)
		return append(&to->texts, word, most);
	field = command_param(to->command, argument->param);
	return field_put(field, object_of(to, field), argument->name, word,
	    parse->ret_why);
}

static bool
is_last(const struct argument *argument)
{
	return argument->name == NULL;
}

static int
parse_verb(struct parse *parse, const char *word)
{
	const struct command *command = command_find(word);

	if (command == NULL && parse->more != NULL)
		command = parse->more->find(word, parse->more->arg);
	if (command == NULL)
		return unknown_verb(parse, word);
	parse->invocation->command = command;
	parse->argument = command->args;
	parse->literal = command->run == NULL; /* it is for later to read */
	return 0;
}

static int
parse_argument(struct parse *parse, const char *word)
{
	const struct argument *argument;
	int r;

	if (parse->invocation->command == NULL)
		return parse_verb(parse, word);
	argument = parse->argument;
	/* A program after others begins only with --. */
	if (is_last(argument) || (argument->kind == ARG_PROGRAM &&
	    !parse->literal && !parse->invocation->command->raw))
		return too_many(parse, word);
	r = take_argument(parse, word);
	parse->given = true;
	if (r == 0 && !argument->many) {
		parse->argument++;
		parse->given = false;
	}
	if (r == 0 && argument->kind == ARG_PROGRAM)
		parse->literal = true;
	return r;
}

/* The -- of a verb that runs a program leads over to the program. */
static void
parse_dashes(struct parse *parse)
{
	const struct argument *a = parse->argument;

	parse->literal = true;
	if (a == NULL || is_last(a) || (!a->optional && !parse->given))
		return;
	while (!is_last(a) && a->kind != ARG_PROGRAM)
		a++;
	if (!is_last(a))
		parse->argument = a;
}

static int
check_complete(struct parse *parse)
{
	const struct command *command = parse->invocation->command;
	const struct argument *argument = parse->argument;
	char *usage;
	int r;

	if (command == NULL || is_last(argument) || argument->optional ||
	    parse->given ||
	    evtask_ctl_get_bool(parse->invocation->globals, "help", false))
		return 0;
	usage = grammar_usage(command);
	r = explain(parse->ret_why, -EINVAL, "%s: say the %s; usage: evtask "
	    "%s", command->name, argument->name,
	    usage != NULL ? usage : command->name);
	free(usage);
	return r;
}

static int
check_bytes(struct parse *parse)
{
	for (size_t i = 0; i < parse->words->n; i++)
		if (!words_is_utf8(parse->words->v[i].text))
			return explain(parse->ret_why, -EINVAL, "\"%s\" is not "
			    "UTF-8, and nothing else can be sent",
			    parse->words->v[i].text);
	return 0;
}

static int
parse_all(struct parse *parse)
{
	const char *word;
	int r = check_bytes(parse);

	while (r == 0 && parse->at < parse->words->n) {
		word = parse->words->v[parse->at++].text;
		if (parse->literal || word[0] != '-' || word[1] == '\0')
			r = parse_argument(parse, word);
		else if (strcmp(word, "--") == 0)
			parse_dashes(parse);
		else if (word[1] == '-')
			r = parse_long(parse, word);
		else
			r = parse_short(parse, word);
	}
	return r < 0 ? r : check_complete(parse);
}

int
grammar_parse(const struct words *words, const struct verbs *more,
    struct invocation *ret_invocation, char **ret_why)
{
	struct invocation *invocation = ret_invocation;
	struct parse parse = { .words = words, .more = more,
	    .invocation = invocation, .ret_why = ret_why };
	int r = -ENOMEM;

	*invocation = (struct invocation){
		.globals = json_object_new_object(),
		.params = json_object_new_object(),
		.own = json_object_new_object(),
	};
	if (ret_why != NULL)
		*ret_why = NULL;
	if (invocation->globals != NULL && invocation->params != NULL &&
	    invocation->own != NULL)
		r = parse_all(&parse);
	if (r < 0)
		grammar_release(invocation);
	return r;
}

void
grammar_release(struct invocation *invocation)
{
	json_object_put(invocation->globals);
	json_object_put(invocation->params);
	json_object_put(invocation->own);
	free(invocation->tasks.v);
	free(invocation->pairs.v);
	free(invocation->texts.v);
	free(invocation->program.v);
	*invocation = (struct invocation){0};
}

char *
word_list_join(const struct word_list *words)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (out == NULL)
		return NULL;
	for (size_t i = 0; i < words->n; i++)
		fprintf(out, "%s%s", i > 0 ? " " : "", words->v[i]);
	fclose(out);
	return text;
}
