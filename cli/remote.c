/*
 * remote.c - the connection to the server.
 *
 * The protocol's client knows no I/O; here are the bytes: a reader on the
 * loop that feeds it, and a writer that is there only while the socket is
 * full. A call is the library's one shape: make a future, send, await it, and
 * undo on interruption, which here is rpc.cancel. Its memory then outlives
 * the caller until the reply has come, because the client still holds it.
 *
 * A stream must not miss what comes right behind the reply that opens it, in
 * the same bytes. So it is bound to its number inside the reply's callback,
 * before the next line is looked at, and keeps what nobody has asked for yet.
 */
#include "remote.h"

#include <errno.h>
#include <evtask/ctl.h>
#include <evtask/evtask.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include "explain.h"
#include "ssh.h"
#include "tap.h"

#define READ_SIZE 65536

struct remote {
	struct evtask_ctl_client *client;
	int fd;                           /* -1 once lost */
	pid_t ssh;                        /* that is at its other end; or 0 */
	bool writing;                     /* the writer is on the loop */
	bool inside;                      /* the client has half a line */
	size_t kept;                      /* bytes of half a line, here */
	struct call *calls;               /* the ones not answered */
	struct stream *streams;
	void (*on_lost)(void *arg);
	void *on_lost_arg;
	char bytes[READ_SIZE];            /* that were read */
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

struct note {
	struct note *next;
	const char *method;
	struct json_object *params;
};

struct stream {
	struct stream *next;
	struct remote *remote;
	int64_t sub;                 /* 0: not bound */
	struct note *first, **last;
	struct evtask_future *came;  /* somebody waits; or NULL */
	stream_tap_fn tap;           /* or NULL */
	bool tapped;                 /* since the last word to it */
	bool broken;                 /* it can take no more */
	void *tap_arg;
};

static void
settle(struct evtask_future *future)
{
	if (future != NULL && !evtask_done(future))
		evtask_set_result(future, evtask_value_none());
}

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
		call->stream->sub = evtask_ctl_get_int(result, "sub", 0);
	settle(call->answered);
}

static const char *
notice_name(const char *method)
{
	for (const struct evtask_ctl_notice *n = evtask_ctl_notices();
	    n->name != NULL; n++)
		if (strcmp(n->name, method) == 0)
			return n->name;
	return NULL;
}

static void
on_notice(const char *method, struct json_object *params, void *arg)
{
	struct remote *remote = arg;
	int64_t sub = evtask_ctl_get_int(params, "sub", 0);
	const char *name = notice_name(method);
	struct stream *stream = remote->streams;
	struct note *note;

	while (stream != NULL && stream->sub != sub)
		stream = stream->next;
	if (stream == NULL || sub == 0 || name == NULL)
		return;
	note = malloc(sizeof(*note));
	if (note == NULL)
		return;
	*note = (struct note){ NULL, name, json_object_get(params) };
	*stream->last = note;
	stream->last = &note->next;
	settle(stream->came);
}

/* The connection is gone: whoever waits is told. */
static void
lose(struct remote *remote, const char *why)
{
	struct evtask_ctl_client *client = remote->client;

	if (remote->fd < 0)
		return;
	evtask_loop_remove_reader(NULL, remote->fd);
	if (remote->writing)
		evtask_loop_remove_writer(NULL, remote->fd);
	remote->writing = false;
	close(remote->fd);
	remote->fd = -1;
	evtask_ctl_client_lost(client, why);
	for (struct stream *s = remote->streams; s != NULL; s = s->next) {
		s->remote = NULL;
		settle(s->came);
	}
	remote->streams = NULL;
	if (remote->on_lost != NULL)
		remote->on_lost(remote->on_lost_arg);
}

/* Bytes for the client, to wherever a line ends. */
static void
give(struct remote *remote, const char *bytes, size_t size)
{
	int r;

	if (size == 0 || remote->fd < 0)
		return;
	remote->inside = bytes[size - 1] != '\n';
	r = evtask_ctl_client_input(remote->client, bytes, size);
	if (r == -EBADMSG)
		lose(remote, "what came is not the protocol of evtask");
	else if (r < 0 && r != -ENOTCONN)
		lose(remote, strerror(-r));
}

/* The stream whose tap the line is for; or NULL. */
static struct stream *
find_tap(struct remote *remote, const char *line, size_t size,
    struct tap_line *ret_line)
{
	struct stream *stream = remote->streams;

	while (stream != NULL && stream->tap == NULL)
		stream = stream->next;
	if (stream == NULL || !tap_read(line, size, ret_line))
		return NULL;
	while (stream != NULL && (stream->tap == NULL ||
	    stream->sub != ret_line->sub))
		stream = stream->next;
	return stream;
}

static void
tap(struct stream *stream, const struct tap_line *line)
{
	stream->tapped = line != NULL;
	if (stream->broken || stream->tap(line, stream->tap_arg))
		return;
	stream->broken = true;
	settle(stream->came);
}

