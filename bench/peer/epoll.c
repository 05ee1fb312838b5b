/*
 * epoll.c - the echo server that stands on nothing: what everybody else is
 * measured by. Level-triggered; it answers where it has read, and asks for
 * EPOLLOUT only when the socket is full.
 */
#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "bench/listener.h"
#include "bench/measure.h"

enum { EVENTS = 256 };

struct connection {
	int fd;
	size_t size, written;	/* of buf, when the socket was full */
	char buf[4096];
};

static void
watch(int epoll, int op, struct connection *c, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.ptr = c };

	epoll_ctl(epoll, op, c->fd, &event);
}

/* Writes what is left. 0, or -1 when the peer is gone. */
static int
answer(int epoll, struct connection *c)
{
	ssize_t n;

	while (c->written < c->size) {
		n = write(c->fd, c->buf + c->written, c->size - c->written);
		if (n < 0 && errno == EAGAIN) {
			watch(epoll, EPOLL_CTL_MOD, c, EPOLLOUT);
			return 0;
		}
		if (n < 0)
			return -1;
		c->written += (size_t)n;
	}
	return 0;
}

static int
serve(int epoll, struct connection *c, uint32_t events)
{
	ssize_t n;

	if (events & EPOLLOUT) {
		if (answer(epoll, c) < 0)
			return -1;
		if (c->written == c->size)
			watch(epoll, EPOLL_CTL_MOD, c, EPOLLIN);
		return 0;
	}
	n = read(c->fd, c->buf, sizeof c->buf);
	if (n < 0 && errno == EAGAIN)
		return 0;
	if (n <= 0)
		return -1;
	c->size = (size_t)n;
	c->written = 0;
	return answer(epoll, c);
}

static void
accept_one(int epoll, int listener)
{
	struct connection *c;
	int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd < 0)
		return;
	c = calloc(1, sizeof *c);
	c->fd = fd;
	watch(epoll, EPOLL_CTL_ADD, c, EPOLLIN);
}

static void
echo(long n)
{
	struct epoll_event events[EVENTS];
	struct connection listener = { .fd = echo_listener() };
	int epoll = epoll_create1(EPOLL_CLOEXEC), ready;

	(void)n;
	watch(epoll, EPOLL_CTL_ADD, &listener, EPOLLIN);
	for (;;) {
		ready = epoll_wait(epoll, events, EVENTS, -1);
		for (int i = 0; i < ready; i++) {
			struct connection *c = events[i].data.ptr;

			if (c == &listener)
				accept_one(epoll, c->fd);
			else if (serve(epoll, c, events[i].events) < 0) {
				close(c->fd);
				free(c);
			}
		}
	}
}

static const struct measure_row rows[] = {
	{ "echo", echo },
	{ NULL, NULL }
};

int
main(int argc, char **argv)
{
	return measure_main(argc, argv, rows);
}
