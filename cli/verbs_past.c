/*
 * verbs_past.c - `evtask trace open`: list, tree and why of a past moment, as
 * the file of a trace has it. No server is asked.
 */
#include <errno.h>
#include <evtask/ctl_value.h>
#include <evtask/thread.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "cli.h"
#include "exits.h"
#include "grammar.h"
#include "past_view.h"
#include "render.h"
#include "text.h"
#include "verbs.h"

/* A file is read in a thread: it may be large. */
struct loading {
	struct past past;
	const char *path;
	char *why;
};

static int
load(void *arg)
{
	struct loading *loading = arg;

	return past_load(&loading->past, loading->path, &loading->why);
}

/* "2026-01-01 12:00:03.5", "12:00:03.5" of the day it began: since 1970. */
static int
parse_clock(const char *text, int64_t from_us, int64_t *ret_us)
{
	static const char *const formats[] = { "%Y-%m-%d %H:%M:%S",
	    "%Y-%m-%dT%H:%M:%S", "%H:%M:%S" };
	time_t from = (time_t)(from_us / 1000000);
	const char *end = NULL;
	double fraction = 0;
	struct tm tm;
	char *rest;

	for (size_t i = 0; end == NULL && i < 3; i++) {
		localtime_r(&from, &tm);
		end = strptime(text, formats[i], &tm);
	}
	if (end == NULL)
		return -EINVAL;
	if (*end == '.') {
		fraction = strtod(end, &rest);
		end = rest;
	}
	tm.tm_isdst = -1;
	*ret_us = (int64_t)mktime(&tm) * 1000000 + (int64_t)(fraction * 1e6);
	return *end == '\0' ? 0 : -EINVAL;
}

/* The moment that is wanted, from the beginning; else the end. */
static int
find_moment(struct cli *cli, const struct past *past,
    struct json_object *own, int64_t *ret_us)
{
	const char *text = evtask_ctl_get_text(own, "at", NULL);
	int64_t ago_us = evtask_ctl_get_int(own, "ago_us", 0), at_us = 0;
	char length[EVTASK_CTL_DURATION_SIZE];

	evtask_ctl_duration_format(past->until_us, length);
	if (text == NULL) {
		at_us = past->until_us - ago_us;
	} else if (evtask_ctl_duration_parse(text, &at_us) == 0) {
		;
	} else if (past->from_us != 0 &&
	    parse_clock(text, past->from_us, &at_us) == 0) {
		at_us -= past->from_us;
	} else {
		out_error(&cli->out, "%s is no moment: \"12.3s\" is one, from "
		    "the beginning, and so is \"15:04:05.6\"", text);
		return EXIT_USAGE;
	}
	if (at_us < 0 || at_us > past->until_us) {
		out_error(&cli->out, "the trace is %s long, and that moment "
		    "is not in it", length);
		return EXIT_USAGE;
	}
	*ret_us = at_us;
	return 0;
}

/* The task of an id or a name; the last made of those of that name. */
static const struct past_task *
find_task(const struct past_view *view, const char *word)
{
	const struct past_task *found = NULL;
	char *end;
	uint64_t id = strtoull(word, &end, 10);

	if (*word != '\0' && *end == '\0')
		return past_find(view, id);
	for (size_t i = 0; i < view->n; i++)
		if (view->tasks[i].name != NULL &&
		    strcmp(view->tasks[i].name, word) == 0)
			found = &view->tasks[i];
	return found;
}

static int
find_wanted(struct cli *cli, const struct past_view *view,
    const struct invocation *invocation, const struct past_task **ret_task)
{
	*ret_task = NULL;
	if (invocation->texts.n < 4)
		return 0;
	*ret_task = find_task(view, invocation->texts.v[3]);
	if (*ret_task != NULL)
		return 0;
	out_error(&cli->out, "there was no task %s then, as far as is "
	    "recorded; \"evtask trace open %s list\" shows those there were",
	    invocation->texts.v[3], invocation->texts.v[1]);
	return EXIT_FAILED;
}

