/*
 * listen.h - sockets that listen.
 */
#ifndef IO_LISTEN_H
#define IO_LISTEN_H

#include <evtask/base.h>
#include <sys/types.h>

#include "io/address.h"

enum {
	LISTEN_BACKLOG = 100,
	LISTEN_MAX = 16,	/* addresses of one host */
};

struct listening {
	int fd;
	bool has_path;		/* name is one, ours to remove */
	dev_t device;		/* the socket's that it led to */
	ino_t inode;
	char name[2 * ADDRESS_SIZE];	/* whole, as a path */
};

/* Listens on every address of host. Returns how many; what it is raised by. */
EVTASK_SUSPENDS int
listen_on_host(const char *host, uint16_t port, int backlog, bool reuse_port,
    struct listening ret_listening[LISTEN_MAX],
    const struct evtask_site *site);

/* Listens on a path, taking the place of a socket nobody listens on. 0, or
 * what it is raised by. Does not suspend. */
int listen_on_path(const char *path, int backlog,
    struct listening *ret_listening, const struct evtask_site *site);

/* The port; -EINVAL when it has none. */
int listen_port(const struct listening *listening);

/* Closes it and removes its path, if that still leads to it. */
void listen_close(struct listening *listening);

#endif
