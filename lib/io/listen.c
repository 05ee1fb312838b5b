/*
 * listen.c - sockets that listen: on a port of every address of a host, or on
 * a path.
 *
 * A path outlives the server that crashed. It is removed, and taken, only when
 * connecting to it is refused.
 */
#include "io/listen.h"

#include <errno.h>
#include <evtask/error.h>
#include <evtask/resolve.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

void
listen_close(struct listening *l)
{
	struct stat st;

	close(l->fd);
	if (l->has_path && lstat(l->name, &st) == 0 &&
	    st.st_dev == l->device && st.st_ino == l->inode)
		unlink(l->name);
}

int
listen_port(const struct listening *l)
{
	struct sockaddr_storage address;
	socklen_t size = sizeof address;

	if (getsockname(l->fd, (void *)&address, &size) < 0)
		return -errno;
	switch (address.ss_family) {
	case AF_INET:
		return ntohs(((struct sockaddr_in *)(void *)&address)->
		    sin_port);
	case AF_INET6:
		return ntohs(((struct sockaddr_in6 *)(void *)&address)->
		    sin6_port);
	}
	return -EINVAL;
}

static int
cannot(const struct evtask_site *site, const char *name, int r)
{
	return evtask_raise_at(site, r, NULL, "cannot listen on %s: %s", name,
	    strerror(-r));
}

/* Hosts. */

static int
set(int fd, int level, int option)
{
	int one = 1;

	return setsockopt(fd, level, option, &one, sizeof one) < 0 ? -errno :
	    0;
}

static int
bind_and_listen(int fd, const struct sockaddr *address, socklen_t size,
    int backlog, bool reuse_port)
{
	int r = set(fd, SOL_SOCKET, SO_REUSEADDR);

	if (r == 0 && reuse_port)
		r = set(fd, SOL_SOCKET, SO_REUSEPORT);
	if (r == 0 && address->sa_family == AF_INET6)
		r = set(fd, IPPROTO_IPV6, IPV6_V6ONLY);
	if (r == 0 && bind(fd, address, size) < 0)
		r = -errno;
	if (r == 0 && listen(fd, backlog) < 0)
		r = -errno;
	return r;
}

static int
listen_on(const struct sockaddr *address, socklen_t size, int backlog,
    bool reuse_port, struct listening *ret_listening)
{
	struct sockaddr_storage bound;
	socklen_t bound_size = sizeof bound;
	int fd, r;

	fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC |
	    SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	r = bind_and_listen(fd, address, size, backlog, reuse_port);
	if (r < 0) {
		close(fd);
		return r;
	}
	*ret_listening = (struct listening){ .fd = fd };
	getsockname(fd, (void *)&bound, &bound_size);
	address_format((void *)&bound, bound_size, ret_listening->name);
	return 0;
}

/* A machine may have an address, on paper, of a family it does not speak. */
static bool
may_be_left_out(int r)
{
	return r == -EADDRNOTAVAIL || r == -EAFNOSUPPORT;
}

/* All addresses get the port that the first was given. */
static int
listen_on_all(const struct addrinfo *addresses, int backlog, bool reuse_port,
    struct listening *ret_listening, const struct evtask_site *site)
{
	char name[ADDRESS_SIZE];
	int n = 0, r = -EADDRNOTAVAIL;

	for (const struct addrinfo *a = addresses; a != NULL &&
	    n < LISTEN_MAX; a = a->ai_next) {
		struct sockaddr_in *in = (void *)a->ai_addr;
		int port = n > 0 ? listen_port(&ret_listening[0]) : -1;

		if (port >= 0)	/* it stands at the same place in both */
			in->sin_port = htons((uint16_t)port);
		r = listen_on(a->ai_addr, a->ai_addrlen, backlog, reuse_port,
		    &ret_listening[n]);
		if (r == 0)
			n++;
		address_format(a->ai_addr, a->ai_addrlen, name);
		if (r < 0 && !may_be_left_out(r))
			break;
	}
	if (n > 0 && (r == 0 || may_be_left_out(r)))
		return n;
	while (n > 0)
		listen_close(&ret_listening[--n]);
	return cannot(site, name, r);
}

int
listen_on_host(const char *host, uint16_t port, int backlog, bool reuse_port,
    struct listening ret_listening[LISTEN_MAX], const struct evtask_site *site)
{
	struct addrinfo hints = {
		.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM,
		.ai_flags = AI_PASSIVE,
	}, *addresses;
	char service[8];
	int r;

	snprintf(service, sizeof service, "%u", port);
	r = evtask_getaddrinfo_at(host, service, &hints, &addresses, site);
	if (r < 0)
		return r;
	r = listen_on_all(addresses, backlog, reuse_port, ret_listening, site);
	freeaddrinfo(addresses);
	return r;
}

/* Paths. */

/* Whether the path is a server's, whose queue may be full, or not a socket's:
 * connecting to a plain file is refused, too. */
static bool
is_taken(const struct sockaddr_un *address)
{
	struct stat st;
	bool refused;
	int fd;

	if (lstat(address->sun_path, &st) < 0)
		return errno != ENOENT;
	if (!S_ISSOCK(st.st_mode))
		return true;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return true;	/* as far as we know */
	refused = connect(fd, (const void *)address, sizeof *address) < 0 &&
	    errno == ECONNREFUSED;
	close(fd);
	return !refused;
}

static int
bind_path(int fd, const struct sockaddr_un *address)
{
	if (bind(fd, (const void *)address, sizeof *address) == 0)
		return 0;
	if (errno != EADDRINUSE)
		return -errno;
	if (is_taken(address))
		return -EADDRINUSE;
	if (unlink(address->sun_path) < 0 && errno != ENOENT)
		return -errno;
	return bind(fd, (const void *)address, sizeof *address) < 0 ?
	    -errno : 0;
}

static int
listen_on_address(const struct sockaddr_un *address, int backlog,
    struct listening *ret_listening)
{
	int fd, r;
	struct stat st;

	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	r = bind_path(fd, address);
	if (r == 0 && (listen(fd, backlog) < 0 ||
	    lstat(address->sun_path, &st) < 0))
		r = -errno;
	if (r < 0) {
		close(fd);
		return r;
	}
	*ret_listening = (struct listening){
		.fd = fd, .has_path = true, .device = st.st_dev,
		.inode = st.st_ino,
	};
	return 0;
}

int
listen_on_path(const char *path, int backlog,
    struct listening *ret_listening, const struct evtask_site *site)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t size = strlen(path) + 1;
	int r;

	if (size == 1)
		return -EINVAL;
	if (size > sizeof address.sun_path)
		return cannot(site, path, -ENAMETOOLONG);
	memcpy(address.sun_path, path, size);
	r = listen_on_address(&address, backlog, ret_listening);
	if (r < 0)
		return cannot(site, path, r);
	memcpy(ret_listening->name, path, size);
	return 0;
}
