/*
 * rows.c - many of a kind: what their columns are, and the forms they go out
 * in.
 *
 * A column is a member of the rows, named by its path, which a kind may give a
 * title, a place and words for people; columns.c chooses them. So every member
 * of every kind can be asked for with --columns, and sorted by, whether anybody
 * thought of it or not; and rows this evtask has never heard of are a table,
 * too. Rows come page by page, and none is kept but to be sorted.
 */
#include "rows.h"

#include <evtask/ctl_value.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include "columns.h"
#include "exits.h"
#include "render.h"
#include "table.h"
#include "text.h"

struct rows {
	struct out *out;
	const struct rows_kind *kind;
	int64_t now_us;
	struct columns choice;
	struct column columns[COLUMNS_MAX + 1]; /* as the table has them */
	struct table *table;
	FILE *cell;                /* where a cell is written: text, size */
	char *text;
	size_t size;
	struct json_object *first; /* the first page; NULL: none came, yet */
	struct json_object *kept;  /* rows, until all are there to be sorted */
	struct json_object *value; /* the one value of -o json */
};

/* For people: what the column says, or the member by the unit in its name.
 * Where there is room for wide ones, a time is told to the microsecond. */
static enum paint
write_cell(struct rows *rows, const struct rows_column *column,
    struct json_object *row)
{
	bool wide = rows->out->form == OUT_WIDE;
	struct json_object *value;

	if (column->show != NULL)
		return column->show(rows->cell, row, rows->now_us);
	value = columns_member(row, columns_path(column));
	if (value != NULL)
		render_cell(rows->cell, columns_path(column), value,
		    wide ? 0 : rows->now_us);
	return PAINT_NONE;
}

static void
add_cells(struct rows *rows, struct json_object *page)
{
	enum paint paint;

	for (size_t i = 0; i < json_object_array_length(page); i++)
		for (size_t c = 0; c < rows->choice.n; c++) {
			rewind(rows->cell);
			paint = write_cell(rows, &rows->choice.v[c],
			    json_object_array_get_idx(page, i));
			fputc('\0', rows->cell);
			fflush(rows->cell);
			table_cell(rows->table, paint, rows->text);
		}
}

