/*
 * ctl.h - the control protocol of evtask: all of libevtask-ctl.
 *
 * JSON-RPC 2.0, one object a line, on a Unix socket. The library knows the
 * protocol and json-c, and nothing else: no event loop, no task, no thread.
 * It never logs and never exits. Unless said otherwise, everything here may be
 * called anywhere, an object by one thread at a time, and nothing blocks.
 *
 *	ctl_schema.h   the tables: methods, errors, events; OpenRPC from them
 *	ctl_value.h    building JSON values; durations; base64
 *	ctl_message.h  bytes to lines to messages, and back to bytes
 *	ctl_client.h   a client without I/O of its own
 *
 * A question from a plain C program:
 *
 *	struct json_object *result, *error;
 *	int r = evtask_ctl_call(NULL, "task.list", NULL, 5000000, &result,
 *	    &error);
 *
 *	if (r == 0)
 *		puts(json_object_to_json_string(result));
 *	else if (r == -EREMOTEIO)
 *		puts(json_object_to_json_string(error));
 *	else
 *		fputs(strerror(-r), stderr);
 */
#ifndef EVTASK_CTL_H
#define EVTASK_CTL_H

#include <evtask/base.h>
#include <evtask/ctl_client.h>
#include <evtask/ctl_message.h>
#include <evtask/ctl_schema.h>
#include <evtask/ctl_value.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a Unix socket's address holds, with the final NUL. */
#define EVTASK_CTL_PATH_SIZE 108

/*
 * Where the control socket is: option (what --socket said; NULL: nothing),
 * else $EVTASK_SOCKET, else $XDG_RUNTIME_DIR/evtask/control.sock, else
 * /run/evtask/control.sock for root. Does not look whether it is there.
 * Returns 0; -ENAMETOOLONG, -EINVAL (the empty path) or -ENOENT (none of them
 * is given). Then *ret_why, unless NULL, is a sentence for people, the
 * caller's to free(), or NULL without memory.
 */
EVTASK_API EVTASK_CHECKED int
evtask_ctl_socket_path(const char *option,
    char ret_path[EVTASK_CTL_PATH_SIZE], char **ret_why);

/*
 * Connects to a control socket, at once or not at all. The descriptor is
 * CLOEXEC and non-blocking, the caller's to close. Returns it, or the negative
 * errno of connect(2): -ECONNREFUSED and -ENOENT, no daemon is there; -EAGAIN,
 * it has not got round to those who came before.
 */
EVTASK_API EVTASK_CHECKED int evtask_ctl_connect(const char *path);

/*
 * One request and its reply over a connection of its own; BLOCKS for up to
 * timeout_us (EVTASK_FOREVER: as long as it takes), so not for use inside a
 * task. path NULL is where evtask_ctl_socket_path() finds it; params (taken)
 * NULL is {}. Returns 0 and *ret_result; -EREMOTEIO and *ret_error, the
 * error object of the reply (ret_error may be NULL); -ETIMEDOUT; -ECONNRESET,
 * the connection ended first; -EBADMSG, what came is not this protocol; or
 * what connecting returned. The caller owns what it gets.
 */
EVTASK_API EVTASK_CHECKED int
evtask_ctl_call(const char *path, const char *method,
    struct json_object *params, int64_t timeout_us,
    struct json_object **ret_result, struct json_object **ret_error);

/*
 * Carries the bytes of a client (ctl_client.h) over its connected socket,
 * BLOCKING or not: sends what is queued, and waits until something has come
 * and the callbacks have seen it, for up to timeout_us. A program that has
 * nothing else to wait for needs no other I/O:
 *
 *	evtask_ctl_client_request(client, "task.wait", params, on_done, &done);
 *	while (!done && r == 0)
 *		r = evtask_ctl_carry(client, fd, EVTASK_FOREVER);
 *
 * Returns 0; -ETIMEDOUT, and nothing is lost; -ECONNRESET, the server has
 * closed; what evtask_ctl_client_input() returned; or another negative errno
 * of the socket. After all but -ETIMEDOUT call evtask_ctl_client_lost().
 */
EVTASK_API EVTASK_CHECKED int
evtask_ctl_carry(struct evtask_ctl_client *client, int fd,
    int64_t timeout_us);

#ifdef __cplusplus
}
#endif
#endif
