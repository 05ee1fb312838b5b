/*
 * render_task.c - tasks for people: a table of many, a page of one.
 */
#include <evtask/ctl_value.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include "render.h"
#include "table.h"
#include "text.h"

int64_t
render_now_us(void)
{
	struct timeval now;

	gettimeofday(&now, NULL);
	return (int64_t)now.tv_sec * 1000000 + now.tv_usec;
}

static const struct {
	const char *word;
	enum paint paint;
} paints[] = {
	{ "running", PAINT_GREEN },
	{ "ready", PAINT_GREEN },
	{ "created", PAINT_GREEN },
	{ "waiting", PAINT_BLUE },
	{ "returned", PAINT_DIM },
	{ "raised", PAINT_RED },
	{ "cancelled", PAINT_YELLOW },
};

enum paint
render_paint(const char *state, const char *outcome)
{
	const char *word = outcome != NULL ? outcome : state;

	for (size_t i = 0; i < sizeof(paints) / sizeof(paints[0]); i++)
		if (strcmp(paints[i].word, word) == 0)
			return paints[i].paint;
	return PAINT_NONE;
}

/* "sleep", "lock.acquire db held by writer", without the time. */
static void
print_wait(FILE *out, struct json_object *wait)
{
	struct json_object *on = evtask_ctl_get(wait, "on");
	struct json_object *owner = evtask_ctl_get(wait, "owner");
	const char *name = evtask_ctl_get_text(on, "name", "");

	fputs(evtask_ctl_get_text(wait, "op", "?"), out);
	if (name[0] != '\0')
		fprintf(out, " %s", name);
	if (owner != NULL)
		fprintf(out, " held by %s",
		    evtask_ctl_get_text(owner, "name", "?"));
}

/* What a line of the table says last: the wait, or how it ended and how long
 * ago. */
static char *
detail(struct json_object *task, int64_t now_us)
{
	struct json_object *wait = evtask_ctl_get(task, "wait");
	int64_t until_us = evtask_ctl_get_int(wait, "until_us", -1);
	int64_t done_us = evtask_ctl_get_int(task, "done_us", -1);
	const char *ending = evtask_ctl_get_text(task, "ending", NULL);
	char age[TEXT_AGE_SIZE];
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (out == NULL)
		return NULL;
	if (wait != NULL)
		print_wait(out, wait);
	if (until_us >= 0)
		fprintf(out, ", %s left", text_age(until_us - now_us, age));
	if (evtask_ctl_get(task, "cancel") != NULL && done_us < 0)
		fprintf(out, "%sasked to stop", wait != NULL ? "; " : "");
	if (ending != NULL)
		fprintf(out, "%s, ", ending);
	if (done_us >= 0)
		fprintf(out, "%s ago", text_age(now_us - done_us, age));
	fclose(out);
	return text;
}

void
render_tasks(struct out *out, struct json_object *tasks, int64_t now_us)
{
	static const struct column columns[] = {
		{ .title = "ID", .right = true },
		{ .title = "NAME", .flexible = true },
		{ .title = "COROUTINE", .flexible = true },
		{ .title = "STATE" },
		{ .title = "TIME", .right = true },
		{ .title = "", .flexible = true },
		{ .title = NULL },
	};
	struct table *table = table_new(columns);
	char age[TEXT_AGE_SIZE];

	for (size_t i = 0; i < json_object_array_length(tasks); i++) {
		struct json_object *t = json_object_array_get_idx(tasks, i);
		const char *state = evtask_ctl_get_text(t, "state", "?");
		const char *outcome = evtask_ctl_get_text(t, "outcome", NULL);
		int64_t end_us = evtask_ctl_get_int(t, "done_us", now_us);
		char *last = detail(t, now_us);

		table_cellf(table, PAINT_NONE, "%lld",
		    (long long)evtask_ctl_get_int(t, "id", 0));
		table_cell(table, PAINT_BOLD,
		    evtask_ctl_get_text(t, "name", "-"));
		table_cell(table, PAINT_NONE,
		    evtask_ctl_get_text(t, "coroutine", "-"));
		table_cell(table, render_paint(state, outcome),
		    outcome != NULL ? outcome : state);
		table_cell(table, PAINT_NONE, text_age(end_us -
		    evtask_ctl_get_int(t, "created_us", end_us), age));
		table_cell(table, PAINT_DIM, last != NULL ? last : "");
		free(last);
	}
	table_print(out, table);
	table_free(table);
}

static void
print_label(struct out *out, const char *label)
{
	out_printf(out, "%s%-11s%s ", out_paint(out, PAINT_DIM), label,
	    out_plain(out));
}

static void
print_text(struct out *out, const char *label, const char *text)
{
	if (text == NULL)
		return;
	print_label(out, label);
	text_print(out->data, text, false);
	out_printf(out, "\n");
}

/* A time, and how long ago it was; nothing for a time that has not come. */
static void
print_time(struct out *out, const char *label, struct json_object *task,
    const char *key, int64_t now_us)
{
	int64_t us = evtask_ctl_get_int(task, key, -1);
	char time[TEXT_TIME_SIZE], age[TEXT_AGE_SIZE];

	if (us < 0)
		return;
	print_label(out, label);
	out_printf(out, "%s  %s%s ago%s\n", text_time(us, time),
	    out_paint(out, PAINT_DIM), text_age(now_us - us, age),
	    out_plain(out));
}

static void
print_site(struct out *out, struct json_object *site)
{
	if (site == NULL)
		return;
	out_printf(out, " at ");
	text_print(out->data, evtask_ctl_get_text(site, "file", "?"), false);
	out_printf(out, ":%lld",
	    (long long)evtask_ctl_get_int(site, "line", 0));
}

