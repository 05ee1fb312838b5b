/*
 * methods_rpc.c - rpc.*: the protocol about itself.
 */
#include <json-c/json.h>
#include <time.h>
#include "console.h"
#include "methods.h"
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
	struct json_object *o = json_object_new_object();
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	evtask_ctl_put_int(&o, "ts_us",
	    (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000);
	return o;
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

struct json_object *
serve_rpc_discover(struct call *call)
{
	return evtask_ctl_discover(call->console->server,
	    call->console->version);
}
