/*
 * tally.c - how busy each task was, added up from the flight recorder.
 *
 * A task runs from its record until another runs, it waits, it is done, or the
 * loop asks the system. It is ready from when it was woken, or gave way, until
 * it runs. What was under way when the records begin is not counted.
 */
#include "tally.h"

#include <errno.h>
#include <evtask/ctl_value.h>
#include <inttypes.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include "render.h"
#include "table.h"

#define FIRST_SIZE 64

static struct tally_row *
place_of(struct tally_row *rows, size_t size, uint64_t task)
{
	size_t i = (size_t)(task * UINT64_C(0x9e3779b97f4a7c15) >> 32) &
	    (size - 1);

	while (rows[i].task != 0 && rows[i].task != task)
		i = (i + 1) & (size - 1);
	return &rows[i];
}

static int
grow(struct tally *tally)
{
	size_t size = tally->size > 0 ? tally->size * 2 : FIRST_SIZE;
	struct tally_row *rows = calloc(size, sizeof(*rows));

	if (rows == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < tally->size; i++)
		if (tally->rows[i].task != 0)
			*place_of(rows, size, tally->rows[i].task) =
			    tally->rows[i];
	free(tally->rows);
	tally->rows = rows;
	tally->size = size;
	return 0;
}

static struct tally_row *
row_of(struct tally *tally, uint64_t task)
{
	struct tally_row *row;

	if (tally->n * 2 >= tally->size && grow(tally) < 0)
		return NULL;
	row = place_of(tally->rows, tally->size, task);
	if (row->task == 0) {
		tally->n++;
		row->task = task;
	}
	return row;
}

/* Whatever runs does so no more. */
static void
stop_running(struct tally *tally, uint64_t *running, int64_t ts_ns)
{
	struct tally_row *row = *running != 0
	    ? place_of(tally->rows, tally->size, *running) : NULL;

	*running = 0;
	if (row == NULL || row->doing != TALLY_RUNNING)
		return;
	row->busy_ns += ts_ns - row->since_ns;
	tally->busy_ns += ts_ns - row->since_ns;
	row->doing = TALLY_READY; /* unless it says else */
	row->since_ns = ts_ns;
}

static int
take(struct tally *tally, const struct evtask_trace_record *record,
    uint64_t *running)
{
	int64_t ts_ns = record->ts_ns;
	struct tally_row *row;

	if (record->type == EVTASK_TRACE_RUNS ||
	    record->type == EVTASK_TRACE_POLLS || (record->task == *running &&
	    (record->type == EVTASK_TRACE_WAITS ||
	    record->type == EVTASK_TRACE_DONE)))
		stop_running(tally, running, ts_ns);
	if (record->task == 0)
		return 0;
	row = row_of(tally, record->task);
	if (row == NULL)
		return -ENOMEM;
	switch (record->type) {
	case EVTASK_TRACE_RUNS:
		if (row->doing == TALLY_READY)
			row->ready_ns += ts_ns - row->since_ns;
		row->doing = TALLY_RUNNING;
		row->since_ns = ts_ns;
		row->runs++;
		tally->runs++;
		*running = record->task;
		break;
	case EVTASK_TRACE_CREATED:
	case EVTASK_TRACE_WOKEN:
		row->doing = TALLY_READY;
		row->since_ns = ts_ns;
		break;
	case EVTASK_TRACE_WAITS:
	case EVTASK_TRACE_DONE:
		row->doing = TALLY_UNKNOWN;
		break;
	case EVTASK_TRACE_CANCEL:
	case EVTASK_TRACE_POLLS:
	case EVTASK_TRACE_TURNS:
	case EVTASK_TRACE_TYPES:
		break;
	}
	return 0;
}

int
tally_init(struct tally *tally, const struct evtask_trace_record *records,
    size_t n)
{
	uint64_t running = 0;
	int r = 0;

	*tally = (struct tally){ .rows = NULL };
	for (size_t i = 0; r == 0 && i < n; i++)
		r = take(tally, &records[i], &running);
	if (n > 0) {
		stop_running(tally, &running, records[n - 1].ts_ns);
		tally->covered_ns = records[n - 1].ts_ns - records[0].ts_ns;
	}
	return r;
}

void
tally_release(struct tally *tally)
{
	free(tally->rows);
	tally->rows = NULL;
}

const struct tally_row *
tally_find(const struct tally *tally, uint64_t task)
{
	const struct tally_row *row;

	if (tally->size == 0)
		return NULL;
	row = place_of(tally->rows, tally->size, task);
	return row->task != 0 ? row : NULL;
}

static int
by_busy(const void *a, const void *b)
{
	const struct tally_row *x = a, *y = b;

	if (x->busy_ns != y->busy_ns)
		return x->busy_ns < y->busy_ns ? 1 : -1;
	return (x->task > y->task) - (x->task < y->task);
}

