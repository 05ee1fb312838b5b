/*
 * Memory of connections: every allocation fails once, by turns, in programs
 * that read, write, listen, connect and look up names.
 *
 * Two sides of a connection share the memory that is short. One whose other
 * side had none sees it go: that, too, is for want of memory.
 */
#include <config.h>

#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/programs.h"
#include "tests/suite.h"

#define BIG (UINT32_C(1) << 20)	/* no socket takes it all at once */

static char big[BIG];

/* What the other side's end looks like from here. */
static int
gone(int r)
{
	return r == -EPIPE || r == -ECONNRESET || r == -ENODATA ? -ENOMEM : r;
}

/*
 * Names. They are answered here, so that the only memory that is short is
 * ours: glibc keeps what it reads for a name, and says of a failed allocation
 * what comes to its mind.
 */

int
getaddrinfo(const char *host, const char *service,
    const struct addrinfo *hints, struct addrinfo **ret_addresses)
{
	struct answer {
		struct addrinfo info;
		struct sockaddr_in address;
	} *answer;

	if (hints != NULL && (hints->ai_flags & AI_NUMERICHOST) != 0 &&
	    strcmp(host, "127.0.0.1") != 0)
		return EAI_NONAME;
	answer = calloc(1, sizeof *answer);
	if (answer == NULL)
		return EAI_MEMORY;
	answer->address = (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		.sin_port = htons((uint16_t)atoi(service)),
	};
	answer->info = (struct addrinfo){
		.ai_family = AF_INET, .ai_socktype = SOCK_STREAM,
		.ai_addr = (void *)&answer->address,
		.ai_addrlen = sizeof answer->address,
	};
	*ret_addresses = &answer->info;
	return 0;
}

void
freeaddrinfo(struct addrinfo *addresses)
{
	free(addresses);
}

static int
look_up(void *arg)
{
	struct addrinfo *found;
	int r = evtask_getaddrinfo("somewhere", "80", NULL, &found);

	(void)arg;
	if (r < 0)
		return r;
	r = found->ai_family == AF_INET ? 0 : -EPROTO;
	freeaddrinfo(found);
	return r;
}

/* Who asked leaves before the answer, which then goes to nobody. */
static int
look_up_and_leave(void *arg)
{
	struct evtask *task;
	int r = evtask_create(look_up, arg, NULL, &task);

	if (r < 0)
		return r;
	r = evtask_sleep(0);
	evtask_cancel(task, NULL);
	(void)!evtask_await(task);
	if (!evtask_cancelled(task) && r == 0)
		r = evtask_result(task, NULL);
	(void)evtask_result(task, NULL);
	evtask_unref(task);
	return r;
}

/* Streams: two ends of a pair. */

struct pair {
	struct evtask_stream *near, *far;
};

static int
pair_open(struct pair *ret_pair)
{
	int ends[2], r;

	*ret_pair = (struct pair){ NULL, NULL };
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return -errno;
	r = evtask_stream_new(ends[0], &ret_pair->near);
	if (r == 0)
		r = evtask_stream_new(ends[1], &ret_pair->far);
	if (ret_pair->near == NULL)
		close(ends[0]);
	if (ret_pair->far == NULL)
		close(ends[1]);
	return r;
}

static void
pair_close(struct pair *pair)
{
	evtask_stream_unref(pair->near);
	evtask_stream_unref(pair->far);
}

static int
read_in_all_ways(void *arg)
{
	const char *bytes;
	struct pair pair;
	char four[4];
	int r = pair_open(&pair);

	(void)arg;
	if (r == 0)
		r = evtask_stream_write(pair.near, "a line\nkey=val", 14);
	if (r == 0)
		r = evtask_stream_write_eof(pair.near);
	if (r == 0)
		r = (int)evtask_stream_readline(pair.far, &bytes);
	r = expect(r == 7, r);
	if (r == 0)
		r = (int)evtask_stream_read_until(pair.far, "=", 1, &bytes);
	r = expect(r == 4, r);
	if (r == 0)
		r = evtask_stream_read_exactly(pair.far, four, 3);
	if (r == 0)
		r = (int)evtask_stream_read(pair.far, four, sizeof four);
	pair_close(&pair);
	return expect(r == 0, r);
}

