/*
 * tasks.c - a client that has tasks done, so many at a time: the answer that
 * has the outcome of one makes place for the next. Tasks that end at once are
 * created and asked for their result, both in one write; for a command it says
 * with its creation that it waits, and is answered once. A sample is the time
 * from the request to the outcome.
 */
#include "bench/client/tasks.h"

#include <poll.h>
#include <unistd.h>

#include "bench/client/samples.h"
#include "bench/client/server.h"
#include "bench/client/talk.h"
#include "bench/measure.h"

enum {
	WINDOW = 256,			/* tasks at a time, at most */
	REQUESTS_SIZE = 320,		/* of one */
};

struct tasks {
	int fd;
	const char *params;
	long next, done, failed;
	int64_t sent_ns[WINDOW];	/* of task i: at i % WINDOW */
	char out[WINDOW * REQUESTS_SIZE];
	size_t out_size;
	char in[2 * READ_SIZE];
	size_t in_size;
};

const char tasks_that_end[] = "\"coroutine\":\"sleep\",\"args\":{\"delay\":0}";
static const char run_true[] = "\"coroutine\":\"exec\",\"args\":{\"argv\":"
    "[\"/bin/true\"]},\"wait\":true";

/* What stands before the id in every reply. */
#define REPLY "{\"jsonrpc\":\"2.0\",\"id\":"

struct tasks *
tasks_new(const char *params)
{
	struct tasks *t = calloc(1, sizeof *t);

	t->fd = server_connect();
	t->params = params;
	return t;
}

/* The answer that has the outcome has an odd id. */
static size_t
write_task(char *out, size_t size, long number, const char *params)
{
	return (size_t)snprintf(out, size, "{\"jsonrpc\":\"2.0\",\"id\":%ld,"
	    "\"method\":\"task.create\",\"params\":{%s,\"name\":\"b%ld\"}}\n",
	    2 * number + (params == run_true), params, number);
}

static size_t
write_result(char *out, size_t size, long number)
{
	return (size_t)snprintf(out, size, "{\"jsonrpc\":\"2.0\",\"id\":%ld,"
	    "\"method\":\"task.result\",\"params\":{\"task\":\"b%ld\","
	    "\"wait\":true}}\n", 2 * number + 1, number);
}

static void
start_task(struct tasks *t)
{
	t->sent_ns[t->next % WINDOW] = now_ns();
	t->out_size += write_task(t->out + t->out_size,
	    sizeof t->out - t->out_size, t->next, t->params);
	if (t->params != run_true)
		t->out_size += write_result(t->out + t->out_size,
		    sizeof t->out - t->out_size, t->next);
	t->next++;
}

static void
send_tasks(struct tasks *t)
{
	send_all(t->fd, t->out, t->out_size);
	t->out_size = 0;
}

#define RETURNED "\"outcome\":\"returned\""

static bool
take_task(struct tasks *t, const char *line, size_t size)
{
	long id = atol(line + sizeof REPLY - 1);

	if (id % 2 == 0)
		return false;
	if (memmem(line, size, RETURNED, sizeof RETURNED - 1) == NULL)
		t->failed++;
	samples_add(now_ns() - t->sent_ns[id / 2 % WINDOW]);
	t->done++;
	return true;
}

/* Who sleeps in read(2) is woken when the server takes the request, too: there
 * is room to write. Who sleeps in poll(2), as clients with loops do, is not. */
static void
wait_for_answer(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	if (poll(&p, 1, -1) != 1)
		die("poll");
}

/* Reads, and tells how many tasks have ended. */
static int
turn_tasks(struct tasks *t)
{
	char *at = t->in, *lf;
	int ended = 0;

	wait_for_answer(t->fd);
	t->in_size += read_some(t->fd, t->in + t->in_size,
	    sizeof t->in - t->in_size);
	while ((lf = memchr(at, '\n', t->in_size - (size_t)(at - t->in))) !=
	    NULL) {
		ended += take_task(t, at, (size_t)(lf - at));
		at = lf + 1;
	}
	t->in_size -= (size_t)(at - t->in);
	memmove(t->in, at, t->in_size);
	return ended;
}

long
tasks_run(struct tasks *t, long at_once, int64_t ns)
{
	int64_t until = now_ns() + ns;
	long under_way = at_once;

	t->done = t->failed = 0;
	samples_clear();
	while (at_once-- > 0)
		start_task(t);
	while (under_way > 0) {
		send_tasks(t);
		for (int ended = turn_tasks(t); ended > 0; ended--) {
			if (now_ns() < until)
				start_task(t);
			else
				under_way--;
		}
	}
	return t->done;
}

static void
measure_tasks(long at_once, const char *params)
{
	struct tasks *t = tasks_new(params);
	int64_t began, spent;
	double total, done;

	tasks_run(t, at_once, measure_ns() / 4); /* warm */
	total = server_total_us();
	spent = server_cpu_ns();
	began = now_ns();
	done = (double)tasks_run(t, at_once, 5 * measure_ns());
	if (t->failed > 0)
		fprintf(stderr, "ask: %ld of %ld failed\n", t->failed, t->done);
	report(t->failed > 0 ? "failed" : "rate",
	    done * 1e9 / (double)(now_ns() - began));
	report("cpu", (double)(server_cpu_ns() - spent) / 1e3 / done);
	report("total", (server_total_us() - total) / done);
	samples_report();
	free(t);
}

void
row_tasks(long n)
{
	measure_tasks(n < WINDOW ? n : WINDOW, tasks_that_end);
}

void
row_exec(long n)
{
	measure_tasks(n < WINDOW ? n : WINDOW, run_true);
}

void
row_exec_idle(long n)
{
	struct tasks *t = tasks_new(run_true);

	samples_clear();
	for (long i = 0; i < n; i++) {
		usleep(10000);
		start_task(t);
		send_tasks(t);
		while (turn_tasks(t) == 0)
			;
	}
	samples_report();
	free(t);
}

/* After some work, so that what work leaves behind is seen. */
void
row_quiet(long n)
{
	int fd = server_connect();
	double wakes;

	ask_one(fd, "task.create", "{\"coroutine\":\"exec\",\"args\":"
	    "{\"argv\":[\"/bin/true\"]},\"wait\":true}");
	usleep(2000000);
	wakes = server_wakes();
	usleep((useconds_t)n * 1000000);
	report("wakes", server_wakes() - wakes);
	close(fd);
}
