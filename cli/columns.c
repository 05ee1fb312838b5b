/*
 * columns.c - which columns of a kind are printed: those the person names, or
 * the kind's own, or, of a kind that nobody has described, the members of its
 * first row.
 */
#include "columns.h"

#include <evtask/ctl_value.h>
#include <json-c/json.h>
#include <string.h>
#include "exits.h"
#include "out.h"

#define PATH_MAX_BYTES 128

struct json_object *
columns_member(struct json_object *row, const char *path)
{
	char part[PATH_MAX_BYTES];
	const char *dot;

	while (row != NULL && (dot = strchr(path, '.')) != NULL) {
		snprintf(part, sizeof(part), "%.*s", (int)(dot - path), path);
		row = evtask_ctl_get(row, part);
		path = dot + 1;
	}
	return evtask_ctl_get(row, path);
}

const char *
columns_path(const struct rows_column *column)
{
	return column->member != NULL ? column->member : column->name;
}

const struct rows_column *
columns_find(const struct rows_kind *kind, const char *name)
{
	const struct rows_column *c = kind->columns;

	for (; c != NULL && c->name != NULL; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

bool
columns_are_known(struct json_object *rows, const char *path)
{
	char first[PATH_MAX_BYTES];

	snprintf(first, sizeof(first), "%.*s", (int)strcspn(path, "."), path);
	for (size_t i = 0; i < json_object_array_length(rows); i++)
		if (json_object_object_get_ex(json_object_array_get_idx(rows,
		    i), first, NULL))
			return true;
	return json_object_array_length(rows) == 0;
}

int
columns_complain(struct out *out, const struct rows_kind *kind,
    struct json_object *rows, const char *name)
{
	struct evtask_ctl_nearest nearest = {.word = name};
	struct json_object *first = json_object_array_get_idx(rows, 0);

	for (const struct rows_column *c = kind->columns;
	    c != NULL && c->name != NULL; c++)
		evtask_ctl_nearest_offer(&nearest, c->name);
	json_object_object_foreach(first, key, value) {
		(void)value;
		evtask_ctl_nearest_offer(&nearest, key);
	}
	if (nearest.best != NULL)
		out_error(out, "there is no column %s; did you mean %s?", name,
		    nearest.best);
	else
		out_error(out, "there is no column %s; \"-o json\" shows what "
		    "there is", name);
	return EXIT_USAGE;
}

static int
choose_column(struct out *out, const struct rows_kind *kind,
    struct json_object *rows, const char *name, struct columns *choice)
{
	const struct rows_column *known = columns_find(kind, name);

	if (known == NULL && !columns_are_known(rows, name))
		return columns_complain(out, kind, rows, name);
	if (choice->n == COLUMNS_MAX) {
		out_error(out, "over %d columns", COLUMNS_MAX);
		return EXIT_USAGE;
	}
	choice->v[choice->n++] = known != NULL ? *known :
	    (struct rows_column){ .name = name, .title = name,
	    .flexible = true };
	return 0;
}

/* Those of a list with commas. */
static int
choose_named(struct out *out, const struct rows_kind *kind,
    struct json_object *rows, const char *list, struct columns *choice)
{
	char *rest = choice->names = strdup(list), *name;
	int r = 0;

	while (r == 0 && rest != NULL) {
		name = strsep(&rest, ",");
		r = choose_column(out, kind, rows, name, choice);
	}
	return r;
}

/* Of a kind that nobody has described, the members of the first row are its
 * columns: wide ones are those that are no plain value. */
static void
choose_members(struct json_object *rows, bool wide, struct columns *choice)
{
	struct json_object *first = json_object_array_get_idx(rows, 0);

	if (first == NULL)
		return;
	json_object_object_foreach(first, key, value) {
		bool plain = !json_object_is_type(value, json_type_object) &&
		    !json_object_is_type(value, json_type_array);
		bool number = json_object_is_type(value, json_type_int);

		if (choice->n < COLUMNS_MAX && (plain || wide))
			choice->v[choice->n++] = (struct rows_column){
			    .name = key, .title = key, .right = number,
			    .flexible = !number,
			};
	}
}

int
columns_choose(struct out *out, const struct rows_kind *kind,
    struct json_object *rows, struct columns *choice)
{
	bool wide = out->form == OUT_WIDE;

	if (out->columns != NULL)
		return choose_named(out, kind, rows, out->columns, choice);
	if (out->form == OUT_TSV && kind->tsv != NULL)
		return choose_named(out, kind, rows, kind->tsv, choice);
	if (kind->columns == NULL) {
		choose_members(rows, wide, choice);
		return 0;
	}
	for (const struct rows_column *c = kind->columns; c->name != NULL; c++)
		if (!c->wide || wide)
			choice->v[choice->n++] = *c;
	return 0;
}
