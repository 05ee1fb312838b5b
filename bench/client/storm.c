/*
 * storm.c - a million events while subscribers listen, of whom half never
 * read: what each costs in memory, and what a bystander notices beside them,
 * against the same work when nobody listens.
 */
#include "bench/client/storm.h"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/client/bystander.h"
#include "bench/client/server.h"
#include "bench/client/talk.h"
#include "bench/client/tasks.h"
#include "bench/measure.h"

enum {
	AT_ONCE = 64,
	QUIET_TASKS = 50000,
	STORM_TASKS = 250000,		/* of four events each */
};

/* The subscribers, each a connection; those who read have POLLIN. */
static struct pollfd *
subscribe(long n)
{
	static const char open[] = "{\"types\":[\"task.created\","
	    "\"task.started\",\"task.done\",\"task.forgotten\"]}";
	struct pollfd *listeners = calloc((size_t)n, sizeof *listeners);

	for (long i = 0; i < n; i++) {
		int fd = server_connect();

		ask_one(fd, "sub.open", open);
		listeners[i] = (struct pollfd){ .fd = i % 2 == 0 ? fd : -1,
			.events = POLLIN };
	}
	return listeners;
}

/* The process in which they read, until it is killed. */
static pid_t
start_reader(struct pollfd *listeners, long n)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	bystander_goes_first();
	while (poll(listeners, (nfds_t)n, -1) > 0)
		for (long i = 0; i < n; i++)
			if (listeners[i].revents & POLLIN)
				read_lines(listeners[i].fd);
	_exit(1);
}

/* At least so many tasks, by a process of their own; what the bystander waited
 * meanwhile. */
static void
work(struct tasks *t, long n, struct bystander_waits *ret_waits)
{
	struct bystander bystander;
	pid_t pid;

	bystander_start(&bystander);
	pid = fork();
	if (pid == 0) {
		bystander_goes_first();
		while (n > 0)
			n -= tasks_run(t, AT_ONCE, measure_ns());
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	bystander_stop(&bystander, ret_waits);
}

void
row_storm(long n)
{
	struct tasks *t = tasks_new(tasks_that_end);
	struct bystander_waits quiet, storm;
	struct pollfd *listeners;
	double bytes;
	pid_t reader;

	work(t, QUIET_TASKS, &quiet);
	listeners = subscribe(n);
	reader = start_reader(listeners, n);
	bytes = server_bytes();
	work(t, STORM_TASKS, &storm);
	report("bytes", (server_bytes() - bytes) / (double)n);
	report("p99", storm.p99 / quiet.p99);
	kill(reader, SIGKILL);
	waitpid(reader, NULL, 0);
	free(listeners);
	free(t);
}
