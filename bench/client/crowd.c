/*
 * crowd.c - the rows about a server that has many tasks: somebody asks about
 * all of them, and a bystander tells how long that holds up others.
 */
#include "bench/client/crowd.h"

#include <sys/wait.h>
#include <unistd.h>

#include "bench/client/bystander.h"
#include "bench/client/server.h"
#include "bench/client/talk.h"
#include "bench/measure.h"

enum {
	AT_ONCE = 1000,			/* tasks made in one write */
	REQUEST_SIZE = 128,
	PAGE = 1000,			/* tasks of a page of task.list */
	PAGES = 50,
};

/* Sends in a process of its own: neither side waits for the other. */
static void
send_and_read(int fd, const char *bytes, size_t size, int lines)
{
	pid_t pid = fork();

	if (pid == 0) {
		send_all(fd, bytes, size);
		_exit(0);
	}
	while (lines > 0)
		lines -= read_lines(fd);
	waitpid(pid, NULL, 0);
}

/* So many tasks that sleep. */
static void
fill(int fd, long n)
{
	static char requests[AT_ONCE * REQUEST_SIZE];

	for (long made = 0; made < n;) {
		size_t size = 0;
		int lines = 0;

		for (; lines < AT_ONCE && made < n; lines++, made++)
			size += (size_t)snprintf(requests + size,
			    REQUEST_SIZE, "{\"jsonrpc\":\"2.0\",\"id\":%d,"
			    "\"method\":\"task.create\",\"params\":{"
			    "\"coroutine\":\"sleep\",\"args\":{\"delay\":"
			    "\"1h\"}}}\n", lines);
		send_and_read(fd, requests, size, lines);
	}
}

/* What somebody waits who asks all the while, with so many tasks there; and in
 * the beginning, when nobody else asks. The answer is the longest wait that
 * the others make it longer by, in ms. */
static double
hold_ms(int fd, void (*others)(int fd))
{
	struct bystander_waits before, meanwhile;
	struct bystander bystander;

	bystander_start(&bystander);
	usleep((useconds_t)(measure_ns() / 1000));
	bystander_stop(&bystander, &before);
	bystander_start(&bystander);
	others(fd);
	bystander_stop(&bystander, &meanwhile);
	return (meanwhile.worst - before.median) / 1e3;
}

static void
ask_for_pages(int fd)
{
	int64_t began = server_cpu_ns();
	char params[32];

	snprintf(params, sizeof params, "{\"limit\":%d}", PAGE);
	for (int i = 0; i < PAGES; i++)
		ask_one(fd, "task.list", params);
	report("page", (double)(server_cpu_ns() - began) / 1e6 / PAGES);
}

void
row_list(long n)
{
	int fd = server_connect();

	fill(fd, n);
	report("hold", hold_ms(fd, ask_for_pages));
}

static void
ask_for_stacks(int fd)
{
	int64_t began = now_ns();

	ask_one(fd, "task.stacks", "{}");
	report("took", (double)(now_ns() - began) / 1e9);
}

void
row_stacks(long n)
{
	int fd = server_connect();

	fill(fd, n);
	ask_one(fd, "task.stacks", "{}");	/* the symbols are read */
	report("hold", hold_ms(fd, ask_for_stacks));
}
