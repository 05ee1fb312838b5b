/*
 * job.h - jobs: tasks created by name, through a console.
 *
 * A *coroutine row* tells the console a function, its arguments and result as
 * JSON Schema, and what else it can do. A *job* is one task made from it: the
 * function gets the job, and through it its arguments, its standard input and
 * its output.
 *
 *	static int
 *	resend(void *arg)
 *	{
 *		struct evtask_job *job = arg;
 *		int64_t id = evtask_job_int(job, "message");
 *
 *		evtask_job_log(job, EVTASK_JOB_OUT, "again\n", 6);
 *		...
 *		return evtask_return(evtask_value_int(id));
 *	}
 *
 *	static const struct evtask_coroutine resend_row = {
 *		.name = "resend", .summary = "send a message again",
 *		.args_schema = "{\"type\":\"object\",\"properties\":{...}}",
 *		.fn = resend,
 *	};
 */
#ifndef EVTASK_JOB_H
#define EVTASK_JOB_H

#include <evtask/task.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

struct evtask_job;
struct json_object;

struct evtask_coroutine {
	const char *name;
	const char *summary;		/* a sentence */
	const char *args_schema;	/* JSON Schema of an object; NULL: {}.
					   What is "writeOnly" is a secret,
					   and never shown */
	const char *result_schema;	/* NULL: anything */
	const char *example_args;	/* JSON; for help and rpc.discover */
	evtask_fn fn;			/* its argument is the job */
	bool takes_stdin;		/* task.stdin is accepted */
	/*
	 * Checks what the schema cannot say, before the task is made: 0, or a
	 * negative errno with *ret_path and *ret_expected (literals) set.
	 */
	int (*check)(struct json_object *args, const char **ret_path,
	    const char **ret_expected);
	/* task.signal: delivers signo. NULL: not supported. 0 or -errno. */
	int (*signal)(struct evtask_job *job, int signo);
};

enum evtask_job_stream {
	EVTASK_JOB_OUT = 1,
	EVTASK_JOB_ERR = 2,
};

/* All of the following is called from the loop thread. */

/* The arguments as validated, defaults filled in; borrowed. */
EVTASK_API struct json_object *evtask_job_args(const struct evtask_job *job);
/* One of them: 0 / NULL when it is not there. Text is borrowed. */
EVTASK_API int64_t
evtask_job_int(const struct evtask_job *job, const char *name);
EVTASK_API bool
evtask_job_bool(const struct evtask_job *job, const char *name);
EVTASK_API const char *
evtask_job_text(const struct evtask_job *job, const char *name);
/* A duration (seconds, or text such as "1h30m") in microseconds; fallback_us
 * when it is not there. */
EVTASK_API int64_t
evtask_job_duration_us(const struct evtask_job *job, const char *name,
    int64_t fallback_us);

/* The job's task, borrowed; and memory of the coroutine's own for signal(). */
EVTASK_API struct evtask *evtask_job_task(const struct evtask_job *job);
EVTASK_API void evtask_job_set_data(struct evtask_job *job, void *data);
EVTASK_API void *evtask_job_data(const struct evtask_job *job);

/*
 * Adds output to the job's log, in order, byte by byte as it is, in pieces of
 * any size. Readers see lines: when the newline has come, or a tenth of a
 * second after bytes without one, as of a prompt. The oldest lines are dropped
 * when the log is full, and counted. 0 or -ENOMEM.
 */
EVTASK_API int
evtask_job_log(struct evtask_job *job, enum evtask_job_stream stream,
    const void *data, size_t size);
/*
 * Waits while a reader who asked to be waited for ("pace" of task.create and
 * task.logs) is more than half of a log behind: call it between two writes of
 * what may be much, and nothing is dropped before that reader has it. Also in
 * tasks that the coroutine has made, which must end before it. Returns 0, at
 * once when nobody is behind; -ECANCELED; -EINVAL, not in a task; -ENOMEM.
 */
EVTASK_API EVTASK_SUSPENDS int evtask_job_drain(struct evtask_job *job);
/* Bytes ever logged on a stream. */
EVTASK_API uint64_t
evtask_job_logged(const struct evtask_job *job, enum evtask_job_stream stream);

/*
 * Reads what task.stdin has brought, waiting for the first byte. Returns the
 * number of bytes, 0 at the end of input, -ECANCELED.
 */
EVTASK_API EVTASK_SUSPENDS ssize_t
evtask_job_read(struct evtask_job *job, void *buf, size_t size);
/* Nobody will read any more: further task.stdin answers StdinClosed. */
EVTASK_API void evtask_job_close_stdin(struct evtask_job *job);

/*
 * Says in a word or two how the job has ended, for lists and notices, where
 * there is no room for the result: "exit 3". It is shown once the task has
 * returned; where there is nothing to say, say nothing. text is copied. 0;
 * -EINVAL: longer than EVTASK_JOB_ENDING_MAX bytes.
 */
#define EVTASK_JOB_ENDING_MAX 31
EVTASK_API int
evtask_job_set_ending(struct evtask_job *job, const char *text);

/*
 * Says how far the job has come: done of total, in whatever unit it counts in;
 * total -1 when it does not know. text is copied, and may be NULL. As often as
 * it likes: subscribers are told ten times a second at the most, and the last.
 * 0; -EINVAL: less than nothing, or text longer than EVTASK_JOB_PROGRESS_MAX
 * bytes; -ENOMEM.
 */
#define EVTASK_JOB_PROGRESS_MAX 63
EVTASK_API int
evtask_job_set_progress(struct evtask_job *job, int64_t done, int64_t total,
    const char *text);

/*
 * Makes a task of another coroutine of the same console, by its name, as
 * task.create does; it is on its own. args are checked, completed and shared.
 * name may be NULL, as may ret_task, whose reference is the caller's. 0;
 * -ENOENT, no such coroutine; -EINVAL, it does not take these args; -EEXIST,
 * the name is taken: these are raised; -ESHUTDOWN; -ENOMEM. And only the
 * check.
 */
EVTASK_API int
evtask_job_create(struct evtask_job *job, const char *coroutine,
    struct json_object *args, const char *name, struct evtask **ret_task);
EVTASK_API int
evtask_job_check(struct evtask_job *job, const char *coroutine,
    struct json_object *args);

/* A task as JSON: id, name, outcome, and value or error when it is done; the
 * caller's. NULL: no memory. */
EVTASK_API struct json_object *evtask_job_describe(struct evtask *task);

/*
 * Ends the coroutine with a JSON result, for `return evtask_job_return(job,
 * json)`. Takes the reference. Returns 0, or -EINVAL outside a task.
 * Values of evtask_return() serve too: integers, booleans, text, lists.
 */
EVTASK_API int
evtask_job_return(struct evtask_job *job, struct json_object *result);

#ifdef __cplusplus
}
#endif
#endif
