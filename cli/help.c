/*
 * help.c - what evtask says about itself: printed from the tables that it runs
 * by, so that it cannot say anything else than it does.
 */
#include "help.h"

#include <errno.h>
#include <evtask/ctl.h>
#include <evtask/inspect_warning.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include "cli.h"
#include "command.h"
#include "exits.h"
#include "generated.h"
#include "grammar.h"
#include "render.h"
#include "verbs.h"

#define WIDTH 76  /* of prose */

/* Prints words, broken at blanks, each line after so many columns. */
static void
print_prose(struct out *out, const char *words, int indent)
{
	int column = indent;

	while (*words != '\0') {
		int size = (int)strcspn(words, " ");

		if (column > indent && column + 1 + size > WIDTH) {
			out_printf(out, "\n%*s", indent, "");
			column = indent;
		} else if (column > indent) {
			out_printf(out, " ");
			column++;
		}
		out_printf(out, "%.*s", size, words);
		column += size;
		words += size;
		words += strspn(words, " ");
	}
	out_printf(out, "\n");
}

static void
print_title(struct out *out, const char *title)
{
	out_printf(out, "\n%s%s%s\n", out_paint(out, PAINT_BOLD), title,
	    out_plain(out));
}

static void
print_option(struct out *out, const struct command *command,
    const struct option *option)
{
	const struct evtask_ctl_field *field = command_field(command, option);
	char *owned, head[160];
	const char *metavar = grammar_metavar(field, option, &owned);

	snprintf(head, sizeof(head), "  %c%c%s --%s%s%s",
	    option->letter != 0 ? '-' : ' ',
	    option->letter != 0 ? option->letter : ' ',
	    option->letter != 0 ? "," : " ", option->name,
	    metavar != NULL ? " " : "", metavar != NULL ? metavar : "");
	free(owned);
	if (strlen(head) > 26)
		out_printf(out, "%s\n%*s", head, 28, "");
	else
		out_printf(out, "%-26s  ", head);
	print_prose(out, command_option_doc(command, option), 28);
}

static void
print_options(struct out *out, const struct command *command,
    const struct option *options)
{
	for (; options->name != NULL; options++)
		print_option(out, command, options);
}

static void
print_exit(struct out *out, int code, const char *doc)
{
	out_printf(out, "  %3d  ", code);
	print_prose(out, doc, 7);
}

static void
print_exits(struct out *out)
{
	print_title(out, "Exit codes");
	for (const struct exit_row *row = exit_rows(); row->doc != NULL; row++)
		print_exit(out, row->code, row->doc);
	out_printf(out, "\nA script ends with the code of the first line that "
	    "failed, and at that\nline, unless --keep-going is given. At the "
	    "prompt codes are not shown.\n");
}

static void
print_globals(struct out *out)
{
	print_title(out, "Options every verb takes");
	print_options(out, NULL, command_globals());
}

static void
print_names(struct out *out)
{
	print_title(out, "How tasks are named");
	out_printf(out,
	    "  42         the id\n"
	    "  nap        the name; at the prompt, a beginning that only one "
	    "task has\n"
	    "  'crawl-*'  all tasks of such names that the verb is for\n"
	    "  @last      the task you created last\n"
	    "\nWhere a verb is for one task at a time and several are named, "
	    "each has its\nturn, under its name, whatever becomes of the "
	    "others; the exit code is that of\nthe first that failed.\n");
}

static void
print_values(struct out *out)
{
	print_title(out, "How arguments are written");
	out_printf(out,
	    "  key=text     as the type the coroutine's schema gives it\n"
	    "  key:=JSON    any JSON value\n"
	    "  key=@file    what is in the file, - being the standard input; "
	    "as JSON with\n"
	    "               :=; @@ stands for an @ at the beginning\n"
	    "  a.b=text     the member b of a\n"
	    "  key=x key=y  the items of a list\n"
	    "\nDurations are seconds (90, 0.5) or numbers with units (1h30m, "
	    "2d 12h, 250ms).\n");
}

