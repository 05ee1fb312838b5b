/*
 * table.c - rows and columns, fitted to the terminal.
 *
 * A column is as wide as its widest cell. Where the terminal is narrower than
 * all of them, the widest flexible column gives way, a column at a time, and
 * what does not fit ends in an ellipsis. Where there is no terminal, nothing
 * is cut: a pipe has no width. Cells are kept as a flat list, row by row.
 */
#include "table.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include "text.h"

#define GAP 2        /* blanks between two columns */
#define NARROWEST 6  /* no flexible column gets narrower */

struct cell {
	char *text;
	enum paint paint;
};

struct table {
	const struct column *columns;
	size_t width; /* in columns */
	struct cell *cells;
	size_t n;
	bool failed; /* a cell found no memory */
};

struct table *
table_new(const struct column *columns)
{
	struct table *table = calloc(1, sizeof(*table));

	if (table == NULL)
		return NULL;
	table->columns = columns;
	while (columns[table->width].title != NULL)
		table->width++;
	return table;
}

void
table_free(struct table *table)
{
	if (table == NULL)
		return;
	for (size_t i = 0; i < table->n; i++)
		free(table->cells[i].text);
	free(table->cells);
	free(table);
}

/* Room for one more: doubled at each power of two. */
static bool
grow(struct table *table)
{
	struct cell *cells;

	if ((table->n & (table->n - 1)) != 0)
		return true;
	cells = reallocarray(table->cells, table->n == 0 ? 1 : 2 * table->n,
	    sizeof(*cells));
	if (cells == NULL)
		return false;
	table->cells = cells;
	return true;
}

void
table_cell(struct table *table, enum paint paint, const char *text)
{
	char *copy;

	if (table == NULL || table->failed)
		return;
	copy = strdup(text);
	if (copy == NULL || !grow(table)) {
		free(copy);
		table->failed = true;
		return;
	}
	table->cells[table->n++] = (struct cell){ copy, paint };
}

void
table_cellf(struct table *table, enum paint paint, const char *fmt, ...)
{
	char *text;
	va_list args;
	int r;

	va_start(args, fmt);
	r = vasprintf(&text, fmt, args);
	va_end(args);
	table_cell(table, paint, r < 0 ? "?" : text);
	if (r >= 0)
		free(text);
}

static void
measure(const struct table *table, size_t *widths)
{
	size_t width;

	for (size_t c = 0; c < table->width; c++)
		widths[c] = text_width(table->columns[c].title);
	for (size_t i = 0; i < table->n; i++) {
		width = text_width(table->cells[i].text);
		if (width > widths[i % table->width])
			widths[i % table->width] = width;
	}
}

/* Makes the flexible columns narrower until all fit, or none can give way. */
static void
fit(const struct table *table, size_t *widths, size_t most)
{
	size_t total = GAP * (table->width - 1), widest;

	for (size_t c = 0; c < table->width; c++)
		total += widths[c];
	while (total > most) {
		widest = table->width;
		for (size_t c = 0; c < table->width; c++)
			if (table->columns[c].flexible &&
			    widths[c] > NARROWEST && (widest == table->width ||
			    widths[c] > widths[widest]))
				widest = c;
		if (widest == table->width)
			return;
		widths[widest]--;
		total--;
	}
}

static void
print_blanks(struct out *out, size_t n)
{
	static const char blanks[] = "                                ";
	size_t most = sizeof(blanks) - 1;

	for (; n > most; n -= most)
		fwrite(blanks, 1, most, out->data);
	fwrite(blanks, 1, n, out->data);
}

static void
print_cell(struct out *out, const struct column *column, const char *text,
    enum paint paint, size_t width, bool last)
{
	size_t used = 0;

	if (column->right) {
		used = text_width(text);
		print_blanks(out, used < width ? width - used : 0);
	}
	if (paint != PAINT_NONE)
		fputs(out_paint(out, paint), out->data);
	used = text_print_cut(out->data, text, width);
	if (paint != PAINT_NONE)
		fputs(out_plain(out), out->data);
	if (!last)
		print_blanks(out, column->right ? GAP : width - used + GAP);
}

void
table_print(struct out *out, const struct table *table)
{
	size_t *widths = NULL, c;

	if (table != NULL && !table->failed)
		widths = calloc(table->width, sizeof(*widths));
	if (widths == NULL) {
		out_error(out, "out of memory");
		return;
	}
	measure(table, widths);
	if (out->width > 0)
		fit(table, widths, out->width);
	for (c = 0; c < table->width; c++)
		print_cell(out, &table->columns[c], table->columns[c].title,
		    PAINT_DIM, widths[c], c + 1 == table->width);
	putc('\n', out->data);
	for (size_t i = 0; i < table->n; i++) {
		c = i % table->width;
		print_cell(out, &table->columns[c], table->cells[i].text,
		    table->cells[i].paint, widths[c], c + 1 == table->width);
		if (c + 1 == table->width)
			putc('\n', out->data);
	}
	free(widths);
}
