/*
 * verbs_complete.c - completion for the shells: the scripts, which are a few
 * lines each, and the verb they call. It must never get in the way of typing:
 * it says nothing when it fails, and gives up soon.
 */
#include <errno.h>
#include <evtask/ctl.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cli.h"
#include "complete.h"
#include "completions.h"
#include "exits.h"
#include "grammar.h"
#include "names.h"
#include "remote.h"
#include "text.h"
#include "verbs.h"
#include "words.h"

/* For the server, while somebody is typing, where --timeout says no other. */
#define PATIENCE_US 500000

int
verb_completion(struct cli *cli, struct invocation *invocation)
{
	static const struct {
		const char *shell;
		const char *script;
	} scripts[] = {
		{ "bash", completions_bash },
		{ "zsh", completions_zsh },
		{ "fish", completions_fish },
	};

	for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++)
		if (strcmp(scripts[i].shell, invocation->texts.v[0]) == 0)
			out_printf(&cli->out, "%s", scripts[i].script);
	return EXIT_OK;
}

static struct json_object *
fetch_tasks(const char *prefix, enum argument_want want, void *arg)
{
	struct json_object *params = json_object_new_object();
	char *glob = names_prefix_glob(prefix);

	evtask_ctl_put_text(&params, "name", glob);
	free(glob);
	evtask_ctl_put_int(&params, "limit", 1000);
	evtask_ctl_put(&params, "fields", json_tokener_parse(
	    "[\"name\",\"coroutine\",\"state\",\"outcome\","
	    "\"created_us\"]"));
	if (want != WANT_ANY)
		evtask_ctl_put(&params, "state", names_states(want));
	return cli_ask_silently(arg, "task.list", params, "tasks");
}

static struct json_object *
fetch_document(void *arg)
{
	struct cli *cli = arg;

	if (cli->document == NULL)
		cli->document = cli_ask_silently(cli, "rpc.discover", NULL,
		    NULL);
	return cli_document(cli);
}

static struct json_object *
fetch_coroutines(void *arg)
{
	struct json_object *params = json_object_new_object();

	evtask_ctl_put_int(&params, "limit", 1000);
	return cli_ask_silently(arg, "coroutine.list", params, "coroutines");
}

/* The value of a global option among the words of the line; or NULL. */
static const char *
option_of(const struct words *words, const char *name, const char *letter)
{
	size_t size = strlen(name);
	const char *word;

	for (size_t i = 0; i + 1 < words->n; i++) {
		word = words->v[i].text;
		if (strncmp(word, name, size) == 0 && word[size] == '=')
			return word + size + 1;
		if (strcmp(word, name) == 0 || strcmp(word, letter) == 0)
			return words->v[i + 1].text;
	}
	return NULL;
}

/* The server that is meant for the line is the one to ask. */
static void
take_place(struct cli *cli, const struct words *words)
{
	const char *socket = option_of(words, "--socket", "-S");
	const char *host = option_of(words, "--host", "-H");

	if (socket != NULL)
		cli->settings.place.socket = socket;
	if (host != NULL)
		cli->settings.place.host = host;
}

static void
print_candidates(struct out *out, const struct candidates *candidates)
{
	for (size_t i = 0; i < candidates->n; i++) {
		text_print(out->data, candidates->v[i].text, false);
		out_printf(out, "\t");
		text_print(out->data, candidates->v[i].doc, false);
		out_printf(out, "\n");
	}
}

/* The words, or the line, that are to go on. */
static int
read_words(struct invocation *invocation, struct words *ret_words)
{
	const char *line = evtask_ctl_get_text(invocation->own, "line", NULL);
	int r;

	if (line == NULL)
		return words_of((char *const *)invocation->program.v,
		    invocation->program.n, ret_words);
	r = words_cut(line, ret_words, NULL);
	if (r == 0 && ret_words->finished)
		r = words_add(ret_words, "");
	return r;
}

int
verb_complete(struct cli *cli, struct invocation *invocation)
{
	struct complete_source source = { fetch_tasks, fetch_coroutines,
	    fetch_document, cli, .prompt = false };
	struct candidates candidates;
	struct words words;
	FILE *prose = cli->out.prose, *nowhere;
	int r;

	r = read_words(invocation, &words);
	if (r < 0)
		return EXIT_FAILED;
	take_place(cli, &words);
	if (cli->settings.timeout_us == EVTASK_FOREVER)
		cli->settings.timeout_us = PATIENCE_US;
	nowhere = fopen("/dev/null", "we");
	if (nowhere != NULL)
		cli->out.prose = nowhere;
	r = complete_words(&words, &source, &candidates);
	if (nowhere != NULL)
		fclose(nowhere);
	cli->out.prose = prose;
	if (r == 0) {
		print_candidates(&cli->out, &candidates);
		complete_release(&candidates);
	}
	words_release(&words);
	return EXIT_OK;
}
