/*
 * cli.c - one run of evtask: from its command line to its exit code.
 *
 * All of it happens in one task on one loop, made here: a one-shot verb, the
 * lines of a script, or the prompt with its tasks beside it. A line is words,
 * an invocation, a verb, an exit code; whatever goes wrong on the way has been
 * said when the code is returned.
 */
#include "cli.h"

#include <config.h>
#include <errno.h>
#include <evtask/ctl_value.h>
#include <evtask/evtask.h>
#include <json-c/json.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "command.h"
#include "exits.h"
#include "generated.h"
#include "grammar.h"
#include "help.h"
#include "outside.h"
#include "pager.h"
#include "remote.h"
#include "repl.h"
#include "script.h"
#include "terminal.h"
#include "words.h"

#define STACK_SIZE (256 << 10) /* of a task: verbs print, and printf is deep */

/* The whole run, on the way through its main task. */
struct run {
	struct cli *cli;
	const struct words *words;
	int code;
};

/* Applies what a line says for itself; out follows. */
static void
use_settings(struct cli *cli, const struct settings *settings)
{
	struct out old = cli->out;

	cli->settings = *settings;
	out_init(&cli->out, settings->color, settings->form);
	cli->out.columns = settings->columns;
	cli->out.sort = settings->sort;
	cli->out.prompt = old.prompt;
	cli->out.where = old.where;
	cli->out.failed = old.failed;
	if (!old.captured)
		return;
	cli->out.data = old.data;
	cli->out.prose = old.prose;
	cli->out.captured = true;
}

static int
usage_error(struct cli *cli, int r, char *why)
{
	if (why == NULL)
		out_error(&cli->out, "%s", strerror(-r));
	else
		out_error(&cli->out, "%s", why);
	free(why);
	return EXIT_USAGE;
}

static void
print_version(struct out *out)
{
	out_printf(out, "evtask %s\n", PACKAGE_VERSION);
}

/* A socket or a script named on a line of the prompt or of a script. */
static bool
is_misplaced(struct cli *cli, struct json_object *globals)
{
	return cli->mode != CLI_ONE_SHOT &&
	    (evtask_ctl_get(globals, "socket") != NULL ||
	    evtask_ctl_get(globals, "host") != NULL ||
	    evtask_ctl_get(globals, "stdio") != NULL ||
	    evtask_ctl_get(globals, "file") != NULL);
}

static int
explain_invocation(struct cli *cli, struct invocation *invocation)
{
	if (invocation->command == NULL)
		help_overview(&cli->out);
	else
		help_command(&cli->out, invocation->command);
	return EXIT_OK;
}

/* What does not end by itself cannot be paged. */
static int
run_paged(struct cli *cli, struct invocation *invocation, command_fn run)
{
	const struct command *command = invocation->command;
	struct pager pager = {0};
	int r;

	if (command == NULL || (!command->streams &&
	    !evtask_ctl_get_bool(invocation->params, "follow", false)))
		pager_begin(&pager, cli);
	r = run(cli, invocation);
	return pager_end(&pager, cli, r);
}

static int
run_invocation(struct cli *cli, struct invocation *invocation)
{
	const struct command *command = invocation->command;

	if (is_misplaced(cli, invocation->globals)) {
		out_error(&cli->out, "--socket, --host, --stdio and --file are "
		    "for the command line of evtask, not for a line");
		return EXIT_USAGE;
	}
	if (cli->settings.version) {
		print_version(&cli->out);
		return EXIT_OK;
	}
	if (cli->settings.stdio && command == NULL)
		return cli_bridge(cli);
	if (command == NULL || cli->settings.help)
		return run_paged(cli, invocation, explain_invocation);
	if (command->prompt_only && cli->mode != CLI_PROMPT) {
		out_error(&cli->out, "%s is for the prompt only",
		    command->name);
		return EXIT_USAGE;
	}
	return run_paged(cli, invocation, outside_wanted(cli) ? outside_run
	    : command->run);
}

