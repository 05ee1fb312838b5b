/*
 * run.c - `evtask run`: a command as a task, as if it ran here.
 *
 * Create, follow, wait. What the command writes comes out here, every byte:
 * it is followed from its creation on, and it waits for us to read. Its end is
 * ours. The task is the server's, though: Ctrl-C is a request to cancel it,
 * and whoever presses it twice is let go, while the task goes on.
 */
#include <errno.h>
#include <evtask/ctl.h>
#include <evtask/evtask.h>
#include <json-c/json.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "cli.h"
#include "ending.h"
#include "exits.h"
#include "grammar.h"
#include "output.h"
#include "render.h"
#include "verbs.h"

struct run {
	struct cli *cli;
	struct evtask *self;
	struct evtask *cancelling; /* asks the server; NULL before Ctrl-C */
	int64_t id;
	int interrupts;
};

/* The words as exec takes them: argv, or one text for the shell. */
static struct json_object *
command_of(const struct word_list *program)
{
	struct json_object *argv = json_object_new_array();

	for (size_t i = 0; i < program->n; i++)
		evtask_ctl_append(&argv,
		    json_object_new_string(program->v[i]));
	return argv;
}

static struct json_object *
shell_line(const struct word_list *program)
{
	char *line = word_list_join(program);
	struct json_object *text = line != NULL ?
	    json_object_new_string(line) : NULL;

	free(line);
	return text;
}

/* A name alone is the variable as it is here: if it is not set here, it is not
 * to be set there, whatever the server has. */
static void
put_environment(struct json_object **args, struct json_object *env)
{
	struct json_object *map = json_object_new_object();
	const char *word, *equals, *value;
	char *name;

	for (size_t i = 0; i < json_object_array_length(env); i++) {
		word = json_object_get_string(
		    json_object_array_get_idx(env, i));
		equals = strchr(word, '=');
		value = equals != NULL ? equals + 1 : getenv(word);
		name = strndup(word, equals != NULL ? (size_t)(equals - word) :
		    strlen(word));
		if (name != NULL)
			evtask_ctl_put_text(&map, name, value);
		free(name);
	}
	evtask_ctl_put(args, "env", map);
}

/* The directory to run in: the one asked for, or this one. */
static void
put_directory(struct json_object **args, const char *directory)
{
	char *here, *path = NULL;

	if (directory != NULL && directory[0] == '/') {
		evtask_ctl_put_text(args, "cwd", directory);
		return;
	}
	here = getcwd(NULL, 0);
	if (here == NULL)
		return;
	if (directory == NULL)
		evtask_ctl_put_text(args, "cwd", here);
	else if (asprintf(&path, "%s/%s", here, directory) >= 0)
		evtask_ctl_put_text(args, "cwd", path);
	free(path);
	free(here);
}

static struct json_object *
make_params(struct invocation *invocation)
{
	struct json_object *own = invocation->own, *params;
	struct json_object *env = evtask_ctl_get(own, "env");
	struct json_object *args = json_object_new_object();

	if (evtask_ctl_get_bool(own, "shell", false))
		evtask_ctl_put(&args, "shell",
		    shell_line(&invocation->program));
	else
		evtask_ctl_put(&args, "argv",
		    command_of(&invocation->program));
	put_directory(&args, evtask_ctl_get_text(own, "cwd", NULL));
	if (env != NULL)
		put_environment(&args, env);
	params = json_object_get(invocation->params);
	evtask_ctl_put_text(&params, "coroutine", "exec");
	evtask_ctl_put(&params, "args", args);
	evtask_ctl_put_bool(&params, "follow", true);
	evtask_ctl_put_bool(&params, "pace", true);
	return params;
}

/* A word in between, on a line of its own behind the ^C. */
static void
say(struct run *run, const char *words)
{
	struct out *out = &run->cli->out;

	out_note(out, "\n%stask %lld %s", out->prompt ? "" : "evtask: ",
	    (long long)run->id, words);
}

static int
ask_to_stop(void *arg)
{
	struct run *run = arg;
	struct json_object *params = json_object_new_object(), *result;
	struct json_object *tasks = json_object_new_array();

	evtask_ctl_append(&tasks, json_object_new_int64(run->id));
	evtask_ctl_put(&params, "tasks", tasks);
	evtask_ctl_put_text(&params, "message", "interrupted");
	if (cli_ask(run->cli, "task.cancel", params, &result) == 0)
		json_object_put(result);
	return 0;
}

