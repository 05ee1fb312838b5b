/*
 * server.c - servers: tasks that listen, and a task for each connection.
 *
 *	server <--- listener (socket, task)	one for each address
 *	       <--- connection (stream, task)	one for each that came in
 *
 * Both hold the server and are freed as their tasks end, whether they ran or
 * not. The server is closed by cancelling its listeners, and has come to its
 * end when neither is left.
 */
#include <evtask/server.h>

#include <errno.h>
#include <evtask/sleep.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/address.h"
#include "io/listen.h"
#include "io/poll.h"
#include "io/stream.h"
#include "wait/line.h"

enum { SHORTAGE_US = 1000000 };	/* until accepting is tried again */

struct evtask_server {
	unsigned int refs;
	evtask_server_fn fn;
	void *arg;
	struct evtask_server_options options;
	const struct evtask_site *site;
	bool closed;
	struct list listeners, connections;
	size_t n_connections;
	struct list closers;		/* who wait for the end */
	char name[sizeof ((struct listening *)0)->name]; /* of the first */
};

struct listener {
	struct list link;
	struct evtask_server *server;	/* referenced */
	struct evtask *task;		/* its own; not referenced */
	struct listening listening;
};

struct connection {
	struct list link;
	struct evtask_server *server;	/* referenced */
	struct evtask *task;		/* its own; not referenced */
	struct evtask_stream *stream;
};

/* Life. */

struct evtask_server *
evtask_server_ref(struct evtask_server *server)
{
	server->refs++;
	return server;
}

void
evtask_server_unref(struct evtask_server *server)
{
	if (server != NULL && --server->refs == 0)
		free(server);
}

static bool
ended(const struct evtask_server *server)
{
	return list_empty(&server->listeners) &&
	    list_empty(&server->connections);
}

/* One of its parts is gone. */
static void
part_ended(struct evtask_server *server)
{
	if (ended(server))
		line_give_all(&server->closers);
	evtask_server_unref(server);
}

static void
connection_free(void *arg)
{
	struct connection *connection = arg;

	evtask_stream_unref(connection->stream);
	list_remove(&connection->link);
	connection->server->n_connections--;
	part_ended(connection->server);
	free(connection);
}

static void
listener_free(void *arg)
{
	struct listener *listener = arg;

	listen_close(&listener->listening);
	list_remove(&listener->link);
	part_ended(listener->server);
	free(listener);
}

/* Connections. */

static int
connection_task(void *arg)
{
	struct connection *connection = arg;

	return connection->server->fn(connection->stream,
	    connection->server->arg);
}

/* The stream of a socket that came in, which it owns even if it fails. */
static int
make_stream(struct listener *listener, int fd, const struct sockaddr *peer,
    socklen_t size, struct evtask_stream **ret_stream)
{
	char name[ADDRESS_SIZE];
	int r, one = 1;

	if (peer->sa_family == AF_UNIX) {
		/* Who connects has no name. */
		snprintf(name, sizeof name, "%.*s", ADDRESS_SIZE - 1,
		    listener->listening.name);
	} else {
		address_format(peer, size, name);
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	}
	r = stream_new(fd, name, ret_stream);
	if (r < 0)
		close(fd);
	else
		evtask_stream_set_limits(*ret_stream,
		    listener->server->options.limit_bytes, 0);
	return r;
}

static int
start_connection(struct listener *listener, int fd,
    const struct sockaddr *peer, socklen_t size)
{
	struct evtask_options options = { .arg_free = connection_free };
	struct evtask_server *server = listener->server;
	struct connection *connection;
	struct evtask_stream *stream;
	int r;

	r = make_stream(listener, fd, peer, size, &stream);
	if (r < 0)
		return r;
	connection = calloc(1, sizeof *connection);
	if (connection == NULL) {
		evtask_stream_unref(stream);
		return -ENOMEM;
	}
	connection->server = evtask_server_ref(server);
	connection->stream = stream;
	list_append(&server->connections, &connection->link);
	server->n_connections++;
	r = evtask_create_at(connection_task, connection, &options,
	    &connection->task, server->site);
	if (r < 0)
		connection_free(connection);
	else
		evtask_unref(connection->task);
	return r;
}