/* The verbs of the server, for the grammar. */
struct finding {
	struct cli *cli;
	struct generated *found;
};

static const struct command *
find_verb(const char *name, void *arg)
{
	struct finding *finding = arg;

	finding->found = cli_generate(finding->cli, name);
	return finding->found != NULL ? &finding->found->command : NULL;
}

static void
offer_one(const char *name, const char *summary, void *arg)
{
	evtask_ctl_nearest_offer(arg, name);
}

static void
offer_verbs(struct evtask_ctl_nearest *nearest, void *arg)
{
	struct finding *finding = arg;
	struct json_object *document = cli_document(finding->cli);

	/* The nearest borrows from what is offered: the cli keeps it. */
	generated_each(document, offer_one, nearest);
	if (finding->cli->document == NULL)
		finding->cli->document = json_object_get(document);
	json_object_put(document);
}

/* At the prompt: which tasks the line is about, as the person says it. */
static void
note_tasks(struct cli *cli, const struct invocation *invocation)
{
	struct json_object *words = NULL;

	if (cli->mode != CLI_PROMPT)
		return;
	for (size_t i = 0; i < invocation->tasks.n; i++) {
		if (words == NULL)
			words = json_object_new_array();
		evtask_ctl_append(&words, json_object_new_string(
		    invocation->tasks.v[i]));
	}
	json_object_put(cli->asked);
	cli->asked = words;
}

void
cli_note_task(struct cli *cli, struct json_object *task)
{
	if (cli->mode != CLI_PROMPT || task == NULL)
		return;
	if (cli->asked == NULL)
		cli->asked = json_object_new_array();
	evtask_ctl_append(&cli->asked, json_object_new_string(
	    json_object_get_string(task)));
}

/* A line of options alone: they hold from now on. */
static bool
is_setting(struct cli *cli, const struct invocation *invocation,
    const struct settings *now)
{
	return cli->mode != CLI_ONE_SHOT && invocation->command == NULL &&
	    !now->help && !now->version &&
	    !is_misplaced(cli, invocation->globals);
}

static void
keep_settings(struct cli *cli, const struct invocation *invocation,
    const struct settings *now)
{
	if (cli->sticky == NULL)
		cli->sticky = json_object_new_array();
	evtask_ctl_append(&cli->sticky,
	    json_object_get(invocation->globals)); /* texts are borrowed */
	use_settings(cli, now);
}

int
cli_run_words(struct cli *cli, const struct words *words)
{
	struct settings before = cli->settings, now = before;
	struct finding finding = { .cli = cli };
	const struct verbs more = { find_verb, offer_verbs, &finding };
	struct invocation invocation;
	char *why;
	int r;

	r = grammar_parse(words, &more, &invocation, &why);
	if (r < 0) {
		generated_free(finding.found);
		return usage_error(cli, r, why);
	}
	settings_apply(&now, invocation.globals);
	if (is_setting(cli, &invocation, &now)) {
		keep_settings(cli, &invocation, &now);
		grammar_release(&invocation);
		return EXIT_OK;
	}
	note_tasks(cli, &invocation);
	use_settings(cli, &now);
	r = run_invocation(cli, &invocation);
	if (r >= 0)
		r = out_finish(&cli->out, r);
	use_settings(cli, &before);
	grammar_release(&invocation);
	generated_free(finding.found);
	return r;
}

int
cli_run_line(struct cli *cli, const char *line)
{
	struct words words;
	char *why = NULL;
	int r;

	r = words_cut(line, &words, &why);
	if (r < 0)
		return usage_error(cli, r, why);
	r = words.n > 0 ? cli_run_words(cli, &words) : EXIT_OK;
	words_release(&words);
	return r;
}

void
cli_on_interrupt(struct cli *cli, void (*fn)(void *arg), void *arg)
{
	static const int signals[] = { SIGINT, SIGTERM };

	cli->interrupt = fn;
	cli->interrupt_arg = arg;
	if (cli->mode == CLI_PROMPT)
		return; /* it has handlers of its own, and looks here */
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		if (fn != NULL)
			evtask_loop_add_signal_handler(NULL, signals[i], fn,
			    arg);
		else
			evtask_loop_remove_signal_handler(NULL, signals[i]);
	}
}

