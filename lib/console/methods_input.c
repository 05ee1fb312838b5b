/*
 * methods_input.c - task.stdin and task.signal: what a task is sent.
 */
#include <errno.h>
#include <inttypes.h>
#include <json-c/json.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "console.h"
#include "job.h"
#include "methods.h"
#include "resolve.h"

/* The bytes of data or data_base64: to free(), or NULL with size 0. */
static int
read_data(struct call *call, void **ret_bytes, size_t *ret_size)
{
	struct json_object *text = evtask_ctl_get(call->params, "data");
	struct json_object *base64 = evtask_ctl_get(call->params,
	    "data_base64");

	*ret_bytes = NULL;
	*ret_size = 0;
	if (base64 != NULL)
		return evtask_ctl_base64_decode(json_object_get_string(base64),
		    (size_t)json_object_get_string_len(base64), ret_bytes,
		    ret_size);
	if (text == NULL)
		return 0;
	*ret_bytes = strdup(json_object_get_string(text));
	*ret_size = (size_t)json_object_get_string_len(text);
	return *ret_bytes != NULL ? 0 : -ENOMEM;
}

static struct json_object *
refuse_full(struct call *call, const struct record *record)
{
	struct json_object *members = json_object_new_object();

	evtask_ctl_put_int(&members, "task", (int64_t)record->id);
	evtask_ctl_put_int(&members, "free_bytes", (int64_t)(JOB_STDIN_MAX -
	    job_queued_bytes(record->job)));
	return call_refuse(call, "StdinFull", members);
}

static struct json_object *
send_data(struct call *call, const struct record *record, const void *bytes,
    size_t size)
{
	struct json_object *o;
	int r;

	r = job_send(record->job, bytes, size,
	    evtask_ctl_get_bool(call->params, "eof", false));
	if (r == -EPIPE)
		return call_refuse_int(call, "StdinClosed", "task",
		    (int64_t)record->id);
	if (r == -ENOBUFS)
		return refuse_full(call, record);
	if (r < 0)
		return NULL;
	o = json_object_new_object();
	evtask_ctl_put_int(&o, "id", (int64_t)record->id);
	evtask_ctl_put_int(&o, "accepted_bytes", (int64_t)size);
	evtask_ctl_put_int(&o, "queued_bytes",
	    (int64_t)job_queued_bytes(record->job));
	return o;
}

struct json_object *
serve_task_stdin(struct call *call)
{
	const struct record *record = resolve_task(call);
	struct json_object *o = NULL;
	void *bytes;
	size_t size;

	if (record == NULL)
		return NULL;
	if (record->coroutine == NULL || !record->coroutine->row->takes_stdin)
		return call_refuse_int(call, "NoStdin", "task",
		    (int64_t)record->id);
	if (record->done)
		return call_refuse_int(call, "TaskAlreadyDone", "task",
		    (int64_t)record->id);
	if (read_data(call, &bytes, &size) == 0)
		o = send_data(call, record, bytes, size);
	free(bytes);
	return o;
}

static const struct {
	const char *name;
	int number;
} signals[] = {
	{ "HUP", SIGHUP }, { "INT", SIGINT }, { "QUIT", SIGQUIT },
	{ "KILL", SIGKILL }, { "USR1", SIGUSR1 }, { "USR2", SIGUSR2 },
	{ "ALRM", SIGALRM }, { "TERM", SIGTERM }, { "CONT", SIGCONT },
	{ "STOP", SIGSTOP }, { "TSTP", SIGTSTP }, { "WINCH", SIGWINCH },
};

static int
signal_number(const char *name)
{
	size_t i = 0;

	while (strcmp(signals[i].name, name) != 0)
		i++;
	return signals[i].number;
}

/* The coroutine takes signals, but not this one, or not now. */
static struct json_object *
refuse_signal(struct call *call, const struct record *record, int r)
{
	struct json_object *members = json_object_new_object();
	char message[160];

	snprintf(message, sizeof(message), "task %" PRIu64 " cannot take the "
	    "signal now: %s", record->id, strerror(-r));
	evtask_ctl_put_int(&members, "task", (int64_t)record->id);
	evtask_ctl_put_text(&members, "message", message);
	return call_refuse(call, "SignalUnsupported", members);
}

struct json_object *
serve_task_signal(struct call *call)
{
	const struct record *record = resolve_task(call);
	struct json_object *o;
	int r;

	if (record == NULL)
		return NULL;
	if (record->coroutine == NULL || record->coroutine->row->signal == NULL)
		return call_refuse_int(call, "SignalUnsupported", "task",
		    (int64_t)record->id);
	if (record->done)
		return call_refuse_int(call, "TaskAlreadyDone", "task",
		    (int64_t)record->id);
	r = record->coroutine->row->signal(record->job, signal_number(
	    evtask_ctl_get_text(call->params, "signal", "")));
	if (r < 0)
		return refuse_signal(call, record, r);
	o = json_object_new_object();
	evtask_ctl_put_int(&o, "id", (int64_t)record->id);
	return o;
}
