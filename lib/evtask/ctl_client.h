/*
 * ctl_client.h - the client's side of the protocol, without I/O.
 *
 * It numbers requests, matches replies to them in whatever order they come,
 * and hands notifications on. The bytes are yours to carry:
 *
 *	evtask_ctl_client_request(client, "task.wait", params, on_reply, arg);
 *	while ((bytes = evtask_ctl_client_output(client, &size)) != NULL) {
 *		n = write(fd, bytes, size);
 *		...
 *		evtask_ctl_client_sent(client, n);
 *	}
 *	n = read(fd, buf, sizeof(buf));
 *	r = evtask_ctl_client_input(client, buf, n);
 *
 * Callbacks run inside evtask_ctl_client_input() and ..._lost(), never inside
 * ..._request(). A callback may send, cancel, and free the client.
 */
#ifndef EVTASK_CTL_CLIENT_H
#define EVTASK_CTL_CLIENT_H

#include <evtask/base.h>

struct evtask_ctl_client;
struct json_object;

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The end of a request, called once: result, or else error, both borrowed.
 * error is the reply's error object; its data.name is ConnectionLost when the
 * connection ended first. Both are NULL when even that found no memory.
 */
typedef void (*evtask_ctl_reply_fn)(struct json_object *result,
    struct json_object *error, void *arg);

/* A notification: "event", "event.lag", "event.end". Borrowed. */
typedef void (*evtask_ctl_notice_fn)(const char *method,
    struct json_object *params, void *arg);

/*
 * Makes a client; notice may be NULL. Returns NULL without memory. Freeing
 * calls no callback; what was pending is forgotten.
 */
EVTASK_API struct evtask_ctl_client *
evtask_ctl_client_new(evtask_ctl_notice_fn notice, void *arg);
EVTASK_API void evtask_ctl_client_free(struct evtask_ctl_client *client);

/*
 * Queues a request; params (taken, also on failure) NULL is {}. Returns its
 * id, greater than 0; -ENOMEM; -E2BIG, params are nested too deep or the line
 * is over EVTASK_CTL_FRAME_MAX; -ENOTCONN after ..._lost().
 */
EVTASK_API EVTASK_CHECKED int64_t
evtask_ctl_client_request(struct evtask_ctl_client *client,
    const char *method, struct json_object *params, evtask_ctl_reply_fn reply,
    void *arg);

/*
 * Asks the server to end a request; its reply then is RequestCancelled, or
 * what it came to before. Never cancels a task. Returns 0; -ENOENT, no such
 * request is pending; or as above.
 */
EVTASK_API EVTASK_CHECKED int
evtask_ctl_client_cancel(struct evtask_ctl_client *client, int64_t id);

/* How many requests wait for their reply. */
EVTASK_API size_t
evtask_ctl_client_pending(const struct evtask_ctl_client *client);

/* The bytes to send, borrowed until the next call; NULL: none. */
EVTASK_API const char *
evtask_ctl_client_output(const struct evtask_ctl_client *client,
    size_t *ret_size);
/* That many of them are sent. */
EVTASK_API void
evtask_ctl_client_sent(struct evtask_ctl_client *client, size_t size);

/*
 * Reads bytes that came, and calls back. Returns 0; -EBADMSG, what came is not
 * this protocol: close, and call ..._lost(); -ENOMEM; -ENOTCONN after
 * ..._lost(), or when a callback freed the client.
 */
EVTASK_API EVTASK_CHECKED int
evtask_ctl_client_input(struct evtask_ctl_client *client, const char *bytes,
    size_t size);

/*
 * The connection is gone: every pending request ends with ConnectionLost,
 * oldest first, saying why (for people). Nothing can be sent any more; to
 * connect again, make a new client.
 */
EVTASK_API void
evtask_ctl_client_lost(struct evtask_ctl_client *client, const char *why);

#ifdef __cplusplus
}
#endif
#endif
