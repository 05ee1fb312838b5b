/*
 * render_task.c - tasks for people: a table of many, a page of one.
 */
#include <evtask/ctl_value.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include "render.h"
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

/* "; deadlock!" */
static void
print_warnings(FILE *out, struct json_object *warnings)
{
	for (size_t i = 0; warnings != NULL &&
	    i < json_object_array_length(warnings); i++)
		fprintf(out, "; %s!", json_object_get_string(
		    json_object_array_get_idx(warnings, i)));
}

static enum paint
show_state(FILE *cell, struct json_object *task, int64_t now_us)
{
	const char *state = evtask_ctl_get_text(task, "state", "?");
	const char *outcome = evtask_ctl_get_text(task, "outcome", NULL);

	fputs(outcome != NULL ? outcome : state, cell);
	return render_paint(state, outcome);
}

/* How long it is there, or was. */
static enum paint
show_time(FILE *cell, struct json_object *task, int64_t now_us)
{
	int64_t end_us = evtask_ctl_get_int(task, "done_us", now_us);
	int64_t created_us = evtask_ctl_get_int(task, "created_us", -1);
	char age[TEXT_AGE_SIZE];

	fputs(created_us >= 0 ? text_age(end_us - created_us, age) : "-",
	    cell);
	return PAINT_NONE;
}

/* The wait, or how it ended and how long ago. */
static enum paint
show_detail(FILE *cell, struct json_object *task, int64_t now_us)
{
	struct json_object *wait = evtask_ctl_get(task, "wait");
	struct json_object *warnings = evtask_ctl_get(task, "warnings");
	int64_t done_us = evtask_ctl_get_int(task, "done_us", -1);
	const char *ending = evtask_ctl_get_text(task, "ending", NULL);
	char age[TEXT_AGE_SIZE];

	if (wait != NULL)
		render_wait(cell, wait, now_us);
	if (evtask_ctl_get(task, "cancel") != NULL && done_us < 0)
		fprintf(cell, "%sasked to stop", wait != NULL ? "; " : "");
	if (ending != NULL)
		fprintf(cell, "%s, ", ending);
	if (done_us >= 0)
		fprintf(cell, "%s ago", text_age(now_us - done_us, age));
	print_warnings(cell, warnings);
	return PAINT_DIM;
}

static const struct rows_column task_columns[] = {
	{ "id", "ID", .right = true },
	{ "name", "NAME", .flexible = true, .show = render_name_cell },
	{ "coroutine", "COROUTINE", .flexible = true },
	{ "parent", "PARENT", .wide = true, .right = true },
	{ "state", "STATE", .show = show_state },
	{ "time", "TIME", "created_us", .right = true, .show = show_time },
	{ "busy", "BUSY", "busy_us", .wide = true, .right = true },
	{ "resumes", "RESUMES", "counters.resumes", .wide = true,
	  .right = true },
	{ "stack", "STACK", "stack.peak", .wide = true, .right = true },
	{ "detail", "", "wait.op", .flexible = true, .show = show_detail },
	{ .name = NULL }
};

const struct rows_kind render_tasks = {
	.id = "id",
	.tsv = "id,name,coroutine,state,outcome,created_us,done_us",
	.columns = task_columns,
};

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

static void
print_error(struct out *out, struct json_object *error)
{
	char *words = error != NULL ? render_error(error) : NULL;

	print_text(out, "error", words);
	free(words);
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

/* "team=a night" */
static void
print_labels(struct out *out, struct json_object *labels)
{
	const char *text, *lead = "";

	if (labels == NULL || json_object_object_length(labels) == 0)
		return;
	print_label(out, "labels");
	json_object_object_foreach(labels, key, value) {
		text = json_object_get_string(value);
		out_printf(out, "%s", lead);
		text_print(out->data, key, false);
		out_printf(out, "%s", text != NULL && *text != '\0' ? "=" : "");
		text_print(out->data, text != NULL ? text : "", false);
		lead = " ";
	}
	out_printf(out, "\n");
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
	char *text = render_wait_text(wait, now_us), age[TEXT_AGE_SIZE];

	if (wait != NULL && text != NULL) {
		print_label(out, "waits for");
		text_print(out->data, text, false);
		print_site(out, evtask_ctl_get(wait, "site"));
		out_printf(out, ", for %s\n", text_age(now_us -
		    evtask_ctl_get_int(wait, "since_us", now_us), age));
	}
	free(text);
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
	int64_t requested = evtask_ctl_get_int(cancel, "requested", 1);
	char age[TEXT_AGE_SIZE];

	if (cancel == NULL)
		return;
	print_label(out, "cancel");
	if (requested > 0)
		out_printf(out, "asked for %lld time%s", (long long)requested,
		    requested == 1 ? "" : "s");
	else
		out_printf(out, "asked for and taken back");
	out_printf(out, ", first %s ago", text_age(now_us -
	    evtask_ctl_get_int(cancel, "first_us", now_us), age));
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

static void
print_explained(struct out *out, struct json_object *warnings)
{
	for (size_t i = 0; warnings != NULL &&
	    i < json_object_array_length(warnings); i++) {
		print_label(out, "warning");
		out_printf(out, "%s%s%s\n", out_paint(out, PAINT_RED),
		    json_object_get_string(json_object_array_get_idx(warnings,
		    i)), out_plain(out));
	}
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
	print_labels(out, evtask_ctl_get(task, "labels"));
	print_label(out, "state");
	out_printf(out, "%s%s%s%s%s%s", out_paint(out, render_paint(state,
	    outcome)), state, outcome != NULL ? ": " : "",
	    outcome != NULL ? outcome : "", out_plain(out),
	    ending != NULL ? ", " : "");
	text_print(out->data, ending != NULL ? ending : "", false);
	out_printf(out, "\n");
	print_error(out, evtask_ctl_get(task, "error"));
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
	print_explained(out, evtask_ctl_get(task, "warnings"));
}
