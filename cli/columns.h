/*
 * columns.h - which columns of a kind are printed.
 */
#ifndef CLI_COLUMNS_H
#define CLI_COLUMNS_H

#include "rows.h"

#define COLUMNS_MAX 64

/* The ones that are: of the kind, or made up for members. */
struct columns {
	struct rows_column v[COLUMNS_MAX];
	size_t n;
	char *names; /* what made up names point into, to free; or NULL */
};

/* Chooses them, by rows of which there is one. Returns 0 or an exit code, all
 * being said. What is chosen may borrow from rows. */
int columns_choose(struct out *out, const struct rows_kind *kind,
    struct json_object *rows, struct columns *ret_columns);

/* The column of that name; NULL: the kind has none. */
const struct rows_column *
columns_find(const struct rows_kind *kind, const char *name);

/* Where in a row a column is, as a path; the member a path leads to, borrowed,
 * NULL when there is none; whether any row knows it, be it null. */
const char *columns_path(const struct rows_column *column);
struct json_object *columns_member(struct json_object *row, const char *path);
bool columns_are_known(struct json_object *rows, const char *path);

/* Says that there is none of that name. Returns the exit code. */
int columns_complain(struct out *out, const struct rows_kind *kind,
    struct json_object *rows, const char *name);

#endif
