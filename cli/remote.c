/*
 * remote.c - the connection to the server.
 *
 * A call is the library's one shape: make a future, send, await it, and undo on
 * interruption, which here is rpc.cancel. Its memory then outlives the caller
 * until the reply has come, because the client still holds it.
 */
#include "remote.h"

#include <errno.h>
#include <evtask/ctl.h>
#include <evtask/evtask.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "explain.h"
#include "place.h"
#include "ssh.h"
#include "stream.h"
#include "wire.h"

struct remote {
	struct evtask_ctl_client *client;
	struct wire wire;                 /* what it speaks over */
	pid_t ssh;                        /* that is at its other end; or 0 */
	struct call *calls;               /* the ones not answered */
	struct streams streams;
};

struct call {
	struct call *next;
	struct remote *remote;
	int64_t id;
	struct evtask_future *answered; /* NULL: the caller is gone */
	struct stream *stream;          /* to be bound by the reply; or NULL */
	bool replied;                   /* and off the list */
	struct json_object *result;
	struct json_object *error;
};

static void
unlink_call(struct call *call)
{
	struct call **at = &call->remote->calls;

	while (*at != call)
		at = &(*at)->next;
	*at = call->next;
}

static void
free_call(struct call *call)
{
	evtask_future_unref(call->answered);
	json_object_put(call->result);
	json_object_put(call->error);
	free(call);
}

static void
on_reply(struct json_object *result, struct json_object *error, void *arg)
{
	struct call *call = arg;

	unlink_call(call);
	call->replied = true;
	if (call->answered == NULL) {
		free_call(call);
		return;
	}
	call->result = json_object_get(result);
	call->error = json_object_get(error);
	if (call->stream != NULL)
		stream_bind(call->stream,
		    evtask_ctl_get_int(result, "sub", 0));
	if (!evtask_done(call->answered))
		evtask_set_result(call->answered, evtask_value_none());
}

static void
on_notice(const char *method, struct json_object *params, void *arg)
{
	struct remote *remote = arg;

	streams_notify(&remote->streams, method, params);
}

/* The connection is gone: whoever waits is told. */
static void
on_lost(const char *why, void *arg)
{
	struct remote *remote = arg;
	const char *end = ssh_end(remote->ssh);

	remote->ssh = 0;
	evtask_ctl_client_lost(remote->client, end != NULL ? end : why);
	streams_lose(&remote->streams);
}

static struct remote *
new_remote(void)
{
	struct remote *remote = calloc(1, sizeof(*remote));

	if (remote == NULL)
		return NULL;
	remote->client = evtask_ctl_client_new(on_notice, remote);
	if (remote->client == NULL) {
		free(remote);
		return NULL;
	}
	remote->wire.client = remote->client;
	remote->wire.streams = &remote->streams;
	remote->wire.lost = on_lost;
	remote->wire.arg = remote;
	return remote;
}

int
remote_open(const struct place *place, struct remote **ret_remote,
    char **ret_why)
{
	struct remote *remote;
	pid_t ssh;
	int fd, r;

	fd = place_reach(place, &ssh, ret_why);
	if (fd < 0)
		return fd;
	remote = new_remote();
	r = remote != NULL ? wire_open(&remote->wire, fd) : -ENOMEM;
	if (r == 0) {
		remote->ssh = ssh;
		*ret_remote = remote;
		return 0;
	}
	close(fd);
	ssh_close(ssh);
	if (remote != NULL)
		evtask_ctl_client_free(remote->client);
	free(remote);
	return explain(ret_why, r, "cannot watch the connection: %s",
	    strerror(-r));
}

void
remote_close(struct remote *remote)
{
	struct call *call;

	if (remote == NULL)
		return;
	if (remote_alive(remote)) {
		wire_close(&remote->wire);
		on_lost("closed", remote);
	}
	evtask_ctl_client_free(remote->client);
	while ((call = remote->calls) != NULL) {
		remote->calls = call->next;
		free_call(call);
	}
	free(remote);
}