static void
on_interrupt(void *arg)
{
	struct run *run = arg;

	run->interrupts++;
	if (run->interrupts == 1 && run->id != 0) {
		say(run, "is asked to stop; Ctrl-C again leaves it to itself");
		evtask_create(ask_to_stop, run, NULL, &run->cancelling);
		return;
	}
	evtask_cancel(run->self, "interrupted");
}

/* At the prompt nobody sees an exit status: it is said. */
static int
report_value(struct run *run, struct json_object *value, int code)
{
	const char *signal = evtask_ctl_get_text(value, "signal", NULL);

	if (run->cli->mode != CLI_PROMPT || code == EXIT_OK)
		return code;
	if (signal != NULL)
		out_note(&run->cli->out, "task %lld was ended by SIG%s",
		    (long long)run->id, signal);
	else
		out_note(&run->cli->out, "task %lld exited with %d",
		    (long long)run->id, code);
	return code;
}

/* How the task ended, when it did not return. */
static void
complain_of_end(struct run *run, const char *outcome,
    struct json_object *error, int code)
{
	const char *message = evtask_ctl_get_text(error, "message", "");
	struct out *out = &run->cli->out;
	char *words;

	if (strcmp(outcome, "cancelled") == 0) {
		out_error(out, "task %lld was cancelled%s%s",
		    (long long)run->id, *message != '\0' ? ": " : "", message);
		return;
	}
	if (code == EXIT_NOT_FOUND || code == EXIT_NOT_EXECUTABLE) {
		out_error(out, "task %lld: %s", (long long)run->id, message);
		return;
	}
	words = render_error(error);
	out_error(out, "task %lld %s: %s", (long long)run->id, outcome,
	    words != NULL ? words : "?");
	free(words);
}

static int
report_end(struct run *run, struct json_object *result)
{
	const char *outcome = evtask_ctl_get_text(result, "outcome", "");
	struct json_object *error = evtask_ctl_get(result, "error");
	int code = ending_code(result, EXIT_RUN_FAILED);

	if (strcmp(outcome, "returned") == 0)
		return report_value(run, evtask_ctl_get(result, "value"),
		    code);
	complain_of_end(run, outcome, error, code);
	if (strcmp(outcome, "cancelled") == 0 && code != EXIT_TIMEOUT)
		code = run->interrupts > 0 ? EXIT_INTERRUPTED :
		    EXIT_SIGNAL + SIGTERM;
	return code;
}

static int
fetch_end(struct run *run)
{
	struct json_object *params = json_object_new_object(), *result;
	int r;

	evtask_ctl_put_int(&params, "task", run->id);
	evtask_ctl_put_bool(&params, "wait", true);
	r = cli_ask(run->cli, "task.result", params, &result);
	if (r != 0)
		return r < 0 ? r : EXIT_RUN_FAILED;
	r = report_end(run, result);
	cli_tell_end(run->cli, run->id);
	if (run->cli->out.json)
		out_json(&run->cli->out, result);
	json_object_put(result);
	return r;
}

static int
follow(struct run *run, struct stream *stream)
{
	int r = output_follow(run->cli, stream);

	if (r == 0)
		return fetch_end(run);
	return r < 0 || r == EXIT_PIPE ? r : EXIT_RUN_FAILED;
}

/* Lets the request to cancel be sent, and answered, before we go. */
static void
join(struct run *run)
{
	if (run->cancelling == NULL)
		return;
	if (evtask_await(run->cancelling) < 0)
		evtask_cancel(run->cancelling, NULL);
	evtask_unref(run->cancelling);
}

int
verb_run(struct cli *cli, struct invocation *invocation)
{
	struct run run = { .cli = cli, .self = evtask_current_task() };
	struct json_object *result;
	struct stream *stream;
	int r;

	r = cli_subscribe(cli, "task.create", make_params(invocation),
	    &result, &stream);
	if (r != 0)
		return r < 0 ? r : EXIT_RUN_FAILED;
	run.id = cli->last = evtask_ctl_get_int(evtask_ctl_get(result, "task"),
	    "id", 0);
	cli_note_task(cli, evtask_ctl_get(evtask_ctl_get(result, "task"),
	    "id"));
	json_object_put(result);
	cli_on_interrupt(cli, on_interrupt, &run);
	r = follow(&run, stream);
	cli_on_interrupt(cli, NULL, NULL);
	join(&run);
	if (r == -ECANCELED)
		say(&run, "goes on; see \"evtask help logs\"");
	return r;
}
