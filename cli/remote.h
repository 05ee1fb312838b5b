/*
 * remote.h - the connection to the server, for tasks: a request is a call that
 * suspends until it is answered.
 */
#ifndef CLI_REMOTE_H
#define CLI_REMOTE_H

#include <evtask/base.h>

struct json_object;
struct place;
struct remote;
struct stream;

/*
 * Connects. Loop thread; does not block. Returns 0; else a negative errno, and
 * *ret_why is a sentence to free that names the way out.
 */
int remote_open(const struct place *place, struct remote **ret_remote,
    char **ret_why);

/* Closes it. Nobody may be waiting for a call or a stream. NULL is fine. */
void remote_close(struct remote *remote);

/* Whether the connection still stands. */
bool remote_alive(const struct remote *remote);

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

/*
 * The same, for a method that opens a subscription (`sub` in its result): its
 * notifications are kept from the first one on. *ret_stream is NULL when the
 * result has none.
 */
EVTASK_SUSPENDS int
remote_subscribe(struct remote *remote, const char *method,
    struct json_object *params, struct json_object **ret_result,
    struct json_object **ret_error, struct stream **ret_stream);

/* Ends the subscription, without waiting for the answer, and frees the stream;
 * also when its connection is lost, and remote another. NULL is fine. */
void remote_unsubscribe(struct remote *remote, struct stream *stream);

#endif
