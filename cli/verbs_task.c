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
#include "each.h"
#include "ending.h"
#include "exits.h"
#include "grammar.h"
#include "names.h"
#include "render.h"
#include "verbs.h"

/* Takes the invocation's params; the caller owns them now. */
static struct json_object *
take_params(struct invocation *invocation)
{
	struct json_object *params = invocation->params;

	invocation->params = NULL;
	return params;
}

/* The line's params, for one of its tasks; to put. */
static struct json_object *
params_of_task(struct invocation *invocation, struct json_object *task)
{
	struct json_object *params = NULL;

	if (json_object_deep_copy(invocation->params, &params, NULL) < 0)
		return NULL;
	evtask_ctl_put(&params, "task", json_object_get(task));
	return params;
}

/* Puts all the tasks of the line into the params, which the caller owns. */
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

/* The verbs that ask about one task at a time, and those that ask at once. */
static int
ask_about_one(struct cli *cli, struct invocation *invocation,
    struct json_object *task, struct json_object **ret_result)
{
	return ask(cli, invocation, params_of_task(invocation, task),
	    ret_result);
}

static int
ask_about_many(struct cli *cli, struct invocation *invocation,
    struct json_object **ret_result, size_t *ret_n)
{
	struct json_object *params;
	int r = params_of_tasks(cli, invocation, &params);

	if (r != 0)
		return r;
	*ret_n = json_object_array_length(evtask_ctl_get(params, "tasks"));
	return ask(cli, invocation, params, ret_result);
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

/* NAME=VALUE, or NAME alone. */
static void
put_label(struct json_object **labels, const char *word)
{
	const char *equals = strchrnul(word, '=');
	char *name = strndup(word, (size_t)(equals - word));

	if (name != NULL)
		evtask_ctl_put_text(labels, name,
		    *equals != '\0' ? equals + 1 : "");
	free(name);
}

static void
put_labels(struct json_object **params, struct json_object *words)
{
	struct json_object *labels = json_object_new_object();

	for (size_t i = 0; i < json_object_array_length(words); i++)
		put_label(&labels, json_object_get_string(
		    json_object_array_get_idx(words, i)));
	evtask_ctl_put(params, "labels", labels);
}

/*
 * At the prompt the task is made first and waited for then: so that there is
 * somebody to tell of, or to cancel, when the wait is interrupted. A request
 * with a key is one, to be sent again as one.
 */
static bool
takes_two_steps(const struct cli *cli, struct json_object *params)
{
	return cli->mode == CLI_PROMPT && !cli->out.json &&
	    evtask_ctl_get(params, "key") == NULL &&
	    evtask_ctl_get_bool(params, "wait", false);
}

static int
wait_for_created(struct cli *cli, int64_t id)
{
	struct json_object *params = json_object_new_object(), *result;
	int r;

	evtask_ctl_put_int(&params, "task", id);
	cli_note_task(cli, evtask_ctl_get(params, "task"));
	evtask_ctl_put_bool(&params, "wait", true);
	r = cli_ask(cli, "task.result", params, &result);
	if (r != 0)
		return r;
	r = print_ending(cli, result, id);
	json_object_put(result);
	return r;
}

int
verb_create(struct cli *cli, struct invocation *invocation)
{
	struct json_object *params, *args, *result, *task;
	const char *coroutine;
	bool wait_then;
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
	wait_then = takes_two_steps(cli, params);
	if (wait_then)
		json_object_object_del(params, "wait");
	else
		cli_note_task(cli, evtask_ctl_get(params, "name"));
	r = ask(cli, invocation, params, &result);
	if (r != 0)
		return r;
	task = evtask_ctl_get(result, "task");
	id = cli->last = evtask_ctl_get_int(task, "id", 0);
	if (wait_then)
		r = wait_for_created(cli, id);
	else if (evtask_ctl_get_text(result, "outcome", NULL) != NULL)
		r = print_ending(cli, result, id);
	else if (!cli->out.json)
		out_printf(&cli->out, "%lld\n", (long long)id);
	json_object_put(result);
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
	struct json_object *result;
	size_t n;
	int r = ask_about_many(cli, invocation, &result, &n);

	if (r != 0)
		return r;
	r = report_done(cli, evtask_ctl_get(result, "done"));
	if (n == 1)
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
	struct json_object *result, *tasks;
	size_t n;
	int r = ask_about_many(cli, invocation, &result, &n);

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

static int
print_result(struct cli *cli, struct invocation *invocation,
    struct json_object *task)
{
	struct json_object *result;
	int r = ask_about_one(cli, invocation, task, &result);

	if (r != 0)
		return r;
	r = print_ending(cli, result, evtask_ctl_get_int(result, "id", 0));
	json_object_put(result);
	return r;
}

int
verb_result(struct cli *cli, struct invocation *invocation)
{
	return each_task(cli, invocation, EACH_TITLE, print_result);
}

static int
print_exception(struct cli *cli, struct invocation *invocation,
    struct json_object *task)
{
	struct json_object *result, *error;
	char *words;
	int r = ask_about_one(cli, invocation, task, &result);

	if (r != 0)
		return r;
	error = evtask_ctl_get(result, "error");
	if (error != NULL && !cli->out.json) {
		words = render_error(error);
		out_printf(&cli->out, "%s\n", words != NULL ? words : "?");
		free(words);
	} else if (cli->out.prompt && !cli->out.json) {
		out_note(&cli->out, "it has raised nothing");
	}
	json_object_put(result);
	return 0;
}

int
verb_exception(struct cli *cli, struct invocation *invocation)
{
	return each_task(cli, invocation, EACH_TITLE, print_exception);
}

/* What there is nothing to say about, when it worked. */
static int
do_it(struct cli *cli, struct invocation *invocation, struct json_object *task)
{
	struct json_object *result;
	int r = ask_about_one(cli, invocation, task, &result);

	if (r == 0)
		json_object_put(result);
	return r;
}

int
verb_signal(struct cli *cli, struct invocation *invocation)
{
	return each_task(cli, invocation, EACH_NOTHING, do_it);
}

int
verb_rename(struct cli *cli, struct invocation *invocation)
{
	struct json_object *task;
	int r = names_resolve_one(cli, invocation->tasks.v[0], WANT_ANY,
	    &task);

	if (r != 0)
		return r;
	r = do_it(cli, invocation, task);
	json_object_put(task);
	return r;
}

int
verb_label(struct cli *cli, struct invocation *invocation)
{
	struct json_object *remove = evtask_ctl_get(invocation->own, "remove");
	struct json_object *labels = json_object_new_object();

	for (size_t i = 0; i < invocation->pairs.n; i++)
		put_label(&labels, invocation->pairs.v[i]);
	for (size_t i = 0; remove != NULL &&
	    i < json_object_array_length(remove); i++)
		evtask_ctl_put_null(&labels, json_object_get_string(
		    json_object_array_get_idx(remove, i)));
	if (labels != NULL && json_object_object_length(labels) == 0) {
		json_object_put(labels);
		out_error(&cli->out, "label: say NAME=VALUE, or --remove NAME");
		return EXIT_USAGE;
	}
	evtask_ctl_put(&invocation->params, "labels", labels);
	return each_task(cli, invocation, EACH_NOTHING, do_it);
}

int
verb_forget(struct cli *cli, struct invocation *invocation)
{
	struct json_object *result;
	size_t n;
	int r = ask_about_many(cli, invocation, &result, &n);

	if (r == 0)
		json_object_put(result);
	return r;
}
