/*
 * exec.c - the coroutine "exec": a command as a task.
 *
 *	launch or spawn --> running --> exited --> drained --> returned
 *	  |                    |          |
 *	  +--------------------+----------+-- cancel --> stopping --> cancelled
 *
 * It is launched where that can be, in no time; and spawned, in a thread, where
 * it cannot, or where that came to nothing (spawn.h).
 *
 * While it runs helpers, which are tasks, carry its stdout and stderr to the
 * job's log (output.c), and if asked task.stdin to its stdin; the task itself
 * waits for the child. They begin when it has lived for SHORT_US: what a
 * command says that ends before is read at its end.
 *
 * The command's *exit* is the result, whatever the code. What it has written
 * until then is its output, however slow that is read. What it leaves running
 * in the background is left running, as a shell leaves it; the output of those
 * that hold the pipes is waited for OUTPUT_LINGER_US, then the pipes are closed
 * and output_complete is false. They end with evtaskd at the latest.
 *
 * A *cancel* ends the whole tree: SIGTERM to the process group, or when the
 * command has exited to all it has left, and the grace for the command to exit
 * and for its pipes to close; then SIGKILL to all that is left, in whatever
 * session it is (tree.c). A second cancel ends the grace.
 * The task is not done before its command is: where a process may not be
 * killed (it became another user) that is reported and it is waited for.
 */
#include <config.h>

#include <errno.h>
#include <evtask/evtask.h>
#include <json-c/json.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "coroutines.h"
#include "daemon/reaper.h"
#include "daemon/tree.h"
#include "ending.h"
#include "invocation.h"
#include "output.h"

#define GRACE_US 10000000
#define KILL_TIMEOUT_MS 2000
#define FEED_BYTES 4096
#define SHORT_US 3000		/* a command's life, if it is a short one */
#define STOP_TRIES 8		/* cancels that interrupt stopping */

struct exec {
	struct evtask_job *job;
	struct invocation invocation;
	struct spawn_child child;
	struct reaper_command spared;	/* while it is ours to reap */
	struct tree tree;		/* when it is to be ended */
	struct output out, err;
	struct evtask *feeder;		/* NULL: stdin is /dev/null */
	bool exited;			/* and reaped: exit is its exit, if we
					   did that, and nobody before us */
	struct evtask_exit exit;
};

/* A program may close its stdin whenever it likes: that is not a failure. */
static int
feed(void *arg)
{
	struct exec *exec = arg;
	char bytes[FEED_BYTES];
	ssize_t n;
	int r = 0;

	while (r == 0 && (n = evtask_job_read(exec->job, bytes,
	    sizeof(bytes))) != 0)
		r = n < 0 ? (int)n : evtask_write(exec->child.ends.in, bytes,
		    (size_t)n);
	if (r == -ECANCELED)
		return r;
	evtask_job_close_stdin(exec->job);
	close(exec->child.ends.in);
	exec->child.ends.in = -1;
	return 0;
}

static int
begin(struct exec *exec)
{
	struct evtask_options options = { .name = "exec.feed",
		.internal = true, .eager = true };
	int r = 0;

	evtask_job_set_data(exec->job, exec);
	output_init(&exec->out, exec->job, EVTASK_JOB_OUT,
	    &exec->child.ends.out);
	output_init(&exec->err, exec->job, EVTASK_JOB_ERR,
	    &exec->child.ends.err);
	if (exec->invocation.request.stdin_open)
		r = evtask_create(feed, exec, &options, &exec->feeder);
	/* Eager: one that has no stack to run on is known at once. */
	if (exec->feeder != NULL && evtask_done(exec->feeder))
		r = evtask_result(exec->feeder, NULL);
	return r;
}

/* The helpers work on our memory: they end first. */
static void
end_helper(struct evtask **helper)
{
	int r = -ECANCELED, tries;

	if (*helper == NULL)
		return;
	evtask_cancel(*helper, "the command has ended");
	for (tries = 0; r == -ECANCELED && tries < STOP_TRIES; tries++)
		r = evtask_await(*helper);
	evtask_unref(*helper);
	*helper = NULL;
}

static void
end(struct exec *exec)
{
	evtask_job_set_data(exec->job, NULL);
	end_helper(&exec->feeder);
	evtask_job_close_stdin(exec->job);
	end_helper(&exec->out.carrier);
	end_helper(&exec->err.carrier);
	reaper_forget(&exec->spared);
	/* One that nobody could wait for may still stand on it. */
	if (!exec->exited)
		exec->child.launch = NULL;
	spawn_child_release(&exec->child);
}

