/*
 * dispatch.c - from a line to its answer.
 *
 * The schema has the first word: libevtask-ctl reads the line, finds the row
 * of the method, and checks role and params against it, so that a handler is
 * only called with what is right, and nothing has happened before. What is
 * added here is what only a connection knows: an id that is in use, and how
 * many requests are unanswered.
 */
#include "dispatch.h"
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "console.h"
#include "request.h"

static const struct {
	const char *method;
	handler_fn handler;
} handlers[] = {
	{ "rpc.hello", serve_rpc_hello },
	{ "rpc.ping", serve_rpc_ping },
	{ "rpc.cancel", serve_rpc_cancel },
	{ "rpc.discover", serve_rpc_discover },
	{ "rpc.check", serve_rpc_check },
	{ "rpc.clients", serve_rpc_clients },
	{ "coroutine.list", serve_coroutine_list },
	{ "coroutine.get", serve_coroutine_get },
	{ "module.list", serve_module_list },
	{ "module.load", serve_module_load },
	{ "module.unload", serve_module_unload },
	{ "module.reload", serve_module_reload },
	{ "task.create", serve_task_create },
	{ "task.list", serve_task_list },
	{ "task.get", serve_task_get },
	{ "task.wait", serve_task_wait },
	{ "task.result", serve_task_result },
	{ "task.exception", serve_task_exception },
	{ "task.cancel", serve_task_cancel },
	{ "task.uncancel", serve_task_uncancel },
	{ "task.resume", serve_task_resume },
	{ "task.label", serve_task_label },
	{ "task.logs", serve_task_logs },
	{ "task.signal", serve_task_signal },
	{ "task.stdin", serve_task_stdin },
	{ "task.rename", serve_task_rename },
	{ "task.forget", serve_task_forget },
	{ "task.why", serve_task_why },
	{ "task.tree", serve_task_tree },
	{ "task.stack", serve_task_stack },
	{ "task.stacks", serve_task_stacks },
	{ "trace.snapshot", serve_trace_snapshot },
	{ "trace.start", serve_trace_start },
	{ "trace.stop", serve_trace_stop },
	{ "resource.list", serve_resource_list },
	{ "loop.deadlocks", serve_loop_deadlocks },
	{ "loop.status", serve_loop_status },
	{ "loop.stack", serve_loop_stack },
	{ "loop.stats", serve_loop_stats },
	{ "loop.stalls", serve_loop_stalls },
	{ "sub.open", serve_sub_open },
	{ "sub.close", serve_sub_close },
	{ "sub.list", serve_sub_list },
	{ "metrics.get", serve_metrics_get },
	{ "daemon.stats", serve_daemon_stats },
	{ "daemon.reload", serve_daemon_reload },
	{ "daemon.log_level", serve_daemon_log_level },
	{ "daemon.shutdown", serve_daemon_shutdown },
};

handler_fn
dispatch_handler(const char *method)
{
	size_t i;

	for (i = 0; i < sizeof(handlers) / sizeof(handlers[0]); i++)
		if (strcmp(handlers[i].method, method) == 0)
			return handlers[i].handler;
	return NULL;
}

int
dispatch_init(struct evtask_console *console)
{
	const struct evtask_ctl_method *m = evtask_ctl_methods();
	size_t n;

	for (n = 0; m[n].name != NULL; n++)
		continue;
	console->handlers = calloc(n, sizeof(console->handlers[0]));
	if (console->handlers == NULL)
		return -ENOMEM;
	while (n-- > 0)
		console->handlers[n] = dispatch_handler(m[n].name);
	return 0;
}

static handler_fn
handler_of(const struct evtask_console *console,
    const struct evtask_ctl_method *method)
{
	return console->handlers[method - evtask_ctl_methods()];
}

struct json_object *
call_refuse(struct call *call, const char *name, struct json_object *members)
{
	if (members != NULL)
		call->error = evtask_ctl_error_new(name, members);
	return NULL;
}

struct json_object *
call_refuse_cursor(struct call *call, const char *got)
{
	struct json_object *members = json_object_new_object();

	evtask_ctl_put_text(&members, "path", "cursor");
	evtask_ctl_put_text(&members, "expected", "the next of another page");
	evtask_ctl_put_text(&members, "got", got);
	evtask_ctl_put_text(&members, "method", call->method->name);
	return call_refuse(call, "InvalidParams", members);
}

struct json_object *
call_refuse_int(struct call *call, const char *name, const char *key,
    int64_t n)
{
	struct json_object *members = json_object_new_object();

	evtask_ctl_put_int(&members, key, n);
	return call_refuse(call, name, members);
}

void
put_nearest(struct json_object **members,
    const struct evtask_ctl_nearest *nearest)
{
	if (nearest->best != NULL)
		evtask_ctl_put_text(members, "did_you_mean", nearest->best);
}

/*
 * Something is wrong here and not with the request: the program is told
 * through the loop, and the client gets the number to look it up by.
 */
static struct json_object *
internal_error(struct session *session,
    const struct evtask_ctl_method *method, const char *what)
{
	struct evtask_console *console = session->console;
	struct json_object *members = json_object_new_object(), *error;
	char ref[48], message[160];

	snprintf(ref, sizeof(ref), "%s-%llu", console->instance,
	    (unsigned long long)console->sessions.requests);
	snprintf(message, sizeof(message), "console: %s failed, %s (%s)",
	    method != NULL ? method->name : "a request", what, ref);
	evtask_loop_call_exception_handler(console->loop,
	    &(struct evtask_report){ .message = message });
	evtask_ctl_put_text(&members, "ref", ref);
	error = members != NULL
	    ? evtask_ctl_error_new("InternalError", members) : NULL;
	return error;
}