/* A reader that waits, and is cancelled. */
static int
read_a_line(void *arg)
{
	struct pair *pair = arg;
	const char *line;
	ssize_t n = evtask_stream_readline(pair->far, &line);

	return n < 0 ? (int)n : 0;
}

static int
cancel_a_reader(void *arg)
{
	struct evtask *task = NULL;
	struct pair pair;
	int r = pair_open(&pair);

	(void)arg;
	if (r == 0)
		r = evtask_create(read_a_line, &pair, NULL, &task);
	if (r == 0)
		r = evtask_sleep(0);
	if (task != NULL) {
		evtask_cancel(task, NULL);
		(void)!evtask_await(task);
		if (r == 0 && !evtask_cancelled(task))
			r = evtask_result(task, NULL);
		(void)evtask_result(task, NULL);
		evtask_unref(task);
	}
	if (r == 0)
		r = evtask_stream_write(pair.near, "late\n", 5);
	if (r == 0)
		r = read_a_line(&pair);
	pair_close(&pair);
	return r;
}

static int
write_big(void *arg)
{
	struct pair *pair = arg;

	return evtask_stream_write(pair->near, big, BIG);
}

static int
read_big(struct evtask_stream *stream, size_t size)
{
	static char bytes[65536];
	ssize_t n = 0;

	for (size_t got = 0; got < size; got += (size_t)n) {
		n = evtask_stream_read(stream, bytes, sizeof bytes);
		if (n <= 0)
			return n < 0 ? (int)n : -ENODATA;
	}
	return 0;
}

/* Two stand in line to write more than there is room for, one reads. */
static int
write_in_line(void *arg)
{
	struct evtask_group group;
	struct pair pair;
	int r = evtask_group_enter(&group), q;

	(void)arg;
	if (r < 0)
		return r;
	r = pair_open(&pair);
	for (int i = 0; r == 0 && i < 2; i++)
		r = evtask_group_create_task(&group, write_big, &pair, NULL,
		    NULL);
	if (r == 0)
		r = read_big(pair.far, 2 * BIG);
	q = evtask_group_exit(&group, r);
	pair_close(&pair);
	return q;
}

/* Left to the loop to send, when nobody holds the stream any more. */
static int
leave_to_the_loop(void *arg)
{
	struct pair pair;
	int r = pair_open(&pair);

	(void)arg;
	if (r == 0) {
		evtask_stream_set_limits(pair.near, 0, BIG);
		r = evtask_stream_write_nowait(pair.near, big, BIG);
	}
	if (r == 0) {
		evtask_stream_unref(pair.near);
		pair.near = NULL;
		r = gone(read_big(pair.far, BIG));
	}
	pair_close(&pair);
	return r;
}

static int
drain(void *arg)
{
	struct pair *pair = arg;

	return evtask_stream_drain(pair->near);
}

static int
drain_and_close(void *arg)
{
	struct evtask_group group;
	struct pair pair;
	int r = evtask_group_enter(&group), q;

	if (r < 0)
		return r;
	r = pair_open(&pair);
	if (r == 0) {
		evtask_stream_set_limits(pair.near, 0, BIG);
		r = evtask_stream_write_nowait(pair.near, big, BIG);
	}
	if (r == 0)
		r = evtask_group_create_task(&group, drain, &pair, NULL, NULL);
	if (r == 0)
		r = read_big(pair.far, BIG);
	q = evtask_group_exit(&group, r);
	evtask_stream_close(pair.near);
	if (q == 0)
		q = evtask_stream_wait_closed(pair.near);
	pair_close(&pair);
	(void)arg;
	return q;
}

/* Servers. */

static char path[] = "/tmp/check-io-memory-XXXXXX/s";

static int
echo(struct evtask_stream *stream, void *arg)
{
	const char *line;
	ssize_t n = evtask_stream_readline(stream, &line);

	(void)arg;
	return n <= 0 ? (int)n : evtask_stream_write(stream, line, (size_t)n);
}