static int
wait_exit(struct exec *exec)
{
	int r = 0;

	if (!exec->exited)
		r = evtask_process_wait(exec->child.pid, &exec->exit);
	if (r == 0 || r == -ECHILD) {
		exec->exited = true;
		reaper_forget(&exec->spared);
	}
	return r;
}

static void
begin_output(void *arg)
{
	struct exec *exec = arg;

	output_begin(&exec->out);
	output_begin(&exec->err);
}

/* The exit, and all that was written until then: while it lives, or when the
 * life was a short one afterwards. */
static int
wait_all(struct exec *exec)
{
	struct evtask_handle *later = NULL;
	int r;

	if (evtask_call_later(NULL, SHORT_US, begin_output, exec, &later) < 0)
		begin_output(exec);
	r = wait_exit(exec);
	evtask_handle_cancel(later);
	evtask_handle_unref(later);
	if (r == 0)
		r = output_take(&exec->out);
	if (r == 0)
		r = output_take(&exec->err);
	return r < 0 ? r : output_wait_rest(&exec->out, &exec->err);
}

/* Its number is its own until it is reaped, and so is its group's; which one
 * that was only just launched has yet to make. */
static int
signal_group(const struct exec *exec, int signo)
{
	pid_t pid = exec->child.pid;

	if (exec->exited)
		return -ESRCH;
	if (kill(-pid, signo) == 0 || (errno == ESRCH && kill(pid, signo) == 0))
		return 0;
	return -errno;
}

/* When the command started is read when it matters, and only while it can be:
 * of one that was reaped no process is the root, and what it left remains. */
static struct tree
find_tree(const struct exec *exec)
{
	struct tree tree = { { exec->child.pid, 0 }, exec->invocation.marker };
	struct proc_stat stat;

	if (!exec->exited && proc_read(exec->child.pid, &stat) == 0)
		tree.root = stat.proc;
	return tree;
}

struct kill_work {
	const struct tree *tree;
	size_t left;
};

static int
kill_work(void *arg)
{
	struct kill_work *work = arg;

	return tree_kill(work->tree, KILL_TIMEOUT_MS, &work->left);
}

/* Kills all that is left: the group from here, the rest from a thread. What
 * cannot be killed is reported. Cancels that come meanwhile ask for nothing
 * more. */
static void
kill_tree(struct exec *exec)
{
	struct kill_work work = { &exec->tree, 0 };
	struct evtask_report report = { .task = evtask_current_task() };
	char message[128];
	int r = -ECANCELED, answer = -ECANCELED, tries;

	signal_group(exec, SIGKILL);
	for (tries = 0; answer == -ECANCELED && r == -ECANCELED &&
	    tries < STOP_TRIES; tries++)
		r = evtask_to_thread(kill_work, &work, &answer);
	if (r == -ECANCELED)
		r = answer;
	if (r == 0 || r == -ECANCELED)
		return; /* the latter: the loop is being freed */
	snprintf(message, sizeof(message), "cannot kill all of what the "
	    "command has started, %zu processes are left: %s", work.left,
	    strerror(-r));
	report.message = message;
	evtask_loop_call_exception_handler(evtask_get_running_loop(), &report);
}

/* The grace: for the command to exit, and for those that hold its output. */
static int
wait_ended(struct exec *exec, int64_t grace_us)
{
	struct evtask_timeout timeout;
	int r = evtask_timeout_enter(&timeout, grace_us);

	if (r < 0)
		return r;
	r = wait_exit(exec);
	if (r == 0)
		r = output_wait_end(&exec->out, &exec->err, EVTASK_FOREVER);
	return evtask_timeout_exit(&timeout, r < 0 ? r : 0);
}

static int
ask_work(void *arg)
{
	const struct exec *exec = arg;
	int r = tree_signal(&exec->tree, SIGTERM);

	return r < 0 ? r : tree_signal(&exec->tree, SIGCONT);
}

/* Asks for the end: the group, and those of it that are stopped; or, where the
 * command is gone and with it the group's name, whoever it has left. */
static int
ask_to_end(struct exec *exec)
{
	int r = signal_group(exec, SIGTERM);

	if (r == -ESRCH)
		return evtask_to_thread(ask_work, exec, NULL);
	signal_group(exec, SIGCONT);
	return 0;
}

/* Ends the whole tree, and always gets to the end of it. */
static void
stop(struct exec *exec)
{
	int tries, r;

	exec->tree = find_tree(exec);
	begin_output(exec);
	r = ask_to_end(exec);
	if (r != -ECANCELED)
		r = wait_ended(exec, evtask_job_duration_us(exec->job,
		    "grace", GRACE_US));
	kill_tree(exec);
	for (tries = 0; r != 0 && tries < STOP_TRIES; tries++) {
		r = wait_exit(exec);
		if (r < 0)
			kill_tree(exec);
	}
	/* Their last words. */
	r = output_linger(&exec->out, &exec->err);
}

