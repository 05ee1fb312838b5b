/*
 * session.h - a connection: bytes in, requests; replies and events, bytes out.
 */
#ifndef CONSOLE_SESSION_H
#define CONSOLE_SESSION_H

#include <evtask/ctl_message.h>
#include <evtask/ctl_schema.h>
#include <stdbool.h>
#include <sys/queue.h>
#include "registry.h"

struct event;
struct evbuffer;
struct evtask_console;
struct evtask_handle;
struct request;
struct slice;
struct subscription;

#define SESSION_TURN_FRAMES 16
#define SESSION_TURN_US 1000
#define SESSION_OUTPUT_HIGH (1 << 20)   /* pending bytes: stop reading */
#define SESSION_OUTPUT_LOW (256 << 10)  /* and go on below */
#define SESSION_EVENTS_AHEAD (64 << 10) /* events are made up to here */
#define SESSION_STALL_US 30000000       /* no write progress: closed */
#define SESSION_DEFERRED_MAX 256
#define SESSION_SUBSCRIPTIONS_MAX 16
#define SESSION_READ_SIZE (16 << 10)

/*
 *   open --> ended ------------> closed
 *     |   EOF      all answered,    ^
 *     |            all flushed      |
 *     +-----------------------------+
 *       the peer is gone, or stalls
 */
enum session_state {
	SESSION_OPEN,
	SESSION_ENDED,  /* the peer sends nothing more, and still reads */
	SESSION_CLOSED, /* to be freed when nobody is inside */
};

struct session {
	TAILQ_ENTRY(session) link;
	struct evtask_console *console;
	uint64_t id;                /* of the client, in origins */
	int fd;                     /* owned */
	enum session_state state;
	enum evtask_ctl_role role;
	struct client client;       /* its request is the one being served */
	struct event *read, *write; /* added by watch() alone */
	bool paused;                /* too much output: not read from */
	bool broken;                /* to be closed */
	unsigned int inside;        /* calls that must find it alive */

	/* Input: what was read and not yet handled, and the line it makes. */
	struct evtask_ctl_frame *frame;
	char *input;                /* SESSION_READ_SIZE bytes */
	const char *input_at;
	size_t input_size;
	struct event *again;        /* the next turn, when there is more */

	/* Output. */
	struct evbuffer *output;
	struct evtask_handle *stall; /* while there is output */
	int64_t progress_us;         /* when the peer last took some */

	uint64_t served;            /* requests ever taken */
	int64_t connected_us;       /* on the loop's clock */
	struct slice *slice;        /* the answer in the making; NULL: none */
	TAILQ_HEAD(, request) requests; /* unanswered, oldest first */
	size_t n_requests;
	TAILQ_HEAD(, subscription) subscriptions;
	size_t n_subscriptions;
	LIST_HEAD(, record) bound;   /* tasks that end with it */
};
TAILQ_HEAD(session_list, session);

struct sessions {
	struct session_list list;
	size_t count;
	uint64_t last_id;
	uint64_t requests; /* ever taken */
	uint64_t stalled;  /* closed for not reading */
	size_t subscriptions, deferred;
	uint64_t last_sub;
};

/*
 * Takes a connected socket, CLOEXEC and non-blocking; on failure it stays the
 * caller's. client is who is at the other end. 0 or -ENOMEM.
 */
int session_new(struct evtask_console *console, int fd,
    enum evtask_ctl_role role, struct client client);

/* Ends it: waits, subscriptions, bound tasks. Freed when nobody is inside. */
void session_close(struct session *session);
/* The console ends: what is to be said is said, and it is closed. */
void session_shut_down(struct session *session);

/*
 * Sends a message (taken; NULL: there was no memory for it, and the connection
 * will be closed, for silence would be worse). Writes in the next turn, and
 * frees nothing. Returns 0, or -E2BIG, and nothing is sent.
 */
int session_send(struct session *session, struct json_object *message);
/* The same of a whole line, which is taken from the buffer. */
void session_send_line(struct session *session, struct evbuffer *line);
size_t session_pending_bytes(const struct session *session);

/* Writes what the socket takes, makes the next events, and closes it when
 * nothing is left to do: it may be freed. */
void session_flush(struct session *session);

#endif
