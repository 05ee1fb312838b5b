/*
 * verbs_task.c - the verbs about tasks: one function each. A verb resolves its
 * words, asks, and prints; with --json it prints the reply as it came.
 */
#include <errno.h>
#include <evtask/ctl.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include "cli.h"
#include "create.h"
#include "ending.h"
#include "exits.h"
#include "grammar.h"
#include "names.h"
#include "render.h"
#include "verbs.h"

#define PAGE 1000

/* Takes the invocation's params; the caller owns them now. */
static struct json_object *
take_params(struct invocation *invocation)
{
	struct json_object *params = invocation->params;

	invocation->params = NULL;
	return params;
}

/* Puts the one task of the line into the params, which the caller owns. */
static int
params_of_task(struct cli *cli, struct invocation *invocation,
    struct json_object **ret_params)
{
	struct json_object *params, *task;
	int r;

	r = names_resolve_one(cli, invocation->tasks.v[0],
	    invocation->command->args[0].want, &task);
	if (r != 0)
		return r;
	params = take_params(invocation);
	evtask_ctl_put(&params, "task", task);
	*ret_params = params;
	return 0;
}

/* The same for the verbs of many tasks. */
static int
params_of_tasks(struct cli *cli, struct invocation *invocation,
    struct json_object **ret_params)
{
	struct json_object *params, *tasks;
	int r;

	r = names_resolve(cli, &invocation->tasks,
	    invocation->command->args[0].want, &tasks);
	if (r != 0)
		return r;
	params = take_params(invocation);
	evtask_ctl_put(&params, "tasks", tasks);
	*ret_params = params;
	return 0;
}

/* Asks the verb's method. Prints the reply in JSON when that is wanted; then
 * *ret_result is still the caller's, who prints nothing. */
static int
ask(struct cli *cli, struct invocation *invocation,
    struct json_object *params, struct json_object **ret_result)
{
	int r = cli_ask(cli, invocation->command->methods[0], params,
	    ret_result);

	if (r == 0 && cli->out.json)
		out_json(&cli->out, *ret_result);
	return r;
}

/* Says how a task ended, when not by returning. Returns the exit code. */
static int
report_outcome(struct cli *cli, struct json_object *result)
{
	const char *outcome = evtask_ctl_get_text(result, "outcome", "");
	char *words;

	if (strcmp(outcome, "returned") == 0)
		return EXIT_OK;
	if (!cli->out.json) {
		words = render_error(evtask_ctl_get(result, "error"));
		out_error(&cli->out, "%s", words != NULL && *words != '\0' ?
		    words : outcome);
		free(words);
	}
	return strcmp(outcome, "cancelled") == 0 ? EXIT_CANCELLED :
	    EXIT_RAISED;
}

static int
print_ending(struct cli *cli, struct json_object *result, int64_t id)
{
	const char *outcome = evtask_ctl_get_text(result, "outcome", "");

	cli_tell_end(cli, id);
	if (strcmp(outcome, "returned") == 0 && !cli->out.json)
		render_value(&cli->out, evtask_ctl_get(result, "value"));
	return report_outcome(cli, result);
}

/* NAME=VALUE, or NAME alone, as labels. */
static void
put_labels(struct json_object **params, struct json_object *words)
{
	struct json_object *labels = json_object_new_object();
	const char *word, *equals;
	char *name;

	for (size_t i = 0; i < json_object_array_length(words); i++) {
		word = json_object_get_string(
		    json_object_array_get_idx(words, i));
		equals = strchrnul(word, '=');
		name = strndup(word, (size_t)(equals - word));
		if (name != NULL)
			evtask_ctl_put_text(&labels, name,
			    *equals != '\0' ? equals + 1 : "");
		free(name);
	}
	evtask_ctl_put(params, "labels", labels);
}

int
verb_create(struct cli *cli, struct invocation *invocation)
{
	struct json_object *params, *args, *result, *task;
	const char *coroutine;
	int64_t id;
	int r;

	coroutine = evtask_ctl_get_text(invocation->params, "coroutine", "");
	r = create_args(cli, coroutine, &invocation->pairs,
	    &invocation->program, &args);
	if (r != 0)
		return r;
	params = take_params(invocation);
	evtask_ctl_put(&params, "args", args);
	if (evtask_ctl_get(invocation->own, "label") != NULL)
		put_labels(&params, evtask_ctl_get(invocation->own, "label"));
	r = ask(cli, invocation, params, &result);
	if (r != 0)
		return r;
	task = evtask_ctl_get(result, "task");
	id = cli->last = evtask_ctl_get_int(task, "id", 0);
	if (evtask_ctl_get_text(result, "outcome", NULL) != NULL)
		r = print_ending(cli, result, id);
	else if (!cli->out.json)
		out_printf(&cli->out, "%lld\n", (long long)id);
	json_object_put(result);
	return r;
}