/* Says something, and hears it again. */
static int
talk(struct evtask_stream *stream)
{
	const char *line;
	ssize_t n;
	int r = gone(evtask_stream_write(stream, "hello\n", 6));

	if (r < 0)
		return r;
	n = gone((int)evtask_stream_readline(stream, &line));
	/* The end: the task of the connection had no memory. */
	return n == 0 ? -ENOMEM : expect(n == 6, n < 0 ? (int)n : 0);
}

/* Closes the server with its connections, which is never refused. */
static int
end_server(struct evtask_server *server, int r)
{
	int q;

	evtask_server_close(server);
	evtask_server_cancel_clients(server);
	q = evtask_server_wait_closed(server);
	if (evtask_server_connections(server) > 0)
		q = -EPROTO;
	evtask_server_unref(server);
	return r < 0 ? r : q;
}

static int
talk_by_path(void *arg)
{
	struct evtask_stream *streams[3] = { NULL };
	struct evtask_server *server;
	int r = evtask_start_unix_server(echo, arg, path, NULL, &server);

	if (r < 0)
		return r;
	for (int i = 0; r == 0 && i < 3; i++)
		r = evtask_open_unix_connection(path, &streams[i]);
	for (int i = 0; r == 0 && i < 3; i++)
		r = talk(streams[i]);
	for (int i = 0; i < 3; i++)
		evtask_stream_unref(streams[i]);
	return end_server(server, r);
}

static int
talk_to(const char *host)
{
	struct evtask_stream *stream;
	struct evtask_server *server;
	int r = evtask_start_server(echo, NULL, host, 0, NULL, &server);

	if (r < 0)
		return r;
	r = evtask_server_port(server);
	if (r > 0)
		r = evtask_open_connection(host, (uint16_t)r, &stream);
	if (r == 0) {
		r = talk(stream);
		evtask_stream_unref(stream);
	}
	return end_server(server, r);
}

static int
talk_by_number(void *arg)
{
	(void)arg;
	return talk_to("127.0.0.1");
}

static int
talk_by_name(void *arg)
{
	(void)arg;
	return talk_to("somewhere");
}

static int
say_nothing(struct evtask_stream *stream, void *arg)
{
	(void)stream, (void)arg;
	return evtask_sleep(EVTASK_FOREVER);
}

/* Connections that are cut off, and one that comes too late. */
static int
close_with_clients(void *arg)
{
	struct evtask_stream *stream;
	struct evtask_server *server;
	int r = evtask_start_unix_server(say_nothing, arg, path, NULL,
	    &server);

	if (r < 0)
		return r;
	r = evtask_open_unix_connection(path, &stream);
	if (r == 0) {
		r = evtask_sleep(0);
		r = end_server(server, r);
		server = NULL;
		evtask_stream_unref(stream);
	}
	if (server != NULL)
		return end_server(server, r);
	if (r == 0)
		r = evtask_open_unix_connection(path, &stream);
	return r == -ENOENT ? 0 : r == -ENOMEM ? r : -EPROTO;
}

static const struct program programs[] = {
	ROW(look_up), ROW(look_up_and_leave), ROW(read_in_all_ways),
	ROW(cancel_a_reader), ROW(write_in_line), ROW(leave_to_the_loop),
	ROW(drain_and_close), ROW(talk_by_path), ROW(talk_by_number),
	ROW(talk_by_name), ROW(close_with_clients),
};

static char *const folder_end = &path[sizeof path - sizeof "/s"];

static void
make_folder(void)
{
	*folder_end = '\0';
	ck_assert_ptr_nonnull(mkdtemp(path));
	*folder_end = '/';
	/* The first thread leaves what glibc keeps for the next. */
	ck_assert_int_eq(run_program(look_up), 0);
}

/* Every server has removed its socket. */
static void
remove_folder(void)
{
	*folder_end = '\0';
	ck_assert_int_eq(rmdir(path), 0);
}

int
main(void)
{
	return starve_main("io_memory", make_folder, remove_folder, programs,
	    (int)(sizeof programs / sizeof *programs));
}
