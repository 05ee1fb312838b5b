/*
 * outside.c - verbs on a process that is read from outside, or on its core:
 * list, tree and stack, of which the memory knows enough.
 *
 * What is read becomes the JSON that a server would send, and is printed by
 * what prints that. Reading goes through files and debug information, so it is
 * done by a thread.
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

/* What the thread is asked, and answers. */
struct reading {
	const struct settings *settings;
	const char *word;               /* the task whose stack is wanted */
	struct json_object *tasks;      /* all, without one */
	struct json_object *stack;      /* of that one: task, frames */
	bool torn, stackless;   /* as struct tasks */
	int64_t now_us;
	int code;
	char *why;
};

static void
read_all(struct reading *reading, struct tasks *tasks)
{
	reading->tasks = json_object_new_array();
	for (size_t i = 0; i < tasks->n; i++)
		json_object_array_add(reading->tasks, tasks_render(tasks,
		    tasks->v[i]));
}

static int
read_stack(struct reading *reading, struct tasks *tasks)
{
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
read_target(struct reading *reading, struct target *target)
{
	struct layout layout;
	struct tasks tasks;
	int r = layout_read(&layout, target, &reading->why);

	if (r < 0)
		return r;
	r = tasks_read(&tasks, &layout, &reading->why);
	if (r < 0)
		return r;
	reading->torn = tasks.torn;
	reading->stackless = tasks.stackless;
	reading->now_us = tasks.epoch_us + tasks.now_us;
	if (reading->word != NULL)
		r = read_stack(reading, &tasks);
	else
		read_all(reading, &tasks);
	tasks_release(&tasks);
	return r;
}

static int
read_somewhere(struct reading *reading)
{
	const struct settings *settings = reading->settings;
	struct target *target;
	int r = settings->core != NULL
	    ? target_open_core(settings->core, &target, &reading->why)
	    : target_open_pid((pid_t)settings->pid, &target, &reading->why);

	if (r < 0)
		return r;
	r = read_target(reading, target);
	target_close(target);
	return r;
}

static int
read_in_thread(void *arg)
{
	struct reading *reading = arg;

	reading->code = read_somewhere(reading);
	return 0;
}

/* 0; an exit code, all being said; -ECANCELED. */
static int
read_outside(struct cli *cli, struct reading *reading)
{
	int r = evtask_to_thread(read_in_thread, reading, NULL);

	if (r == 0 && reading->code < 0)
		out_error(&cli->out, "%s", reading->why != NULL ? reading->why
		    : strerror(-reading->code));
	else if (r == 0 && reading->torn)
		out_note(&cli->out, "it runs, and its lists have changed "
		    "while they were read: tasks may be missing");
	if (r == 0 && reading->stackless)
		out_note(&cli->out, "stacks are not in it, nor what tasks wait "
		    "for: gcore leaves them out; a core that the kernel "
		    "writes has them (kill -ABRT)");
	free(reading->why);
	return r < 0 ? r : reading->code < 0 ? EXIT_FAILED : 0;
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

static int
list(struct cli *cli, struct invocation *invocation, struct reading *reading)
{
	struct json_object *wanted = json_object_new_array(), *task;
	size_t n = json_object_array_length(reading->tasks), i;
	int64_t most = evtask_ctl_get_int(invocation->own, "most", INT64_MAX);
	int r = 0;

	for (i = 0; i < n && most > 0; i++) {
		task = json_object_array_get_idx(reading->tasks, i);
		if (!is_wanted(task, invocation))
			continue;
		json_object_array_add(wanted, json_object_get(task));
		most--;
	}
	if (json_object_array_length(wanted) == 0 && !cli->out.json)
		out_note(&cli->out, "no tasks");
	else
		r = rows_print(&cli->out, &render_tasks, wanted,
		    reading->now_us);
	json_object_put(wanted);
	return r;
}

static int
tree(struct cli *cli, struct invocation *invocation, struct reading *reading)
{
	bool created = evtask_ctl_get_bool(invocation->own, "created", false);
	size_t n = json_object_array_length(reading->tasks), i;

	for (i = 0; cli->out.json && i < n; i++)
		out_json(&cli->out, json_object_array_get_idx(reading->tasks,
		    i));
	if (!cli->out.json && n == 0)
		out_note(&cli->out, "no tasks");
	else if (!cli->out.json && render_tree(&cli->out, reading->tasks, -1,
	    created, reading->now_us) < 0)
		return cli_no_memory(cli);
	return 0;
}

static int
stack(struct cli *cli, struct invocation *invocation, struct reading *reading)
{
	(void)invocation;
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
	bool of_task;           /* it is about one, and not about all */
	size_t tasks_max;       /* words that name tasks */
	const char *takes[3];   /* of its fields, those that can be told here */
	int (*print)(struct cli *cli, struct invocation *invocation,
	    struct reading *reading);
} verbs[] = {
	{ "list", false, 1, { "state", "most" }, list },
	{ "tree", false, 0, { "created" }, tree },
	{ "stack", true, 1, { NULL }, stack },
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
		out_error(&cli->out, "%s --%s needs a server: from outside that "
		    "cannot be told", verb->verb, option_of(
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
	if (verbs[i].of_task)
		reading.word = invocation->tasks.v[0];
	r = read_outside(cli, &reading);
	if (r == 0)
		r = verbs[i].print(cli, invocation, &reading);
	json_object_put(reading.tasks);
	json_object_put(reading.stack);
	return r;
}
