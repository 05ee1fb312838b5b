/*
 * rows.h - many of a kind: what their columns are, and the forms they go out
 * in.
 */
#ifndef CLI_ROWS_H
#define CLI_ROWS_H

#include <stdint.h>
#include <stdio.h>
#include "out.h"

struct json_object;
struct rows;

/* A column. The name is the one of --columns. */
struct rows_column {
	const char *name;   /* NULL ends the list */
	const char *title;
	const char *member; /* what it stands for, and is sorted by; "a.b" is b
	                     * of a; NULL: the name */
	bool wide;          /* only with -o wide, or when it is asked for */
	bool right;         /* numbers stand at the right */
	bool flexible;      /* may be cut where the terminal is narrow */
	/* Writes the cell for people; NULL: the member as it is. */
	enum paint (*show)(FILE *cell, struct json_object *row, int64_t now_us);
};

struct rows_kind {
	const char *id;  /* the member -o id prints */
	const char *tsv; /* the columns of -o tsv; members, with commas */
	const struct rows_column *columns; /* NULL: what the first row has */
};

/*
 * Prints rows, arrays of objects that come page by page, in the form and the
 * order that out wants; now_us is the time since 1970. All return 0 or an exit
 * code, all being said: --columns and --sort may name what there is not. open
 * returns NULL without memory, which the others take; close frees, prints only
 * if code is 0, and not more than so many where they are sorted here.
 */
struct rows *
rows_open(struct out *out, const struct rows_kind *kind, int64_t now_us);
int rows_add(struct rows *rows, struct json_object *page);
bool rows_any(const struct rows *rows); /* whether one has come */
int rows_close(struct rows *rows, struct out *out, int code, int64_t most);

/* The same for all at once. */
int rows_print(struct out *out, const struct rows_kind *kind,
    struct json_object *rows, int64_t now_us);

/* A value for a program: text as it is, but for what parts columns and rows. */
void rows_print_value(struct out *out, struct json_object *value);

/* Whether the form is one of rows even where there is but one of the kind:
 * columns are asked for, or values for a program. */
bool rows_wanted(const struct out *out);

#endif