/* Prints the tasks of a page, at most so many. */
static int
take_page(struct rows *rows, struct json_object *page, int64_t *most)
{
	struct json_object *tasks = evtask_ctl_get(page, "tasks");
	size_t n = tasks != NULL ? json_object_array_length(tasks) : 0;

	if ((int64_t)n > *most)
		json_object_array_del_idx(tasks, (size_t)*most,
		    n - (size_t)*most);
	*most -= (int64_t)n;
	return n > 0 ? rows_add(rows, tasks) : 0;
}

static int
list_pages(struct cli *cli, struct json_object *params, int64_t most,
    struct rows *rows)
{
	struct json_object *page, *copy;
	const char *next;
	int r = 0;

	while (r == 0 && most > 0) {
		copy = NULL;
		if (json_object_deep_copy(params, &copy, NULL) < 0)
			return cli_no_memory(cli);
		evtask_ctl_put_int(&copy, "limit", most < PAGE ? most : PAGE);
		r = cli_ask(cli, "task.list", copy, &page);
		if (r != 0)
			return r;
		r = take_page(rows, page, &most);
		next = evtask_ctl_get_text(page, "next", NULL);
		if (next == NULL)
			most = 0;
		else
			json_object_object_add(params, "cursor",
			    json_object_new_string(next));
		json_object_put(page);
	}
	return r;
}

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
	r = list_pages(cli, params, out->sort != NULL ? INT64_MAX : most,
	    rows);
	any = rows_any(rows);
	r = rows_close(rows, out, r, most);
	if (r == 0 && !any && (out->form == OUT_TABLE ||
	    out->form == OUT_WIDE))
		out_note(out, "no tasks");
	return r;
}

/* Every task the words mean, one after the other: the first failure counts. */
static int
fetch_tasks(struct cli *cli, struct invocation *invocation,
    struct json_object *refs, struct json_object **all)
{
	struct json_object *params, *result;
	int r = 0;

	for (size_t i = 0; r == 0 && i < json_object_array_length(refs); i++) {
		params = json_object_new_object();
		evtask_ctl_put(&params, "task", json_object_get(
		    json_object_array_get_idx(refs, i)));
		r = cli_ask(cli, invocation->command->methods[0], params,
		    &result);
		if (r != 0)
			break;
		if (cli->out.form == OUT_JSONL && cli->out.columns == NULL)
			out_json(&cli->out, result);
		else
			evtask_ctl_append(all, json_object_get(
			    evtask_ctl_get(result, "task")));
		json_object_put(result);
	}
	return r;
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
		if (i > 0)
			out_printf(out, "\n");
		render_task(out, json_object_array_get_idx(*all, i),
	    render_now_us());
	}
	return 0;
}

