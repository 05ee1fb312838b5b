/*
 * job.c - jobs: tasks created by name, through a console.
 *
 * A job belongs to its task, which has it as its argument, and to the record
 * of that task, which keeps its log when the task is done. It may outlive the
 * console, and then goes on as a task without a log that anybody can read.
 *
 * Input comes from clients and is queued up to a limit; the coroutine reads it
 * as it reads anything: make a future, await it, undo on interruption.
 */
#include "job.h"
#include <errno.h>
#include <event2/buffer.h>
#include <evtask/ctl_value.h>
#include <evtask/event.h>
#include <evtask/handle.h>
#include <evtask/loop.h>
#include <evtask/timeout.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include "console.h"
#include "settle.h"

static void
json_ref(void *p)
{
	json_object_get(p);
}

static void
json_unref(void *p)
{
	json_object_put(p);
}

const struct evtask_type job_type_json = { "json", json_ref, json_unref };

/* Lines have been added to the log since `first`. */
static void
tell_lines(struct evtask_job *job, uint64_t first)
{
	struct evtask_console *console = job->console;

	if (console == NULL || job->log.next == first)
		return;
	ring_push(&console->ring, (struct ring_record){
	    .type = EVENT_LOG, .task = job->id,
	    .ts_us = console_now_us(console), .number = (int64_t)first,
	    .count = (uint32_t)(job->log.next - first) });
	settle_soon(console);
}

static uint64_t
next_seq(const struct evtask_job *job)
{
	return job->console != NULL ? job->console->ring.seq + 1 : 0;
}

static void
stop_prompt(struct evtask_job *job)
{
	if (job->prompt == NULL)
		return;
	evtask_handle_cancel(job->prompt);
	evtask_handle_unref(job->prompt);
	job->prompt = NULL;
}

static void
seal(struct evtask_job *job)
{
	uint64_t first = job->log.next;

	stop_prompt(job);
	job_log_seal(&job->log, evtask_loop_time_us(job->loop), next_seq(job));
	tell_lines(job, first);
}

static void
on_prompt(void *arg)
{
	seal(arg);
}

int
evtask_job_log(struct evtask_job *job, enum evtask_job_stream stream,
    const void *data, size_t size)
{
	uint64_t first = job->log.next;
	int r;

	r = job_log_append(&job->log, stream, data, size,
	    evtask_loop_time_us(job->loop), next_seq(job));
	tell_lines(job, first);
	if (!job_log_is_open(&job->log))
		stop_prompt(job);
	else if (job->prompt == NULL && r == 0)
		r = evtask_call_later(job->loop, JOB_PROMPT_US, on_prompt,
		    job, &job->prompt);
	return r;
}

uint64_t
evtask_job_logged(const struct evtask_job *job, enum evtask_job_stream stream)
{
	return job->log.logged_bytes[stream - 1];
}

/* A paused job's task waits here, so that it can be seen and cancelled. */
static int
await_start(struct evtask_job *job)
{
	return job->start != NULL ? evtask_event_wait(job->start) : 0;
}

static int
run_row(struct evtask_job *job)
{
	int r = await_start(job);

	return r < 0 ? r : job->row->fn(job);
}

/*
 * The coroutine under its deadline. The job has a handle on its task, so that
 * a failure is not reported as nobody's: the record is there to be asked.
 */
static int
run_until(struct evtask_job *job)
{
	struct evtask_timeout timeout;
	int r;

	if (job->deadline_us == EVTASK_FOREVER)
		return run_row(job);
	r = evtask_timeout_at_enter(&timeout, job->deadline_us);
	if (r == 0)
		r = evtask_timeout_exit(&timeout, run_row(job));
	return r;
}

static int
run(void *arg)
{
	struct evtask_job *job = arg;
	int r = run_until(job);

	evtask_job_close_stdin(job);
	seal(job);
	return r;
}

static void
run_ended(void *arg)
{
	struct evtask_job *job = arg;
	struct evtask *task = job->task;

	job->task = NULL;
	job_unref(job);
	evtask_unref(task);
}

static struct evtask_job *
job_new(struct evtask_console *console, const struct evtask_coroutine *row,
    struct json_object *args, int64_t timeout_us)
{
	struct evtask_job *job = calloc(1, sizeof(*job));
	int64_t now = console_now_us(console);

	if (job == NULL)
		return NULL;
	job->refs = 1;
	job->console = console;
	job->loop = console->loop;
	job->row = row;
	job->args = json_object_get(args);
	job->deadline_us = timeout_us > EVTASK_FOREVER - now ? EVTASK_FOREVER
	    : now + timeout_us;
	job_log_init(&job->log, console->log_bytes);
	LIST_INIT(&job->pacers);
	job->input = evbuffer_new();
	if (job->input == NULL) {
		job_unref(job);
		return NULL;
	}
	return job;
}

