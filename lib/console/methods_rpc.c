/*
 * methods_rpc.c - rpc.*: the protocol about itself.
 */
#include <errno.h>
#include <inttypes.h>
#include <evtask/ctl_writer.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "console.h"
#include "methods.h"
#include "render.h"
#include "request.h"

void
put_seq(struct json_object **object, const struct call *call)
{
	evtask_ctl_put_int(object, "seq", (int64_t)call->console->ring.seq);
}

static struct json_object *
render_api(void)
{
	struct json_object *o = json_object_new_object();

	evtask_ctl_put_int(&o, "level", EVTASK_CTL_API_LEVEL);
	evtask_ctl_put_int(&o, "compatible", EVTASK_CTL_API_COMPATIBLE);
	return o;
}

static struct json_object *
render_limits(void)
{
	struct json_object *o = json_object_new_object();

	evtask_ctl_put_int(&o, "frame_bytes", EVTASK_CTL_FRAME_MAX);
	evtask_ctl_put_int(&o, "depth", EVTASK_CTL_DEPTH_MAX);
	evtask_ctl_put_int(&o, "values", EVTASK_CTL_VALUES_MAX);
	evtask_ctl_put_int(&o, "deferred", SESSION_DEFERRED_MAX);
	evtask_ctl_put_int(&o, "subscriptions", SESSION_SUBSCRIPTIONS_MAX);
	return o;
}

struct json_object *
serve_rpc_hello(struct call *call)
{
	const struct evtask_console *console = call->console;
	struct json_object *o = json_object_new_object();

	evtask_ctl_put_text(&o, "server", console->server);
	evtask_ctl_put_text(&o, "version", console->version);
	evtask_ctl_put(&o, "api", render_api());
	evtask_ctl_put_text(&o, "instance", console->instance);
	evtask_ctl_put_text(&o, "role",
	    evtask_ctl_role_name(call->session->role));
	evtask_ctl_put(&o, "limits", render_limits());
	put_seq(&o, call);
	return o;
}

struct json_object *
serve_rpc_ping(struct call *call)
{
	struct evtask_ctl_writer *w = call->console->writer;
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	evtask_ctl_write_begin(w);
	evtask_ctl_write_open(w, NULL);
	evtask_ctl_write_int(w, "ts_us",
	    (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000);
	evtask_ctl_write_close(w);
	return evtask_ctl_write_take(w);
}

struct json_object *
serve_rpc_cancel(struct call *call)
{
	struct json_object *o = json_object_new_object();
	struct request *request = request_find(call->session,
	    evtask_ctl_get(call->params, "id"));

	evtask_ctl_put_bool(&o, "cancelled", request != NULL);
	if (o != NULL && request != NULL)
		request_end(request, "RequestCancelled");
	return o;
}

/* The request that rpc.check is asked about, as if it had come. */
static struct json_object *
request_of(const struct call *call)
{
	struct json_object *root = json_object_new_object();

	evtask_ctl_put_text(&root, "jsonrpc", "2.0");
	evtask_ctl_put_int(&root, "id", 0);
	evtask_ctl_put_text(&root, "method",
	    evtask_ctl_get_text(call->params, "method", ""));
	evtask_ctl_put(&root, "params",
	    json_object_get(evtask_ctl_get(call->params, "params")));
	return root;
}

/* What it would be refused with, before anything is done: the caller's, or
 * NULL. Returns 0 or -ENOMEM. */
static int
find_fault(struct call *call, struct json_object *root,
    struct json_object **ret_error)
{
	struct call checked = *call;
	struct evtask_ctl_message message = {
		.kind = EVTASK_CTL_REQUEST, .root = root,
		.id = evtask_ctl_get(root, "id"),
		.method = evtask_ctl_get_text(root, "method", ""),
		.params = evtask_ctl_get(root, "params") };
	struct json_object *reply;
	int r = evtask_ctl_message_accept(&message, call->session->role,
	    &checked.method, &reply);

	*ret_error = NULL;
	if (r == -EBADMSG) {
		*ret_error = json_object_get(evtask_ctl_get(reply, "error"));
		json_object_put(reply);
		return 0;
	}
	if (r == 0 && dispatch_handler(checked.method->name) ==
	    serve_task_create) {
		checked.params = message.params;
		r = check_create(&checked);
		*ret_error = checked.error;
	}
	return r;
}

struct json_object *
serve_rpc_check(struct call *call)
{
	struct json_object *root = request_of(call), *error = NULL, *o;
	int r = root != NULL ? find_fault(call, root, &error) : -ENOMEM;

	json_object_put(root);
	if (r < 0)
		return NULL;
	o = json_object_new_object();
	evtask_ctl_put_bool(&o, "valid", error == NULL);
	put_or_null(&o, "error", error != NULL, error);
	return o;
}

static struct json_object *
render_session(const struct session *session)
{
	const struct evtask_console *console = session->console;
	struct json_object *o = json_object_new_object();

	evtask_ctl_put_int(&o, "id", (int64_t)session->id);
	evtask_ctl_put_int(&o, "uid", session->client.uid);
	evtask_ctl_put_int(&o, "pid", session->client.pid);
	evtask_ctl_put_text(&o, "role", evtask_ctl_role_name(session->role));
	evtask_ctl_put_int(&o, "connected_us",
	    console_epoch_us(console, session->connected_us));
	evtask_ctl_put_int(&o, "requests", (int64_t)session->served);
	evtask_ctl_put_int(&o, "deferred", (int64_t)session->n_requests);
	evtask_ctl_put_int(&o, "subscriptions",
	    (int64_t)session->n_subscriptions);
	evtask_ctl_put_int(&o, "pending_bytes",
	    (int64_t)session_pending_bytes(session));
	evtask_ctl_put_bool(&o, "paused", session->paused);
	return o;
}

/* The cursor is the id of the last client of the page before; they are in the
 * order of their ids. */
struct json_object *
serve_rpc_clients(struct call *call)
{
	const struct sessions *sessions = &call->console->sessions;
	uint64_t after = strtoull(evtask_ctl_get_text(call->params, "cursor",
	    "0"), NULL, 10), last = 0;
	int64_t limit = evtask_ctl_get_int(call->params, "limit", 1);
	struct json_object *list = json_object_new_array(), *o;
	const struct session *session;
	char next[24] = "";

	TAILQ_FOREACH(session, &sessions->list, link) {
		if (session->id <= after)
			continue;
		if (limit-- == 0) {
			snprintf(next, sizeof(next), "%" PRIu64, last);
			break;
		}
		evtask_ctl_append(&list, render_session(session));
		last = session->id;
	}
	o = json_object_new_object();
	evtask_ctl_put(&o, "clients", list);
	evtask_ctl_put_int(&o, "you", (int64_t)call->session->id);
	evtask_ctl_put_int(&o, "total", (int64_t)sessions->count);
	evtask_ctl_put_text(&o, "next", *next != '\0' ? next : NULL);
	put_seq(&o, call);
	return o;
}
