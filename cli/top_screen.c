/*
 * top_screen.c - the live view of top.
 *
 *	list --Enter--> details of a task --Escape--> list
 *	     --Enter--> tasks of a group  --Escape--> list
 *	     --c-----> a question         --y, n-----> list, details
 *
 * Between two keys it looks again, once an interval, unless it is paused. The
 * recorder is what tells how busy tasks are: where it is off, it is on while
 * this screen is. What goes wrong is said when the screen has been given back.
 */
#include <errno.h>
#include <evtask/ctl_value.h>
#include <evtask/evtask.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include "canvas.h"
#include "cli.h"
#include "exits.h"
#include "render.h"
#include "table.h"
#include "text.h"
#include "top.h"
#include "words.h"

#define LOG_LINES 10

struct top {
	struct cli *cli;
	struct canvas canvas;
	struct top_look before, look;
	bool compared;               /* there is one before */
	struct top_rows rows;
	int64_t interval_us, next_us;
	enum top_group group;
	enum top_sort sort;
	char *filter;                /* the group whose tasks are shown */
	int64_t at_id;               /* the row chosen: of this task ... */
	char *at_name;               /* ... or of this group */
	size_t at, first;            /* it is this one; the first on screen */
	int64_t detail;              /* the task whose details are shown; 0 */
	char *details;
	size_t scrolled;
	int64_t asked;               /* shall this task be cancelled? 0 */
	char said[128];              /* what came of the last key */
	bool paused, quit, started;
};

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

/* Rows. */

/* Makes them anew; the row chosen stays so, wherever it is now. */
static int
make_rows(struct top *top)
{
	int r;

	free(top->rows.v);
	top->rows = (struct top_rows){ .v = NULL };
	r = top_rows(&top->look, top->compared ? &top->before : NULL,
	    top->group, top->sort, top->filter, &top->rows);
	if (r < 0)
		return r;
	for (size_t i = 0; i < top->rows.n; i++) {
		const struct top_row *row = &top->rows.v[i];

		if (row->task != NULL ? row->id == top->at_id :
		    top->at_name != NULL &&
		    strcmp(row->name, top->at_name) == 0)
			top->at = i;
	}
	if (top->at >= top->rows.n)
		top->at = top->rows.n > 0 ? top->rows.n - 1 : 0;
	return 0;
}

static const struct top_row *
chosen(const struct top *top)
{
	return top->at < top->rows.n ? &top->rows.v[top->at] : NULL;
}

static void
choose(struct top *top, size_t at)
{
	const struct top_row *row;

	top->at = at < top->rows.n ? at : top->rows.n > 0 ? top->rows.n - 1 :
	    0;
	row = chosen(top);
	free(top->at_name);
	top->at_name = row != NULL ? strdup(row->name) : NULL;
	top->at_id = row != NULL && row->task != NULL ? row->id : 0;
}

/* Drawing. */

static void
print_head(struct top *top, struct out *out)
{
	const struct tally *tally = &top->look.tally;
	int64_t covered_ns = tally->covered_ns > 0 ? tally->covered_ns : 1;
	int64_t busy = tally->busy_ns * 1000 / covered_ns, ready_ns = 0;

	for (size_t i = 0; i < tally->size; i++)
		ready_ns += tally->rows[i].ready_ns;
	out_printf(out, "%s%lld tasks%s  busy %lld.%lld%%  %lld resumes/s  "
	    "ready %lldus", out_paint(out, PAINT_BOLD),
	    (long long)top->look.total, out_plain(out),
	    (long long)busy / 10, (long long)busy % 10,
	    (long long)((double)tally->runs * 1e9 / (double)covered_ns),
	    (long long)(tally->runs > 0 ? ready_ns / (int64_t)tally->runs /
	    1000 : 0));
	if ((size_t)top->look.total > top->look.n)
		out_printf(out, "  first %zu", top->look.n);
	if (top->look.lost > 0)
		out_printf(out, "  %llu records lost",
		    (unsigned long long)top->look.lost);
	out_printf(out, "%s\n", top->paused ? "  PAUSED" : "");
	out_printf(out, "%s%s%s%s, sorted by %s%s\n",
	    out_paint(out, PAINT_DIM), top->filter != NULL ? "tasks of " :
	    group_names[top->group], top->filter != NULL ? top->filter : "",
	    "", sorts[top->sort].title, out_plain(out));
}

