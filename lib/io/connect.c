/*
 * connect.c - connections that we begin.
 *
 * A host may have several addresses: they are tried in the order in which the
 * resolver gives them, one after the other. What the last of them came to is
 * what went wrong.
 */
#include <errno.h>
#include <evtask/resolve.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "io/address.h"
#include "io/poll.h"
#include "io/stream.h"

/* Waits until the socket is connected, or is not. */
static int
wait_connected(int fd, const char *name, const struct evtask_site *site)
{
	struct wait wait = {
		.op = "stream.connect", .type = "address", .name = name,
		.site = site, .until_us = EVTASK_FOREVER,
	};
	socklen_t size = sizeof(int);
	struct poll poll;
	int r, error;

	r = poll_open(&poll, fd, EV_WRITE);
	if (r < 0)
		return r;
	r = poll_wait(&poll, &wait);
	poll_close(&poll);
	if (r < 0)
		return r;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0)
		return -errno;
	return -error;
}

/* A connected socket, or why there is none. */
static int
connect_to(const struct sockaddr *address, socklen_t size,
    const struct evtask_site *site)
{
	char name[ADDRESS_SIZE];
	int fd, r = 0;

	fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC |
	    SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	if (connect(fd, address, size) < 0)
		r = -errno;
	if (r == -EINPROGRESS) {
		address_format(address, size, name);
		r = wait_connected(fd, name, site);
	}
	if (r < 0) {
		close(fd);
		return r;
	}
	return fd;
}

/* fd is a socket, or the error it did not become one by. */
static int
make_stream(int fd, const char *name, struct evtask_stream **ret_stream,
    const struct evtask_site *site)
{
	int r = fd;

	if (fd == -ECANCELED)
		return fd;
	if (fd >= 0) {
		r = stream_new(fd, name, ret_stream);
		if (r == 0)
			return 0;
		close(fd);
	}
	return evtask_raise_at(site, r, NULL, "cannot connect to %s: %s",
	    name, strerror(-r));
}

int
evtask_open_connection_at(const char *host, uint16_t port,
    struct evtask_stream **ret_stream, const struct evtask_site *site)
{
	struct addrinfo hints = {
		.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM,
	}, *addresses;
	char name[ADDRESS_SIZE], service[8];
	int r, one = 1;

	if (current.task == NULL || host == NULL || ret_stream == NULL)
		return -EINVAL;
	snprintf(service, sizeof service, "%u", port);
	r = evtask_getaddrinfo_at(host, service, &hints, &addresses, site);
	if (r < 0)
		return r;
	for (const struct addrinfo *a = addresses; a != NULL; a = a->ai_next) {
		r = connect_to(a->ai_addr, a->ai_addrlen, site);
		if (r >= 0 || r == -ECANCELED)
			break;
	}
	freeaddrinfo(addresses);
	if (r >= 0)
		setsockopt(r, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	snprintf(name, sizeof name, strchr(host, ':') != NULL ? "[%s]:%u" :
	    "%s:%u", host, port);
	return make_stream(r, name, ret_stream, site);
}

int
evtask_open_unix_connection_at(const char *path,
    struct evtask_stream **ret_stream, const struct evtask_site *site)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t size;

	if (current.task == NULL || path == NULL || ret_stream == NULL)
		return -EINVAL;
	size = strlen(path) + 1;
	if (size > sizeof address.sun_path)
		return -ENAMETOOLONG;
	memcpy(address.sun_path, path, size);
	return make_stream(connect_to((const void *)&address, sizeof address,
	    site), path, ret_stream, site);
}
