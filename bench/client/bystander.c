/*
 * bystander.c - a client beside others, which tells what they cost it.
 *
 * It is a process that pings until it is told to stop. A sample is what the
 * server did between a question and its answer. That is the server's time, and
 * not the clock's: what else the machine does meanwhile is not in it. But the
 * server goes on while an answer waits to be read, so the bystander goes before
 * all that shares a processor with it: by right, or where it has none, because
 * the other processes of the client give way.
 */
#include "bench/client/bystander.h"

#include <poll.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/client/pings.h"
#include "bench/client/samples.h"
#include "bench/client/server.h"
#include "bench/measure.h"

enum { PAUSE_US = 500 };

static bool
go_first(void)
{
	struct sched_param first = { .sched_priority = 1 };

	return sched_setscheduler(0, SCHED_FIFO, &first) == 0;
}

void
bystander_goes_first(void)
{
	struct sched_param usual = { .sched_priority = 0 };

	sched_setscheduler(0, go_first() ? SCHED_OTHER : SCHED_IDLE, &usual);
}

/* In the child. The parent says nothing, and its end tells that it closes. */
_Noreturn static void
stand_by(int parent)
{
	int counter = server_counter(), fd = server_connect();
	struct pollfd closed = { .fd = parent, .events = POLLIN };
	struct bystander_waits waits;

	go_first();
	samples_clear();
	while (poll(&closed, 1, 0) == 0) {
		int64_t began = server_counted_ns(counter);

		ping_once(fd);
		samples_add(server_counted_ns(counter) - began);
		usleep(PAUSE_US);
	}
	waits.median = samples_percentile(0.50);
	waits.p99 = samples_percentile(0.99);
	waits.worst = samples_percentile(1.00);
	_exit(write(parent, &waits, sizeof waits) != sizeof waits);
}

void
bystander_start(struct bystander *b)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		die("socketpair");
	b->pid = fork();
	if (b->pid < 0)
		die("fork");
	if (b->pid == 0) {
		close(ends[0]);
		stand_by(ends[1]);
	}
	close(ends[1]);
	b->fd = ends[0];
}

void
bystander_stop(struct bystander *b, struct bystander_waits *ret_waits)
{
	shutdown(b->fd, SHUT_WR);
	if (read(b->fd, ret_waits, sizeof *ret_waits) != sizeof *ret_waits)
		die("bystander");
	waitpid(b->pid, NULL, 0);
	close(b->fd);
}