/* Whether half a line is worth waiting for the rest of it. */
static bool
is_tapping(const struct remote *remote)
{
	const struct stream *stream = remote->streams;

	while (stream != NULL && stream->tap == NULL)
		stream = stream->next;
	return stream != NULL;
}

/* What is left behind the last line: it stays here while something is tapped,
 * or else that line and all that come with the next bytes go the long way. */
static void
keep_rest(struct remote *remote, const char *rest, size_t size)
{
	if (!is_tapping(remote) || remote->inside || size > READ_SIZE / 2) {
		give(remote, rest, size);
		size = 0;
	}
	memmove(remote->bytes, rest, size);
	remote->kept = size;
}

/* Line by line: those that are tapped go their way, the others to the client,
 * as many at once as there are. */
static void
take_bytes(struct remote *remote, const char *bytes, size_t size)
{
	const char *end = bytes + size, *line = bytes, *next;
	struct stream *stream;
	struct tap_line found;

	for (; remote->fd >= 0 && (next = memchr(line, '\n',
	    (size_t)(end - line))) != NULL; line = next + 1) {
		if (line == bytes && remote->inside)
			continue; /* the client has its beginning */
		stream = find_tap(remote, line, (size_t)(next - line), &found);
		if (stream == NULL)
			continue;
		give(remote, bytes, (size_t)(line - bytes));
		bytes = line;
		if (remote->fd < 0 || stream->first != NULL)
			continue; /* what came before it is not printed yet */
		tap(stream, &found);
		bytes = next + 1;
	}
	give(remote, bytes, (size_t)(line - bytes));
	keep_rest(remote, line, (size_t)(end - line));
	for (stream = remote->streams; stream != NULL; stream = stream->next)
		if (stream->tapped)
			tap(stream, NULL);
}

static void
on_readable(void *arg)
{
	struct remote *remote = arg;
	ssize_t n = recv(remote->fd, remote->bytes + remote->kept,
	    READ_SIZE - remote->kept, 0);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n < 0) {
		lose(remote, strerror(errno));
		return;
	}
	if (n == 0) {
		lose(remote, "the server closed it");
		return;
	}
	take_bytes(remote, remote->bytes, remote->kept + (size_t)n);
}

static void on_writable(void *arg);

/* Sends what there is, and sees to it that the rest follows. */
static void
flush(struct remote *remote)
{
	const char *bytes;
	size_t size;
	ssize_t n;

	while (remote->fd >= 0 && (bytes = evtask_ctl_client_output(
	    remote->client, &size)) != NULL) {
		n = send(remote->fd, bytes, size, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN) {
			if (!remote->writing && evtask_loop_add_writer(NULL,
			    remote->fd, on_writable, remote) == 0)
				remote->writing = true;
			return;
		}
		if (n < 0) {
			/* What it had to say before it went comes first. */
			return;
		}
		evtask_ctl_client_sent(remote->client, (size_t)n);
	}
	if (remote->fd >= 0 && remote->writing) {
		evtask_loop_remove_writer(NULL, remote->fd);
		remote->writing = false;
	}
}

static void
on_writable(void *arg)
{
	flush(arg);
}

static int
explain_connect(char **ret_why, const char *path, int r)
{
	struct stat st;

	switch (r) {
	case -ENOENT:
		return explain(ret_why, r, "no server at %s; start one with "
		    "evtaskd, or name another with --socket", path);
	case -ECONNREFUSED:
		if (stat(path, &st) == 0 && !S_ISSOCK(st.st_mode))
			return explain(ret_why, r, "%s is not a socket; name "
			    "the server's with --socket", path);
		return explain(ret_why, r, "the server of %s has gone; start "
		    "it again with evtaskd", path);
	case -EACCES:
	case -EPERM:
		return explain(ret_why, r, "no permission to use %s; run as "
		    "the server's user, or join its group", path);
	case -EAGAIN:
		return explain(ret_why, r, "the server at %s is too busy to "
		    "take another client; try again", path);
	case -ENOTSOCK:
	case -EPROTOTYPE:
		return explain(ret_why, r, "%s is not the socket of a "
		    "server; name another with --socket", path);
	default:
		return explain(ret_why, r, "cannot connect to %s: %s", path,
		    strerror(-r));
	}
}

int
remote_connect(const char *socket, char **ret_why)
{
	char path[EVTASK_CTL_PATH_SIZE];
	int fd, r;

	*ret_why = NULL;
	r = evtask_ctl_socket_path(socket, path, ret_why);
	if (r < 0)
		return r;
	fd = evtask_ctl_connect(path);
	return fd < 0 ? explain_connect(ret_why, path, fd) : fd;
}