void
cli_lend_terminal(struct cli *cli, bool lent)
{
	if (cli->terminal != NULL && lent)
		terminal_lend(cli->terminal);
	else if (cli->terminal != NULL)
		terminal_take(cli->terminal);
}

static int
run_mode(struct cli *cli, const struct words *words)
{
	switch (cli->mode) {
	case CLI_ONE_SHOT:
		return cli_run_words(cli, words);
	case CLI_SCRIPT:
		return script_run(cli, cli->settings.file);
	case CLI_PROMPT:
		return repl_run(cli);
	}
	return EXIT_USAGE;
}

static int
run_main(void *arg)
{
	struct run *run = arg;

	run->code = run_mode(run->cli, run->words);
	if (run->code == -ECANCELED)
		run->code = EXIT_INTERRUPTED;
	remote_close(run->cli->remote);
	run->cli->remote = NULL;
	json_object_put(run->cli->document);
	json_object_put(run->cli->sticky);
	return 0;
}

static int
run_loop(struct cli *cli, const struct words *words)
{
	struct evtask_loop_options options = {
		.stack_size_bytes = STACK_SIZE,
	};
	struct run run = { cli, words, EXIT_FAILED };
	int r;

	r = evtask_run(run_main, &run, &options, NULL, NULL);
	if (r < 0) {
		out_error(&cli->out, "cannot run: %s", strerror(-r));
		return EXIT_FAILED;
	}
	return out_finish(&cli->out, run.code);
}

/* Decides what this run is, by its words and by where it stands. */
static enum cli_mode
choose_mode(const struct invocation *invocation,
    const struct settings *settings)
{
	if (invocation->command != NULL || settings->help ||
	    settings->version || settings->stdio)
		return CLI_ONE_SHOT;
	if (settings->file != NULL || !isatty(STDIN_FILENO) ||
	    !isatty(STDOUT_FILENO))
		return CLI_SCRIPT;
	return CLI_PROMPT;
}

/* A verb of the server's can be read only when there is a loop to ask it. */
static const struct command *
read_later(const char *name, void *arg)
{
	static const struct argument args[] = {
		{ "WORD", ARG_PROGRAM, .optional = true, .many = true },
		{ .name = NULL }
	};
	static const struct option none[] = { { .name = NULL } };
	static const char *const methods[] = { NULL };
	static const struct command later = { .name = "", .raw = true,
		.args = args, .options = none,
		.methods = methods };

	return &later;
}

static int
run_all(struct cli *cli, const struct words *words)
{
	const struct verbs more = { .find = read_later };
	struct invocation invocation;
	struct settings settings = cli->settings;
	char *why;
	int r;

	r = grammar_parse(words, &more, &invocation, &why);
	if (r < 0)
		return usage_error(cli, r, why);
	settings_apply(&settings, invocation.globals);
	cli->mode = choose_mode(&invocation, &settings);
	use_settings(cli, &settings);
	if (settings.file != NULL && invocation.command != NULL) {
		out_error(&cli->out, "--file runs a script, and there is a "
		    "verb, too: say one of them");
		r = EXIT_USAGE;
	} else {
		r = run_loop(cli, words);
	}
	grammar_release(&invocation);
	return r;
}

int
cli_main(int argc, char **argv)
{
	struct cli cli = { .settings = { .color = -1,
	    .timeout_us = EVTASK_FOREVER } };
	struct words words;
	int r;

	setlocale(LC_ALL, "");
	setlocale(LC_NUMERIC, "C");
	signal(SIGPIPE, SIG_IGN);
	out_init(&cli.out, -1, OUT_TABLE);
	r = words_of(argv + 1, argc > 0 ? (size_t)argc - 1 : 0, &words);
	if (r < 0)
		return usage_error(&cli, r, NULL);
	r = run_all(&cli, &words);
	words_release(&words);
	return r;
}
