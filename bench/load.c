/*
 * load.c - the clients of the echo rows: `load ROW N PROGRAM [ARGUMENT...]`.
 *
 * Starts `PROGRAM... ROW N` as a server on the processor BENCH_CPU, connects N
 * clients to it, and has each send a message whenever its last has come back.
 * One client shares the server's processor, and the messages a second are
 * counted, of the time both spend on it; more have another, and what counts is
 * the server's time for a message. Either is process time: what else runs on
 * the machine is not in it.
 */
#include <sys/epoll.h>
#include <unistd.h>

#include "bench/client/server.h"
#include "bench/measure.h"

enum { MESSAGE = 64, EVENTS = 256, ARGUMENTS = 16 };

struct load {
	long n;
	struct client *clients;
	int epoll;
};

struct client {
	int fd;
	int missing;		/* bytes of the answer */
};

static void
connect_all(struct load *load)
{
	struct epoll_event event = { .events = EPOLLIN };

	load->clients = calloc((size_t)load->n, sizeof *load->clients);
	load->epoll = epoll_create1(EPOLL_CLOEXEC);
	for (long i = 0; i < load->n; i++) {
		struct client *client = &load->clients[i];

		client->fd = server_connect();
		event.data.ptr = client;
		epoll_ctl(load->epoll, EPOLL_CTL_ADD, client->fd, &event);
	}
}

static void
send_one(struct client *client)
{
	static const char message[MESSAGE];

	client->missing = MESSAGE;
	if (write(client->fd, message, MESSAGE) != MESSAGE)
		die("write");
}

/* Whether all of the answer is there: servers may send it in pieces. */
static bool
receive(struct client *client)
{
	char buf[MESSAGE];
	ssize_t n = read(client->fd, buf, (size_t)client->missing);

	if (n <= 0)
		die("read");
	client->missing -= (int)n;
	return client->missing == 0;
}

/* One client has nothing to choose from: it blocks in read(). */
static long
talk_alone(struct load *load, int64_t until)
{
	long messages = 0;

	do {
		send_one(load->clients);
		while (!receive(load->clients))
			;
		messages++;
	} while ((messages & 63) != 0 || now_ns() < until);
	return messages;
}

static long
talk_together(struct load *load, int64_t until)
{
	struct epoll_event events[EVENTS];
	long messages = 0, under_way = load->n;
	bool over = false;

	for (long i = 0; i < load->n; i++)
		send_one(&load->clients[i]);
	while (under_way > 0) {
		int ready = epoll_wait(load->epoll, events, EVENTS, -1);

		for (int i = 0; i < ready; i++) {
			if (!receive(events[i].data.ptr))
				continue;
			messages++;
			if (over)
				under_way--;
			else
				send_one(events[i].data.ptr);
		}
		over = over || now_ns() >= until;
	}
	return messages;
}

static void
measure(struct load *load)
{
	long (*talk)(struct load *, int64_t) =
	    load->n == 1 ? talk_alone : talk_together;
	int64_t served, own;
	long messages;

	talk(load, now_ns() + measure_ns() / 4);	/* warm */
	served = server_cpu_ns();
	own = cpu_ns();
	messages = talk(load, now_ns() + 2 * measure_ns());
	served = server_cpu_ns() - served;
	own = cpu_ns() - own;
	if (load->n == 1)
		report("rate", (double)messages * 1e6 / (double)(served + own));
	else
		report("ns", (double)served / (double)messages);
}

int
main(int argc, char **argv)
{
	struct load load = { .n = argc > 3 ? atol(argv[2]) : 0 };
	char *server_argv[ARGUMENTS] = { NULL };

	if (load.n <= 0 || argc > ARGUMENTS - 2) {
		fputs("usage: load ROW N PROGRAM [ARGUMENT...]\n", stderr);
		return 1;
	}
	for (int i = 3; i < argc; i++)
		server_argv[i - 3] = argv[i];
	server_argv[argc - 3] = argv[1];
	server_argv[argc - 2] = argv[2];
	server_start(server_argv, load.n == 1);
	connect_all(&load);
	measure(&load);
	return 0;
}