int
job_start(struct evtask_console *console, const struct evtask_coroutine *row,
    struct json_object *args, const char *name, int64_t timeout_us,
    const struct evtask_origin *origin, bool paused,
    struct evtask_job **ret_job)
{
	struct evtask_job *job = job_new(console, row, args, timeout_us);
	struct evtask_options options = { .name = name,
	    .arg_free = run_ended, .origin = origin };
	struct evtask *task;
	int r;

	if (job == NULL)
		return -ENOMEM;
	if (paused && evtask_event_new("start", &job->start) < 0) {
		job_unref(job);
		return -ENOMEM;
	}
	r = evtask_loop_create_task(console->loop, run, job, &options, &task);
	if (r < 0) {
		job_unref(job);
		return r;
	}
	job->task = task;
	job->id = evtask_id(task);
	*ret_job = job_ref(job);
	return 0;
}

bool
job_resume(struct evtask_job *job)
{
	if (job->start == NULL || job->task == NULL ||
	    evtask_event_is_set(job->start))
		return false;
	evtask_event_set(job->start);
	return true;
}

struct evtask_job *
job_ref(struct evtask_job *job)
{
	job->refs++;
	return job;
}

void
job_unref(struct evtask_job *job)
{
	if (job == NULL || --job->refs > 0)
		return;
	stop_prompt(job);
	json_object_put(job->args);
	free(job->progress);
	job_log_release(&job->log);
	evtask_event_free(job->start);
	evtask_event_free(job->drained);
	if (job->input != NULL)
		evbuffer_free(job->input);
	free(job);
}

void
job_detach(struct evtask_job *job)
{
	job->console = NULL;
}

struct json_object *
evtask_job_args(const struct evtask_job *job)
{
	return job->args;
}

int64_t
evtask_job_int(const struct evtask_job *job, const char *name)
{
	return evtask_ctl_get_int(job->args, name, 0);
}

bool
evtask_job_bool(const struct evtask_job *job, const char *name)
{
	return evtask_ctl_get_bool(job->args, name, false);
}

const char *
evtask_job_text(const struct evtask_job *job, const char *name)
{
	return evtask_ctl_get_text(job->args, name, NULL);
}

int64_t
evtask_job_duration_us(const struct evtask_job *job, const char *name,
    int64_t fallback_us)
{
	struct json_object *value = evtask_ctl_get(job->args, name);
	int64_t us;

	if (value == NULL || evtask_ctl_duration_value(value, &us) < 0)
		return fallback_us;
	return us;
}

struct evtask *
evtask_job_task(const struct evtask_job *job)
{
	return job->task;
}

void
evtask_job_set_data(struct evtask_job *job, void *data)
{
	job->data = data;
}

void *
evtask_job_data(const struct evtask_job *job)
{
	return job->data;
}

static void
wake_reader(struct evtask_job *job)
{
	if (job->reader != NULL)
		evtask_set_result(job->reader, evtask_value_none());
}

size_t
job_queued_bytes(const struct evtask_job *job)
{
	return evbuffer_get_length(job->input);
}

int
job_send(struct evtask_job *job, const void *data, size_t size, bool eof)
{
	if (job->input_closed || job->input_ended)
		return -EPIPE;
	if (size > JOB_STDIN_MAX - job_queued_bytes(job))
		return -ENOBUFS;
	if (evbuffer_add(job->input, data, size) < 0)
		return -ENOMEM;
	job->input_ended = eof;
	if (size > 0 || eof)
		wake_reader(job);
	return 0;
}

/* The job stays as long as it is read: a loop that is freed ends the tasks one
 * by one, and who reads may be the last. */
static int
await_input(struct evtask_job *job)
{
	struct evtask_future *input;
	int r;

	if (job->reader != NULL)
		return -EBUSY;
	r = evtask_future_new(job->loop, &input);
	if (r < 0)
		return r;
	job->reader = input;
	job_ref(job);
	r = evtask_await(input);
	job->reader = NULL;
	job_unref(job);
	evtask_future_unref(input);
	return r;
}

ssize_t
evtask_job_read(struct evtask_job *job, void *buf, size_t size)
{
	int r;

	while (job_queued_bytes(job) == 0) {
		if (job->input_ended || job->input_closed)
			return 0;
		r = await_input(job);
		if (r < 0)
			return r;
	}
	return evbuffer_remove(job->input, buf, size);
}

void
evtask_job_close_stdin(struct evtask_job *job)
{
	job->input_closed = true;
	evbuffer_drain(job->input, job_queued_bytes(job));
	wake_reader(job);
}

int
evtask_job_set_ending(struct evtask_job *job, const char *text)
{
	if (text == NULL || strlen(text) > EVTASK_JOB_ENDING_MAX)
		return -EINVAL;
	strcpy(job->ending, text);
	return 0;
}

int
evtask_job_return(struct evtask_job *job, struct json_object *result)
{
	struct evtask_value value = { &job_type_json, { .p = result } };

	return evtask_return(value);
}
