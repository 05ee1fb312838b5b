/*
 * table.h - rows and columns, fitted to the terminal.
 */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include "out.h"

struct table;

struct column {
	const char *title; /* NULL ends the list */
	bool right;        /* numbers stand at the right */
	bool flexible;     /* may be cut where the terminal is narrow */
};

/* Makes a table; NULL without memory, which all below accept. */
struct table *table_new(const struct column *columns);
void table_free(struct table *table);

/* The next cell; rows fill by themselves. text is copied. */
void table_cell(struct table *table, enum paint paint, const char *text);
void table_cellf(struct table *table, enum paint paint, const char *fmt, ...)
    __attribute__((__format__(__printf__, 3, 4)));

/* Prints it, titles first. Says so when a cell found no memory. */
void table_print(struct out *out, const struct table *table);

#endif
