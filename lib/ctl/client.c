/*
 * client.c - the client's side of the protocol, without I/O.
 *
 * A client owns the requests that wait for their reply, in the order they were
 * sent, and the bytes that wait to be sent. Replies mostly come in that order,
 * so the search for a reply's request begins with the oldest and mostly ends
 * there; a wait of hours at the head costs one comparison a reply.
 *
 * A callback may do anything, freeing the client included: a request is out of
 * the list before its callback runs, and while callbacks run, freeing only
 * marks the client, which the outermost call then destroys.
 */
#include <errno.h>
#include <evtask/ctl_client.h>
#include <evtask/ctl_message.h>
#include <evtask/ctl_value.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include "message.h"
#include "text.h"

struct pending {
	TAILQ_ENTRY(pending) link;
	int64_t id;
	evtask_ctl_reply_fn reply;
	void *arg;
};
TAILQ_HEAD(pending_list, pending);

struct evtask_ctl_client {
	struct pending_list pending; /* oldest first */
	size_t n_pending;
	int64_t last_id;
	struct evtask_ctl_frame *frame;
	struct text output;
	size_t sent;       /* bytes at the head of output that are gone */
	evtask_ctl_notice_fn notice;
	void *arg;
	bool lost;
	bool calling;      /* inside ..._input() or ..._lost() */
	bool freed;        /* while calling: destroy when that returns */
};

struct evtask_ctl_client *
evtask_ctl_client_new(evtask_ctl_notice_fn notice, void *arg)
{
	struct evtask_ctl_client *client = calloc(1, sizeof(*client));

	if (client == NULL)
		return NULL;
	client->frame = evtask_ctl_frame_new(EVTASK_CTL_REPLY_MAX);
	if (client->frame == NULL) {
		free(client);
		return NULL;
	}
	TAILQ_INIT(&client->pending);
	client->notice = notice;
	client->arg = arg;
	return client;
}

static void
destroy(struct evtask_ctl_client *client)
{
	struct pending *p;

	while ((p = TAILQ_FIRST(&client->pending)) != NULL) {
		TAILQ_REMOVE(&client->pending, p, link);
		free(p);
	}
	evtask_ctl_frame_free(client->frame);
	text_release(&client->output);
	free(client);
}

void
evtask_ctl_client_free(struct evtask_ctl_client *client)
{
	if (client == NULL)
		return;
	if (client->calling)
		client->freed = true;
	else
		destroy(client);
}

/* Queues a message (taken; NULL: no memory) for sending. */
static int
queue(struct evtask_ctl_client *client, struct json_object *message)
{
	size_t size;
	char *line;
	int r;

	if (message == NULL)
		return -ENOMEM;
	r = evtask_ctl_encode(message, &line, &size);
	json_object_put(message);
	if (r < 0)
		return r;
	if (size > EVTASK_CTL_FRAME_MAX)
		r = -E2BIG;
	else if (!text_append(&client->output, line, size))
		r = -ENOMEM;
	free(line);
	return r;
}

static int
queue_request(struct evtask_ctl_client *client, int64_t n, const char *method,
    struct json_object *params)
{
	struct json_object *id = json_object_new_int64(n);
	int r;

	if (id == NULL) {
		json_object_put(params);
		return -ENOMEM;
	}
	r = queue(client, evtask_ctl_request_new(id, method, params));
	json_object_put(id);
	return r;
}

int64_t
evtask_ctl_client_request(struct evtask_ctl_client *client,
    const char *method, struct json_object *params, evtask_ctl_reply_fn reply,
    void *arg)
{
	struct pending *p = client->lost ? NULL : malloc(sizeof(*p));
	int r;

	if (p == NULL) {
		json_object_put(params);
		return client->lost ? -ENOTCONN : -ENOMEM;
	}
	r = queue_request(client, client->last_id + 1, method, params);
	if (r < 0) {
		free(p);
		return r;
	}
	*p = (struct pending){ .id = ++client->last_id, .reply = reply,
		.arg = arg };
	TAILQ_INSERT_TAIL(&client->pending, p, link);
	client->n_pending++;
	return p->id;
}

static struct pending *
find_pending(struct evtask_ctl_client *client, int64_t id)
{
	struct pending *p;

	TAILQ_FOREACH(p, &client->pending, link)
		if (p->id == id)
			return p;
	return NULL;
}

