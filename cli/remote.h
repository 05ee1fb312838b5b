/*
 * remote.h - the connection to the server, for tasks: a request is a call that
 * suspends until it is answered.
 */
#ifndef CLI_REMOTE_H
#define CLI_REMOTE_H

#include <evtask/base.h>

struct json_object;
struct remote;

/* Where a server is. */
struct remote_place {
	const char *socket; /* NULL: the environment says */
	const char *host;   /* for ssh to go to; NULL: here */
};

/*
 * Connects. Loop thread; does not block. Returns 0; else a negative errno, and
 * *ret_why is a sentence to free that names the way out.
 */
int remote_open(const struct remote_place *place, struct remote **ret_remote,
    char **ret_why);

/* Only a socket that is connected, the caller's to close; or as above. */
int remote_connect(const char *socket, char **ret_why);

/* Closes it. Nobody may be waiting for a call or a stream. NULL is fine. */
void remote_close(struct remote *remote);

/* Whether the connection still stands. */
bool remote_alive(const struct remote *remote);

/* fn(arg) is called once, from the loop, when the connection is lost. */
void remote_on_lost(struct remote *remote, void (*fn)(void *arg), void *arg);

/*
 * A request and its reply. params are taken. Returns 0 and *ret_result;
 * -EREMOTEIO and *ret_error, the error object of the reply; -ECANCELED: this
 * call was interrupted, and the server told to drop the request; -ENOMEM;
 * -E2BIG. The caller puts what it gets.
 */
EVTASK_SUSPENDS int
remote_call(struct remote *remote, const char *method,
    struct json_object *params, struct json_object **ret_result,
    struct json_object **ret_error);

/* What a subscription brings, in order. */
struct stream;

/*
 * The same, for a method that opens a subscription (`sub` in its result): its
 * notifications are kept from the first one on. *ret_stream is NULL when the
 * result has none.
 */
EVTASK_SUSPENDS int
remote_subscribe(struct remote *remote, const char *method,
    struct json_object *params, struct json_object **ret_result,
    struct json_object **ret_error, struct stream **ret_stream);

/*
 * The next notification: returns 1, and *ret_params to put; *ret_method is a
 * literal: "event", "event.lag", "event.end". 0: the connection is lost and
 * nothing is left. -ECANCELED; -ENOMEM.
 */
EVTASK_SUSPENDS int
stream_next(struct stream *stream, const char **ret_method,
    struct json_object **ret_params);

/*
 * From now on fn(line, arg) gets the plain lines of a log at once, from the
 * loop, as long as nothing is kept for stream_next(); and NULL behind those
 * that came together. When it returns false, stream_next() returns -EPIPE.
 */
struct tap_line;
typedef bool (*stream_tap_fn)(const struct tap_line *line, void *arg);
void stream_tap(struct stream *stream, stream_tap_fn fn, void *arg);

/* Whether stream_next() has something at hand, and will not suspend. */
bool stream_has(const struct stream *stream);

/* Ends the subscription, without waiting for the answer. NULL is fine. */
void stream_close(struct stream *stream);

#endif
