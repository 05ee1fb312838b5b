/*
 * server.h - servers: a task for each connection that comes in.
 *
 *	static int
 *	hello(struct evtask_stream *stream, void *arg)
 *	{
 *		return evtask_stream_write(stream, "hello\n", 6);
 *	}
 *
 *	r = evtask_start_server(hello, NULL, "localhost", 7777, NULL, &server);
 *
 * Each address listened on is a task of its own, named "server ADDRESS"; so is
 * each connection, which is closed when its function has returned. A server
 * lives until it is closed, whether its handle is held or not.
 */
#ifndef EVTASK_SERVER_H
#define EVTASK_SERVER_H

#include <evtask/stream.h>

#ifdef __cplusplus
extern "C" {
#endif

struct evtask_server;

/* Serves a connection, in a task of its own; the stream is borrowed. What it
 * raises is reported to the loop's exception handler. */
typedef int (*evtask_server_fn)(struct evtask_stream *stream, void *arg);

struct evtask_server_options {
	int backlog;		/* connections waiting to be taken; 0: 100 */
	bool reuse_port;	/* several servers share the port */
	size_t limit_bytes;	/* evtask_stream_set_limits(); 0: as it is */
};

/*
 * Listens on a port (0: one that is free) of every address of a host (NULL:
 * of this machine), or on a path: a socket that nobody listens on any more is
 * replaced, and the path removed when the server is closed. options may be
 * NULL; ret_server too. The caller owns the reference. Returns 0, or a
 * negative errno: -EADDRINUSE, -EACCES ..., what evtask_getaddrinfo() says,
 * -EINVAL (not in a task; of the Unix server: no loop runs), -ENAMETOOLONG,
 * -ENOMEM, -ECANCELED.
 */
EVTASK_API EVTASK_SUSPENDS int
evtask_start_server_at(evtask_server_fn fn, void *arg, const char *host,
    uint16_t port, const struct evtask_server_options *options,
    struct evtask_server **ret_server, const struct evtask_site *site);
#define evtask_start_server(fn, arg, host, port, options, ret_server) \
	evtask_start_server_at((fn), (arg), (host), (port), (options), \
	    (ret_server), EVTASK_SITE)
EVTASK_API EVTASK_CHECKED int
evtask_start_unix_server_at(evtask_server_fn fn, void *arg, const char *path,
    const struct evtask_server_options *options,
    struct evtask_server **ret_server, const struct evtask_site *site);
#define evtask_start_unix_server(fn, arg, path, options, ret_server) \
	evtask_start_unix_server_at((fn), (arg), (path), (options), \
	    (ret_server), EVTASK_SITE)

/* One reference more, or less. Loop thread; unref accepts NULL. Letting a
 * server go does not close it. */
EVTASK_API struct evtask_server *
evtask_server_ref(struct evtask_server *server);
EVTASK_API void evtask_server_unref(struct evtask_server *server);

/* Takes no more connections; those there are go on. Idempotent. */
EVTASK_API void evtask_server_close(struct evtask_server *server);
EVTASK_API bool evtask_server_is_serving(const struct evtask_server *server);

/* Cancels the tasks of all connections there are. */
EVTASK_API void evtask_server_cancel_clients(struct evtask_server *server);

/* Waits until the server is closed and its last connection too; holds it
 * meanwhile. 0, -EINVAL or -ECANCELED. */
EVTASK_API EVTASK_SUSPENDS int
evtask_server_wait_closed_at(struct evtask_server *server,
    const struct evtask_site *site);
#define evtask_server_wait_closed(server) \
	evtask_server_wait_closed_at((server), EVTASK_SITE)

/* The port of the first address; -EINVAL when it has none, or is closed. */
EVTASK_API int evtask_server_port(const struct evtask_server *server);
EVTASK_API size_t
evtask_server_connections(const struct evtask_server *server);

#ifdef __cplusplus
}
#endif
#endif
