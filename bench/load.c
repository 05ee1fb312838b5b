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
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/listener.h"
#include "bench/measure.h"

enum { MESSAGE = 64, EVENTS = 256, TRIES = 1000 };

struct load {
	pid_t server;
	clockid_t server_clock;
	long n;
	struct client *clients;
	int epoll;
};

struct client {
	int fd;
	int missing;		/* bytes of the answer */
};

static char directory[] = "/tmp/evtask-bench.XXXXXX";
static char path[sizeof directory + 8];
static pid_t server;

static void
clean_up(void)
{
	if (server > 0) {
		kill(server, SIGKILL);
		waitpid(server, NULL, 0);
	}
	unlink(path);
	rmdir(directory);
}

_Noreturn static void
die(const char *what)
{
	perror(what);
	exit(1);
}

/* Pins this process to a processor; to any other where there is one. */
static void
pin(int cpu, bool other)
{
	cpu_set_t set;

	if (other) {
		CPU_ZERO(&set);
		for (int i = 0; i < CPU_SETSIZE; i++)
			if (i != cpu)
				CPU_SET(i, &set);
		if (sched_setaffinity(0, sizeof set, &set) == 0)
			return;
	}
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof set, &set) < 0)
		die("sched_setaffinity");
}

static void
start_server(struct load *load, int cpu, char **argv)
{
	load->server = server = fork();
	if (server < 0)
		die("fork");
	if (server == 0) {
		pin(cpu, false);
		execv(argv[0], argv);
		perror(argv[0]);
		_exit(1);
	}
	if (clock_getcpuclockid(server, &load->server_clock) != 0)
		die("clock_getcpuclockid");
}

static int
connect_one(const struct sockaddr_un *address)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		die("socket");
	for (int i = 0; i < TRIES; i++) {
		if (connect(fd, (const struct sockaddr *)address,
		    sizeof *address) == 0)
			return fd;
		if (waitpid(server, NULL, WNOHANG) != 0) {
			server = 0;
			fputs("load: the server is gone\n", stderr);
			exit(1);
		}
		usleep(10000);	/* it is still starting */
	}
	die(address->sun_path);
}

static void
connect_all(struct load *load)
{
	struct sockaddr_un address = echo_address();
	struct epoll_event event = { .events = EPOLLIN };

	load->clients = calloc((size_t)load->n, sizeof *load->clients);
	load->epoll = epoll_create1(EPOLL_CLOEXEC);
	for (long i = 0; i < load->n; i++) {
		struct client *client = &load->clients[i];

		client->fd = connect_one(&address);
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
	} while ((messages & 63) != 0 ||
	    clock_ns(CLOCK_MONOTONIC) < until);
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
		over = over || clock_ns(CLOCK_MONOTONIC) >= until;
	}
	return messages;
}

static void
measure(struct load *load)
{
	long (*talk)(struct load *, int64_t) =
	    load->n == 1 ? talk_alone : talk_together;
	int64_t now = clock_ns(CLOCK_MONOTONIC), served, own;
	long messages;

	talk(load, now + measure_ns() / 4);	/* warm */
	served = clock_ns(load->server_clock);
	own = cpu_ns();
	messages = talk(load, clock_ns(CLOCK_MONOTONIC) + 2 * measure_ns());
	served = clock_ns(load->server_clock) - served;
	own = cpu_ns() - own;
	if (load->n == 1)
		report("rate", (double)messages * 1e6 / (double)(served + own));
	else
		report("ns", (double)served / (double)messages);
}

int
main(int argc, char **argv)
{
	const char *cpu = getenv("BENCH_CPU");
	struct load load = { .n = argc > 3 ? atol(argv[2]) : 0 };
	char *server_argv[16] = { NULL };

	if (load.n <= 0 || argc > 14) {
		fputs("usage: load ROW N PROGRAM [ARGUMENT...]\n", stderr);
		return 1;
	}
	for (int i = 3; i < argc; i++)
		server_argv[i - 3] = argv[i];
	server_argv[argc - 3] = argv[1];
	server_argv[argc - 2] = argv[2];

	if (mkdtemp(directory) == NULL)
		die(directory);
	snprintf(path, sizeof path, "%s/socket", directory);
	setenv("BENCH_SOCKET", path, 1);
	atexit(clean_up);
	start_server(&load, cpu != NULL ? atoi(cpu) : 0, server_argv);
	pin(cpu != NULL ? atoi(cpu) : 0, load.n > 1);
	connect_all(&load);
	measure(&load);
	return 0;
}