/* "client, pid 4711, user 1000", "task 7" */
static void
print_party(struct out *out, struct json_object *by)
{
	int64_t task = evtask_ctl_get_int(by, "task", -1);
	int64_t pid = evtask_ctl_get_int(by, "pid", -1);
	int64_t uid = evtask_ctl_get_int(by, "uid", -1);

	text_print(out->data, evtask_ctl_get_text(by, "type", "?"), false);
	if (task >= 0)
		out_printf(out, " %lld", (long long)task);
	if (pid >= 0)
		out_printf(out, ", pid %lld", (long long)pid);
	if (uid >= 0)
		out_printf(out, ", user %lld", (long long)uid);
}

static void
print_waiting(struct out *out, struct json_object *wait, int64_t now_us)
{
	int64_t until_us = evtask_ctl_get_int(wait, "until_us", -1);
	char age[TEXT_AGE_SIZE], *text = NULL;
	size_t size;
	FILE *words;

	if (wait == NULL)
		return;
	words = open_memstream(&text, &size);
	if (words == NULL)
		return;
	print_wait(words, wait);
	fclose(words);
	print_label(out, "waits for");
	text_print(out->data, text, false);
	free(text);
	print_site(out, evtask_ctl_get(wait, "site"));
	out_printf(out, ", for %s", text_age(now_us -
	    evtask_ctl_get_int(wait, "since_us", now_us), age));
	if (until_us >= 0)
		out_printf(out, ", %s left", text_age(until_us - now_us, age));
	out_printf(out, "\n");
}

static void
print_created_by(struct out *out, struct json_object *task)
{
	struct json_object *by = evtask_ctl_get(task, "created_by");

	if (by == NULL)
		return;
	print_label(out, "created by");
	print_party(out, by);
	print_site(out, evtask_ctl_get(task, "created_at"));
	out_printf(out, "\n");
}

static void
print_cancel(struct out *out, struct json_object *cancel, int64_t now_us)
{
	struct json_object *by = evtask_ctl_get(cancel, "by");
	const char *message = evtask_ctl_get_text(cancel, "message", NULL);
	char age[TEXT_AGE_SIZE];

	if (cancel == NULL)
		return;
	print_label(out, "cancel");
	out_printf(out, "asked for %lld time%s, first %s ago",
	    (long long)evtask_ctl_get_int(cancel, "requested", 1),
	    evtask_ctl_get_int(cancel, "requested", 1) == 1 ? "" : "s",
	    text_age(now_us - evtask_ctl_get_int(cancel, "first_us", now_us),
	    age));
	if (by != NULL) {
		out_printf(out, ", by ");
		print_party(out, by);
	}
	print_site(out, evtask_ctl_get(cancel, "site"));
	if (message != NULL) {
		out_printf(out, ": ");
		text_print(out->data, message, false);
	}
	out_printf(out, "\n");
}

static void
print_numbers(struct out *out, struct json_object *task)
{
	struct json_object *counters = evtask_ctl_get(task, "counters");
	struct json_object *stack = evtask_ctl_get(task, "stack");
	char size[TEXT_SIZE_SIZE], peak[TEXT_SIZE_SIZE];

	if (counters != NULL) {
		print_label(out, "counters");
		out_printf(out, "resumed %lld, awaited %lld\n",
		    (long long)evtask_ctl_get_int(counters, "resumes", 0),
		    (long long)evtask_ctl_get_int(counters, "awaits", 0));
	}
	if (stack == NULL)
		return;
	print_label(out, "stack");
	out_printf(out, "%s", text_bytes(evtask_ctl_get_int(stack, "size", 0),
	    size));
	if (evtask_ctl_get(stack, "peak") != NULL)
		out_printf(out, ", %s at most", text_bytes(
		    evtask_ctl_get_int(stack, "peak", 0), peak));
	out_printf(out, "\n");
}

void
render_task(struct out *out, struct json_object *task, int64_t now_us)
{
	const char *state = evtask_ctl_get_text(task, "state", "?");
	const char *outcome = evtask_ctl_get_text(task, "outcome", NULL);
	const char *ending = evtask_ctl_get_text(task, "ending", NULL);
	int64_t parent = evtask_ctl_get_int(task, "parent", -1);

	print_label(out, "task");
	out_printf(out, "%lld  %s",
	    (long long)evtask_ctl_get_int(task, "id", 0),
	    out_paint(out, PAINT_BOLD));
	text_print(out->data, evtask_ctl_get_text(task, "name", "-"), false);
	out_printf(out, "%s\n", out_plain(out));
	print_text(out, "coroutine",
	    evtask_ctl_get_text(task, "coroutine", NULL));
	print_label(out, "state");
	out_printf(out, "%s%s%s%s%s%s", out_paint(out, render_paint(state,
	    outcome)), state, outcome != NULL ? ": " : "",
	    outcome != NULL ? outcome : "", out_plain(out),
	    ending != NULL ? ", " : "");
	text_print(out->data, ending != NULL ? ending : "", false);
	out_printf(out, "\n");
	print_waiting(out, evtask_ctl_get(task, "wait"), now_us);
	if (parent >= 0) {
		print_label(out, "parent");
		out_printf(out, "%lld\n", (long long)parent);
	}
	print_time(out, "created", task, "created_us", now_us);
	print_time(out, "started", task, "started_us", now_us);
	print_time(out, "done", task, "done_us", now_us);
	print_created_by(out, task);
	print_cancel(out, evtask_ctl_get(task, "cancel"), now_us);
	print_numbers(out, task);
}
