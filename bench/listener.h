/*
 * listener.h - where the echo servers of the race listen: a Unix socket whose
 * path is in BENCH_SOCKET.
 */
#ifndef BENCH_LISTENER_H
#define BENCH_LISTENER_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

static inline struct sockaddr_un
echo_address(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const char *path = getenv("BENCH_SOCKET");

	if (path == NULL || strlen(path) >= sizeof address.sun_path) {
		fputs("BENCH_SOCKET names no socket\n", stderr);
		exit(1);
	}
	memcpy(address.sun_path, path, strlen(path) + 1);
	return address;
}

/* Listens there; non-blocking. */
static inline int
echo_listener(void)
{
	struct sockaddr_un address = echo_address();
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&address,
	    sizeof address) < 0 || listen(fd, 1024) < 0) {
		perror(address.sun_path);
		exit(1);
	}
	return fd;
}

#endif
