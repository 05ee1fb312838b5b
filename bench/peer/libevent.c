/*
 * libevent.c - libevent's own events, and its timers.
 */
#include <event2/event.h>
#include <event2/event_struct.h>
#include <unistd.h>

#include "bench/listener.h"
#include "bench/measure.h"

static struct event_base *
base_new(void)
{
	struct event_config *config = event_config_new();
	struct event_base *base;

	event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK);
	base = event_base_new_with_config(config);
	event_config_free(config);
	return base;
}

/* timers */

static long expired;

static void
expire(evutil_socket_t fd, short what, void *arg)
{
	(void)fd, (void)what, (void)arg;
	expired++;
}

static void
arm_all(struct event_base *base, struct event *events, const int32_t *delays,
    long n)
{
	for (long i = 0; i < n; i++) {
		struct timeval delay = { 1, delays[i] - 1000000 };

		evtimer_assign(&events[i], base, expire, NULL);
		evtimer_add(&events[i], &delay);
	}
}

static void
timers(long n)
{
	struct event_base *base = base_new();
	struct event *events = calloc((size_t)n, sizeof *events);
	int32_t *delays = delays_us(n);
	int64_t t0, t1;

	for (int warm = 0; warm < 2; warm++) {
		t0 = cpu_ns();
		arm_all(base, events, delays, n);
		t1 = cpu_ns();
		for (long i = 0; i < n; i++)
			evtimer_del(&events[i]);
		if (warm) {
			report("add", (double)(t1 - t0) / (double)n);
			report("cancel", (double)(cpu_ns() - t1) / (double)n);
		}
	}
	arm_all(base, events, delays, n);
	sleep(3);
	t0 = cpu_ns();
	while (expired < n)
		event_base_loop(base, EVLOOP_ONCE);
	report("expire", (double)(cpu_ns() - t0) / (double)n);
	free(events);
	free(delays);
	event_base_free(base);
}

/* echo: a persistent event for each connection. What is sent back is as long
 * as what came in: the socket has room for it. */

static void
serve(evutil_socket_t fd, short what, void *arg)
{
	struct event **event = arg;
	char buf[4096];
	ssize_t n = read(fd, buf, sizeof buf);

	(void)what;
	if (n > 0 && write(fd, buf, (size_t)n) == n)
		return;
	event_free(*event);
	free(event);
	close(fd);
}

static void
accept_one(evutil_socket_t listener, short what, void *base)
{
	int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	struct event **event;

	(void)what;
	if (fd < 0)
		return;
	event = malloc(sizeof *event);
	*event = event_new(base, fd, EV_READ | EV_PERSIST, serve, event);
	event_add(*event, NULL);
}

static void
echo(long n)
{
	struct event_base *base = base_new();

	(void)n;
	event_add(event_new(base, echo_listener(), EV_READ | EV_PERSIST,
	    accept_one, base), NULL);
	event_base_dispatch(base);
}

static const struct measure_row rows[] = {
	{ "timers", timers },
	{ "echo", echo },
	{ NULL, NULL }
};

int
main(int argc, char **argv)
{
	return measure_main(argc, argv, rows);
}
