/*
 * rows.c - many of a kind: what their columns are, and the forms they go out
 * in.
 *
 * A column is a member of the rows, named by its path, which a kind may give a
 * title, a place and words for people. So every member of every kind can be
 * asked for with --columns, and sorted by, whether anybody thought of it or
 * not; and rows this evtask has never heard of are a table, too.
 */
#include "rows.h"

#include <evtask/ctl_value.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include "exits.h"
#include "render.h"
#include "table.h"
#include "text.h"

#define COLUMNS_MAX 64
#define PATH_MAX_BYTES 128

/* The columns that are printed: of the kind, or made up for members. */
struct choice {
	struct rows_column v[COLUMNS_MAX];
	size_t n;
	char *names; /* what made up names point into; or NULL */
};

/* The member a path leads to: borrowed, NULL when there is none. */
static struct json_object *
member(struct json_object *row, const char *path)
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

static const char *
path_of(const struct rows_column *column)
{
	return column->member != NULL ? column->member : column->name;
}

static const struct rows_column *
find_column(const struct rows_kind *kind, const char *name)
{
	const struct rows_column *c = kind->columns;

	for (; c != NULL && c->name != NULL; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

/* Whether any row knows the member, be it null. */
static bool
is_member(struct json_object *rows, const char *path)
{
	char first[PATH_MAX_BYTES];

	snprintf(first, sizeof(first), "%.*s", (int)strcspn(path, "."), path);
	for (size_t i = 0; i < json_object_array_length(rows); i++)
		if (json_object_object_get_ex(json_object_array_get_idx(rows,
		    i), first, NULL))
			return true;
	return json_object_array_length(rows) == 0;
}

static int
unknown_column(struct out *out, const struct rows_kind *kind,
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
    struct json_object *rows, const char *name, struct choice *choice)
{
	const struct rows_column *known = find_column(kind, name);

	if (known == NULL && !is_member(rows, name))
		return unknown_column(out, kind, rows, name);
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
    struct json_object *rows, const char *list, struct choice *choice)
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
choose_members(struct json_object *rows, bool wide, struct choice *choice)
{
	struct json_object *first = json_object_array_get_idx(rows, 0);

	if (first == NULL)
		return;
	json_object_object_foreach(first, key, value) {
		bool plain = !json_object_is_type(value, json_type_object) &&
		    !json_object_is_type(value, json_type_array);

		if (choice->n < COLUMNS_MAX && (plain || wide))
			choice->v[choice->n++] = (struct rows_column){
			    .name = key, .title = key, .flexible = true,
			    .right = json_object_is_type(value, json_type_int)
			};
	}
}

static int
choose(struct out *out, const struct rows_kind *kind,
    struct json_object *rows, struct choice *choice)
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

/* For people: what the column says, or the member by the unit in its name. */
static enum paint
write_cell(FILE *cell, const struct rows_column *column,
    struct json_object *row, int64_t now_us)
{
	struct json_object *value;

	if (column->show != NULL)
		return column->show(cell, row, now_us);
	value = member(row, path_of(column));
	if (value != NULL)
		render_cell(cell, path_of(column), value);
	return PAINT_NONE;
}

/* One stream for all cells: tables may be long. */
static void
fill_table(struct table *table, FILE *cell, char *const *text,
    const struct choice *choice, struct json_object *rows, int64_t now_us)
{
	enum paint paint;

	for (size_t i = 0; i < json_object_array_length(rows); i++)
		for (size_t c = 0; c < choice->n; c++) {
			rewind(cell);
			paint = write_cell(cell, &choice->v[c],
			    json_object_array_get_idx(rows, i), now_us);
			fputc('\0', cell);
			fflush(cell);
			table_cell(table, paint, *text);
		}
}

static void
print_table(struct out *out, const struct choice *choice,
    struct json_object *rows, int64_t now_us)
{
	struct column columns[COLUMNS_MAX + 1] = {0};
	struct table *table = NULL;
	char *text = NULL;
	size_t size;
	FILE *cell = open_memstream(&text, &size);

	for (size_t c = 0; c < choice->n; c++)
		columns[c] = (struct column){ choice->v[c].title,
		    choice->v[c].right, choice->v[c].flexible };
	if (cell != NULL) {
		table = table_new(columns);
		fill_table(table, cell, &text, choice, rows, now_us);
		fclose(cell);
	}
	table_print(out, table);
	table_free(table);
	free(text);
}

void
rows_print_value(struct out *out, struct json_object *value)
{
	const char *text = value == NULL ? "" :
	    json_object_is_type(value, json_type_string) ?
	    json_object_get_string(value) :
	    json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN |
	    JSON_C_TO_STRING_NOSLASHESCAPE);

	for (; *text != '\0'; text++)
		switch (*text) {
		case '\t':
			out_printf(out, "\\t");
			break;
		case '\n':
			out_printf(out, "\\n");
			break;
		case '\\':
			out_printf(out, "\\\\");
			break;
		default:
			putc(*text, out->data);
		}
}

static void
print_tsv(struct out *out, const struct choice *choice,
    struct json_object *rows)
{
	struct json_object *row;

	for (size_t i = 0; i < json_object_array_length(rows); i++) {
		row = json_object_array_get_idx(rows, i);
		for (size_t c = 0; c < choice->n; c++) {
			out_printf(out, c > 0 ? "\t" : "");
			rows_print_value(out, member(row, path_of(&choice->v[c])));
		}
		out_printf(out, "\n");
	}
}

static void
print_ids(struct out *out, const struct rows_kind *kind,
    struct json_object *rows)
{
	for (size_t i = 0; i < json_object_array_length(rows); i++) {
		rows_print_value(out, member(json_object_array_get_idx(rows, i),
		    kind->id));
		out_printf(out, "\n");
	}
}

/* A row that has only the columns asked for. */
static struct json_object *
pick(const struct choice *choice, struct json_object *row)
{
	struct json_object *picked = json_object_new_object(), *value;
	const char *path;

	for (size_t c = 0; c < choice->n; c++) {
		path = path_of(&choice->v[c]);
		value = member(row, path);
		if (value != NULL)
			evtask_ctl_put(&picked, path, json_object_get(value));
		else
			evtask_ctl_put_null(&picked, path);
	}
	return picked;
}

static void
print_json(struct out *out, const struct choice *choice,
    struct json_object *rows)
{
	struct json_object *all = json_object_new_array(), *row;

	for (size_t i = 0; i < json_object_array_length(rows); i++) {
		row = json_object_array_get_idx(rows, i);
		evtask_ctl_append(&all, out->columns != NULL ?
		    pick(choice, row) : json_object_get(row));
	}
	for (size_t i = 0; out->form == OUT_JSONL && all != NULL &&
	    i < json_object_array_length(all); i++)
		out_json(out, json_object_array_get_idx(all, i));
	if (out->form == OUT_JSON)
		out_json(out, all);
	json_object_put(all);
}

/* What rows are sorted by: numbers by size, before texts; null last. */
struct key {
	struct json_object *row, *value;
	bool down;
	size_t at; /* equals stay as they came */
};

static int
rank(struct json_object *value)
{
	if (value == NULL)
		return 2;
	return json_object_is_type(value, json_type_int) ||
	    json_object_is_type(value, json_type_double) ? 0 : 1;
}

static int
by_key(const void *a, const void *b)
{
	const struct key *x = a, *y = b;
	double m, n;
	int r = rank(x->value) - rank(y->value);

	if (r != 0)
		return r;
	if (rank(x->value) == 0) {
		m = json_object_get_double(x->value);
		n = json_object_get_double(y->value);
		r = (m > n) - (m < n);
	} else if (rank(x->value) == 1) {
		r = strcmp(json_object_get_string(x->value),
		    json_object_get_string(y->value));
	}
	if (r == 0)
		return (x->at > y->at) - (x->at < y->at);
	return x->down ? -r : r;
}

/* The same rows in order, an array to put; NULL without memory. */
static struct json_object *
sorted(struct json_object *rows, const char *path, bool down)
{
	size_t n = json_object_array_length(rows);
	struct key *keys = calloc(n + 1, sizeof(*keys));
	struct json_object *all = NULL;

	if (keys != NULL)
		all = json_object_new_array();
	for (size_t i = 0; keys != NULL && i < n; i++) {
		keys[i].row = json_object_array_get_idx(rows, i);
		keys[i].value = member(keys[i].row, path);
		keys[i].down = down;
		keys[i].at = i;
	}
	if (keys != NULL)
		qsort(keys, n, sizeof(*keys), by_key);
	for (size_t i = 0; keys != NULL && i < n; i++)
		evtask_ctl_append(&all, json_object_get(keys[i].row));
	free(keys);
	return all;
}

int
rows_sort(struct out *out, const struct rows_kind *kind,
    struct json_object **rows)
{
	const struct rows_column *known;
	struct json_object *all;
	const char *name = out->sort;
	bool down = name != NULL && *name == '-';

	if (name == NULL)
		return 0;
	name += down;
	known = find_column(kind, name);
	if (known == NULL && !is_member(*rows, name))
		return unknown_column(out, kind, *rows, name);
	all = sorted(*rows, known != NULL ? path_of(known) : name, down);
	if (all == NULL) {
		out_error(out, "out of memory");
		return EXIT_FAILED;
	}
	json_object_put(*rows);
	*rows = all;
	return 0;
}

static void
print_form(struct out *out, const struct rows_kind *kind,
    const struct choice *choice, struct json_object *rows, int64_t now_us)
{
	switch (out->form) {
	case OUT_TABLE:
	case OUT_WIDE:
		print_table(out, choice, rows, now_us);
		break;
	case OUT_JSON:
	case OUT_JSONL:
		print_json(out, choice, rows);
		break;
	case OUT_TSV:
		print_tsv(out, choice, rows);
		break;
	case OUT_ID:
		print_ids(out, kind, rows);
		break;
	}
}

int
rows_print(struct out *out, const struct rows_kind *kind,
    struct json_object *rows, int64_t now_us)
{
	struct choice choice = {0};
	int r = choose(out, kind, rows, &choice);

	if (r == 0)
		print_form(out, kind, &choice, rows, now_us);
	free(choice.names);
	return r;
}

bool
rows_wanted(const struct out *out)
{
	return out->columns != NULL || out->form == OUT_TSV ||
	    out->form == OUT_ID || out->form == OUT_WIDE;
}