/* Listening. */

/* Errors of a connection that ended before it was taken: see accept(2). */
static bool
concerns_one(int r)
{
	switch (-r) {
	case EINTR: case ECONNABORTED: case EPROTO: case ENOPROTOOPT:
	case ENETDOWN: case ENETUNREACH: case EHOSTDOWN: case EHOSTUNREACH:
	case ENONET: case EOPNOTSUPP: case EPERM:
		return true;
	}
	return false;
}

static bool
is_shortage(int r)
{
	return r == -EMFILE || r == -ENFILE || r == -ENOBUFS || r == -ENOMEM;
}

/* Takes those who have come, a backlog of them at most. 0, or what went
 * wrong. */
static int
accept_some(struct listener *listener)
{
	int r = 0;

	for (int n = 0; r == 0 && n < listener->server->options.backlog; n++) {
		struct sockaddr_storage peer;
		socklen_t size = sizeof peer;
		int fd = accept4(listener->listening.fd, (void *)&peer, &size,
		    SOCK_CLOEXEC | SOCK_NONBLOCK);

		r = fd < 0 ? -errno : start_connection(listener, fd,
		    (void *)&peer, size);
		if (concerns_one(r))
			r = 0;
	}
	return r == -EAGAIN ? 0 : r;
}

/* Until it is cancelled, or cannot go on for now. */
static int
accept_on(struct listener *listener)
{
	struct wait wait = {
		.op = "server.accept", .type = "address",
		.name = listener->listening.name,
		.site = listener->server->site, .until_us = EVTASK_FOREVER,
	};
	struct poll poll;
	int r;

	r = poll_open(&poll, listener->listening.fd, EV_READ | EV_PERSIST);
	if (r < 0)
		return r;
	while ((r = accept_some(listener)) == 0)
		if ((r = poll_wait(&poll, &wait)) < 0)
			break;
	poll_close(&poll);
	return r;
}

static int
listener_task(void *arg)
{
	struct listener *listener = arg;
	struct evtask_error *error;
	int r;

	for (;;) {
		r = accept_on(listener);
		if (!is_shortage(r))
			return r;
		error = evtask_error_new_at(listener->server->site, r, NULL,
		    "%s: %s", listener->listening.name, strerror(-r));
		loop_report(current.loop, EVTASK_REPORT_CALLBACK,
		    "a server cannot accept connections", error, NULL);
		evtask_error_unref(error);
		r = evtask_sleep_at(SHORTAGE_US, listener->server->site);
		if (r < 0)
			return r;
	}
}

static int
start_listener(struct evtask_server *server, struct listening listening)
{
	struct evtask_options options = { .arg_free = listener_free };
	struct listener *listener = calloc(1, sizeof *listener);
	char name[sizeof "server " + sizeof listening.name];
	int r;

	if (listener == NULL) {
		listen_close(&listening);
		return -ENOMEM;
	}
	listener->server = evtask_server_ref(server);
	listener->listening = listening;
	list_append(&server->listeners, &listener->link);
	snprintf(name, sizeof name, "server %s", listening.name);
	options.name = name;
	r = evtask_create_at(listener_task, listener, &options,
	    &listener->task, server->site);
	if (r < 0)
		listener_free(listener);
	else
		evtask_unref(listener->task);
	return r;
}

/* Starting. It owns what listens, even if it fails. */
static int
start(evtask_server_fn fn, void *arg, struct listening *listening, size_t n,
    const struct evtask_server_options *options,
    struct evtask_server **ret_server, const struct evtask_site *site)
{
	struct evtask_server *server = calloc(1, sizeof *server);
	int r = server != NULL ? 0 : -ENOMEM;

