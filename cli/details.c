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

static const char *const verbs[] = { "show", "stack", "logs --tail 10" };

/* What a verb prints about the task. */
static int
append(struct details *details, struct cli *cli, FILE *file, const char *verb)
{
	char line[64], *text = NULL;
	struct words words;
	int r;

	snprintf(line, sizeof(line), "%s %lld", verb,
	    (long long)details->task);
	r = words_cut(line, &words, NULL);
	if (r < 0)
		return r;
	r = canvas_run(cli, &words, true, &text);
	words_release(&words);
	fprintf(file, "%s", text != NULL ? text : "");
	free(text);
	return r < 0 ? r : 0;
}

int
details_fetch(struct details *details, struct cli *cli)
{
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);
	int r = 0;

	if (file == NULL)
		return cli_no_memory(cli);
	for (size_t i = 0; r == 0 && i < sizeof(verbs) / sizeof(verbs[0]);
	    i++) {
		fprintf(file, "%s", i > 0 ? "\n" : "");
		r = append(details, cli, file, verbs[i]);
	}
	fclose(file);
	free(details->text);
	details->text = text;
	return r;
}

const char *
details_text(struct details *details, size_t rows)
{
	const char *text = details->text != NULL ? details->text : "", *end;
	size_t lines = 0, last;

	for (end = text; *end != '\0'; end++)
		lines += *end == '\n';
	last = lines > rows ? lines - rows : 0;
	if (details->scrolled > last)
		details->scrolled = last;
	for (size_t i = 0; i < details->scrolled; i++)
		text = strchr(text, '\n') + 1;
	return text;
}

void
details_release(struct details *details)
{
	free(details->text);
}