int
remote_open(const struct remote_place *place, struct remote **ret_remote,
    char **ret_why)
{
	struct remote *remote;
	pid_t ssh = 0;
	int fd, r;

	*ret_why = NULL;
	fd = place->host != NULL ? ssh_open(place->host, place->socket, &ssh,
	    ret_why) : remote_connect(place->socket, ret_why);
	if (fd < 0)
		return fd;
	remote = calloc(1, sizeof(*remote));
	if (remote == NULL) {
		close(fd);
		ssh_close(ssh);
		return -ENOMEM;
	}
	remote->fd = fd;
	remote->ssh = ssh;
	remote->client = evtask_ctl_client_new(on_notice, remote);
	r = remote->client == NULL ? -ENOMEM :
	    evtask_loop_add_reader(NULL, fd, on_readable, remote);
	if (r < 0) {
		evtask_ctl_client_free(remote->client);
		close(fd);
		ssh_close(ssh);
		free(remote);
		return explain(ret_why, r, "cannot watch the connection: %s",
		    strerror(-r));
	}
	*ret_remote = remote;
	return 0;
}

void
remote_close(struct remote *remote)
{
	struct call *call;

	if (remote == NULL)
		return;
	remote->on_lost = NULL;
	lose(remote, "closed");
	evtask_ctl_client_free(remote->client);
	while ((call = remote->calls) != NULL) {
		remote->calls = call->next;
		free_call(call);
	}
	ssh_close(remote->ssh);
	free(remote);
}

bool
remote_alive(const struct remote *remote)
{
	return remote != NULL && remote->fd >= 0;
}

void
remote_on_lost(struct remote *remote, void (*fn)(void *arg), void *arg)
{
	remote->on_lost = fn;
	remote->on_lost_arg = arg;
}

/* The caller has gone: the reply, when it comes, is dropped. */
static void
abandon(struct call *call)
{
	struct remote *remote = call->remote;

	/* The future says nothing: cancelling the wait has cancelled it. */
	if (call->replied) {
		free_call(call);
		return;
	}
	evtask_future_unref(call->answered);
	call->answered = NULL;
	call->stream = NULL;
	if (evtask_ctl_client_cancel(remote->client, call->id) == 0)
		flush(remote);
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
	flush(remote);
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

static void
free_stream(struct stream *stream)
{
	struct note *note;

	while ((note = stream->first) != NULL) {
		stream->first = note->next;
		json_object_put(note->params);
		free(note);
	}
	evtask_future_unref(stream->came);
	free(stream);
}

static void
unlink_stream(struct remote *remote, struct stream *stream)
{
	struct stream **at = &remote->streams;

	while (*at != NULL && *at != stream)
		at = &(*at)->next;
	if (*at != NULL)
		*at = stream->next;
}

int
remote_subscribe(struct remote *remote, const char *method,
    struct json_object *params, struct json_object **ret_result,
    struct json_object **ret_error, struct stream **ret_stream)
{
	struct stream *stream = calloc(1, sizeof(*stream));
	int r;

	*ret_stream = NULL;
	if (stream == NULL) {
		json_object_put(params);
		return -ENOMEM;
	}
	stream->remote = remote;
	stream->last = &stream->first;
	stream->next = remote->streams;
	remote->streams = stream;
	r = call_for(remote, method, params, stream, ret_result, ret_error);
	if (r == 0 && stream->sub != 0) {
		*ret_stream = stream;
		return 0;
	}
	unlink_stream(remote, stream);
	free_stream(stream);
	return r;
}

int
stream_next(struct stream *stream, const char **ret_method,
    struct json_object **ret_params)
{
	struct note *note;
	int r;

	while (stream->first == NULL) {
		if (stream->broken)
			return -EPIPE;
		if (stream->remote == NULL)
			return 0;
		r = evtask_future_new(NULL, &stream->came);
		if (r < 0)
			return r;
		r = evtask_await(stream->came);
		evtask_future_unref(stream->came);
		stream->came = NULL;
		if (r < 0)
			return r;
	}
	note = stream->first;
	stream->first = note->next;
	if (stream->first == NULL)
		stream->last = &stream->first;
	*ret_method = note->method;
	*ret_params = note->params;
	free(note);
	return 1;
}

void
stream_tap(struct stream *stream, stream_tap_fn fn, void *arg)
{
	stream->tap = fn;
	stream->tap_arg = arg;
}

bool
stream_has(const struct stream *stream)
{
	return stream->first != NULL;
}

void
stream_close(struct stream *stream)
{
	struct json_object *params;
	struct call *call;

	if (stream == NULL)
		return;
	if (stream->remote != NULL) {
		params = json_object_new_object();
		evtask_ctl_put_int(&params, "sub", stream->sub);
		unlink_stream(stream->remote, stream);
		if (send_call(stream->remote, "sub.close", params, NULL,
		    &call) == 0) {
			evtask_future_unref(call->answered);
			call->answered = NULL;
		}
	}
	free_stream(stream);
}
