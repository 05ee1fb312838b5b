/*
 * verbs_list.c - the verbs that look at tasks: list, show, test.
 */
#include <evtask/ctl.h>
#include <json-c/json.h>
#include <string.h>
#include "cli.h"
#include "exits.h"
#include "grammar.h"
#include "names.h"
#include "pages.h"
#include "render.h"
#include "verbs.h"

/* Leaves to the server what it can do: the order, and which members. */
static void
put_wishes(struct out *out, struct json_object *params)
{
	const struct evtask_ctl_field *sort = evtask_ctl_field_find(
	    evtask_ctl_method_find("task.list")->params, "sort");
	bool usual = out->form == OUT_TABLE || out->form == OUT_TSV;

	for (const char *const *v = sort->values; out->sort != NULL &&
	    *v != NULL; v++)
		if (strcmp(*v, out->sort) == 0) {
			json_object_object_add(params, "sort",
			    json_object_new_string(*v));
			out->sort = NULL;
		}
	if (out->columns != NULL || out->sort != NULL)
		return;
	if (usual || out->form == OUT_ID)
		json_object_object_add(params, "fields", json_tokener_parse(
		    !usual ? "[\"id\"]" : "[\"name\",\"coroutine\",\"state\","
		    "\"outcome\",\"ending\",\"wait\",\"created_us\","
		    "\"done_us\",\"cancel\",\"warnings\"]"));
}

int
verb_list(struct cli *cli, struct invocation *invocation)
{
	int64_t most = evtask_ctl_get_int(invocation->own, "most", INT64_MAX);
	struct json_object *params = invocation->params;
	struct out *out = &cli->out;
	struct rows *rows;
	bool any;
	int r;

	if (evtask_ctl_get_bool(invocation->own, "quiet", false))
		out->form = OUT_ID;
	put_wishes(out, params);
	if (invocation->tasks.n > 0)
		json_object_object_add(params, "name",
		    json_object_new_string(invocation->tasks.v[0]));
	rows = rows_open(out, &render_tasks, render_now_us());
	r = pages_print(cli, "task.list", params,
	    out->sort != NULL ? INT64_MAX : most, rows);
	any = rows_any(rows);
	r = rows_close(rows, out, r, most);
	if (r == 0 && !any && (out->form == OUT_TABLE ||
	    out->form == OUT_WIDE))
		out_note(out, "no tasks");
	return r;
}

/* Every task the words mean, one after the other, as many as are there: the
 * first failure counts. */
static int
fetch_tasks(struct cli *cli, struct invocation *invocation,
    struct json_object *refs, struct json_object **all)
{
	struct json_object *params, *result;
	int r = 0, code = 0;

	for (size_t i = 0; r >= 0 && i < json_object_array_length(refs); i++) {
		params = json_object_new_object();
		evtask_ctl_put(&params, "task", json_object_get(
		    json_object_array_get_idx(refs, i)));
		r = cli_ask(cli, invocation->command->methods[0], params,
		    &result);
		if (code == 0)
			code = r;
		if (r != 0)
			continue;
		if (cli->out.form == OUT_JSONL && cli->out.columns == NULL)
			out_json(&cli->out, result);
		else
			evtask_ctl_append(all, json_object_get(
			    evtask_ctl_get(result, "task")));
		json_object_put(result);
	}
	return r < 0 ? r : code;
}

/* Adds its error to a task that raised one; nothing if it is gone by now. */
static void
fetch_error(struct cli *cli, struct json_object **task)
{
	struct json_object *params, *error;

	if (strcmp(evtask_ctl_get_text(*task, "outcome", ""), "raised") != 0)
		return;
	params = json_object_new_object();
	evtask_ctl_put_int(&params, "task", evtask_ctl_get_int(*task, "id", 0));
	error = cli_ask_silently(cli, "task.exception", params, "error");
	if (error != NULL)
		evtask_ctl_put(task, "error", error);
}

static int
print_tasks(struct cli *cli, struct json_object **all)
{
	struct out *out = &cli->out;
	size_t n = json_object_array_length(*all);

	if (out->form == OUT_JSON && out->columns == NULL && n == 1) {
		out_json(out, json_object_array_get_idx(*all, 0));
		return 0;
	}
	if (rows_wanted(out) || out->json)
		return rows_print(out, &render_tasks, *all, render_now_us());
	for (size_t i = 0; i < n; i++) {
		struct json_object *task = json_object_array_get_idx(*all, i);

		if (i > 0)
			out_printf(out, "\n");
		fetch_error(cli, &task);
		render_task(out, task, render_now_us());
	}
	return 0;
}

int
verb_show(struct cli *cli, struct invocation *invocation)
{
	struct json_object *refs, *all = json_object_new_array();
	int r = names_resolve(cli, &invocation->tasks, WANT_ANY, &refs), code;

	if (r == 0) {
		r = fetch_tasks(cli, invocation, refs, &all);
		json_object_put(refs);
	}
	if (r >= 0 && all == NULL) {
		r = cli_no_memory(cli);
	} else if (r >= 0 && json_object_array_length(all) > 0) {
		code = print_tasks(cli, &all);
		r = r != 0 ? r : code;
	}
	json_object_put(all);
	return r;
}

/* Whether the member of the task is one of those; no list: it may be any. */
static bool
is_one_of(struct json_object *task, const char *key, struct json_object *list)
{
	const char *text = evtask_ctl_get_text(task, key, "");

	for (size_t i = 0; list != NULL && i < json_object_array_length(list);
	    i++)
		if (strcmp(json_object_get_string(
		    json_object_array_get_idx(list, i)), text) == 0)
			return true;
	return list == NULL;
}

int
verb_test(struct cli *cli, struct invocation *invocation)
{
	struct json_object *refs, *task, *all = json_object_new_array();
	enum out_form form = cli->out.form;
	int r = names_resolve(cli, &invocation->tasks, WANT_ANY, &refs);

	cli->out.form = OUT_TABLE; /* they are looked at, not printed */
	if (r == 0) {
		r = fetch_tasks(cli, invocation, refs, &all);
		json_object_put(refs);
	}
	cli->out.form = form;
	for (size_t i = 0; r == 0 && i < json_object_array_length(all); i++) {
		task = json_object_array_get_idx(all, i);
		if (!is_one_of(task, "state", evtask_ctl_get(invocation->own,
		    "state")) || !is_one_of(task, "outcome",
		    evtask_ctl_get(invocation->own, "outcome")))
			r = EXIT_FAILED;
	}
	json_object_put(all);
	return r;
}