static int
show_list(struct cli *cli, const struct past_view *view,
    const struct past_task *task, struct json_object *own)
{
	struct json_object *all = past_tasks(view), *one;
	int r = 0;

	if (task != NULL) {
		one = json_object_new_array();
		evtask_ctl_append(&one, json_object_get(
		    json_object_array_get_idx(all, (size_t)(task -
		    view->tasks))));
		json_object_put(all);
		all = one;
	}
	if (all == NULL)
		return cli_no_memory(cli);
	if (json_object_array_length(all) == 0 && !cli->out.json)
		out_note(&cli->out, "no tasks, as far as is recorded");
	else
		r = rows_print(&cli->out, &render_tasks, all,
		    past_now_us(view));
	json_object_put(all);
	return r;
}

static int
show_tree(struct cli *cli, const struct past_view *view,
    const struct past_task *task, struct json_object *own)
{
	struct json_object *nodes = past_nodes(view);
	int r = 0;

	if (nodes == NULL)
		return cli_no_memory(cli);
	if (cli->out.json)
		for (size_t i = 0; i < json_object_array_length(nodes); i++)
			out_json(&cli->out, json_object_array_get_idx(nodes,
			    i));
	else if (render_tree(&cli->out, nodes, task != NULL ?
	    (int64_t)task->id : -1, evtask_ctl_get_bool(own, "created",
	    false), past_now_us(view)) < 0)
		r = cli_no_memory(cli);
	json_object_put(nodes);
	return r;
}

static int
show_why(struct cli *cli, const struct past_view *view,
    const struct past_task *task, struct json_object *own)
{
	struct json_object *why;

	if (task == NULL) {
		out_error(&cli->out, "why is about a task: say which");
		return EXIT_USAGE;
	}
	why = past_why(view, task);
	if (evtask_ctl_get(why, "chain") == NULL) {
		json_object_put(why);
		return cli_no_memory(cli);
	}
	if (cli->out.json)
		out_json(&cli->out, why);
	else
		render_why(&cli->out, why, past_now_us(view));
	json_object_put(why);
	return 0;
}

static const struct {
	const char *name;
	int (*show)(struct cli *cli, const struct past_view *view,
	    const struct past_task *task, struct json_object *own);
} views[] = {
	{ "list", show_list },
	{ "tree", show_tree },
	{ "why", show_why },
};

/* Says which moment it is that is shown. */
static void
say_moment(struct out *out, const struct past_view *view)
{
	char at[EVTASK_CTL_DURATION_SIZE], length[EVTASK_CTL_DURATION_SIZE];
	char time[TEXT_TIME_SIZE];

	if (out->form != OUT_TABLE && out->form != OUT_WIDE)
		return;
	evtask_ctl_duration_format(view->at_us, at);
	evtask_ctl_duration_format(view->past->until_us, length);
	out_note(out, "%s of %s%s%s", at, length,
	    view->past->from_us != 0 ? ", at " : "",
	    view->past->from_us != 0 ? text_time(past_now_us(view), time) :
	    "");
}

static int
show(struct cli *cli, struct invocation *invocation, const struct past *past)
{
	const char *name = invocation->texts.n > 2 ? invocation->texts.v[2] :
	    views[0].name;
	const struct past_task *task;
	struct past_view view;
	size_t which = 0;
	int64_t at_us;
	int r = find_moment(cli, past, invocation->own, &at_us);

	if (r != 0)
		return r;
	if (past_look(&view, past, at_us) < 0)
		return cli_no_memory(cli);
	r = find_wanted(cli, &view, invocation, &task);
	while (strcmp(views[which].name, name) != 0)
		which++; /* the grammar takes no other */
	if (r == 0)
		r = views[which].show(cli, &view, task, invocation->own);
	if (r == 0)
		say_moment(&cli->out, &view);
	past_view_release(&view);
	return r;
}

int
verb_trace_open(struct cli *cli, struct invocation *invocation)
{
	struct loading loading = { .path = NULL };
	int r;

	if (invocation->texts.n < 2) {
		out_error(&cli->out, "trace open needs the file that "
		    "\"evtask trace save\" has written");
		return EXIT_USAGE;
	}
	loading.path = invocation->texts.v[1];
	r = evtask_to_thread(load, &loading, NULL);
	if (r == 0) {
		r = show(cli, invocation, &loading.past);
	} else if (r != -ECANCELED) {
		out_error(&cli->out, "%s", loading.why != NULL ? loading.why :
		    strerror(-r));
		r = EXIT_FAILED;
	}
	past_release(&loading.past);
	free(loading.why);
	return r;
}