/* In order, to be freed. */
static struct tally_row *
sorted(const struct tally *tally, size_t *ret_n)
{
	struct tally_row *rows = calloc(tally->n + 1, sizeof(*rows));
	size_t n = 0;

	for (size_t i = 0; rows != NULL && i < tally->size; i++)
		if (tally->rows[i].runs > 0)
			rows[n++] = tally->rows[i];
	if (rows != NULL)
		qsort(rows, n, sizeof(*rows), by_busy);
	*ret_n = n;
	return rows;
}

/* Thousandths of the time that is covered. */
static int
permille(const struct tally *tally, int64_t ns)
{
	return tally->covered_ns > 0 ? (int)(ns * 1000 / tally->covered_ns)
	    : 0;
}

static struct json_object *
find(struct json_object *tasks, uint64_t id)
{
	struct json_object *task;

	for (size_t i = 0; i < json_object_array_length(tasks); i++) {
		task = json_object_array_get_idx(tasks, i);
		if ((uint64_t)evtask_ctl_get_int(task, "id", 0) == id)
			return task;
	}
	return NULL;
}

static void
add_row(struct table *table, const struct tally *tally,
    const struct tally_row *row, struct json_object *task)
{
	struct json_object *wait = evtask_ctl_get(task, "wait");
	char *text = render_wait_text(wait, render_now_us());
	int busy = permille(tally, row->busy_ns);

	table_cellf(table, PAINT_NONE, "%" PRIu64, row->task);
	table_cell(table, PAINT_BOLD, evtask_ctl_get_text(task, "name", "-"));
	table_cell(table, PAINT_NONE,
	    evtask_ctl_get_text(task, "coroutine", "-"));
	table_cellf(table, busy >= 500 ? PAINT_RED : PAINT_NONE, "%d.%d%%",
	    busy / 10, busy % 10);
	table_cellf(table, PAINT_NONE, "%" PRIu64, row->runs);
	table_cellf(table, PAINT_NONE, "%" PRId64 "us",
	    row->runs > 0 ? row->ready_ns / (int64_t)row->runs / 1000 : 0);
	table_cell(table, PAINT_DIM, task == NULL ? "done" : wait == NULL
	    ? evtask_ctl_get_text(task, "state", "?")
	    : text != NULL ? text : "");
	free(text);
}

void
tally_print(const struct tally *tally, struct out *out,
    struct json_object *tasks, int64_t total, size_t most)
{
	static const struct column columns[] = {
		{ .title = "ID", .right = true },
		{ .title = "NAME", .flexible = true },
		{ .title = "COROUTINE", .flexible = true },
		{ .title = "BUSY", .right = true },
		{ .title = "RUNS", .right = true },
		{ .title = "READY", .right = true },
		{ .title = "", .flexible = true },
		{ .title = NULL },
	};
	struct table *table = table_new(columns);
	struct tally_row idle, *rows;
	struct json_object *task;
	size_t n, i, k;
	int busy = permille(tally, tally->busy_ns);

	out_printf(out, "%lld task%s, busy %d.%d%%, %" PRIu64 " runs in %"
	    PRId64 " ms\n", (long long)total, total == 1 ? "" : "s",
	    busy / 10, busy % 10, tally->runs, tally->covered_ns / 1000000);
	rows = sorted(tally, &n);
	for (i = 0; rows != NULL && i < n && i < most; i++)
		add_row(table, tally, &rows[i], find(tasks, rows[i].task));
	/* And those that did not run at all, while there is room. */
	for (k = 0; k < json_object_array_length(tasks) && i < most; k++) {
		task = json_object_array_get_idx(tasks, k);
		idle = (struct tally_row){ .task = (uint64_t)
		    evtask_ctl_get_int(task, "id", 0) };
		if (tally->size > 0 && place_of(tally->rows, tally->size,
		    idle.task)->runs > 0)
			continue;
		add_row(table, tally, &idle, task);
		i++;
	}
	table_print(out, table);
	table_free(table);
	free(rows);
}

void
tally_put(const struct tally *tally, struct out *out)
{
	struct json_object *o;
	struct tally_row *rows;
	size_t n, i;

	rows = sorted(tally, &n);
	for (i = 0; rows != NULL && i < n; i++) {
		o = json_object_new_object();
		evtask_ctl_put_int(&o, "id", (int64_t)rows[i].task);
		evtask_ctl_put_int(&o, "busy_us", rows[i].busy_ns / 1000);
		evtask_ctl_put_int(&o, "ready_us", rows[i].ready_ns / 1000);
		evtask_ctl_put_int(&o, "runs", (int64_t)rows[i].runs);
		evtask_ctl_put_int(&o, "covered_us", tally->covered_ns / 1000);
		out_json(out, o);
		json_object_put(o);
	}
	free(rows);
}
