/*
 * page.c - manual pages from tables: a template, and what fills it.
 *
 * A page is written by hand but for the lines "@name@" in it, which stand for
 * what a table of the program says. So the reference part of a manual cannot
 * drift from the program, and the prose stays prose.
 *
 * What is written is mdoc(7). Three things in plain text mean something to it
 * and are taken away: a backslash anywhere, a dot or an apostrophe in front of
 * a line, and a quote in a quoted argument. A dash stays one, and a line may
 * be broken after a bar.
 */
#include "page.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define PARTS_MAX 32
#define LINE_MAX_COLUMNS 72

static void
write_escaped(FILE *out, const char *text, size_t size)
{
	for (; size > 0; text++, size--) {
		if (*text == '\\')
			fputs("\\e", out);
		else if (*text == '-')
			fputs("\\-", out);
		else if (*text == '|')
			fputs("|\\:", out);
		else
			putc(*text, out);
	}
}

/* A word, on the line begun if it fits; returns the column after it. */
static size_t
write_word(FILE *out, const char *word, size_t size, size_t column)
{
	if (column > 0 && column + 1 + size > LINE_MAX_COLUMNS) {
		putc('\n', out);
		column = 0;
	}
	if (column > 0)
		putc(' ', out);
	else if (*word == '.' || *word == '\'')
		fputs("\\&", out);
	write_escaped(out, word, size);
	return column + 1 + size;
}

void
page_text(FILE *out, const char *text)
{
	size_t size, column = 0;

	while (text += strspn(text, " "), *text != '\0') {
		size = strcspn(text, " ");
		column = write_word(out, text, size, column);
		text += size;
		if (text[-1] == '.') {
			putc('\n', out);
			column = 0;
		}
	}
	if (column > 0)
		putc('\n', out);
}

void
page_argument(FILE *out, const char *text)
{
	size_t size;

	fputs(" \"", out);
	for (;;) {
		size = strcspn(text, "\"");
		write_escaped(out, text, size);
		text += size;
		if (*text == '\0')
			break;
		fputs("\\(dq", out);
		text++;
	}
	putc('"', out);
}

/* The name in "@name@\n", ended in place; NULL for any other line. */
static const char *
part_name(char *line)
{
	char *end;

	if (line[0] != '@')
		return NULL;
	end = strchr(line + 1, '@');
	if (end == NULL || strcmp(end, "@\n") != 0)
		return NULL;
	*end = '\0';
	return line + 1;
}

static int
write_part(FILE *out, const struct page_part *parts, const char *name,
    bool *written)
{
	size_t i;

	for (i = 0; parts[i].name != NULL; i++) {
		if (strcmp(parts[i].name, name) != 0)
			continue;
		if (written[i]) {
			fprintf(stderr, "page: @%s@ stands twice\n", name);
			return -EINVAL;
		}
		written[i] = true;
		parts[i].write(out);
		return 0;
	}
	fprintf(stderr, "page: there is nothing for @%s@\n", name);
	return -EINVAL;
}

static int
check_all_written(const struct page_part *parts, const bool *written)
{
	size_t i;

	for (i = 0; parts[i].name != NULL; i++)
		if (!written[i]) {
			fprintf(stderr, "page: @%s@ is not asked for\n",
			    parts[i].name);
			return -EINVAL;
		}
	return 0;
}

void
page_summary(FILE *out, const char *summary)
{
	char *sentence;

	if (asprintf(&sentence, "%c%s.", toupper((unsigned char)*summary),
	    summary + 1) < 0)
		abort();
	page_text(out, sentence);
	free(sentence);
}

int
page_fill(FILE *template, FILE *out, const struct page_part *parts)
{
	bool written[PARTS_MAX] = { false };
	const char *name;
	char *line = NULL;
	size_t room = 0;
	int r = 0;

	while (r == 0 && getline(&line, &room, template) >= 0) {
		name = part_name(line);
		if (name != NULL)
			r = write_part(out, parts, name, written);
		else
			fputs(line, out);
	}
	free(line);
	if (r == 0)
		r = check_all_written(parts, written);
	if (r == 0 && (ferror(template) || fflush(out) != 0))
		r = -EIO;
	return r;
}
