/*
 * outside.c - verbs on a process that is read from outside, or on its core:
 * list, tree and stack, of which the memory knows enough.
 *
 * What is read becomes the JSON that a server would send, and is printed by
 * what prints that: a list page by page, of which none is kept. Reading goes
 * through files and debug information, so it is done by a thread, which has all
 * of it while it runs.
 */
#include "outside.h"

#include <errno.h>
#include <evtask/ctl_value.h>
#include <evtask/thread.h>
#include <fnmatch.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cli.h"
#include "command.h"
#include "exits.h"
#include "grammar.h"
#include "outside/frames.h"
#include "outside/layout.h"
#include "outside/tasks.h"
#include "render.h"
#include "stacks.h"

/* What a thread is asked, and answers. */
struct reading {
	const struct settings *settings;
	const char *word;               /* the task whose stack is wanted */
	struct target *target;
	struct layout layout;
	struct tasks tasks;
	int64_t now_us;
	struct json_object *page;       /* of tasks; NULL behind the last */
	struct json_object *stack;      /* of that one: task, frames */
	int code;
	char *why;
};

static int
read_page(struct reading *reading)
{
	reading->page = tasks_next(&reading->tasks);
	return 0;
}

static int
read_stack(struct reading *reading)
{
	struct tasks *tasks = &reading->tasks;
	struct frames frames = { .tasks = tasks };
	uint64_t task = tasks_find(tasks, reading->word);

	if (task == 0) {
		if (asprintf(&reading->why, "there is no task %s there; "
		    "\"list\" shows them", reading->word) < 0)
			reading->why = NULL;
		return -ENOENT;
	}
	reading->stack = json_object_new_object();
	json_object_object_add(reading->stack, "task", tasks_render(tasks,
	    task));
	json_object_object_add(reading->stack, "frames", frames_of(&frames,
	    task));
	return 0;
}

static int
read_tasks(struct reading *reading)
{
	const struct settings *settings = reading->settings;
	int r = settings->core != NULL
	    ? target_open_core(settings->core, &reading->target, &reading->why)
	    : target_open_pid((pid_t)settings->pid, &reading->target,
	    &reading->why);

	if (r == 0)
		r = layout_read(&reading->layout, reading->target,
		    &reading->why);
	if (r == 0)
		r = tasks_read(&reading->tasks, &reading->layout,
		    &reading->why);
	reading->now_us = reading->tasks.epoch_us + reading->tasks.now_us;
	return r;
}

struct errand {
	struct reading *reading;
	int (*read)(struct reading *reading);
};

static int
run_errand(void *arg)
{
	struct errand *errand = arg;

	errand->reading->code = errand->read(errand->reading);
	return 0;
}

/* Has a thread read. 0; an exit code, all being said; -ECANCELED. */
static int
have_read(struct cli *cli, struct reading *reading,
    int (*read)(struct reading *reading))
{
	struct errand errand = { reading, read };
	int r = evtask_to_thread(run_errand, &errand, NULL);

	if (r < 0 || reading->code >= 0)
		return r;
	out_error(&cli->out, "%s", reading->why != NULL ? reading->why
	    : strerror(-reading->code));
	return EXIT_FAILED;
}

/* What is missing in it. */
static void
tell_gaps(struct cli *cli, const struct tasks *tasks)
{
	if (tasks->torn)
		out_note(&cli->out, "it runs, and its lists have changed "
		    "while they were read: tasks may be missing");
	if (tasks->stackless)
		out_note(&cli->out, "stacks are not in it, nor what tasks wait "
		    "for: gcore leaves them out; a core that the kernel "
		    "writes has them (kill -ABRT)");
}

/* The next tasks, borrowed until the call after this one, or NULL; as
 * have_read(). */
static int
next_page(struct cli *cli, struct reading *reading,
    struct json_object **ret_page)
{
	int r;

	json_object_put(reading->page);
	reading->page = NULL;
	r = have_read(cli, reading, read_page);
	*ret_page = reading->page;
	return r;
}

static void
reading_release(struct reading *reading)
{
	json_object_put(reading->page);
	json_object_put(reading->stack);
	tasks_release(&reading->tasks);
	target_close(reading->target);
	free(reading->why);
}

static bool
has_text(struct json_object *list, const char *text)
{
	for (size_t i = 0; i < json_object_array_length(list); i++)
		if (strcmp(json_object_get_string(
		    json_object_array_get_idx(list, i)), text) == 0)
			return true;
	return false;
}

static bool
is_wanted(struct json_object *task, struct invocation *invocation)
{
	struct json_object *states = evtask_ctl_get(invocation->params,
	    "state");

	return (states == NULL || has_text(states, evtask_ctl_get_text(task,
	    "state", ""))) && (invocation->tasks.n == 0 ||
	    fnmatch(invocation->tasks.v[0], evtask_ctl_get_text(task, "name",
	    ""), 0) == 0);
}

/* Those of the page that are wanted, to put. */
static struct json_object *
pick(struct json_object *page, struct invocation *invocation, int64_t *most)
{
	struct json_object *wanted = json_object_new_array(), *task;

	for (size_t i = 0; i < json_object_array_length(page) && *most > 0;
	    i++) {
		task = json_object_array_get_idx(page, i);
		if (!is_wanted(task, invocation))
			continue;
		json_object_array_add(wanted, json_object_get(task));
		--*most;
	}
	return wanted;
}

