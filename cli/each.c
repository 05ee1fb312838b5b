/*
 * each.c - a verb that asks about one task, for as many as the line names.
 *
 * A word that means no task ends the line before anything is done. After that
 * every task has its turn: one that fails is no reason to leave out the rest.
 * With -o json all of it is one value, an array.
 */
#include "each.h"

#include <errno.h>
#include <evtask/ctl_value.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "cli.h"
#include "grammar.h"
#include "names.h"

char *
each_name(struct cli *cli, struct json_object *task)
{
	struct json_object *params = json_object_new_object(), *found;
	char *name = NULL;

	evtask_ctl_put(&params, "task", json_object_get(task));
	evtask_ctl_put(&params, "fields", json_tokener_parse("[\"name\"]"));
	found = cli_ask_silently(cli, "task.get", params, "task");
	name = strdup(found != NULL ?
	    evtask_ctl_get_text(found, "name", "?") :
	    json_object_get_string(task));
	json_object_put(found);
	return name;
}

void
each_title(struct cli *cli, const char *name, bool first)
{
	out_printf(&cli->out, "%s%s==> %s <==%s\n", first ? "" : "\n",
	    out_paint(&cli->out, PAINT_BOLD), name, out_plain(&cli->out));
}

static void
print_head(struct cli *cli, enum each_head head, const char *name, bool first)
{
	if (cli->out.form != OUT_TABLE && cli->out.form != OUT_WIDE)
		return;
	if (head == EACH_TITLE)
		each_title(cli, name, first);
	else if (head == EACH_BLANK && !first)
		out_printf(&cli->out, "\n");
}

/* One of several: what goes wrong is said to be of this one. */
static int
take_turn(struct cli *cli, struct invocation *invocation,
    enum each_head head, each_fn fn, struct json_object *task, bool first)
{
	char *name = each_name(cli, task);
	int r;

	if (name == NULL)
		return cli_no_memory(cli);
	print_head(cli, head, name, first);
	cli->out.about = name;
	r = fn(cli, invocation, task);
	cli->out.about = NULL;
	free(name);
	return r;
}

static int
each_of(struct cli *cli, struct invocation *invocation, enum each_head head,
    each_fn fn, struct json_object *tasks)
{
	size_t n = json_object_array_length(tasks);
	FILE *prose = cli->out.prose;
	int code = 0, r = 0;

	out_gather(&cli->out);
	if (cli->out.captured && isatty(STDERR_FILENO))
		cli->out.prose = cli->out.data; /* one person reads both */
	for (size_t i = 0; r >= 0 && i < n && cli->out.failed == 0; i++) {
		r = take_turn(cli, invocation, head, fn,
		    json_object_array_get_idx(tasks, i), i == 0);
		if (code == 0)
			code = r;
	}
	cli->out.prose = prose;
	out_end_gathering(&cli->out);
	return r < 0 ? r : code;
}

int
each_task(struct cli *cli, struct invocation *invocation,
    enum each_head head, each_fn fn)
{
	struct json_object *tasks;
	int r = names_resolve(cli, &invocation->tasks,
	    invocation->command->args[0].want, &tasks);

	if (r != 0)
		return r;
	if (json_object_array_length(tasks) == 1)
		r = fn(cli, invocation, json_object_array_get_idx(tasks, 0));
	else
		r = each_of(cli, invocation, head, fn, tasks);
	json_object_put(tasks);
	return r;
}