static void
print_lines(struct out *out)
{
	print_title(out, "How lines are written");
	out_printf(out,
	    "At the prompt, in \"evtask < script\" and in \"evtask -f "
	    "script\":\n\n"
	    "  'as it is'   \"with \\\" \\\\ \\n \\t\"   back\\ slash   "
	    "# a comment\n\n"
	    "Nothing is expanded: no variables, no file names. After --, "
	    "words are taken\nas they are. JSON behind := needs no quotes. A "
	    "line that ends with a backslash,\nor within JSON, goes on in the "
	    "next one. A line of options alone sets them for\nthose that "
	    "follow.\n");
}

static void
print_generated(const char *name, const char *summary, void *arg)
{
	out_printf(arg, "  %-14s %s\n", name, summary);
}

static void
print_methods(struct out *out)
{
	struct json_object *document = evtask_ctl_discover("evtaskd", "");

	print_title(out, "Verbs made from the protocol");
	generated_each(document, print_generated, out);
	json_object_put(document);
	out_printf(out, "\nA method that only the server knows is a verb, too, "
	    "by its name or, where\nnobody else has it, by the last part of "
	    "it. Its tasks and what it cannot go\nwithout are arguments; all "
	    "else is an option, or key=value.\n");
}

static void
print_warnings(struct out *out)
{
	print_title(out, "Warnings");
	for (int w = 0; w < EVTASK_WARNINGS; w++) {
		out_printf(out, "  %-16s ",
		    evtask_warning_name((enum evtask_warning)w));
		print_prose(out, evtask_warning_doc((enum evtask_warning)w),
		    19);
	}
}

static void
print_prompt(struct out *out)
{
	print_title(out, "The prompt");
	out_printf(out,
	    "  evtask 1r 4w 1f>   1 task runs, 4 wait, 1 has failed\n\n"
	    "  Tab      completes; what may follow stands behind in grey\n"
	    "  Ctrl-C   drops the line, or ends the request and never its "
	    "task; again\n           offers to cancel that\n"
	    "  Ctrl-Z   ends a wait: its end is told when it comes\n"
	    "  Ctrl-R   searches the history\n"
	    "  Ctrl-D   leaves\n"
	    "\nA line that begins with a blank is not kept in the history, nor "
	    "one with a\nsecret in it. ~/.config/evtask/startup is run first. "
	    "Keys are set in\n~/.inputrc, between $if evtask and $endif.\n");
}

static const struct help_page pages[] = {
	{ "exit-codes", "how evtask ends", print_exits },
	{ "options", "the options every verb takes", print_globals },
	{ "tasks", "how tasks are named", print_names },
	{ "arguments", "how arguments are written", print_values },
	{ "lines", "how the lines of the prompt and of scripts are written",
	  print_lines },
	{ "prompt", "the keys of the prompt, and what it says", print_prompt },
	{ "methods", "the verbs that are made from the protocol",
	  print_methods },
	{ "warnings", "what looks wrong with a task", print_warnings },
	{ .name = NULL }
};

const struct help_page *
help_pages(void)
{
	return pages;
}

void
help_overview(struct out *out)
{
	const char *evtask = out->prompt ? "" : "evtask ";

	if (!out->prompt)
		out_printf(out, "usage: evtask [options] [VERB ...]\n\n"
		    "Alone on a terminal it is a prompt; with a script on "
		    "its standard input, or\nwith -f, it runs the lines.\n");
	print_title(out, "Verbs");
	for (const struct command *c = command_table(); c->name != NULL; c++)
		if (out->prompt || !c->prompt_only)
			out_printf(out, "  %-12s %s\n", c->name, c->summary);
	print_title(out, "More");
	out_printf(out, "  %shelp %-*s %s\n", evtask,
	    (int)(12 - strlen(evtask) + 7), "VERB", "one of them");
	for (const struct help_page *p = pages; p->name != NULL; p++)
		out_printf(out, "  %shelp %-*s %s\n", evtask,
		    (int)(12 - strlen(evtask) + 7), p->name, p->summary);
}

