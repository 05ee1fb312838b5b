/*
 * verbs_inspect.c - the verbs that look in: who waits for whom, what tasks
 * share, what looks wrong.
 */
#include <evtask/ctl.h>
#include <evtask/inspect_warning.h>
#include <json-c/json.h>
#include <string.h>
#include "cli.h"
#include "each.h"
#include "exits.h"
#include "grammar.h"
#include "names.h"
#include "render.h"
#include "stacks.h"
#include "verbs.h"

#define PAGE 1000

/* Asks the verb's method about the task. */
static int
ask_about(struct cli *cli, struct invocation *invocation,
    struct json_object *task, struct json_object **ret_result)
{
	struct json_object *params = json_object_new_object();

	evtask_ctl_put(&params, "task", json_object_get(task));
	return cli_ask(cli, invocation->command->methods[0], params,
	    ret_result);
}

static int
print_why(struct cli *cli, struct invocation *invocation,
    struct json_object *task)
{
	struct json_object *result;
	int r = ask_about(cli, invocation, task, &result);

	if (r != 0)
		return r;
	if (cli->out.json)
		out_json(&cli->out, result);
	else
		render_why(&cli->out, result, render_now_us());
	json_object_put(result);
	return 0;
}

int
verb_why(struct cli *cli, struct invocation *invocation)
{
	return each_task(cli, invocation, EACH_BLANK, print_why);
}

/*
 * Asks for all pages, by the member of each that is the list. --json prints
 * the items as they come; else they are the caller's, to put.
 */
static int
ask_all(struct cli *cli, const char *method, const char *member,
    struct json_object *params, struct json_object **ret_all)
{
	struct json_object *all = json_object_new_array(), *page, *copy, *list;
	const char *next;
	bool more = true;
	int r = 0;

	json_object_object_add(params, "limit", json_object_new_int(PAGE));
	while (r == 0 && more) {
		copy = NULL;
		if (json_object_deep_copy(params, &copy, NULL) < 0)
			r = cli_no_memory(cli);
		else
			r = cli_ask(cli, method, copy, &page);
		if (r != 0)
			break;
		list = evtask_ctl_get(page, member);
		for (size_t i = 0; i < json_object_array_length(list); i++)
			if (cli->out.json)
				out_json(&cli->out,
				    json_object_array_get_idx(list, i));
			else
				evtask_ctl_append(&all, json_object_get(
				    json_object_array_get_idx(list, i)));
		next = evtask_ctl_get_text(page, "next", NULL);
		more = next != NULL;
		if (more)
			json_object_object_add(params, "cursor",
			    json_object_new_string(next));
		json_object_put(page);
	}
	if (r == 0 && all == NULL)
		r = cli_no_memory(cli);
	if (r == 0)
		*ret_all = all;
	else
		json_object_put(all);
	return r;
}

/* The id that a TaskRef means. */
static int
id_of(struct cli *cli, struct json_object *task, int64_t *ret_id)
{
	struct json_object *params, *result;
	int r;

	*ret_id = json_object_get_int64(task);
	if (json_object_is_type(task, json_type_int))
		return 0;
	params = json_object_new_object();
	evtask_ctl_put(&params, "task", json_object_get(task));
	r = cli_ask(cli, "task.get", params, &result);
	if (r != 0)
		return r;
	*ret_id = evtask_ctl_get_int(evtask_ctl_get(result, "task"), "id", -1);
	json_object_put(result);
	return 0;
}

/* The tree below each of these roots; of all there is, without one. */
static int
draw_trees(struct cli *cli, struct json_object *nodes,
    struct json_object *roots, bool created)
{
	size_t n = json_object_array_length(roots);
	int64_t now_us = render_now_us(), root = -1;
	int r = 0;

	for (size_t i = 0; r == 0 && (i < n || i == 0); i++) {
		if (n > 0)
			r = id_of(cli, json_object_array_get_idx(roots, i),
			    &root);
		if (r == 0 && i > 0)
			out_printf(&cli->out, "\n");
		if (r == 0 && render_tree(&cli->out, nodes, root, created,
		    now_us) < 0)
			r = cli_no_memory(cli);
	}
	return r;
}

int
verb_tree(struct cli *cli, struct invocation *invocation)
{
	bool created = evtask_ctl_get_bool(invocation->own, "created", false);
	struct json_object *params, *nodes = NULL, *roots;
	int r = names_resolve(cli, &invocation->tasks, WANT_LIVE, &roots);

	if (r != 0)
		return r;
	params = json_object_new_object();
	r = ask_all(cli, "task.tree", "nodes", params, &nodes);
	json_object_put(params);
	if (r == 0 && !cli->out.json) {
		if (json_object_array_length(nodes) == 0)
			out_note(&cli->out, "no tasks that are not done");
		else
			r = draw_trees(cli, nodes, roots, created);
	}
	json_object_put(nodes);
	json_object_put(roots);
	return r;
}

static int
print_stack(struct cli *cli, struct invocation *invocation,
    struct json_object *task)
{
	struct json_object *result;
	int r = ask_about(cli, invocation, task, &result);