/* From the child's start to its result, or to its end when that is interrupted
 * - if it is, at the very start, while it was being spawned. 0 without a result
 * is for a child that never became the command. */
static int
attend(struct exec *exec, int spawned, struct json_object **ret_result)
{
	int r = begin(exec);

	if (spawned < 0)
		r = spawned;
	if (r == 0)
		r = wait_all(exec);
	if (r < 0) {
		stop(exec);
		return r;
	}
	if (!spawn_executed(&exec->child))
		return 0;
	ending_say(exec->job, &exec->exit);
	*ret_result = ending_describe(exec->job, &exec->exit,
	    output_complete(&exec->out) && output_complete(&exec->err));
	return *ret_result != NULL ? 0 : -ENOMEM;
}

/* What it is fed must not go to a child that never becomes the command. */
static int
launch(struct exec *exec, struct json_object **ret_result)
{
	const struct spawn_request *request = &exec->invocation.request;
	int r = -ENOSYS;

	if (!request->stdin_open)
		r = spawn_launch(request, &exec->child);
	if (r < 0)
		return 0;
	reaper_spare(&exec->spared, exec->child.pid);
	r = attend(exec, 0, ret_result);
	if (r == 0 && *ret_result == NULL)
		end(exec);
	return r;
}

static int
spawn_carefully(struct exec *exec, struct json_object **ret_result)
{
	int r = spawn_await(&exec->invocation.request, &exec->child);

	exec->exited = false;
	return exec->child.pid != 0 ? attend(exec, r, ret_result) : r;
}

static int
exec_fn(void *arg)
{
	struct exec exec = { .job = arg, .child = SPAWN_NO_CHILD };
	struct json_object *result = NULL;
	int r = invocation_init(&exec.invocation, evtask_job_args(exec.job),
	    environ);

	if (r < 0)
		return r;
	if (!exec.invocation.request.stdin_open)
		evtask_job_close_stdin(exec.job);
	r = launch(&exec, &result);
	if (r == 0 && result == NULL)
		r = spawn_carefully(&exec, &result);
	end(&exec);
	invocation_release(&exec.invocation);
	return r < 0 ? r : evtask_job_return(exec.job, result);
}

static int
exec_signal(struct evtask_job *job, int signo)
{
	struct exec *exec = evtask_job_data(job);

	return exec != NULL ? signal_group(exec, signo) : -ESRCH;
}

const struct evtask_coroutine exec_coroutine = {
	.name = "exec",
	.summary = "run a command and return how it ended",
	.args_schema = JSON({
		"type": "object",
		"properties": {
			"argv": {
				"type": "array",
				"items": { "type": "string" },
				"minItems": 1,
				"description": "the program and its arguments"
			},
			"shell": {
				"type": "string",
				"description": "or a command line for /bin/sh"
			},
			"cwd": {
				"type": "string",
				"minLength": 1,
				"description": "the folder to start in"
			},
			"env": {
				"type": "object",
				"additionalProperties": {
					"type": ["string", "null"],
					"writeOnly": true
				},
				"description": "variables to set; null unsets"
			},
			"stdin": {
				"type": "string",
				"enum": ["null", "open"],
				"default": "null",
				"description": "open: task.stdin writes to it"
			},
			"grace": {
				"format": "duration",
				"default": 10,
				"description":
				"from SIGTERM to SIGKILL when cancelled"
			}
		},
		"additionalProperties": false
	}),
	.result_schema = JSON({
		"type": "object",
		"properties": {
			"exit_code": {
				"type": ["integer", "null"],
				"description": "null: a signal ended it"
			},
			"signal": {
				"type": ["string", "null"],
				"description": "its name, without SIG"
			},
			"core_dumped": { "type": "boolean" },
			"stdout_bytes": { "type": "integer" },
			"stderr_bytes": { "type": "integer" },
			"output_complete": {
				"type": "boolean",
				"description":
				"false: what it left running may say more"
			},
			"rusage": {
				"type": "object",
				"properties": {
					"user_us": { "type": "integer" },
					"system_us": { "type": "integer" },
					"max_rss_bytes": { "type": "integer" },
					"minor_faults": { "type": "integer" },
					"major_faults": { "type": "integer" },
					"voluntary_switches":
					{ "type": "integer" },
					"involuntary_switches":
					{ "type": "integer" }
				}
			}
		}
	}),
	.example_args = JSON({"argv": ["make", "-j2"], "cwd": "/usr/src/x"}),
	.fn = exec_fn,
	.takes_stdin = true,
	.check = invocation_check,
	.signal = exec_signal,
};