/* One stream for all cells: tables may be long. */
static void
begin_table(struct rows *rows)
{
	for (size_t c = 0; c < rows->choice.n; c++)
		rows->columns[c] = (struct column){ rows->choice.v[c].title,
		    rows->choice.v[c].right, rows->choice.v[c].flexible };
	rows->cell = open_memstream(&rows->text, &rows->size);
	if (rows->cell != NULL)
		rows->table = table_new(rows->columns);
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
print_tsv(struct rows *rows, struct json_object *row)
{
	for (size_t c = 0; c < rows->choice.n; c++) {
		if (c > 0)
			putc('\t', rows->out->data);
		rows_print_value(rows->out, columns_member(row,
		    columns_path(&rows->choice.v[c])));
	}
	putc('\n', rows->out->data);
}

static void
print_id(struct rows *rows, struct json_object *row)
{
	rows_print_value(rows->out, columns_member(row, rows->kind->id));
	putc('\n', rows->out->data);
}

/* A row that has only the columns asked for. */
static struct json_object *
pick(const struct columns *choice, struct json_object *row)
{
	struct json_object *picked = json_object_new_object(), *value;
	const char *path;

	for (size_t c = 0; c < choice->n; c++) {
		path = columns_path(&choice->v[c]);
		value = columns_member(row, path);
		if (value != NULL)
			evtask_ctl_put(&picked, path, json_object_get(value));
		else
			evtask_ctl_put_null(&picked, path);
	}
	return picked;
}

/* The row as it goes out in JSON, to put. */
static struct json_object *
json_of(const struct rows *rows, struct json_object *row)
{
	return rows->out->columns != NULL ? pick(&rows->choice, row) :
	    json_object_get(row);
}

static void
print_jsonl(struct rows *rows, struct json_object *row)
{
	struct json_object *value = json_of(rows, row);

	out_json(rows->out, value);
	json_object_put(value);
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
		keys[i].value = columns_member(keys[i].row, path);
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

/* Sorts what was kept. */
static int
sort(struct rows *rows)
{
	const char *name = rows->out->sort;
	bool down = *name == '-';
	const struct rows_column *known = columns_find(rows->kind,
	    name + down);
	struct json_object *all;

	name += down;
	if (known == NULL && !columns_are_known(rows->kept, name))
		return columns_complain(rows->out, rows->kind, rows->kept,
		    name);
	all = sorted(rows->kept, known != NULL ? columns_path(known) : name,
	    down);
	if (all == NULL) {
		out_error(rows->out, "out of memory");
		return EXIT_FAILED;
	}
	json_object_put(rows->kept);
	rows->kept = all;
	return 0;
}

/* Chooses the columns, by the first rows there are. */
static int
begin(struct rows *rows, struct json_object *page)
{
	int r;

	if (rows->first != NULL)
		return 0;
	rows->first = json_object_get(page); /* names may be borrowed of it */
	r = columns_choose(rows->out, rows->kind, page,
	    &rows->choice);
	if (r == 0 && (rows->out->form == OUT_TABLE ||
	    rows->out->form == OUT_WIDE))
		begin_table(rows);
	return r;
}

static void
put_row(struct rows *rows, struct json_object *row)
{
	switch (rows->out->form) {
	case OUT_TABLE:
	case OUT_WIDE:
		break; /* by whole pages */
	case OUT_JSON:
		evtask_ctl_append(&rows->value, json_of(rows, row));
		break;
	case OUT_JSONL:
		print_jsonl(rows, row);
		break;
	case OUT_TSV:
		print_tsv(rows, row);
		break;
	case OUT_ID:
		print_id(rows, row);
		break;
	}
}

static int
put_page(struct rows *rows, struct json_object *page)
{
	int r = begin(rows, page);

	if (r != 0)
		return r;
	if (rows->cell != NULL)
		add_cells(rows, page);
	for (size_t i = 0; rows->cell == NULL &&
	    i < json_object_array_length(page); i++)
		put_row(rows, json_object_array_get_idx(page, i));
	return 0;
}

struct rows *
rows_open(struct out *out, const struct rows_kind *kind, int64_t now_us)
{
	struct rows *rows = calloc(1, sizeof(*rows));

	if (rows == NULL)
		return NULL;
	rows->out = out;
	rows->kind = kind;
	rows->now_us = now_us;
	rows->kept = json_object_new_array();
	rows->value = json_object_new_array();
	return rows;
}

int
rows_add(struct rows *rows, struct json_object *page)
{
	if (rows == NULL)
		return 0; /* rows_close() tells */
	if (rows->out->sort == NULL)
		return put_page(rows, page);
	for (size_t i = 0; i < json_object_array_length(page); i++)
		evtask_ctl_append(&rows->kept, json_object_get(
		    json_object_array_get_idx(page, i)));
	return 0;
}

bool
rows_any(const struct rows *rows)
{
	return rows != NULL && (rows->first != NULL || (rows->kept != NULL &&
	    json_object_array_length(rows->kept) > 0));
}

/* What could only be printed when all was there. */
static int
finish(struct rows *rows, int64_t most)
{
	size_t n;
	int r = 0;

	if (rows->out->sort != NULL && rows->kept != NULL)
		r = sort(rows);
	if (r == 0 && rows->kept != NULL &&
	    (n = json_object_array_length(rows->kept)) > 0) {
		if ((int64_t)n > most)
			json_object_array_del_idx(rows->kept, (size_t)most,
			    n - (size_t)most);
		r = put_page(rows, rows->kept);
	}
	if (r != 0)
		return r;
	if (rows->table != NULL)
		table_print(rows->out, rows->table);
	if (rows->out->form == OUT_JSON)
		out_json(rows->out, rows->value);
	return 0;
}

int
rows_close(struct rows *rows, struct out *out, int code, int64_t most)
{
	if (rows == NULL) {
		out_error(out, "out of memory");
		return EXIT_FAILED;
	}
	if (code == 0)
		code = finish(rows, most);
	if (rows->cell != NULL)
		fclose(rows->cell);
	free(rows->text);
	table_free(rows->table);
	free(rows->choice.names);
	json_object_put(rows->first);
	json_object_put(rows->kept);
	json_object_put(rows->value);
	free(rows);
	return code;
}

int
rows_print(struct out *out, const struct rows_kind *kind,
    struct json_object *all, int64_t now_us)
{
	struct rows *rows = rows_open(out, kind, now_us);

	return rows_close(rows, out, rows_add(rows, all), INT64_MAX);
}

bool
rows_wanted(const struct out *out)
{
	return out->columns != NULL || out->form == OUT_TSV ||
	    out->form == OUT_ID || out->form == OUT_WIDE;
}