static void
add_row(struct table *table, const struct top *top, size_t i)
{
	const struct top_row *row = &top->rows.v[i];
	int64_t elapsed_us = top->rows.elapsed_us > 0 ?
	    top->rows.elapsed_us : 1;
	int64_t busy = row->busy_us * 1000 / elapsed_us;
	struct json_object *wait = evtask_ctl_get(row->task, "wait");
	char age[TEXT_AGE_SIZE], *text = NULL;

	table_cell(table, PAINT_BOLD, i == top->at ? ">" : "");
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
		text = render_wait_text(wait, top->look.now_us);
	table_cell(table, PAINT_DIM, text != NULL ? text :
	    evtask_ctl_get_text(row->task, "state", ""));
	free(text);
}

static void
print_rows(struct top *top, struct out *out)
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
	size_t rows = canvas_rows(&top->canvas), i;

	rows = rows > 4 ? rows - 3 : 1; /* below the head and the titles */
	if (top->at < top->first)
		top->first = top->at;
	if (top->at >= top->first + rows)
		top->first = top->at - rows + 1;
	for (i = top->first; i < top->rows.n && i < top->first + rows; i++)
		add_row(table, top, i);
	table_print(out, table);
	table_free(table);
}

/* The lines of the details from the first that is shown on. */
static const char *
scrolled(struct top *top)
{
	const char *text = top->details != NULL ? top->details : "", *end;
	size_t lines = 0;

	for (end = text; *end != '\0'; end++)
		lines += *end == '\n';
	if (top->scrolled >= lines)
		top->scrolled = lines > 0 ? lines - 1 : 0;
	for (size_t i = 0; i < top->scrolled; i++)
		text = strchr(text, '\n') + 1;
	return text;
}

static const char *
foot_of(const struct top *top)
{
	if (top->asked != 0 || top->said[0] != '\0')
		return top->said;
	if (top->detail != 0)
		return "Escape back  Up Down  c cancel  p pause  q quit";
	return "Enter  c cancel  g group  b r l w n i sort  p pause  q quit";
}

static void
draw(struct top *top)
{
	struct out *out = &top->cli->out;
	FILE *data = out->data, *memory;
	char *text = NULL;
	size_t size;

	out_measure(out);
	if (top->detail != 0) {
		canvas_draw(&top->canvas, scrolled(top), foot_of(top));
		return;
	}
	memory = open_memstream(&text, &size);
	if (memory == NULL)
		return;
	out->data = memory;
	print_head(top, out);
	print_rows(top, out);
	out->data = data;
	fclose(memory);
	canvas_draw(&top->canvas, text, foot_of(top));
	free(text);
}

/* Asking. */

/* What a verb prints about the task, below what was said of it before. */
static int
append_verb(struct top *top, FILE *file, const char *verb)
{
	struct words words = {0};
	char *text = NULL, id[24];
	int r;

	snprintf(id, sizeof(id), "%lld", (long long)top->detail);
	r = words_add(&words, verb);
	if (r == 0)
		r = words_add(&words, id);
	if (r == 0)
		r = canvas_run(top->cli, &words, true, &text);
	words_release(&words);
	fprintf(file, "%s\n", text != NULL ? text : "");
	free(text);
	return r < 0 ? r : 0;
}

/* The end of the task's log. */
static int
append_log(struct top *top, FILE *file)
{
	struct words words = {0};
	char *text = NULL, *tail, id[24];
	size_t lines = 0;
	int r;

	snprintf(id, sizeof(id), "%lld", (long long)top->detail);
	r = words_add(&words, "logs");
	if (r == 0)
		r = words_add(&words, id);
	if (r == 0)
		r = canvas_run(top->cli, &words, true, &text);
	words_release(&words);
	if (text != NULL) {
		tail = text + strlen(text);
		for (; tail > text && lines <= LOG_LINES; tail--)
			lines += tail[-1] == '\n';
		fprintf(file, "%s", lines > LOG_LINES ? tail + 1 : text);
	}
	free(text);
	return r < 0 ? r : 0;
}

