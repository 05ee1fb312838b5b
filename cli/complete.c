/*
 * complete.c - how a line may go on.
 *
 * Where the walk over the line ends decides what is offered: verbs, options,
 * the values of an option, or what the next argument is. The tables say all of
 * that; tasks and coroutines come from a source, which is the server for a
 * shell and what the prompt has seen for the prompt.
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
#include "render.h"
#include "text.h"
#include "typed.h"
#include "walk.h"
#include "words.h"

static void
offer_led(struct walk *walk, const char *text, const char *tail,
    const char *doc)
{
	struct candidate *v;
	char *whole;

	if (walk->r < 0 || strncmp(text, walk->stem, strlen(walk->stem)) != 0)
		return;
	v = walk->to->v;
	if ((walk->to->n & (walk->to->n - 1)) == 0) /* room: a power of two */
		v = reallocarray(v, walk->to->n == 0 ? 1 : 2 * walk->to->n,
		    sizeof(*v));
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
	generated_each(walk_document(walk), offer_generated, walk);
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

/* Those that are loaded, by the coroutines they have brought; each once. */
static void
offer_modules(struct walk *walk)
{
	struct json_object *all =
	    walk->source->coroutines(walk->source->arg), *c;
	struct json_object *offered = json_object_new_object();
	size_t n = all != NULL ? json_object_array_length(all) : 0;
	const char *name;

	for (size_t i = 0; i < n; i++) {
		c = json_object_array_get_idx(all, i);
		name = evtask_ctl_get_text(c, "module", NULL);
		if (name == NULL || evtask_ctl_get_bool(offered, name, false))
			continue;
		evtask_ctl_put_bool(&offered, name, true);
		offer(walk, name, evtask_ctl_get_text(c, "summary", ""));
	}
	json_object_put(offered);
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
	int64_t now_us = render_now_us(), created_us;
	char doc[256], age[TEXT_AGE_SIZE];

	all = walk->source->tasks(walk->stem, walk->argument->want,
	    walk->source->arg);
	for (size_t i = 0; all != NULL && i < json_object_array_length(all);
	    i++) {
		task = json_object_array_get_idx(all, i);
		name = evtask_ctl_get_text(task, "name", "");
		outcome = evtask_ctl_get_text(task, "outcome", NULL);
		if (*name == '\0' || is_named(walk, name))
			continue;
		created_us = evtask_ctl_get_int(task, "created_us", now_us);
		snprintf(doc, sizeof(doc), "%s, %s, %s old",
		    evtask_ctl_get_text(task, "coroutine", "task"),
		    outcome != NULL ? outcome :
		    evtask_ctl_get_text(task, "state", "?"),
		    text_age(now_us - created_us, age));
		offer(walk, name, doc);
	}
	json_object_put(all);
	if (walk->stem[0] == '@')
		offer(walk, "@last", "the task you created last");
}

/* The values key may have: those of its enum, or true and false. */
static void
offer_pair_values(struct walk *walk, struct json_object *schema,
    const char *key)
{
	struct json_object *member = typed_member(schema, key);
	struct json_object *values = evtask_ctl_get(member, "enum");

	if (json_object_is_type(values, json_type_array))
		for (size_t i = 0; i < json_object_array_length(values); i++)
			offer(walk, json_object_get_string(
			    json_object_array_get_idx(values, i)), NULL);
	else if (typed_allows(member, "boolean") &&
	    !typed_allows(member, "string"))
		offer_values(walk, (const char *const[]){ "true", "false",
		    NULL });
}

static void
offer_keys(struct walk *walk, struct json_object *schema)
{
	struct json_object *known = evtask_ctl_get(schema, "properties");

	walk->to->open = true;
	if (known == NULL)
		return;
	json_object_object_foreach(known, key, member) {
		bool map = typed_allows(member, "object") &&
		    !typed_allows(member, "string");

		if (!walk_is_given(walk, member, key))
			offer_led(walk, key, map ? "." : "=",
			    evtask_ctl_get_text(member, "description", ""));
	}
}

static void
offer_pairs(struct walk *walk)
{
	struct json_object *schema = walk_schema(walk);
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
		generated_each_method(walk_document(walk), offer_generated,
		    walk);
		break;
	case ARG_MODULE:
		offer_modules(walk);
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
	struct walk walk;
	int r;

	*ret_candidates = (struct candidates){0};
	walk_over(&walk, words, words->n > 0 ? words->n - 1 : 0, source);
	walk.to = ret_candidates;
	if (words->n > 0)
		walk.stem = words->v[words->n - 1].text;
	offer_last(&walk);
	r = walk.r;
	walk_release(&walk);
	if (r < 0) {
		complete_release(ret_candidates);
		return r;
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
