/*
 * verbs.c - writes evtask(1) from the tables of evtask.
 *
 * The template comes on stdin, the page goes to stdout. What a row says of a
 * verb stands in its section; the prose around it is written by hand.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/exits.h"
#include "cli/grammar.h"
#include "page.h"

/* "-- COMMAND" is an argument that comes after a word of its own. */
static void
write_argument(FILE *out, const struct argument *argument)
{
	bool after = strncmp(argument->name, "-- ", 3) == 0;

	fprintf(out, argument->optional ? ".Op%s Ar" : ".%sAr",
	    after ? " Fl -" : "");
	page_argument(out, argument->name + (after ? 3 : 0));
	fputs(argument->many ? " ...\n" : "\n", out);
}

static void
write_usage(FILE *out, const struct command *command)
{
	const struct argument *a;

	fprintf(out, ".Bd -ragged -offset indent\n.Nm\n.Cm %s\n",
	    command->name);
	if (command->options[0].name != NULL)
		fputs(".Op Ar options\n", out);
	for (a = command->args; a->name != NULL; a++)
		write_argument(out, a);
	fputs(".Ed\n", out);
}

static void
write_option(FILE *out, const struct command *command,
    const struct option *option)
{
	const struct evtask_ctl_field *field = command_field(command, option);
	char *owned;
	const char *metavar = grammar_metavar(field, option, &owned);

	fputs(".It", out);
	if (option->letter != 0)
		fprintf(out, " Fl %c ,", option->letter);
	fprintf(out, " Fl -%s", option->name);
	if (metavar != NULL) {
		fputs(" Ar", out);
		page_argument(out, metavar);
	}
	putc('\n', out);
	page_text(out, command_option_doc(command, option));
	free(owned);
}

static void
write_options(FILE *out, const struct command *command,
    const struct option *options)
{
	if (options->name == NULL)
		return;
	fputs(".Bl -tag -width Ds\n", out);
	for (; options->name != NULL; options++)
		write_option(out, command, options);
	fputs(".El\n", out);
}

/* What goes beyond the row's own sentences. */
static void
write_doc(FILE *out, const struct command *command)
{
	if (command->doc == NULL && !command->raw && !command->prompt_only)
		return;
	fputs(".Pp\n", out);
	if (command->doc != NULL)
		page_text(out, command->doc);
	if (command->raw)
		fputs("Options end at the first word that is none.\n", out);
	if (command->prompt_only)
		fputs("At the prompt only.\n", out);
}

static void
write_methods(FILE *out, const char *const *names)
{
	if (*names == NULL)
		return;
	fprintf(out, ".Pp\nBy the method%s\n", names[1] != NULL ? "s" : "");
	for (; *names != NULL; names++)
		fprintf(out, ".Cm %s%s\n", *names, names[1] == NULL ? " ."
		    : names[2] == NULL ? "\nand" : " ,");
}

static void
write_exits(FILE *out, const int *codes)
{
	if (*codes == 0)
		return;
	fputs(".Pp\nExit codes, beside 0 to 3:\n", out);
	for (; *codes != 0; codes++)
		fprintf(out, "%d%s\n", *codes, codes[1] != 0 ? "," : ".");
}

static void
write_example(FILE *out, const char *example)
{
	char *line;

	if (asprintf(&line, "evtask %s", example) < 0)
		abort();
	fputs(".Pp\n.Dl", out);
	page_argument(out, line);
	putc('\n', out);
	free(line);
}

static void
write_command(FILE *out, const struct command *command)
{
	fprintf(out, ".Ss %s\n", command->name);
	page_summary(out, command->summary);
	write_usage(out, command);
	write_doc(out, command);
	write_options(out, command, command->options);
	write_methods(out, command->methods);
	write_exits(out, command->exits);
	write_example(out, command->example);
}

static void
write_commands(FILE *out)
{
	const struct command *command;

	for (command = command_table(); command->name != NULL; command++)
		write_command(out, command);
}

static void
write_globals(FILE *out)
{
	write_options(out, NULL, command_globals());
}

static void
write_codes(FILE *out)
{
	const struct exit_row *row;

	fputs(".Bl -tag -width 128 -compact\n", out);
	for (row = exit_rows(); row->doc != NULL; row++) {
		fprintf(out, ".It %d\n", row->code);
		page_text(out, row->doc);
	}
	fputs(".El\n", out);
}

int
main(void)
{
	static const struct page_part parts[] = {
		{ "options", write_globals },
		{ "verbs", write_commands },
		{ "exit codes", write_codes },
		{ NULL, NULL },
	};

	return page_fill(stdin, stdout, parts) == 0 ? EXIT_SUCCESS
	    : EXIT_FAILURE;
}