static int
fetch_details(struct top *top)
{
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);
	int r;

	if (file == NULL)
		return cli_no_memory(top->cli);
	r = append_verb(top, file, "show");
	if (r == 0)
		r = append_verb(top, file, "stack");
	if (r == 0)
		r = append_log(top, file);
	fclose(file);
	free(top->details);
	top->details = text;
	return r;
}

static int
look_again(struct top *top)
{
	struct top_look look;
	int r = top_look(top->cli, top->look.tasks != NULL ? &top->look :
	    NULL, &look);

	if (r != 0)
		return r;
	top_look_release(&top->before);
	top->compared = top->look.tasks != NULL;
	top->before = top->look;
	top->look = look;
	if (make_rows(top) < 0)
		return cli_no_memory(top->cli);
	return top->detail != 0 ? fetch_details(top) : 0;
}

static int
cancel_asked(struct top *top)
{
	struct json_object *params = json_object_new_object();
	struct json_object *ids = json_object_new_array(), *result, *error;
	int r;

	evtask_ctl_append(&ids, json_object_new_int64(top->asked));
	evtask_ctl_put(&params, "tasks", ids);
	evtask_ctl_put_text(&params, "message", "from top");
	r = cli_try(top->cli, "task.cancel", params, &result, &error);
	if (r == 0) {
		json_object_put(result);
		snprintf(top->said, sizeof(top->said),
		    "task %lld is asked to stop", (long long)top->asked);
	} else if (r == -EREMOTEIO) {
		snprintf(top->said, sizeof(top->said), "%s",
		    evtask_ctl_get_text(error, "message", "?"));
		json_object_put(error);
		r = 0;
	}
	top->asked = 0;
	top->next_us = 0;
	return r;
}

/* Keys. */

static void
ask_to_cancel(struct top *top)
{
	const struct top_row *row = chosen(top);

	top->asked = top->detail;
	if (top->asked == 0 && row != NULL && row->task != NULL)
		top->asked = row->id;
	if (top->asked != 0)
		snprintf(top->said, sizeof(top->said), "cancel %s(%lld)? y n",
		    top->detail == 0 ? row->name : "task",
		    (long long)top->asked);
	else
		snprintf(top->said, sizeof(top->said),
		    "choose a task: Enter shows those of a group");
}

static void
enter(struct top *top)
{
	const struct top_row *row = chosen(top);

	if (row == NULL)
		return;
	if (row->task != NULL) {
		top->detail = row->id;
		top->scrolled = 0;
	} else {
		top->filter = strdup(row->name);
		top->at = top->first = 0;
	}
	top->next_us = 0;
}

static void
leave(struct top *top)
{
	if (top->detail != 0) {
		top->detail = 0;
	} else {
		free(top->filter);
		top->filter = NULL;
	}
}

static void
move(struct top *top, int key)
{
	size_t page = canvas_rows(&top->canvas) / 2 + 1;
	size_t *place = top->detail != 0 ? &top->scrolled : &top->at;
	size_t to = *place, back = key == KEY_PAGE_UP ? page : 1;

	if (key == KEY_HOME)
		to = 0;
	else if (key == KEY_END)
		to = SIZE_MAX / 2;
	else if (key == KEY_UP || key == 'k' || key == KEY_PAGE_UP)
		to -= to < back ? to : back;
	else
		to += key == KEY_PAGE_DOWN ? page : 1;
	if (top->detail != 0)
		top->scrolled = to;
	else
		choose(top, to);
}

static void
set_group(struct top *top)
{
	top->group = (top->group + 1) % TOP_GROUPS;
	free(top->filter);
	top->filter = NULL;
	top->at = top->first = 0;
}

