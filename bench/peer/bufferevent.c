/*
 * bufferevent.c - libevent's streams.
 */
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>

#include "bench/listener.h"
#include "bench/measure.h"

static void
serve(struct bufferevent *bev, void *arg)
{
	(void)arg;
	bufferevent_write_buffer(bev, bufferevent_get_input(bev));
}

static void
end(struct bufferevent *bev, short what, void *arg)
{
	(void)what, (void)arg;
	bufferevent_free(bev);
}

static void
accept_one(evutil_socket_t listener, short what, void *base)
{
	int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	struct bufferevent *bev;

	(void)what;
	if (fd < 0)
		return;
	bev = bufferevent_socket_new(base, fd, BEV_OPT_CLOSE_ON_FREE);
	bufferevent_setcb(bev, serve, NULL, end, NULL);
	bufferevent_enable(bev, EV_READ | EV_WRITE);
}

static void
echo(long n)
{
	struct event_base *base = event_base_new();

	(void)n;
	event_add(event_new(base, echo_listener(), EV_READ | EV_PERSIST,
	    accept_one, base), NULL);
	event_base_dispatch(base);
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
