/*
 * render_graph.c - who waits for whom, in sentences, and what tasks share.
 */
#include <evtask/ctl_value.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include "render.h"
#include "table.h"
#include "text.h"

static void
print_task_name(struct out *out, struct json_object *task)
{
	out_printf(out, "%s", out_paint(out, PAINT_BOLD));
	text_print(out->data, evtask_ctl_get_text(task, "name", "?"), false);
	out_printf(out, "%s(%lld)", out_plain(out),
	    (long long)evtask_ctl_get_int(task, "id", 0));
}

static void
print_site(struct out *out, struct json_object *site)
{
	if (site == NULL)
		return;
	out_printf(out, ", at ");
	text_print(out->data, evtask_ctl_get_text(site, "file", "?"), false);
	out_printf(out, ":%lld in ",
	    (long long)evtask_ctl_get_int(site, "line", 0));
	text_print(out->data, evtask_ctl_get_text(site, "func", "?"), false);
}

/* "report(43) waits for lock db <- writer(17), for 3.2s, at report.c:31" */
void
render_link(struct out *out, struct json_object *link, int64_t now_us)
{
	struct json_object *wait = evtask_ctl_get(link, "wait");
	char *text = render_wait_text(wait, now_us), age[TEXT_AGE_SIZE];

	print_task_name(out, link);
	if (wait == NULL) {
		out_printf(out, " is %s\n",
		    evtask_ctl_get_text(link, "state", "?"));
		free(text);
		return;
	}
	out_printf(out, " waits for ");
	text_print(out->data, text != NULL ? text : "?", false);
	out_printf(out, ", since %s", text_age(now_us -
	    evtask_ctl_get_int(wait, "since_us", now_us), age));
	print_site(out, evtask_ctl_get(wait, "site"));
	out_printf(out, "\n");
	free(text);
}

/* What each cause means for the one who asked. */
static const struct {
	const char *cause;
	const char *words;
} endings[] = {
	{ "done", "It has ended: nothing is to come." },
	{ "runnable", "It is going to run." },
	{ "timer", "It goes on when that time has come." },
	{ "outside", "It goes on when that happens, outside of the tasks." },
	{ "unknown", "Who is to end that wait is not known: any task, or a "
	  "callback of the program's own." },
	{ "orphan", "Nobody is left who could settle that future: it is an "
	  "orphan." },
	{ "abandoned", "The task that took that lock has ended and never gave "
	  "it back." },
	{ "deadlock", "That is a deadlock: none of them goes on until one is "
	  "cancelled." },
};

void
render_why(struct out *out, struct json_object *why, int64_t now_us)
{
	struct json_object *chain = evtask_ctl_get(why, "chain");
	const char *cause = evtask_ctl_get_text(why, "cause", "");
	int64_t back = evtask_ctl_get_int(why, "back", -1);
	size_t n = json_object_array_length(chain), i;

	for (i = 0; i < n; i++)
		render_link(out, json_object_array_get_idx(chain, i), now_us);
	if ((int64_t)n < evtask_ctl_get_int(why, "length", 0))
		out_printf(out, "... and %lld more\n", (long long)
		    evtask_ctl_get_int(why, "length", 0) - (long long)n);
	if (back >= 0 && (size_t)back < n) {
		print_task_name(out, json_object_array_get_idx(chain,
		    (size_t)back));
		out_printf(out, " is above: the circle is closed\n");
	}
	out_printf(out, "\n");
	for (i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		if (strcmp(endings[i].cause, cause) == 0)
			out_printf(out, "%s\n", endings[i].words);
	if (!evtask_ctl_get_bool(why, "complete", true))
		out_note(out, "there were too many tasks to look at them all");
}

static char *
names_of(struct json_object *tasks, int64_t total)
{
	size_t n = json_object_array_length(tasks), size;
	char *text = NULL;
	FILE *file = open_memstream(&text, &size);

	if (file == NULL)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		struct json_object *task = json_object_array_get_idx(tasks, i);

		fprintf(file, "%s%s(%lld)", i > 0 ? " " : "",
		    evtask_ctl_get_text(task, "name", "?"),
		    (long long)evtask_ctl_get_int(task, "id", 0));
	}
	if (total > (int64_t)n)
		fprintf(file, " and %lld more",
		    (long long)total - (long long)n);
	fclose(file);
	return text;
}