static bool
may_answer(const struct evtask_ctl_method *method, const char *error)
{
	const char *const *name;

	for (name = method->errors; *name != NULL; name++)
		if (strcmp(*name, error) == 0)
			return true;
	return false;
}

/* Which task a result is about: its own member, or that of its task, which is
 * text already. */
static int64_t
task_of(struct json_object *result)
{
	const char *text = evtask_ctl_get_text(result, "task", NULL);
	struct json_object *task = text != NULL ? json_tokener_parse(text)
	    : NULL;
	int64_t id = evtask_ctl_get_int(task != NULL ? task : result, "id", 0);

	json_object_put(task);
	return id;
}

/* A result that does not fit into a line, or is nested too deep. */
static struct json_object *
too_large(struct session *session, const struct evtask_ctl_method *method,
    int64_t task)
{
	struct json_object *members;

	if (!may_answer(method, "ResultTooLarge"))
		return internal_error(session, method, "its result is too "
		    "large");
	members = json_object_new_object();
	evtask_ctl_put_int(&members, "task", task);
	return members != NULL
	    ? evtask_ctl_error_new("ResultTooLarge", members) : NULL;
}

static void
answer_error(struct session *session, const struct evtask_ctl_method *method,
    struct json_object *id, struct json_object *error)
{
	struct json_object *data = evtask_ctl_get(error, "data");

	metrics_error(&session->console->metrics, method,
	    evtask_ctl_get_text(data, "name", "InternalError"));
	if (id == NULL)
		json_object_put(error);
	else
		session_send(session, evtask_ctl_error_reply(id, error));
}

void
dispatch_answer(struct session *session,
    const struct evtask_ctl_method *method, struct json_object *id,
    struct json_object *result, struct json_object *error)
{
	int r;

	if (result != NULL) {
		r = id != NULL ? session_send_result(session, id, result) : 0;
		if (r < 0)
			error = too_large(session, method, task_of(result));
		json_object_put(result);
		if (r == 0)
			return;
	} else if (error == NULL) {
		error = internal_error(session, method, "there is no memory");
	}
	answer_error(session, method, id, error);
}

/* Whether this request would wait: some methods do, some when asked to. */
static bool
would_wait(const struct call *call)
{
	return call->method->deferred &&
	    (evtask_ctl_field_find(call->method->params, "wait") == NULL ||
	     evtask_ctl_get_bool(call->params, "wait", false));
}

/* What only the connection can refuse. */
static bool
is_refused(struct call *call)
{
	struct session *session = call->session;
	struct json_object *members;

	if (call->id != NULL && (request_find(session, call->id) != NULL ||
	    slice_is_loose(session, call->id))) {
		members = json_object_new_object();
		evtask_ctl_put(&members, "id", json_object_get(call->id));
		call_refuse(call, "DuplicateId", members);
		return true;
	}
	if (would_wait(call) && session->n_requests >=
	    SESSION_DEFERRED_MAX) {
		call_refuse_int(call, "Busy", "limit", SESSION_DEFERRED_MAX);
		return true;
	}
	return false;
}

/* Returns whether it is answered. */
static bool
serve(struct session *session, const struct evtask_ctl_message *message,
    const struct evtask_ctl_method *method)
{
	struct evtask_console *console = session->console;
	struct call call = { .console = console, .session = session,
	    .method = method, .id = message->id, .params = message->params,
	    .started_us = console->sessions.frame_us };
	struct json_object *result = NULL;

	console->sessions.requests++;
	session->served++;
	session->client.request = call.id;
	console->acting = &session->client;
	if (!is_refused(&call))
		result = handler_of(console, method)(&call);
	console->acting = NULL;
	session->client.request = NULL;
	if (!call.deferred)
		dispatch_answer(session, method, call.id, result, call.error);
	return !call.deferred;
}

/* A line that never became a request. */
static struct json_object *
refuse_frame(struct session *session, int r)
{
	struct json_object *members;

	if (r != -EMSGSIZE)
		return internal_error(session, NULL, "there is no memory");
	members = json_object_new_object();
	evtask_ctl_put_int(&members, "limit_bytes", EVTASK_CTL_FRAME_MAX);
	return members != NULL
	    ? evtask_ctl_error_new("FrameTooLarge", members) : NULL;
}

/* What never got to a handler is counted too, by its method if it has one:
 * which is returned. */
static const struct evtask_ctl_method *
refuse(struct session *session, const struct evtask_ctl_message *message,
    struct json_object *reply)
{
	struct json_object *error = evtask_ctl_get(reply, "error");
	const struct evtask_ctl_method *method = message->method != NULL
	    ? evtask_ctl_method_find(message->method) : NULL;

	metrics_error(&session->console->metrics, method, evtask_ctl_get_text(
	    evtask_ctl_get(error, "data"), "name", "InternalError"));
	session_send(session, reply);
	return method;
}

void
dispatch(struct session *session, int r, const char *line, size_t size)
{
	struct sessions *sessions = &session->console->sessions;
	const struct evtask_ctl_method *method = NULL;
	struct evtask_ctl_message message = {0};
	struct json_object *reply = NULL;
	int64_t began_us = sessions->frame_us;
	bool answered = true;

	if (r == 1)
		r = evtask_ctl_request_parse(line, size, &message, &reply);
	if (r == 0)
		r = evtask_ctl_message_accept(&message, session->role,
		    &method, &reply);
	if (r == 0)
		answered = serve(session, &message, method);
	else if (r == -EBADMSG)
		method = refuse(session, &message, reply);
	else
		session_send(session, evtask_ctl_error_reply(message.id,
		    refuse_frame(session, r)));
	evtask_ctl_message_release(&message);
	sessions->frame_us = clock_us();
	if (answered)
		metrics_request(&session->console->metrics, method,
		    sessions->frame_us - began_us);
}
