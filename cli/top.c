/*
 * top.c - how busy tasks are, from one look to the next.
 *
 * A look is the list of tasks, each with what it has done so far, and what the
 * flight recorder has written since the look before. How long tasks ran and
 * how often is the difference of two looks, which misses nothing; how long they
 * were ready before they ran only the recorder knows, as far back as it goes.
 */
#include "top.h"

#include <errno.h>
#include <evtask/ctl_value.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include "cli.h"
#include "recorded.h"
#include "render.h"

#define PAGE 1000
#define TASKS_MAX 5000 /* that are listed at a look */

void
top_look_release(struct top_look *look)
{
	json_object_put(look->tasks);
	free(look->marks);
	tally_release(&look->tally);
	*look = (struct top_look){ .tasks = NULL };
}

static int
fetch_page(struct cli *cli, struct top_look *look, const char **next,
    struct json_object **ret_page)
{
	struct json_object *params = json_object_new_object(), *list;
	int r;

	evtask_ctl_put(&params, "state", json_tokener_parse("[\"created\","
	    "\"ready\",\"running\",\"waiting\"]"));
	evtask_ctl_put(&params, "fields", json_tokener_parse("[\"name\","
	    "\"coroutine\",\"state\",\"wait\",\"created_at\",\"counters\","
	    "\"busy_us\",\"warnings\"]"));
	evtask_ctl_put_int(&params, "limit", PAGE);
	if (*next != NULL)
		evtask_ctl_put_text(&params, "cursor", *next);
	r = cli_ask(cli, "task.list", params, ret_page);
	if (r != 0)
		return r;
	list = evtask_ctl_get(*ret_page, "tasks");
	for (size_t i = 0; i < json_object_array_length(list); i++)
		evtask_ctl_append(&look->tasks, json_object_get(
		    json_object_array_get_idx(list, i)));
	look->total = evtask_ctl_get_int(*ret_page, "total", 0);
	*next = evtask_ctl_get_text(*ret_page, "next", NULL);
	return 0;
}

static int
fetch_tasks(struct cli *cli, struct top_look *look)
{
	struct json_object *page = NULL, *last = NULL;
	const char *next = NULL;
	int r;

	look->tasks = json_object_new_array();
	do {
		r = fetch_page(cli, look, &next, &page);
		json_object_put(last); /* next was its */
		last = r == 0 ? page : NULL;
	} while (r == 0 && next != NULL && look->tasks != NULL &&
	    json_object_array_length(look->tasks) < TASKS_MAX);
	json_object_put(last);
	return r == 0 && look->tasks == NULL ? cli_no_memory(cli) : r;
}

static int
take_marks(struct top_look *look)
{
	struct json_object *task;

	look->n = json_object_array_length(look->tasks);
	look->marks = calloc(look->n + 1, sizeof(look->marks[0]));
	if (look->marks == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < look->n; i++) {
		task = json_object_array_get_idx(look->tasks, i);
		look->marks[i] = (struct top_mark){
			.id = evtask_ctl_get_int(task, "id", 0),
			.busy_us = evtask_ctl_get_int(task, "busy_us", 0),
			.resumes = evtask_ctl_get_int(evtask_ctl_get(task,
			    "counters"), "resumes", 0),
		};
	}
	return 0;
}

int
top_look(struct cli *cli, const struct top_look *before,
    struct top_look *look)
{
	uint64_t after = before != NULL ? before->seq : 0;
	struct recorded recorded;
	int r;

	*look = (struct top_look){ .seq = after };
	recorded_init(&recorded);
	r = recorded_fetch(cli, &recorded, after, before != NULL ? INT64_MAX :
	    1000000);
	if (r == 0)
		r = fetch_tasks(cli, look);
	look->now_us = render_now_us();
	if (r == 0 && (tally_init(&look->tally, recorded.v, recorded.n) < 0 ||
	    take_marks(look) < 0))
		r = cli_no_memory(cli);
	if (recorded.n > 0) {
		look->seq = recorded.v[recorded.n - 1].seq;
		if (before != NULL && recorded.v[0].seq > after + 1)
			look->lost = recorded.v[0].seq - after - 1;
	}
	recorded_release(&recorded);
	if (r != 0)
		top_look_release(look);
	return r;
}

/* Rows. */

