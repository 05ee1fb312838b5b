/*
 * top_list.c - the list of top: what was looked at twice, as rows of which one
 * is chosen.
 *
 * The row chosen stays so when rows come, go, and change places: it is known
 * by its task or its group, and not by its place.
 */
#include "top_list.h"

#include <evtask/ctl_value.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include "cli.h"
#include "render.h"
#include "table.h"
#include "text.h"

static const char *const group_names[TOP_GROUPS] = {
	[TOP_TASKS] = "tasks",
	[TOP_COROUTINE] = "by coroutine",
	[TOP_SITE] = "by site",
};

static const struct {
	char key;
	const char *title;
} sorts[TOP_SORTS] = {
	[TOP_BUSY] = { 'b', "BUSY" },
	[TOP_RESUMES] = { 'r', "RES/S" },
	[TOP_LATENCY] = { 'l', "READY" },
	[TOP_WAITED] = { 'w', "WAITS" },
	[TOP_NAME] = { 'n', "NAME" },
	[TOP_ID] = { 'i', "ID" },
};

/* Makes them anew; the row chosen stays so, wherever it is now. */
int
top_list_make(struct top_list *list)
{
	int r;

	free(list->rows.v);
	list->rows = (struct top_rows){ .v = NULL };
	r = top_rows(&list->look, list->compared ? &list->before : NULL,
	    list->group, list->sort, list->filter, &list->rows);
	if (r < 0)
		return r;
	for (size_t i = 0; i < list->rows.n; i++) {
		const struct top_row *row = &list->rows.v[i];

		if (row->task != NULL ? row->id == list->at_id :
		    list->at_name != NULL &&
		    strcmp(row->name, list->at_name) == 0)
			list->at = i;
	}
	if (list->at >= list->rows.n)
		list->at = list->rows.n > 0 ? list->rows.n - 1 : 0;
	return 0;
}

int
top_list_look(struct top_list *list, struct cli *cli)
{
	struct top_look look;
	int r = top_look(cli, list->look.tasks != NULL ? &list->look : NULL,
	    &look);

	if (r != 0)
		return r;
	top_look_release(&list->before);
	list->compared = list->look.tasks != NULL;
	list->before = list->look;
	list->look = look;
	return top_list_make(list) < 0 ? cli_no_memory(cli) : 0;
}

const struct top_row *
top_list_chosen(const struct top_list *list)
{
	return list->at < list->rows.n ? &list->rows.v[list->at] : NULL;
}

void
top_list_choose(struct top_list *list, size_t at)
{
	const struct top_row *row;

	list->at = at < list->rows.n ? at : list->rows.n > 0 ?
	    list->rows.n - 1 : 0;
	row = top_list_chosen(list);
	free(list->at_name);
	list->at_name = row != NULL ? strdup(row->name) : NULL;
	list->at_id = row != NULL && row->task != NULL ? row->id : 0;
}

void
top_list_filter(struct top_list *list, const char *name)
{
	char *filter = name != NULL ? strdup(name) : NULL;

	free(list->filter);
	list->filter = filter;
	if (name != NULL)
		list->at = list->first = 0;
}

void
top_list_regroup(struct top_list *list)
{
	list->group = (list->group + 1) % TOP_GROUPS;
	top_list_filter(list, NULL);
	list->at = list->first = 0;
}

void
top_list_sort(struct top_list *list, int key)
{
	for (size_t i = 0; i < TOP_SORTS; i++)
		if (sorts[i].key == key)
			list->sort = (enum top_sort)i;
}

/* Drawing. */

