/*
 * bridge.c - evtaskd --stdio: one client, at our own standard input and output.
 *
 *	stdin --reader--> fd ===socket pair=== console
 *	stdout <--writer-- fd
 *
 * The console serves one end of a pair of sockets; two threads carry bytes
 * between the other end and fds 0 and 1. Threads, because those may be files,
 * which no event loop can wait for, or a terminal that others use, too, and
 * that must not become non-blocking for all of them.
 *
 * End of input is a half-close, as on a socket: what is in flight is answered
 * before the writer sees the end. The reader may be blocked in read(2) when
 * evtaskd ends, so nobody waits for it, and its descriptor is not closed.
 */
#include "bridge.h"

#include <errno.h>
#include <evtask/handle.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "thread/deaf.h"

#define BUFFER_BYTES 16384

/* 0 or -1: nobody takes it. */
static int
write_all(int fd, const char *bytes, size_t size)
{
	ssize_t n;

	while (size > 0) {
		n = write(fd, bytes, size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		bytes += n;
		size -= (size_t)n;
	}
	return 0;
}

/* Until the end of one of them. */
static void
carry(int from, int to)
{
	char buffer[BUFFER_BYTES];
	ssize_t n;

	do {
		n = read(from, buffer, sizeof(buffer));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0 || write_all(to, buffer, (size_t)n) < 0)
			return;
	} while (true);
}

static void *
run_reader(void *arg)
{
	const struct bridge *bridge = arg;
	int fd = bridge->fd;

	carry(STDIN_FILENO, fd);
	shutdown(fd, SHUT_WR);
	return NULL;
}

static void *
run_writer(void *arg)
{
	struct bridge *bridge = arg;

	carry(bridge->fd, STDOUT_FILENO);
	shutdown(bridge->fd, SHUT_RDWR);
	evtask_call_soon_threadsafe(bridge->loop, bridge->ended, bridge->arg);
	return NULL;
}

/* 0 or a negative errno. */
static int
start_threads(struct bridge *bridge)
{
	int r = deaf_thread_new(run_writer, bridge, &bridge->writer);
	pthread_t reader;

	if (r < 0)
		return r;
	r = deaf_thread_new(run_reader, bridge, &reader);
	if (r == 0) {
		pthread_detach(reader);
	} else {
		shutdown(bridge->fd, SHUT_RDWR);
		pthread_join(bridge->writer, NULL);
	}
	return r;
}

int
bridge_start(struct bridge *bridge, struct evtask_loop *loop,
    struct evtask_console *console, void (*ended)(void *arg), void *arg)
{
	int ends[2], flags, r;

	*bridge = (struct bridge){ .loop = loop, .ended = ended, .arg = arg,
	    .fd = -1 };
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return -errno;
	flags = fcntl(ends[1], F_GETFL);
	if (flags < 0 || fcntl(ends[1], F_SETFL, flags | O_NONBLOCK) < 0) {
		r = -errno;
		close(ends[0]);
		close(ends[1]);
		return r;
	}
	evtask_console_serve(console, ends[1]);
	bridge->fd = ends[0];
	r = start_threads(bridge);
	if (r < 0) {
		close(ends[0]);
		bridge->fd = -1;
	}
	return r;
}

void
bridge_finish(struct bridge *bridge)
{
	if (bridge->fd < 0)
		return;
	pthread_join(bridge->writer, NULL);
	bridge->fd = -1; /* the reader's, for as long as the process lives */
}
