/*
 * pings.c - clients that ping.
 *
 * Each sends a block of so many requests, and the next when all are answered;
 * a sample is how long a block took. What is sent was made before: it costs
 * the client as much in one protocol as in another.
 */
#include "bench/client/pings.h"

#include <sys/epoll.h>
#include <unistd.h>

#include "bench/client/samples.h"
#include "bench/client/server.h"
#include "bench/client/talk.h"
#include "bench/measure.h"

enum { EVENTS = 256, PIPELINE = 16, REQUEST_SIZE = 64 };

struct pinger {
	int fd;
	int missing; /* answers of its block */
	int64_t sent_ns;
};

static bool is_redis;
static char block[PIPELINE * REQUEST_SIZE];
static size_t block_size;

void
ping_in(const char *protocol)
{
	is_redis = strcmp(protocol, "redis") == 0;
}

static size_t
write_request(char *ret_bytes, int id)
{
	return (size_t)snprintf(ret_bytes, REQUEST_SIZE, is_redis
	    ? "*1\r\n$4\r\nPING\r\n" : "{\"jsonrpc\":\"2.0\",\"id\":%d,"
	    "\"method\":\"rpc.ping\"}\n", id);
}

int
ping_once(int fd)
{
	char request[REQUEST_SIZE];

	send_all(fd, request, write_request(request, 0));
	return read_lines(fd);
}

static void
make_block(int pipeline)
{
	block_size = 0;
	for (int i = 0; i < pipeline; i++)
		block_size += write_request(block + block_size, i);
}

static void
send_block(struct pinger *p, int pipeline)
{
	p->missing = pipeline;
	p->sent_ns = now_ns();
	send_all(p->fd, block, block_size);
}

/* Whether its block is answered. */
static bool
take_answers(struct pinger *p, long *answers)
{
	int lines = read_lines(p->fd);

	*answers += lines;
	p->missing -= lines;
	return p->missing <= 0;
}

/* Answers in so long, of all of them. */
static long
ping(struct pinger *pingers, int n, int pipeline, int64_t ns)
{
	int64_t until = now_ns() + ns, now = 0;
	struct epoll_event events[EVENTS];
	int epoll = epoll_create1(EPOLL_CLOEXEC), under_way = n;
	long answers = 0;

	samples_clear();
	for (int i = 0; i < n; i++) {
		events[0] = (struct epoll_event){ .events = EPOLLIN,
			.data.ptr = &pingers[i] };
		epoll_ctl(epoll, EPOLL_CTL_ADD, pingers[i].fd, &events[0]);
		send_block(&pingers[i], pipeline);
	}
	while (under_way > 0) {
		int ready = n == 1 ? 1 : epoll_wait(epoll, events, EVENTS, -1);

		for (int i = 0; i < ready; i++) {
			struct pinger *p = n == 1 ? pingers
			    : events[i].data.ptr;

			if (!take_answers(p, &answers))
				continue;
			now = now_ns();
			samples_add(now - p->sent_ns);
			if (now < until)
				send_block(p, pipeline);
			else
				under_way--;
		}
	}
	close(epoll);
	return answers;
}

static struct pinger *
make_pingers(int n)
{
	struct pinger *pingers = calloc((size_t)n, sizeof *pingers);

	for (int i = 0; i < n; i++)
		pingers[i].fd = server_connect();
	return pingers;
}

static void
measure_pings(int n, int pipeline)
{
	struct pinger *pingers = make_pingers(n);
	int64_t began, spent;
	long answers;

	make_block(pipeline);
	ping(pingers, n, pipeline, measure_ns() / 4); /* warm */
	spent = server_cpu_ns();
	began = now_ns();
	answers = ping(pingers, n, pipeline, 2 * measure_ns());
	report("rate", (double)answers * 1e6 / (double)(now_ns() - began));
	report("cpu", (double)(server_cpu_ns() - spent) / (double)answers);
	samples_report();
}

void
row_ping(long n)
{
	measure_pings((int)n, 1);
}

void
row_pipeline(long n)
{
	measure_pings(1, (int)n < PIPELINE ? (int)n : PIPELINE);
}

void
row_idle(long n)
{
	struct pinger *pinger = make_pingers(1);
	double bytes, alone;

	make_block(1);
	ping(pinger, 1, 1, measure_ns());
	alone = samples_percentile(0.99);
	bytes = server_bytes();
	for (long i = 0; i < n; i++) /* each has been served once */
		if (ping_once(server_connect()) != 1)
			die("refused");
	report("bytes", (server_bytes() - bytes) / (double)n);
	ping(pinger, 1, 1, measure_ns());
	report("p99", samples_percentile(0.99) / alone);
}