static int
by_id(const void *a, const void *b)
{
	const struct top_mark *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

static const struct top_mark *
find_mark(const struct top_look *look, int64_t id)
{
	const struct top_mark key = { .id = id };

	return look == NULL || look->n == 0 ? NULL : bsearch(&key, look->marks,
	    look->n, sizeof(key), by_id);
}

/* The group of a task. Borrowed from it. */
static const char *
group_of(struct json_object *task, enum top_group group)
{
	struct json_object *site = evtask_ctl_get(task, "created_at");

	if (group == TOP_COROUTINE &&
	    evtask_ctl_get(task, "coroutine") != NULL)
		return evtask_ctl_get_text(task, "coroutine", "-");
	/* The program's own: the function that makes them. */
	return evtask_ctl_get_text(site, group == TOP_SITE ? "place" :
	    "func", "-");
}

/* "crawl.c:88 in crawl", kept with the task, for groups. */
static void
name_place(struct json_object *task)
{
	struct json_object *site = evtask_ctl_get(task, "created_at");
	char *text;

	if (site == NULL || evtask_ctl_get(site, "place") != NULL ||
	    asprintf(&text, "%s:%lld in %s",
	    evtask_ctl_get_text(site, "file", "?"),
	    (long long)evtask_ctl_get_int(site, "line", 0),
	    evtask_ctl_get_text(site, "func", "?")) < 0)
		return;
	json_object_object_add(site, "place", json_object_new_string(text));
	free(text);
}

static struct top_row
row_of(const struct top_look *look, const struct top_look *before, size_t i)
{
	struct json_object *task = json_object_array_get_idx(look->tasks, i);
	const struct top_mark *mark = &look->marks[i], *old;
	struct json_object *wait = evtask_ctl_get(task, "wait");
	const struct tally_row *tallied = tally_find(&look->tally,
	    (uint64_t)mark->id);
	struct top_row row = { .id = mark->id, .task = task, .count = 1,
	    .name = evtask_ctl_get_text(task, "name", "-") };

	if (tallied != NULL) {
		row.ready_ns = tallied->ready_ns;
		row.readies = (int64_t)tallied->runs;
		row.busy_us = tallied->busy_ns / 1000;
		row.resumes = (int64_t)tallied->runs;
	}
	if (before != NULL) { /* one that is new had done nothing */
		old = find_mark(before, mark->id);
		row.busy_us = mark->busy_us - (old != NULL ? old->busy_us : 0);
		row.resumes = mark->resumes - (old != NULL ? old->resumes : 0);
	}
	if (wait != NULL)
		row.waited_us = look->now_us - evtask_ctl_get_int(wait,
		    "since_us", look->now_us);
	return row;
}

static int
by_name(const void *a, const void *b)
{
	const struct top_row *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order != 0 ? order : (x->id > y->id) - (x->id < y->id);
}

/* Rows of one name become one. */
static void
fold(struct top_rows *rows)
{
	struct top_row *to = rows->v;

	if (rows->n == 0)
		return;
	qsort(rows->v, rows->n, sizeof(rows->v[0]), by_name);
	to->task = NULL;
	for (size_t i = 1; i < rows->n; i++) {
		const struct top_row *row = &rows->v[i];

		if (strcmp(to->name, row->name) != 0) {
			*++to = *row;
			to->task = NULL;
			continue;
		}
		to->count += row->count;
		to->busy_us += row->busy_us;
		to->resumes += row->resumes;
		to->ready_ns += row->ready_ns;
		to->readies += row->readies;
		if (row->waited_us > to->waited_us)
			to->waited_us = row->waited_us;
	}
	rows->n = (size_t)(to - rows->v) + 1;
}

static int64_t
latency_of(const struct top_row *row)
{
	return row->readies > 0 ? row->ready_ns / row->readies : 0;
}

/* How much a row has of what is sorted by; the most comes first. */
static int64_t
weight(const struct top_row *row, enum top_sort sort)
{
	switch (sort) {
	case TOP_BUSY:
		return row->busy_us;
	case TOP_RESUMES:
		return row->resumes;
	case TOP_LATENCY:
		return latency_of(row);
	case TOP_WAITED:
		return row->waited_us;
	case TOP_NAME:
	case TOP_ID:
	case TOP_SORTS:
		break;
	}
	return -row->id;
}

static int
by_weight(const void *a, const void *b, void *sort)
{
	int64_t x = weight(a, *(const enum top_sort *)sort);
	int64_t y = weight(b, *(const enum top_sort *)sort);

	return x != y ? (x < y ? 1 : -1) : by_name(a, b);
}

int
top_rows(const struct top_look *look, const struct top_look *before,
    enum top_group group, enum top_sort sort, const char *filter,
    struct top_rows *ret_rows)
{
	struct top_rows rows = { .v = calloc(look->n + 1, sizeof(rows.v[0])) };
	struct json_object *task;
	const char *name;

	if (rows.v == NULL)
		return -ENOMEM;
	rows.elapsed_us = before != NULL ? look->now_us - before->now_us :
	    look->tally.covered_ns / 1000;
	for (size_t i = 0; i < look->n; i++) {
		task = json_object_array_get_idx(look->tasks, i);
		name_place(task);
		name = group_of(task, group);
		if (group != TOP_TASKS && filter != NULL &&
		    strcmp(name, filter) != 0)
			continue;
		rows.v[rows.n] = row_of(look, before, i);
		if (group != TOP_TASKS && filter == NULL)
			rows.v[rows.n].name = name;
		rows.n++;
	}
	if (group != TOP_TASKS && filter == NULL)
		fold(&rows);
	if (sort == TOP_NAME)
		qsort(rows.v, rows.n, sizeof(rows.v[0]), by_name);
	else
		qsort_r(rows.v, rows.n, sizeof(rows.v[0]), by_weight, &sort);
	*ret_rows = rows;
	return 0;
}