/* As a notification: the reply that counts is that of the request itself. */
int
evtask_ctl_client_cancel(struct evtask_ctl_client *client, int64_t id)
{
	struct json_object *params;

	if (client->lost)
		return -ENOTCONN;
	if (find_pending(client, id) == NULL)
		return -ENOENT;
	params = json_object_new_object();
	evtask_ctl_put_int(&params, "id", id);
	if (params == NULL)
		return -ENOMEM;
	return queue(client, evtask_ctl_notification_new("rpc.cancel",
	    params));
}

size_t
evtask_ctl_client_pending(const struct evtask_ctl_client *client)
{
	return client->n_pending;
}

const char *
evtask_ctl_client_output(const struct evtask_ctl_client *client,
    size_t *ret_size)
{
	if (client->sent == client->output.size)
		return NULL;
	*ret_size = client->output.size - client->sent;
	return client->output.bytes + client->sent;
}

/* What is sent goes when it is half of the buffer: each byte moves once. */
void
evtask_ctl_client_sent(struct evtask_ctl_client *client, size_t size)
{
	client->sent += size;
	if (client->sent == client->output.size)
		text_release(&client->output);
	else if (client->sent >= client->output.size / 2)
		text_drop(&client->output, client->sent);
	else
		return;
	client->sent = 0;
}

/* Ends a request: it is out of the list before the callback runs. */
static void
end_request(struct evtask_ctl_client *client, struct pending *p,
    struct json_object *result, struct json_object *error)
{
	struct pending ended = *p;

	TAILQ_REMOVE(&client->pending, p, link);
	client->n_pending--;
	free(p);
	if (ended.reply != NULL)
		ended.reply(result, error, ended.arg);
}

/*
 * A reply to nobody is passed over: its id is null (the server could not read
 * a line) or another's, and no request can end by it.
 */
static void
dispatch(struct evtask_ctl_client *client, struct evtask_ctl_message *m)
{
	struct pending *p;

	if (m->kind == EVTASK_CTL_NOTIFICATION && client->notice != NULL)
		client->notice(m->method, m->params, client->arg);
	if (m->kind != EVTASK_CTL_REPLY ||
	    !json_object_is_type(m->id, json_type_int))
		return;
	p = find_pending(client, json_object_get_int64(m->id));
	if (p != NULL)
		end_request(client, p, m->result, m->error);
}

static int
take_line(struct evtask_ctl_client *client, const char *line, size_t size)
{
	struct json_object *ignored;
	struct evtask_ctl_message m;
	int r;

	r = evtask_ctl_message_parse(line, size, &m, &ignored);
	if (r == -EBADMSG)
		json_object_put(ignored);
	if (r < 0)
		return r;
	dispatch(client, &m);
	evtask_ctl_message_release(&m);
	return 0;
}

static int
take_bytes(struct evtask_ctl_client *client, const char *bytes, size_t size)
{
	const char *line;
	size_t line_size;
	int r = 0;

	while (r == 0 && !client->freed && !client->lost) {
		r = evtask_ctl_frame_next(client->frame, &bytes, &size, &line,
		    &line_size);
		if (r == 0)
			return 0;
		r = r == 1 ? take_line(client, line, line_size)
		    : r == -EMSGSIZE ? -EBADMSG : r;
	}
	return r < 0 ? r : -ENOTCONN;
}

/* Leaves a function that has called back; true: the client is gone. */
static bool
end_calling(struct evtask_ctl_client *client, bool outermost)
{
	bool gone = client->freed;

	if (!outermost)
		return gone;
	client->calling = false;
	if (gone)
		destroy(client);
	return gone;
}

int
evtask_ctl_client_input(struct evtask_ctl_client *client, const char *bytes,
    size_t size)
{
	bool outermost = !client->calling;
	int r;

	if (client->lost)
		return -ENOTCONN;
	client->calling = true;
	r = take_bytes(client, bytes, size);
	return end_calling(client, outermost) ? -ENOTCONN : r;
}

static struct json_object *
connection_lost(const char *why)
{
	struct json_object *members = json_object_new_object();

	evtask_ctl_put_text(&members, "why", why);
	return error_of("ConnectionLost", members);
}

void
evtask_ctl_client_lost(struct evtask_ctl_client *client, const char *why)
{
	struct json_object *error = connection_lost(why);
	bool outermost = !client->calling;
	struct pending *p;

	client->lost = true;
	client->calling = true;
	evtask_ctl_client_sent(client, client->output.size - client->sent);
	while (!client->freed &&
	    (p = TAILQ_FIRST(&client->pending)) != NULL)
		end_request(client, p, NULL, error);
	json_object_put(error);
	end_calling(client, outermost);
}
