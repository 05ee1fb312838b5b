/* What clients of the console of tests can create. */
#include "tests/console_fixture.h"
#include <errno.h>
#include <signal.h>

static int
run_echo(void *arg)
{
	struct evtask_job *job = arg;

	return evtask_job_return(job, json_object_get(evtask_job_args(job)));
}

int
run_nap(void *arg)
{
	int r = evtask_sleep(evtask_job_duration_us(arg, "delay", 0));

	return r < 0 ? r : evtask_return(evtask_value_literal("rested"));
}

static int
run_fail(void *arg)
{
	return evtask_raise(-ECONNREFUSED, "nobody answers at %s",
	    evtask_job_text(arg, "host"));
}

/* A step a second, if it is not said otherwise. */
static int
run_work(void *arg)
{
	int64_t i, steps = evtask_job_int(arg, "steps");
	int r = 0;

	for (i = 0; r == 0 && i <= steps; i++) {
		r = evtask_job_set_progress(arg, i, steps, "steps");
		if (r == 0 && i < steps)
			r = evtask_sleep(evtask_job_duration_us(arg, "each",
			    1000000));
	}
	return r;
}

static int
run_say(void *arg)
{
	const char *text = evtask_job_text(arg, "text");
	int64_t i, times = evtask_job_int(arg, "times");

	for (i = 0; i < times; i++)
		evtask_job_log(arg, evtask_job_bool(arg, "error")
		    ? EVTASK_JOB_ERR : EVTASK_JOB_OUT, text, strlen(text));
	return evtask_sleep(evtask_job_duration_us(arg, "linger", 0));
}

static int
run_cat(void *arg)
{
	char bytes[4096];
	ssize_t n;

	while ((n = evtask_job_read(arg, bytes, sizeof(bytes))) > 0)
		evtask_job_log(arg, EVTASK_JOB_OUT, bytes, (size_t)n);
	return n < 0 ? (int)n : evtask_return(evtask_value_int(
	    (int64_t)evtask_job_logged(arg, EVTASK_JOB_OUT)));
}

static int
run_deaf(void *arg)
{
	evtask_job_close_stdin(arg);
	return evtask_sleep(EVTASK_FOREVER);
}

static int
run_stubborn(void *arg)
{
	int r = evtask_sleep(EVTASK_FOREVER);

	if (r < 0)
		r = evtask_sleep(10000000);
	return r;
}

static int
run_trap(void *arg)
{
	int r;

	do
		r = evtask_sleep(1000);
	while (r == 0 && evtask_job_data(arg) == NULL);
	return r;
}

static int
signal_trap(struct evtask_job *job, int signo)
{
	if (signo != SIGUSR1)
		return -EPERM;
	evtask_job_set_data(job, job);
	return 0;
}

struct json_object *
deep_value(void)
{
	struct json_object *outer, *inner = json_object_new_array();
	int i;

	for (i = 0; i < 40; i++) {
		outer = json_object_new_array();
		json_object_array_add(outer, inner);
		inner = outer;
	}
	return inner;
}

static int
run_deep(void *arg)
{
	return evtask_job_return(arg, deep_value());
}

static int
check_echo(struct json_object *args, const char **ret_path,
    const char **ret_expected)
{
	if (!json_object_object_get_ex(args, "forbidden", NULL))
		return 0;
	*ret_path = "forbidden";
	*ret_expected = "left out";
	return -EINVAL;
}

static int
check_login(struct json_object *args, const char **ret_path,
    const char **ret_expected)
{
	if (strcmp(evtask_ctl_get_text(args, "password", ""), "weak") != 0)
		return 0;
	*ret_path = "password";
	*ret_expected = "stronger";
	return -EINVAL;
}

const struct evtask_coroutine fixture_rows[] = {
	{ .name = "echo", .summary = "return the arguments",
	  .args_schema = JSON({"type": "object", "properties":
	      {"n": {"type": "integer", "default": 7}}}),
	  .fn = run_echo, .check = check_echo },
	{ .name = "work", .summary = "do some steps, and say how far it is",
	  .fn = run_work },
	{ .name = "nap", .summary = "sleep for a while",
	  .args_schema = JSON({"type": "object", "properties":
	      {"delay": {"type": ["number", "string"],
	      "format": "duration"}}, "required": ["delay"],
	      "additionalProperties": false}),
	  .example_args = JSON({"delay": "1h30m"}), .fn = run_nap },
	{ .name = "login", .summary = "keep a secret, and check it",
	  .args_schema = JSON({"type": "object", "properties":
	      {"user": {"type": "string"},
	      "password": {"type": "string", "maxLength": 8,
	      "writeOnly": true},
	      "env": {"type": "object", "additionalProperties":
	      {"type": "string", "writeOnly": true}}}}),
	  .fn = run_echo, .check = check_login },
	{ .name = "fail", .summary = "raise",
	  .args_schema = JSON({"type": "object", "properties":
	      {"host": {"type": "string", "default": "home"}}}),
	  .fn = run_fail },
	{ .name = "say", .summary = "write",
	  .args_schema = JSON({"type": "object", "properties":
	      {"text": {"type": "string"}, "error": {"type": "boolean"},
	      "times": {"type": "integer", "default": 1},
	      "linger": {"format": "duration"}}, "required": ["text"]}),
	  .fn = run_say },
	{ .name = "cat", .summary = "write what is read",
	  .takes_stdin = true, .fn = run_cat },
	{ .name = "deaf", .summary = "close standard input",
	  .takes_stdin = true, .fn = run_deaf },
	{ .name = "stubborn", .summary = "refuse to be cancelled, once",
	  .fn = run_stubborn },
	{ .name = "trap", .summary = "end at USR1", .fn = run_trap,
	  .signal = signal_trap },
	{ .name = "deep", .summary = "return what no line can hold",
	  .fn = run_deep },
	{ .name = NULL }
};