static void
print_head(const struct top_list *list, struct out *out, bool paused)
{
	const struct tally *tally = &list->look.tally;
	int64_t covered_ns = tally->covered_ns > 0 ? tally->covered_ns : 1;
	int64_t busy = tally->busy_ns * 1000 / covered_ns, ready_ns = 0;

	for (size_t i = 0; i < tally->size; i++)
		ready_ns += tally->rows[i].ready_ns;
	out_printf(out, "%s%lld tasks%s  busy %lld.%lld%%  %lld resumes/s  "
	    "ready %lldus", out_paint(out, PAINT_BOLD),
	    (long long)list->look.total, out_plain(out),
	    (long long)busy / 10, (long long)busy % 10,
	    (long long)((double)tally->runs * 1e9 / (double)covered_ns),
	    (long long)(tally->runs > 0 ? ready_ns / (int64_t)tally->runs /
	    1000 : 0));
	if ((size_t)list->look.total > list->look.n)
		out_printf(out, "  first %zu", list->look.n);
	if (list->look.lost > 0)
		out_printf(out, "  %llu records lost",
		    (unsigned long long)list->look.lost);
	out_printf(out, "%s\n", paused ? "  PAUSED" : "");
	out_printf(out, "%s%s%s, sorted by %s%s\n",
	    out_paint(out, PAINT_DIM), list->filter != NULL ? "tasks of " :
	    group_names[list->group], list->filter != NULL ? list->filter : "",
	    sorts[list->sort].title, out_plain(out));
}

static void
add_row(struct table *table, const struct top_list *list, size_t i)
{
	const struct top_row *row = &list->rows.v[i];
	int64_t elapsed_us = list->rows.elapsed_us > 0 ?
	    list->rows.elapsed_us : 1;
	int64_t busy = row->busy_us * 1000 / elapsed_us;
	struct json_object *wait = evtask_ctl_get(row->task, "wait");
	char age[TEXT_AGE_SIZE], *text = NULL;

	table_cell(table, PAINT_BOLD, i == list->at ? ">" : "");
	table_cellf(table, PAINT_NONE, "%lld", row->task != NULL ?
	    (long long)row->id : (long long)row->count);
	table_cell(table, PAINT_BOLD, row->name);
	table_cellf(table, busy >= 500 ? PAINT_RED : PAINT_NONE,
	    "%lld.%lld%%", (long long)busy / 10, (long long)busy % 10);
	table_cellf(table, PAINT_NONE, "%lld", (long long)(row->resumes *
	    1000000 / elapsed_us));
	if (row->readies > 0)
		table_cellf(table, PAINT_NONE, "%lldus",
		    (long long)(row->ready_ns / row->readies / 1000));
	else
		table_cell(table, PAINT_DIM, "-");
	table_cell(table, PAINT_NONE, row->waited_us > 0 ?
	    text_age(row->waited_us, age) : "-");
	if (wait != NULL)
		text = render_wait_text(wait, list->look.now_us);
	table_cell(table, PAINT_DIM, text != NULL ? text :
	    evtask_ctl_get_text(row->task, "state", ""));
	free(text);
}

static void
print_rows(struct top_list *list, struct out *out, size_t lines)
{
	static const struct column columns[] = {
		{ .title = "" },
		{ .title = "ID", .right = true },
		{ .title = "NAME", .flexible = true },
		{ .title = "BUSY", .right = true },
		{ .title = "RES/S", .right = true },
		{ .title = "READY", .right = true },
		{ .title = "WAITS", .right = true },
		{ .title = "FOR", .flexible = true },
		{ .title = NULL },
	};
	struct table *table = table_new(columns);
	size_t rows = lines > 4 ? lines - 3 : 1; /* below head and titles */

	if (list->at < list->first)
		list->first = list->at;
	if (list->at >= list->first + rows)
		list->first = list->at - rows + 1;
	for (size_t i = list->first;
	    i < list->rows.n && i < list->first + rows; i++)
		add_row(table, list, i);
	table_print(out, table);
	table_free(table);
}

void
top_list_print(struct top_list *list, struct out *out, size_t lines,
    bool paused)
{
	print_head(list, out, paused);
	print_rows(list, out, lines);
}

void
top_list_release(struct top_list *list)
{
	top_look_release(&list->before);
	top_look_release(&list->look);
	free(list->rows.v);
	free(list->filter);
	free(list->at_name);
}