static void
print_exits_of(struct out *out, const struct command *command)
{
	static const int usual[] = { EXIT_OK, EXIT_FAILED, EXIT_USAGE,
	    EXIT_NO_SERVER };

	print_title(out, "Exit codes");
	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
		print_exit(out, usual[i], exit_doc(usual[i]));
	for (const int *code = command->exits; *code != 0; code++)
		print_exit(out, *code, exit_doc(*code));
}

void
help_command(struct out *out, const struct command *command)
{
	const char *evtask = out->prompt ? "" : "evtask ";
	char *usage = grammar_usage(command);

	out_printf(out, "%s%s%s - %s\n\nusage: %s%s\n",
	    out_paint(out, PAINT_BOLD), command->name, out_plain(out),
	    command->summary, evtask, usage != NULL ? usage : command->name);
	free(usage);
	if (command->doc != NULL) {
		out_printf(out, "\n");
		print_prose(out, command->doc, 0);
	}
	if (command->options[0].name != NULL) {
		print_title(out, "Options");
		print_options(out, command, command->options);
	}
	if (command->example != NULL) {
		print_title(out, "Example");
		out_printf(out, "  %s%s\n", evtask, command->example);
	}
	if (!out->prompt)
		print_exits_of(out, command);
}

/* A verb of the server's, or a coroutine of its. */
static int
help_remote(struct cli *cli, const char *topic)
{
	struct generated *verb = cli_generate(cli, topic);
	struct json_object *params, *coroutine;

	if (verb != NULL) {
		help_command(&cli->out, &verb->command);
		generated_free(verb);
		return 0;
	}
	params = json_object_new_object();
	evtask_ctl_put_text(&params, "name", topic);
	coroutine = cli_ask_silently(cli, "coroutine.get", params,
	    "coroutine");
	if (coroutine == NULL)
		return -ENOENT;
	render_coroutine(&cli->out, coroutine);
	json_object_put(coroutine);
	return 0;
}

static void
offer_name(const char *name, const char *summary, void *arg)
{
	evtask_ctl_nearest_offer(arg, name);
}

static int
unknown_topic(struct cli *cli, const char *topic)
{
	struct evtask_ctl_nearest nearest = {.word = topic};
	struct json_object *document = cli_document(cli);

	for (const struct help_page *p = pages; p->name != NULL; p++)
		evtask_ctl_nearest_offer(&nearest, p->name);
	command_offer(&nearest);
	generated_each(document, offer_name, &nearest);
	if (nearest.best != NULL)
		out_error(&cli->out, "there is no help on %s; did you mean "
		    "%s?", topic, nearest.best);
	else
		out_error(&cli->out, "there is no help on %s; \"evtask help\" "
		    "lists the topics", topic);
	json_object_put(document);
	return EXIT_USAGE;
}

int
verb_help(struct cli *cli, struct invocation *invocation)
{
	const struct command *command;
	const char *topic;

	if (invocation->texts.n == 0) {
		help_overview(&cli->out);
		return EXIT_OK;
	}
	topic = invocation->texts.v[0];
	command = command_find(topic);
	if (command != NULL) {
		help_command(&cli->out, command);
		for (const struct help_page *p = pages; p->name != NULL; p++)
			if (strcmp(p->name, topic) == 0)
				p->print(&cli->out);
		return EXIT_OK;
	}
	for (const struct help_page *p = pages; p->name != NULL; p++)
		if (strcmp(p->name, topic) == 0) {
			p->print(&cli->out);
			return EXIT_OK;
		}
	return help_remote(cli, topic) == 0 ? EXIT_OK :
	    unknown_topic(cli, topic);
}
