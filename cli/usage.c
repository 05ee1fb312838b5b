/*
 * usage.c - the grammar of a verb, in words: read off the table, so that it
 * cannot say anything else than the grammar does.
 */
#include <evtask/ctl_schema.h>
#include <stdio.h>
#include "command.h"
#include "field.h"
#include "grammar.h"

char *
grammar_usage(const struct command *command)
{
	char *usage = NULL;
	size_t size;
	FILE *out = open_memstream(&usage, &size);

	if (out == NULL)
		return NULL;
	fputs(command->name, out);
	if (command->options[0].name != NULL)
		fputs(" [options]", out);
	for (const struct argument *a = command->args; a->name != NULL; a++)
		fprintf(out, " %s%s%s%s", a->optional ? "[" : "", a->name,
		    a->many ? "..." : "", a->optional ? "]" : "");
	fclose(out);
	return usage;
}

const char *
grammar_metavar(const struct evtask_ctl_field *field,
    const struct option *option, char **ret_owned)
{
	const char *const *values = command_field_values(field);
	size_t size;
	FILE *out;

	*ret_owned = NULL;
	if (grammar_is_flag(field, option))
		return NULL;
	if (option->metavar != NULL)
		return option->metavar;
	if (field->type == EVTASK_CTL_INT)
		return field_is_duration(field) ? "DURATION" : "N";
	if (values == NULL)
		return "TEXT";
	out = open_memstream(ret_owned, &size);
	if (out == NULL)
		return "TEXT";
	for (size_t i = 0; values[i] != NULL; i++)
		fprintf(out, "%s%s", i > 0 ? "|" : "", values[i]);
	fclose(out);
	return *ret_owned;
}