bool
remote_alive(const struct remote *remote)
{
	return remote != NULL && remote->wire.fd >= 0;
}

/* The reply, when it comes, is dropped. */
static void
leave(struct call *call)
{
	evtask_future_unref(call->answered);
	call->answered = NULL;
	call->stream = NULL;
}

/* The caller has gone: the server need not answer. */
static void
abandon(struct call *call)
{
	struct remote *remote = call->remote;

	/* The future says nothing: cancelling the wait has cancelled it. */
	if (call->replied) {
		free_call(call);
		return;
	}
	leave(call);
	if (evtask_ctl_client_cancel(remote->client, call->id) == 0)
		wire_flush(&remote->wire);
}

static int
take_answer(struct call *call, struct json_object **ret_result,
    struct json_object **ret_error)
{
	int r = -ENOMEM;

	if (call->result != NULL) {
		*ret_result = call->result;
		call->result = NULL;
		r = 0;
	} else if (call->error != NULL) {
		*ret_error = call->error;
		call->error = NULL;
		r = -EREMOTEIO;
	}
	free_call(call);
	return r;
}

static int
send_call(struct remote *remote, const char *method,
    struct json_object *params, struct stream *stream, struct call **ret_call)
{
	struct call *call = calloc(1, sizeof(*call));
	int r;

	if (call == NULL) {
		json_object_put(params);
		return -ENOMEM;
	}
	r = evtask_future_new(NULL, &call->answered);
	if (r < 0) {
		json_object_put(params);
		free(call);
		return r;
	}
	call->remote = remote;
	call->stream = stream;
	call->id = evtask_ctl_client_request(remote->client, method, params,
	    on_reply, call);
	if (call->id < 0) {
		r = (int)call->id;
		free_call(call);
		return r;
	}
	call->next = remote->calls;
	remote->calls = call;
	wire_flush(&remote->wire);
	*ret_call = call;
	return 0;
}

static int
call_for(struct remote *remote, const char *method,
    struct json_object *params, struct stream *stream,
    struct json_object **ret_result, struct json_object **ret_error)
{
	struct call *call;
	int r;

	*ret_result = *ret_error = NULL;
	r = send_call(remote, method, params, stream, &call);
	if (r == -ENOTCONN) {
		*ret_error = evtask_ctl_error_new("ConnectionLost", NULL);
		return *ret_error != NULL ? -EREMOTEIO : -ENOMEM;
	}
	if (r < 0)
		return r;
	r = evtask_await(call->answered);
	if (r < 0) {
		abandon(call);
		return r;
	}
	return take_answer(call, ret_result, ret_error);
}

int
remote_call(struct remote *remote, const char *method,
    struct json_object *params, struct json_object **ret_result,
    struct json_object **ret_error)
{
	return call_for(remote, method, params, NULL, ret_result, ret_error);
}

int
remote_subscribe(struct remote *remote, const char *method,
    struct json_object *params, struct json_object **ret_result,
    struct json_object **ret_error, struct stream **ret_stream)
{
	struct stream *stream = stream_new(&remote->streams);
	int r;

	*ret_stream = NULL;
	if (stream == NULL) {
		json_object_put(params);
		return -ENOMEM;
	}
	r = call_for(remote, method, params, stream, ret_result, ret_error);
	if (r == 0 && stream_sub(stream) != 0) {
		*ret_stream = stream;
		return 0;
	}
	stream_free(stream);
	return r;
}

void
remote_unsubscribe(struct remote *remote, struct stream *stream)
{
	struct json_object *params;
	struct call *call;

	if (stream != NULL && stream_alive(stream)) {
		params = json_object_new_object();
		evtask_ctl_put_int(&params, "sub", stream_sub(stream));
		if (send_call(remote, "sub.close", params, NULL, &call) == 0)
			leave(call);
	}
	stream_free(stream);
}