int
verb_show(struct cli *cli, struct invocation *invocation)
{
	struct json_object *refs, *all = json_object_new_array();
	int r = names_resolve(cli, &invocation->tasks, WANT_ANY, &refs);

	if (r == 0) {
		r = fetch_tasks(cli, invocation, refs, &all);
		json_object_put(refs);
	}
	if (r == 0 && all == NULL)
		r = cli_no_memory(cli);
	else if (r == 0)
		r = print_tasks(cli, &all);
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

/* "nap returned": a line for each task that is done; the worst outcome. */
static int
report_done(struct cli *cli, struct json_object *done)
{
	struct json_object *task;
	const char *outcome;
	int code = EXIT_OK;

	for (size_t i = 0; i < json_object_array_length(done); i++) {
		task = json_object_array_get_idx(done, i);
		outcome = evtask_ctl_get_text(task, "outcome", "?");
		cli_tell_end(cli, evtask_ctl_get_int(task, "id", 0));
		if (!cli->out.json)
			out_printf(&cli->out, "%s %s%s%s\n",
			    evtask_ctl_get_text(task, "name", "?"),
			    out_paint(&cli->out, render_paint("", outcome)),
			    outcome, out_plain(&cli->out));
		if (strcmp(outcome, "raised") == 0)
			code = EXIT_RAISED;
		else if (strcmp(outcome, "cancelled") == 0 && code == EXIT_OK)
			code = EXIT_CANCELLED;
	}
	return code;
}

static void
complain_pending(struct cli *cli, struct json_object *pending)
{
	size_t n = json_object_array_length(pending);
	const char *first = evtask_ctl_get_text(
	    json_object_array_get_idx(pending, 0), "name", "?");

	if (n == 1)
		out_error(&cli->out, "time is up, and %s is not done", first);
	else
		out_error(&cli->out, "time is up, and %s and %zu more are not "
		    "done", first, n - 1);
}

/* Of one task waited for, its own exit code; code, if it has none. */
static int
own_code(struct cli *cli, struct json_object *done, int code)
{
	struct json_object *params, *result;

	if (code == EXIT_CANCELLED || json_object_array_length(done) != 1)
		return code;
	params = json_object_new_object();
	evtask_ctl_put_int(&params, "task", evtask_ctl_get_int(
	    json_object_array_get_idx(done, 0), "id", 0));
	result = cli_ask_silently(cli, "task.result", params, NULL);
	if (result == NULL) /* forgotten since, or too large */
		return code;
	code = ending_code(result, code);
	json_object_put(result);
	return code;
}

int
verb_wait(struct cli *cli, struct invocation *invocation)
{
	struct json_object *params, *result;
	bool one;
	int r = params_of_tasks(cli, invocation, &params);

	if (r != 0)
		return r;
	one = json_object_array_length(evtask_ctl_get(params, "tasks")) == 1;
	r = ask(cli, invocation, params, &result);
	if (r != 0)
		return r;
	r = report_done(cli, evtask_ctl_get(result, "done"));
	if (one)
		r = own_code(cli, evtask_ctl_get(result, "done"), r);
	if (evtask_ctl_get_bool(result, "timed_out", false)) {
		complain_pending(cli, evtask_ctl_get(result, "pending"));
		r = EXIT_TIMEOUT;
	}
	json_object_put(result);
	return r;
}

static void
report_cancel(struct cli *cli, struct json_object *task)
{
	long long id = evtask_ctl_get_int(task, "id", 0);
	const char *state = evtask_ctl_get_text(task, "state", "");

	if (!evtask_ctl_get_bool(task, "requested", false))
		out_note(&cli->out, "task %lld was done already", id);
	else if (strcmp(state, "done") == 0)
		out_note(&cli->out, "task %lld is done", id);
	else
		out_note(&cli->out, "task %lld is asked to stop", id);
}

int
verb_cancel(struct cli *cli, struct invocation *invocation)
{
	struct json_object *params, *result, *tasks;
	int r = params_of_tasks(cli, invocation, &params);

	if (r != 0)
		return r;
	r = ask(cli, invocation, params, &result);
	if (r != 0)
		return r;
	tasks = evtask_ctl_get(result, "tasks");
	for (size_t i = 0; !cli->out.json &&
	    i < json_object_array_length(tasks); i++)
		report_cancel(cli, json_object_array_get_idx(tasks, i));
	if (evtask_ctl_get_bool(result, "timed_out", false)) {
		out_error(&cli->out, "time is up; not all of them have "
		    "stopped");
		r = EXIT_TIMEOUT;
	}
	json_object_put(result);
	return r;
}

int
verb_result(struct cli *cli, struct invocation *invocation)
{
	struct json_object *params, *result;
	int r = params_of_task(cli, invocation, &params);

	if (r != 0)
		return r;
	r = ask(cli, invocation, params, &result);
	if (r != 0)
		return r;
	r = print_ending(cli, result, evtask_ctl_get_int(result, "id", 0));
	json_object_put(result);
	return r;
}

int
verb_exception(struct cli *cli, struct invocation *invocation)
{
	struct json_object *params, *result, *error;
	char *words;
	int r = params_of_task(cli, invocation, &params);

	if (r != 0)
		return r;
	r = ask(cli, invocation, params, &result);
	if (r != 0)
		return r;
	error = evtask_ctl_get(result, "error");
	if (error != NULL && !cli->out.json) {
		words = render_error(error);
		out_printf(&cli->out, "%s\n", words != NULL ? words : "?");
		free(words);
	}
	json_object_put(result);
	return 0;
}

/* The verbs of one task that have nothing to tell when it went well. */
static int
ask_quietly(struct cli *cli, struct invocation *invocation)
{
	struct json_object *params, *result;
	int r = params_of_task(cli, invocation, &params);

	if (r != 0)
		return r;
	r = ask(cli, invocation, params, &result);
	if (r == 0)
		json_object_put(result);
	return r;
}

int
verb_signal(struct cli *cli, struct invocation *invocation)
{
	struct json_object *refs, *params, *result;
	int r = names_resolve(cli, &invocation->tasks, WANT_LIVE, &refs);

	if (r != 0)
		return r;
	for (size_t i = 0; r == 0 && i < json_object_array_length(refs); i++) {
		params = NULL;
		if (json_object_deep_copy(invocation->params, &params,
		    NULL) < 0)
			params = NULL;
		evtask_ctl_put(&params, "task", json_object_get(
		    json_object_array_get_idx(refs, i)));
		r = ask(cli, invocation, params, &result);
		if (r == 0)
			json_object_put(result);
	}
	json_object_put(refs);
	return r;
}

int
verb_rename(struct cli *cli, struct invocation *invocation)
{
	return ask_quietly(cli, invocation);
}

int
verb_forget(struct cli *cli, struct invocation *invocation)
{
	struct json_object *params, *result;
	int r = params_of_tasks(cli, invocation, &params);

	if (r != 0)
		return r;
	r = ask(cli, invocation, params, &result);
	if (r == 0)
		json_object_put(result);
	return r;
}
