/*
 * details.c - all there is to say of one task, below each other: what its
 * verbs print, and the end of its log. A text longer than the screen is shown
 * from some line on.
 */
#include "details.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "canvas.h"
#include "cli.h"
#include "words.h"

#define LOG_LINES 10

/* What a verb prints about the task; NULL: nothing. */
static int
run_verb(struct details *details, struct cli *cli, const char *verb,
    char **ret_text)
{
	struct words words = {0};
	char id[24];
	int r;

	*ret_text = NULL;
	snprintf(id, sizeof(id), "%lld", (long long)details->task);
	r = words_add(&words, verb);
	if (r == 0)
		r = words_add(&words, id);
	if (r == 0)
		r = canvas_run(cli, &words, true, ret_text);
	words_release(&words);
	return r < 0 ? r : 0;
}

static int
append_verb(struct details *details, struct cli *cli, FILE *file,
    const char *verb)
{
	char *text;
	int r = run_verb(details, cli, verb, &text);

	fprintf(file, "%s\n", text != NULL ? text : "");
	free(text);
	return r;
}

/* The end of the task's log. */
static int
append_log(struct details *details, struct cli *cli, FILE *file)
{
	char *text, *tail;
	size_t lines = 0;
	int r = run_verb(details, cli, "logs", &text);

	if (text != NULL) {
		tail = text + strlen(text);
		for (; tail > text && lines <= LOG_LINES; tail--)
			lines += tail[-1] == '\n';
		fprintf(file, "%s", lines > LOG_LINES ? tail + 1 : text);
	}
	free(text);
	return r;
}

int
details_fetch(struct details *details, struct cli *cli)
{
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);
	int r;

	if (file == NULL)
		return cli_no_memory(cli);
	r = append_verb(details, cli, file, "show");
	if (r == 0)
		r = append_verb(details, cli, file, "stack");
	if (r == 0)
		r = append_log(details, cli, file);
	fclose(file);
	free(details->text);
	details->text = text;
	return r;
}

const char *
details_text(struct details *details)
{
	const char *text = details->text != NULL ? details->text : "", *end;
	size_t lines = 0;

	for (end = text; *end != '\0'; end++)
		lines += *end == '\n';
	if (details->scrolled >= lines)
		details->scrolled = lines > 0 ? lines - 1 : 0;
	for (size_t i = 0; i < details->scrolled; i++)
		text = strchr(text, '\n') + 1;
	return text;
}

void
details_release(struct details *details)
{
	free(details->text);
}