/* True: the key is one of those that sort. */
static bool
sort_by(struct top *top, int key)
{
	for (size_t i = 0; i < TOP_SORTS; i++)
		if (sorts[i].key == key) {
			top->sort = (enum top_sort)i;
			return true;
		}
	return false;
}

static int
take_key(struct top *top, int key)
{
	if (top->asked != 0) {
		if (key == 'y')
			return cancel_asked(top);
		top->asked = 0;
		top->said[0] = '\0';
		return 0;
	}
	top->said[0] = '\0';
	switch (key) {
	case KEY_ENTER:
		if (top->detail == 0)
			enter(top);
		break;
	case KEY_ESCAPE:
		leave(top);
		break;
	case KEY_UP:
	case KEY_DOWN:
	case KEY_PAGE_UP:
	case KEY_PAGE_DOWN:
	case KEY_HOME:
	case KEY_END:
	case 'j':
	case 'k':
		move(top, key);
		break;
	case 'c':
		ask_to_cancel(top);
		break;
	case 'g':
		set_group(top);
		break;
	case 'p':
	case ' ':
		top->paused = !top->paused;
		top->next_us = 0;
		break;
	case 'q':
		top->quit = true;
		break;
	default:
		sort_by(top, key);
		break;
	}
	return make_rows(top) < 0 ? cli_no_memory(top->cli) : 0;
}

static int
run(struct top *top)
{
	int64_t now_us;
	int r = 0;

	while (r == 0 && !top->quit) {
		now_us = evtask_loop_time_us(evtask_get_running_loop());
		if (now_us >= top->next_us && (!top->paused ||
		    top->next_us == 0)) {
			r = look_again(top);
			top->next_us = now_us + top->interval_us;
		}
		if (r != 0)
			break;
		draw(top);
		r = canvas_key(&top->canvas, top->interval_us);
		if (r > KEY_NONE)
			r = take_key(top, r);
	}
	return r;
}

/* Turns the recorder on, or off. It may be on already; that is as well. */
static int
record(struct top *top, bool on)
{
	struct json_object *params = json_object_new_object(), *result;
	struct json_object *error = NULL;
	int r;

	if (on)
		evtask_ctl_put_int(&params, "limit", 1);
	r = cli_try(top->cli, on ? "trace.snapshot" : "trace.stop", params,
	    &result, &error);
	if (r == 0)
		json_object_put(result);
	if (r == -EREMOTEIO && strcmp(evtask_ctl_get_text(evtask_ctl_get(error,
	    "data"), "name", ""), "TraceNotActive") == 0) {
		r = cli_ask(top->cli, "trace.start", NULL, &result);
		if (r == 0)
			json_object_put(result);
		top->started = r == 0;
	} else if (r == -EREMOTEIO) {
		r = cli_complain(top->cli, error);
	}
	json_object_put(error);
	return r;
}

/* What goes wrong meanwhile is kept for later. */
static int
run_on_screen(struct top *top)
{
	struct out *out = &top->cli->out;
	FILE *prose = out->prose, *memory;
	char *words = NULL;
	size_t size;
	int r;

	memory = open_memstream(&words, &size);
	if (memory == NULL)
		return cli_no_memory(top->cli);
	canvas_open(&top->canvas, top->cli, true);
	out->prose = memory;
	r = run(top);
	if (r == -ECANCELED && top->canvas.interrupted) {
		evtask_error_unref(evtask_catch(r)); /* a way to quit */
		evtask_uncancel(evtask_current_task());
		r = 0;
	}
	out->prose = prose;
	canvas_close(&top->canvas);
	fclose(memory);
	if (r > 0)
		out_bytes(out, true, words, strlen(words));
	free(words);
	return r;
}

int
top_show(struct cli *cli, int64_t interval_us)
{
	struct top top = { .cli = cli, .interval_us = interval_us };
	int r = record(&top, true);

	if (r == 0)
		r = run_on_screen(&top);
	if (top.started && r == 0)
		r = record(&top, false);
	top_look_release(&top.before);
	top_look_release(&top.look);
	free(top.rows.v);
	free(top.filter);
	free(top.at_name);
	free(top.details);
	return r;
}