	if (server != NULL) {
		*server = (struct evtask_server){
			.refs = 1, .fn = fn, .arg = arg, .options = *options,
			.site = site,
		};
		list_init(&server->listeners);
		list_init(&server->connections);
		list_init(&server->closers);
		strcpy(server->name, listening[0].name);
	}
	for (size_t i = 0; i < n; i++) {
		if (r == 0)
			r = start_listener(server, listening[i]);
		else
			listen_close(&listening[i]);
	}
	if (r < 0)
		evtask_server_close(server);
	if (r == 0 && ret_server != NULL)
		*ret_server = server;
	else
		evtask_server_unref(server);
	return r;
}

static struct evtask_server_options
complete(const struct evtask_server_options *options)
{
	struct evtask_server_options completed = { .backlog = 0 };

	if (options != NULL)
		completed = *options;
	if (completed.backlog <= 0)
		completed.backlog = LISTEN_BACKLOG;
	return completed;
}

int
evtask_start_server_at(evtask_server_fn fn, void *arg, const char *host,
    uint16_t port, const struct evtask_server_options *options,
    struct evtask_server **ret_server, const struct evtask_site *site)
{
	struct evtask_server_options completed = complete(options);
	struct listening listening[LISTEN_MAX];
	int n;

	if (current.task == NULL || fn == NULL)
		return -EINVAL;
	n = listen_on_host(host, port, completed.backlog, completed.reuse_port,
	    listening, site);
	return n < 0 ? n : start(fn, arg, listening, (size_t)n, &completed,
	    ret_server, site);
}

int
evtask_start_unix_server_at(evtask_server_fn fn, void *arg, const char *path,
    const struct evtask_server_options *options,
    struct evtask_server **ret_server, const struct evtask_site *site)
{
	struct evtask_server_options completed = complete(options);
	struct listening listening;
	int r;

	if (current.loop == NULL || fn == NULL || path == NULL)
		return -EINVAL;
	r = listen_on_path(path, completed.backlog, &listening, site);
	return r < 0 ? r : start(fn, arg, &listening, 1, &completed,
	    ret_server, site);
}

/* Ending. */

void
evtask_server_close(struct evtask_server *server)
{
	struct list *link;

	if (server == NULL || server->closed)
		return;
	server->closed = true;
	list_foreach(link, &server->listeners)
		evtask_cancel_at((union evtask_awaitable){ .task =
		    container_of(link, struct listener, link)->task }, NULL,
		    server->site);
}

void
evtask_server_cancel_clients(struct evtask_server *server)
{
	struct list *link;

	if (server == NULL)
		return;
	list_foreach(link, &server->connections)
		evtask_cancel_at((union evtask_awaitable){ .task =
		    container_of(link, struct connection, link)->task }, NULL,
		    server->site);
}

int
evtask_server_wait_closed_at(struct evtask_server *server,
    const struct evtask_site *site)
{
	struct wait wait = {
		.op = "server.wait_closed", .type = "server", .site = site,
		.until_us = EVTASK_FOREVER,
	};
	bool given;
	int r = 0;

	if (server == NULL || current.task == NULL)
		return -EINVAL;
	evtask_server_ref(server);
	wait.name = server->name;
	while (r == 0 && !ended(server))
		r = line_wait(&server->closers, &wait, &given);
	evtask_server_unref(server);
	return r;
}

/* Being asked. */

bool
evtask_server_is_serving(const struct evtask_server *server)
{
	return !server->closed && !list_empty(&server->listeners);
}

size_t
evtask_server_connections(const struct evtask_server *server)
{
	return server->n_connections;
}

int
evtask_server_port(const struct evtask_server *server)
{
	if (list_empty(&server->listeners))
		return -EINVAL;
	return listen_port(&container_of(server->listeners.next,
	    struct listener, link)->listening);
}