	if (r != 0)
		return r;
	if (cli->out.json) {
		out_json(&cli->out, result);
	} else {
		render_link(&cli->out, evtask_ctl_get(result, "task"),
		    render_now_us());
		r = stacks_print(cli, result, false);
	}
	json_object_put(result);
	return r;
}

int
verb_stack(struct cli *cli, struct invocation *invocation)
{
	return each_task(cli, invocation, EACH_BLANK, print_stack);
}

int
verb_stacks(struct cli *cli, struct invocation *invocation)
{
	bool folded = evtask_ctl_get_bool(invocation->own, "folded", false);
	struct json_object *result;
	int64_t more;
	int r = cli_ask(cli, "task.stacks",
	    json_object_get(invocation->params), &result);

	if (r != 0)
		return r;
	more = evtask_ctl_get_int(result, "groups_total", 0) -
	    (int64_t)json_object_array_length(evtask_ctl_get(result,
	    "groups"));
	if (cli->out.json)
		out_json(&cli->out, result);
	else
		r = stacks_print(cli, result, folded);
	if (r == 0 && more > 0)
		out_note(&cli->out, "and %lld more groups: see --limit",
		    (long long)more);
	json_object_put(result);
	return r;
}

static int
list_resources(struct cli *cli, struct invocation *invocation,
    const char *what)
{
	struct json_object *all;
	int r;

	if (invocation->texts.n > 0)
		json_object_object_add(invocation->params, "name",
		    json_object_new_string(invocation->texts.v[0]));
	r = ask_all(cli, "resource.list", "resources", invocation->params,
	    &all);
	if (r != 0)
		return r;
	if (!cli->out.json && json_object_array_length(all) == 0)
		out_note(&cli->out, "no %s", what);
	else if (!cli->out.json)
		render_resources(&cli->out, all, render_now_us());
	json_object_put(all);
	return 0;
}

int
verb_resources(struct cli *cli, struct invocation *invocation)
{
	return list_resources(cli, invocation, "resources");
}

int
verb_locks(struct cli *cli, struct invocation *invocation)
{
	json_object_object_add(invocation->params, "type",
	    json_tokener_parse("[\"lock\"]"));
	return list_resources(cli, invocation, "locks");
}

int
verb_deadlocks(struct cli *cli, struct invocation *invocation)
{
	struct json_object *result, *circles, *tasks;
	int64_t now_us = render_now_us();
	int r = cli_ask(cli, "loop.deadlocks", NULL, &result);

	if (r != 0)
		return r;
	circles = evtask_ctl_get(result, "deadlocks");
	if (cli->out.json)
		out_json(&cli->out, result);
	else if (json_object_array_length(circles) == 0)
		out_note(&cli->out, "no deadlocks");
	for (size_t i = 0; !cli->out.json &&
	    i < json_object_array_length(circles); i++) {
		tasks = evtask_ctl_get(json_object_array_get_idx(circles, i),
		    "tasks");
		out_printf(&cli->out, "%s%sdeadlock of %zu tasks%s\n",
		    i > 0 ? "\n" : "", out_paint(&cli->out, PAINT_RED),
		    json_object_array_length(tasks), out_plain(&cli->out));
		for (size_t k = 0; k < json_object_array_length(tasks); k++)
			render_link(&cli->out, json_object_array_get_idx(tasks,
			    k), now_us);
	}
	if (!cli->out.json && evtask_ctl_get_bool(result, "quiescent", false))
		out_note(&cli->out, "all tasks wait, and none for a time, a "
		    "descriptor, a child, a signal or a thread: only the "
		    "program's own callbacks can wake one");
	json_object_put(result);
	return 0;
}

static void
print_warnings(struct out *out, struct json_object *task)
{
	struct json_object *names = evtask_ctl_get(task, "warnings");

	for (size_t i = 0; names != NULL &&
	    i < json_object_array_length(names); i++)
		out_printf(out, "%s(%lld)  %s%s%s\n",
		    evtask_ctl_get_text(task, "name", "?"),
		    (long long)evtask_ctl_get_int(task, "id", 0),
		    out_paint(out, PAINT_RED), json_object_get_string(
		    json_object_array_get_idx(names, i)), out_plain(out));
}

int
verb_warnings(struct cli *cli, struct invocation *invocation)
{
	struct json_object *all, *params = invocation->params;
	size_t n;
	int r;

	json_object_object_add(params, "warned", json_object_new_boolean(1));
	json_object_object_add(params, "fields",
	    json_tokener_parse("[\"name\",\"warnings\"]"));
	r = ask_all(cli, "task.list", "tasks", params, &all);
	if (r != 0)
		return r;
	n = json_object_array_length(all);
	for (size_t i = 0; i < n; i++)
		print_warnings(&cli->out, json_object_array_get_idx(all, i));
	if (!cli->out.json && n == 0)
		out_note(&cli->out, "no warnings");
	else if (!cli->out.json)
		out_note(&cli->out, "\"evtask help warnings\" explains them");
	json_object_put(all);
	return 0;
}