/* "crawl(3) reads"; to free. NULL: nobody does. */
static char *
side_of(struct json_object *task, const char *does)
{
	char *text = NULL;

	if (task != NULL && asprintf(&text, "%s(%lld) %s",
	    evtask_ctl_get_text(task, "name", "?"),
	    (long long)evtask_ctl_get_int(task, "id", 0), does) < 0)
		return NULL;
	return text;
}

static void
cell_owner(struct table *table, struct json_object *owner)
{
	if (owner == NULL)
		table_cell(table, PAINT_NONE, "-");
	else
		table_cellf(table, evtask_ctl_get_bool(owner, "ended", false) ?
		    PAINT_RED : PAINT_NONE, "%s(%lld)%s",
		    evtask_ctl_get_text(owner, "name", "?"),
		    (long long)evtask_ctl_get_int(owner, "id", 0),
		    evtask_ctl_get_bool(owner, "ended", false) ? ", ended" :
		    "");
}

/* A stream is held by nobody, but has those who are at its sides. */
static void
cell_holder(struct table *table, struct json_object *resource)
{
	struct json_object *reader = evtask_ctl_get(resource, "reader");
	struct json_object *writer = evtask_ctl_get(resource, "writer");
	char *reads = side_of(reader, "reads");
	char *writes = side_of(writer, "writes");

	if (reads == NULL && writes == NULL)
		cell_owner(table, evtask_ctl_get(resource, "owner"));
	else
		table_cellf(table, PAINT_NONE, "%s%s%s",
		    reads != NULL ? reads : "",
		    reads != NULL && writes != NULL ? ", " : "",
		    writes != NULL ? writes : "");
	free(reads);
	free(writes);
}

static void
cell_size(struct table *table, struct json_object *resource)
{
	int64_t size = evtask_ctl_get_int(resource, "size", -1);
	int64_t capacity = evtask_ctl_get_int(resource, "capacity", -1);
	int64_t unsent = evtask_ctl_get_int(resource, "unsent", 0);

	if (size < 0)
		table_cell(table, PAINT_NONE, "-");
	else if (unsent > 0)
		table_cellf(table, PAINT_NONE, "%lld/%lld, %lld unsent",
		    (long long)size, (long long)capacity, (long long)unsent);
	else if (capacity < 0)
		table_cellf(table, PAINT_NONE, "%lld", (long long)size);
	else
		table_cellf(table, PAINT_NONE, "%lld/%lld", (long long)size,
		    (long long)capacity);
}

void
render_resources(struct out *out, struct json_object *resources,
    int64_t now_us)
{
	static const struct column columns[] = {
		{ .title = "ID", .right = true },
		{ .title = "TYPE" },
		{ .title = "NAME", .flexible = true },
		{ .title = "HOLDER", .flexible = true },
		{ .title = "HELD", .right = true },
		{ .title = "SIZE", .right = true },
		{ .title = "WAITS", .right = true },
		{ .title = "WAITING", .flexible = true },
		{ .title = NULL },
	};
	struct table *table = table_new(columns);
	char age[TEXT_AGE_SIZE], *names;

	for (size_t i = 0; i < json_object_array_length(resources); i++) {
		struct json_object *r = json_object_array_get_idx(resources, i);
		int64_t held_us = evtask_ctl_get_int(r, "held_us", -1);

		table_cellf(table, PAINT_NONE, "%lld",
		    (long long)evtask_ctl_get_int(r, "id", 0));
		table_cell(table, PAINT_NONE,
		    evtask_ctl_get_text(r, "type", "?"));
		table_cell(table, PAINT_BOLD,
		    evtask_ctl_get_text(r, "name", "-"));
		cell_holder(table, r);
		table_cell(table, PAINT_NONE, held_us < 0 ? "-" :
		    text_age(now_us - held_us, age));
		cell_size(table, r);
		table_cellf(table, PAINT_NONE, "%lld",
		    (long long)evtask_ctl_get_int(r, "waits", 0));
		names = names_of(evtask_ctl_get(r, "waiters"),
		    evtask_ctl_get_int(r, "waiting", 0));
		table_cell(table, PAINT_NONE, names != NULL ? names : "");
		free(names);
	}
	table_print(out, table);
	table_free(table);
}