static int
list(struct cli *cli, struct invocation *invocation, struct reading *reading)
{
	int64_t most = evtask_ctl_get_int(invocation->own, "most", INT64_MAX);
	struct out *out = &cli->out;
	int64_t left = out->sort != NULL ? INT64_MAX : most;
	struct rows *rows = rows_open(out, &render_tasks, reading->now_us);
	struct json_object *page, *wanted;
	bool any;
	int r = 0;

	reading->tasks.brief = out->form == OUT_TABLE && out->columns == NULL &&
	    out->sort == NULL;
	while (r == 0 && left > 0 &&
	    (r = next_page(cli, reading, &page)) == 0 && page != NULL) {
		wanted = pick(page, invocation, &left);
		if (json_object_array_length(wanted) > 0)
			r = rows_add(rows, wanted);
		json_object_put(wanted);
	}
	any = rows_any(rows);
	r = rows_close(rows, out, r, most);
	if (r == 0 && !any && !out->json)
		out_note(out, "no tasks");
	return r;
}

static int
print_tree(struct cli *cli, struct json_object *nodes, bool created,
    int64_t now_us)
{
	size_t n = json_object_array_length(nodes), i;

	for (i = 0; cli->out.json && i < n; i++)
		out_json(&cli->out, json_object_array_get_idx(nodes, i));
	if (!cli->out.json && n == 0)
		out_note(&cli->out, "no tasks");
	else if (!cli->out.json && render_tree(&cli->out, nodes, -1, created,
	    now_us) < 0)
		return cli_no_memory(cli);
	return 0;
}

static int
tree(struct cli *cli, struct invocation *invocation, struct reading *reading)
{
	struct json_object *nodes = json_object_new_array(), *page;
	int r;

	while ((r = next_page(cli, reading, &page)) == 0 && page != NULL)
		for (size_t i = 0; i < json_object_array_length(page); i++)
			json_object_array_add(nodes, json_object_get(
			    json_object_array_get_idx(page, i)));
	if (r == 0)
		r = print_tree(cli, nodes, evtask_ctl_get_bool(
		    invocation->own, "created", false), reading->now_us);
	json_object_put(nodes);
	return r;
}

static int
stack(struct cli *cli, struct invocation *invocation, struct reading *reading)
{
	int r = have_read(cli, reading, read_stack);

	if (r != 0)
		return r;
	if (cli->out.json) {
		out_json(&cli->out, reading->stack);
		return 0;
	}
	render_link(&cli->out, evtask_ctl_get(reading->stack, "task"),
	    reading->now_us);
	return stacks_print(cli, reading->stack, false);
}

static const struct verb {
	const char *verb;
	size_t tasks_max;       /* words that name tasks */
	const char *takes[3];   /* of its fields, those that can be told here */
	int (*print)(struct cli *cli, struct invocation *invocation,
	    struct reading *reading);
} verbs[] = {
	{ "list", 1, { "state", "most" }, list },
	{ "tree", 0, { "created" }, tree },
	{ "stack", 1, { NULL }, stack },
};
#define N_VERBS (sizeof(verbs) / sizeof(verbs[0]))

/* The first of the fields that the verb does not take; NULL: it takes all. */
static const char *
find_strange(const struct verb *verb, struct json_object *fields)
{
	const char *const *takes;

	json_object_object_foreach(fields, key, value) {
		(void)value;
		for (takes = verb->takes; *takes != NULL &&
		    strcmp(*takes, key) != 0; takes++)
			;
		if (*takes == NULL)
			return key;
	}
	return NULL;
}

static const char *
option_of(const struct command *command, const char *field)
{
	const struct option *option = command->options;

	while (option->name != NULL && strcmp(option->param, field) != 0)
		option++;
	return option->name != NULL ? option->name : field;
}

/* Whether all that the line asks for can be told, and was not left aside. */
static bool
is_answerable(struct cli *cli, struct invocation *invocation,
    const struct verb *verb)
{
	const char *strange = find_strange(verb, invocation->params);

	if (strange == NULL)
		strange = find_strange(verb, invocation->own);
	if (strange != NULL)
		out_error(&cli->out, "%s --%s needs a server: from outside "
		    "that cannot be told", verb->verb, option_of(
		    invocation->command, strange));
	else if (invocation->tasks.n > verb->tasks_max)
		out_error(&cli->out, "%s needs a server for %s: from outside "
		    "it takes %s", verb->verb, invocation->tasks.v[
		    verb->tasks_max], verb->tasks_max == 0 ? "no task" :
		    "one task");
	else
		return true;
	return false;
}

bool
outside_wanted(const struct cli *cli)
{
	return cli->settings.pid != 0 || cli->settings.core != NULL;
}

int
outside_run(struct cli *cli, struct invocation *invocation)
{
	struct reading reading = { .settings = &cli->settings };
	size_t i = 0;
	int r;

	while (i < N_VERBS && strcmp(verbs[i].verb,
	    invocation->command->name) != 0)
		i++;
	if (i == N_VERBS) {
		out_error(&cli->out, "%s needs a server: from outside there "
		    "are list, tree and stack", invocation->command->name);
		return EXIT_USAGE;
	}
	if (!is_answerable(cli, invocation, &verbs[i]))
		return EXIT_USAGE;
	if (invocation->tasks.n > 0)
		reading.word = invocation->tasks.v[0];
	r = have_read(cli, &reading, read_tasks);
	if (r == 0) {
		tell_gaps(cli, &reading.tasks);
		r = verbs[i].print(cli, invocation, &reading);
	}
	reading_release(&reading);
	return r;
}
