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
struct event_base;
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
#define SESSION_WRITE_MAX (128 << 10)   /* at a time; the rest in later turns */
#define SESSION_UNREAD_MAX (512 << 10)  /* may be left unread for ever */
#define SESSION_FEED_US 25 /* of a turn, for the events of all */
#define SESSION_STALL_US 30000000       /* more, and no progress: closed */
#define SESSION_DEFERRED_MAX 256
#define SESSION_SUBSCRIPTIONS_MAX 16
#define SESSION_READ_SIZE (16 << 10)
#define SESSION_SAID_SIZE (64 << 10) /* of all, between two flushes */
#define SESSION_BATCH_US 100 /* answers wait so long for those of others */

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
	struct event *read, *write; /* added by listen_to() alone */
	bool reading, writing;      /* whether they are */
	bool paused;                /* too much output: not read from */
	bool broken;                /* to be closed */
	unsigned int inside;        /* calls that must find it alive */

	/* Input: what was read and not yet handled, and the line it makes. */
	struct evtask_ctl_frame *frame;
	const char *input_at;
	size_t input_size;
	bool drained;               /* there was no more to be read */
	char *kept;                 /* that, beyond a turn; NULL: nothing */
	struct event *again;        /* the next turn, when there is more */

	/* Output: what was said just now, in the buffer of all, or else what
	 * the socket has not taken; never both. */
	const char *said;
	size_t said_size;
	struct evbuffer *output;
	bool dirty;                  /* to be written when all is settled */
	TAILQ_ENTRY(session) dirty_link;
	struct evtask_handle *stall; /* while too much is unread */
	int64_t progress_us;         /* when the peer last took some */

	uint64_t served;            /* requests ever taken */
	int64_t connected_us;       /* on the loop's clock */
	struct slice *slice;        /* the answer in the making; NULL: none */
	LIST_HEAD(, slice) loose;   /* others, which nothing waits for */
	TAILQ_HEAD(, request) requests; /* unanswered, oldest first */
	size_t n_requests;
	TAILQ_HEAD(subscription_list, subscription) subscriptions;
	size_t n_subscriptions;
	uint64_t fed;                /* of those, who was told last */
	TAILQ_ENTRY(session) subscriber_link; /* while there is one */
	bool starved;                /* its events wait for their turn */
	TAILQ_ENTRY(session) starved_link;
	LIST_HEAD(, record) bound;   /* tasks that end with it */
};
TAILQ_HEAD(session_list, session);

struct sessions {
	struct session_list list;
	struct session_list subscribers; /* who has subscriptions */
	struct session_list dirty;       /* who is to be flushed */
	int64_t flush_us;                /* on clock_us(): and when at last */
	struct session_list starved;     /* whose events have to wait */
	struct event *feed;              /* until then */
	int64_t feed_most_us;            /* of a turn; SESSION_FEED_US */
	int64_t feed_us;                 /* left for making events ... */
	int64_t refill_us;               /* ... before then */
	int64_t feed_until_us;           /* who is served now stops then */
	char *input;        /* SESSION_READ_SIZE bytes, of whose turn it is */
	struct evtask_ctl_line *line; /* what is said is written in it */
	char *said;         /* SESSION_SAID_SIZE bytes, of which in use: */
	size_t said_size;
	size_t saying;      /* sessions that have something in it */
	int64_t frame_us;   /* on clock_us(): the end of the frame before */
	int64_t turn_us;    /* for the frames of one; SESSION_TURN_US */
	size_t count;
	uint64_t last_id;
	uint64_t requests; /* ever taken */
	uint64_t stalled;  /* closed for not reading */
	size_t subscriptions, deferred;
	uint64_t last_sub;
};

/* 0 or -ENOMEM; and its end, when all are closed. */
int sessions_init(struct sessions *sessions, struct event_base *base);
void sessions_release(struct sessions *sessions);

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
 * will be closed, for silence would be worse). It is written when the turn of
 * the session ends, or when all is settled; nothing is freed here. Returns 0,
 * or -E2BIG, and nothing is sent.
 */
int session_send(struct session *session, struct json_object *message);
/* The same of a result, and of a notification's params (taken). */
int session_send_result(struct session *session, struct json_object *id,
    struct json_object *result);
int session_notify(struct session *session, const char *method,
    struct json_object *params);
/* The same of the line that the console's writer has written. */
void session_send_written(struct session *session);
/* The same of a whole line, which is taken from the buffer. */
void session_send_line(struct session *session, struct evbuffer *line);
size_t session_pending_bytes(const struct session *session);

/* Makes the next events, writes what the socket takes, and closes it when
 * nothing is left to do: it may be freed. */
void session_flush(struct session *session);
/* The same when all who are ready have had their turn. */
void session_flush_soon(struct session *session);
/* The same of all who were sent something meanwhile. */
void sessions_flush(struct sessions *sessions);

/* Writes what the socket takes, which may be more if it is read meanwhile, but
 * about so much at most; nothing is left in the buffer of all. */
void session_write(struct session *session, size_t most);
/* What it has there is over. */
void session_unsay(struct session *session);
/* Watches over what the peer has yet to read; and no longer. */
void session_watch_stall(struct session *session);
void session_drop_stall(struct session *session);

#endif
