/* Servers and those who connect to them: Unix sockets in a directory of the
 * test's own, and TCP on the loopback. */
#include "tests/core.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static char path[64], folder[32];

static void
make_folder(void)
{
	snprintf(folder, sizeof folder, "/tmp/evtask-server-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/s", folder);
}

static void
remove_folder(void)
{
	ck_assert_int_eq(rmdir(folder), 0);
}

/* Answers lines, "served" and the argument of the server before them. */
static int
answer_lines(struct evtask_stream *stream, void *arg)
{
	const char *line;
	char reply[64];
	ssize_t n;

	while ((n = evtask_stream_readline(stream, &line)) > 0) {
		int size = snprintf(reply, sizeof reply, "%s %s",
		    (const char *)arg, line);
		int r = evtask_stream_write(stream, reply, (size_t)size);

		if (r < 0)
			return r;
	}
	return (int)n;
}

static void
ck_assert_answered(struct evtask_stream *stream, const char *words)
{
	const char *line;

	ck_assert_int_eq(evtask_stream_write(stream, "hello\n", 6), 0);
	ck_assert_int_gt(evtask_stream_readline(stream, &line), 0);
	ck_assert_str_eq(line, words);
}

static void
ck_assert_ends(struct evtask_server *server)
{
	evtask_server_close(server);
	ck_assert(!evtask_server_is_serving(server));
	ck_assert_int_eq(evtask_server_wait_closed(server), 0);
	evtask_server_unref(server);
}

START_TASK_TEST(a_unix_server_answers_each_who_connects)
{
	struct evtask_server *server;
	struct evtask_stream *a, *b;

	make_folder();
	ck_assert_int_eq(evtask_start_unix_server(answer_lines, "x", path,
	    NULL, &server), 0);
	ck_assert(evtask_server_is_serving(server));
	ck_assert_int_eq(evtask_server_port(server), -EINVAL);
	ck_assert_int_eq(evtask_open_unix_connection(path, &a), 0);
	ck_assert_int_eq(evtask_open_unix_connection(path, &b), 0);
	ck_assert_str_eq(evtask_stream_name(a), path);
	ck_assert_answered(a, "x hello\n");
	ck_assert_answered(b, "x hello\n");
	ck_assert_answered(a, "x hello\n");
	ck_assert_uint_eq(evtask_server_connections(server), 2);
	evtask_stream_unref(a);
	evtask_stream_unref(b);
	ck_assert_ends(server);
	remove_folder();
	return 0;
}

START_TASK_TEST(a_tcp_server_answers_on_a_port_that_was_free)
{
	struct evtask_server *server;
	struct evtask_stream *stream;
	char name[32];
	int port;

	ck_assert_int_eq(evtask_start_server(answer_lines, "tcp", "127.0.0.1",
	    0, NULL, &server), 0);
	port = evtask_server_port(server);
	ck_assert_int_gt(port, 0);
	ck_assert_int_eq(evtask_open_connection("127.0.0.1", (uint16_t)port,
	    &stream), 0);
	snprintf(name, sizeof name, "127.0.0.1:%d", port);
	ck_assert_str_eq(evtask_stream_name(stream), name);
	ck_assert_answered(stream, "tcp hello\n");
	evtask_stream_unref(stream);
	ck_assert_ends(server);
	return 0;
}

START_TASK_TEST(a_host_is_known_by_name_and_all_its_addresses_are_tried)
{
	struct evtask_server *server;
	struct evtask_stream *stream;
	int port;

	/* Often ::1 comes first, where nobody listens. */
	ck_assert_int_eq(evtask_start_server(answer_lines, "n", "127.0.0.1",
	    0, NULL, &server), 0);
	port = evtask_server_port(server);
	ck_assert_int_eq(evtask_open_connection("localhost", (uint16_t)port,
	    &stream), 0);
	ck_assert_answered(stream, "n hello\n");
	evtask_stream_unref(stream);
	ck_assert_ends(server);
	return 0;
}

static bool
has_ipv6(void)
{
	struct sockaddr_in6 address = {
		.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT,
	};
	int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool has = fd >= 0 && bind(fd, (void *)&address, sizeof address) == 0;

	if (fd >= 0)
		close(fd);
	return has;
}

START_TASK_TEST(every_address_of_this_machine_gets_the_same_port)
{
	static const char *const hosts[] = { "127.0.0.1", "::1" };
	struct evtask_server *server;
	struct evtask_stream *stream;

	ck_assert_int_eq(evtask_start_server(answer_lines, "all", NULL, 0,
	    NULL, &server), 0);
	for (size_t i = 0; i < (has_ipv6() ? 2 : 1); i++) {
		ck_assert_int_eq(evtask_open_connection(hosts[i],
		    (uint16_t)evtask_server_port(server), &stream), 0);
		ck_assert_answered(stream, "all hello\n");
		evtask_stream_unref(stream);
	}
	ck_assert_ends(server);
	return 0;
}

/* Errors. */

static void
ck_assert_raised(int code, const char *words)
{
	struct evtask_error *error = evtask_catch(code);

	ck_assert_int_eq(evtask_error_code(error), code);
	ck_assert_msg(strstr(evtask_error_message(error), words) != NULL,
	    "%s", evtask_error_message(error));
	evtask_error_unref(error);
}

START_TASK_TEST(where_nobody_listens_is_said)
{
	struct evtask_server *server;
	struct evtask_stream *stream;
	char long_path[200], words[64];
	int port, r;

	make_folder();
	r = evtask_open_unix_connection(path, &stream);
	ck_assert_int_eq(r, -ENOENT);
	ck_assert_raised(r, path);
	memset(long_path, 'x', sizeof long_path - 1);
	long_path[sizeof long_path - 1] = '\0';
	ck_assert_int_eq(evtask_open_unix_connection(long_path, &stream),
	    -ENAMETOOLONG);
	ck_assert_int_eq(evtask_start_server(answer_lines, "", "127.0.0.1", 0,
	    NULL, &server), 0);
	port = evtask_server_port(server);
	ck_assert_ends(server);
	r = evtask_open_connection("127.0.0.1", (uint16_t)port, &stream);
	ck_assert_int_eq(r, -ECONNREFUSED);
	snprintf(words, sizeof words, "cannot connect to 127.0.0.1:%d: "
	    "Connection refused", port);
	ck_assert_raised(r, words);
	remove_folder();
	return 0;
}

START_TASK_TEST(where_one_cannot_listen_is_said)
{
	struct evtask_server *server, *second;
	int r;

	make_folder();
	ck_assert_int_eq(evtask_start_server(answer_lines, "", "127.0.0.1", 0,
	    NULL, &server), 0);
	r = evtask_start_server(answer_lines, "", "127.0.0.1",
	    (uint16_t)evtask_server_port(server), NULL, &second);
	ck_assert_int_eq(r, -EADDRINUSE);
	ck_assert_raised(r, "cannot listen on 127.0.0.1:");
	ck_assert_ends(server);
	r = evtask_start_server(answer_lines, "", "192.0.2.1", 0, NULL,
	    &second);
	ck_assert_int_eq(r, -EADDRNOTAVAIL);
	ck_assert_raised(r, "192.0.2.1:0");
	ck_assert_int_eq(evtask_start_unix_server(answer_lines, "",
	    "/nonexistent/s", NULL, &second), -ENOENT);
	ck_assert_int_eq(evtask_start_unix_server(answer_lines, "", "", NULL,
	    &second), -EINVAL);
	ck_assert_int_eq(evtask_start_unix_server(NULL, "", path, NULL,
	    &second), -EINVAL);
	remove_folder();
	return 0;
}

/* Paths. */

START_TASK_TEST(a_socket_nobody_listens_on_is_replaced)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct evtask_server *server, *second;
	struct stat st;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	make_folder();
	memcpy(address.sun_path, path, sizeof path);
	ck_assert_int_eq(bind(fd, (void *)&address, sizeof address), 0);
	close(fd);
	ck_assert_int_eq(evtask_start_unix_server(answer_lines, "", path,
	    NULL, &server), 0);
	/* One that is alive is not. */
	ck_assert_int_eq(evtask_start_unix_server(answer_lines, "", path,
	    NULL, &second), -EADDRINUSE);
	ck_assert_ends(server);
	ck_assert_int_eq(stat(path, &st), -1);
	remove_folder();
	return 0;
}

START_TASK_TEST(what_is_not_its_own_is_not_removed)
{
	struct evtask_server *server;
	int fd;

	make_folder();
	ck_assert_int_eq(evtask_start_unix_server(answer_lines, "", path,
	    NULL, &server), 0);
	ck_assert_int_eq(unlink(path), 0);
	fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	ck_assert_int_ge(fd, 0);
	close(fd);
	/* Nor replaced: it is not a socket. */
	ck_assert_ends(server);
	ck_assert_int_eq(evtask_start_unix_server(answer_lines, "", path,
	    NULL, &server), -EADDRINUSE);
	ck_assert_int_eq(unlink(path), 0);
	remove_folder();
	return 0;
}

/* Ends. */

START_TASK_TEST(a_closed_server_goes_on_with_those_it_has)
{
	struct evtask_server *server;
	struct evtask_stream *stream, *late;

	make_folder();
	ck_assert_int_eq(evtask_start_unix_server(answer_lines, "on", path,
	    NULL, &server), 0);
	ck_assert_int_eq(evtask_open_unix_connection(path, &stream), 0);
	ck_assert_answered(stream, "on hello\n");
	evtask_server_close(server);
	evtask_server_close(server);
	ck_assert_answered(stream, "on hello\n");
	ck_assert_int_eq(evtask_open_unix_connection(path, &late), -ENOENT);
	evtask_stream_unref(stream);
	ck_assert_ends(server);
	remove_folder();
	return 0;
}

START_TASK_TEST(clients_can_be_cancelled)
{
	struct evtask_server *server;
	struct evtask_stream *stream;
	char byte;

	make_folder();
	ck_assert_int_eq(evtask_start_unix_server(answer_lines, "c", path,
	    NULL, &server), 0);
	ck_assert_int_eq(evtask_open_unix_connection(path, &stream), 0);
	ck_assert_answered(stream, "c hello\n");
	evtask_server_cancel_clients(server);
	ck_assert_int_eq(evtask_stream_read(stream, &byte, 1), 0);
	ck_assert_uint_eq(evtask_server_connections(server), 0);
	evtask_stream_unref(stream);
	ck_assert_ends(server);
	remove_folder();
	return 0;
}

static int
serve_and_leave(void *arg)
{
	(void)arg;
	return evtask_start_unix_server(answer_lines, "", path, NULL, NULL);
}

START_TEST(a_server_nobody_holds_ends_with_its_loop)
{
	struct stat st;

	make_folder();
	spawn(serve_and_leave, NULL);
	run_turns(2);
	ck_assert_int_eq(stat(path, &st), 0);
	replace_loop(NULL);
	ck_assert_int_eq(stat(path, &st), -1);
	remove_folder();
}
END_TEST

static int
fail_on_purpose(struct evtask_stream *stream, void *arg)
{
	(void)stream, (void)arg;
	return evtask_raise(-EIO, "on purpose");
}

START_TASK_TEST(what_a_connection_raises_is_reported)
{
	struct evtask_server *server;
	struct evtask_stream *stream;
	char byte;

	make_folder();
	ck_assert_int_eq(evtask_start_unix_server(fail_on_purpose, NULL, path,
	    NULL, &server), 0);
	ck_assert_int_eq(evtask_open_unix_connection(path, &stream), 0);
	ck_assert_int_eq(evtask_stream_read(stream, &byte, 1), 0);
	ck_assert_reported("a detached task raised", -EIO);
	evtask_stream_unref(stream);
	ck_assert_ends(server);
	remove_folder();
	return 0;
}

/* No descriptor is left: the server waits and tries again, and says so. */
START_TASK_TEST(a_server_out_of_descriptors_goes_on_later)
{
	struct evtask_server *server;
	struct evtask_stream *stream;
	struct rlimit limit, none;
	int64_t before_us;

	make_folder();
	ck_assert_int_eq(evtask_start_unix_server(answer_lines, "d", path,
	    NULL, &server), 0);
	ck_assert_int_eq(evtask_sleep(0), 0);
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
	none = limit;
	ck_assert_int_eq(evtask_open_unix_connection(path, &stream), 0);
	none.rlim_cur = (rlim_t)evtask_stream_fd(stream) + 1;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
	while (reported.n == 0)
		ck_assert_int_eq(evtask_sleep(0), 0);
	ck_assert_reported("a server cannot accept connections", -EMFILE);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	before_us = evtask_loop_time_us(loop);
	ck_assert_answered(stream, "d hello\n");
	ck_assert_int_eq(evtask_loop_time_us(loop) - before_us, SECOND);
	evtask_stream_unref(stream);
	ck_assert_ends(server);
	remove_folder();
	return 0;
}

/* Being seen, and being cancelled. */

static struct evtask *
task_named(const char *name)
{
	struct evtask *tasks[8];
	size_t n = evtask_all_tasks(loop, tasks, COUNT(tasks));

	for (size_t i = 0; i < n; i++)
		if (strcmp(evtask_get_name(tasks[i]), name) == 0)
			return tasks[i];
	return NULL;
}

START_TASK_TEST(a_server_says_where_it_listens)
{
	struct evtask_wait_info wait;
	struct evtask_server *server;
	struct evtask *task;
	char name[80];

	make_folder();
	ck_assert_int_eq(evtask_start_unix_server(answer_lines, "", path,
	    NULL, &server), 0);
	ck_assert_int_eq(evtask_sleep(0), 0);
	snprintf(name, sizeof name, "server %s", path);
	task = task_named(name);
	ck_assert_ptr_nonnull(task);
	ck_assert_int_eq(evtask_get_wait(task, &wait), 1);
	ck_assert_str_eq(wait.op, "server.accept");
	ck_assert_str_eq(wait.name, path);
	ck_assert_ends(server);
	remove_folder();
	return 0;
}

static int
connect_to_port(void *arg)
{
	struct evtask_stream *stream;
	int r = evtask_open_connection("127.0.0.1", *(uint16_t *)arg, &stream);

	say("%d", r);
	if (r == 0)
		evtask_stream_unref(stream);
	return r;
}

/* A backlog of one, filled: the next connection is not answered. */
START_TEST(a_cancelled_connect_leaves_no_descriptor)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t size = sizeof address;
	struct evtask_wait_info wait;
	struct evtask *task;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), waiting[4];
	uint16_t port;

	ck_assert_int_eq(bind(fd, (void *)&address, sizeof address), 0);
	ck_assert_int_eq(listen(fd, 0), 0);
	ck_assert_int_eq(getsockname(fd, (void *)&address, &size), 0);
	for (size_t i = 0; i < COUNT(waiting); i++) {
		waiting[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC |
		    SOCK_NONBLOCK, 0);
		(void)!connect(waiting[i], (void *)&address, sizeof address);
	}
	port = ntohs(address.sin_port);
	task = start(connect_to_port, &port);
	run_turns(3);
	ck_assert_int_eq(evtask_get_wait(task, &wait), 1);
	ck_assert_str_eq(wait.op, "stream.connect");
	ck_assert_str_eq(wait.type, "address");
	evtask_cancel(task, NULL);
	run_dry();
	ck_assert_said("-125");
	evtask_unref(task);
	for (size_t i = 0; i < COUNT(waiting); i++)
		close(waiting[i]);
	close(fd);
}
END_TEST

static struct evtask_server *held;

static int
wait_closed_and_say(void *arg)
{
	int r = evtask_server_wait_closed(held);

	(void)arg;
	say("%d", r);
	return r;
}

START_TASK_TEST(a_cancelled_wait_for_the_end_is_left)
{
	struct evtask *task;

	make_folder();
	ck_assert_int_eq(evtask_start_unix_server(answer_lines, "", path,
	    NULL, &held), 0);
	ck_assert_int_eq(evtask_create(wait_closed_and_say, NULL, NULL,
	    &task), 0);
	ck_assert_int_eq(evtask_sleep(0), 0);
	evtask_cancel(task, NULL);
	ck_assert_int_eq(evtask_await(task), 0);
	ck_assert_said("-125");
	evtask_unref(task);
	ck_assert_ends(held);
	remove_folder();
	return 0;
}

START_TASK_TEST(a_wait_for_the_end_holds_the_server_and_its_name)
{
	struct evtask_wait_info wait;
	struct evtask_stream *stream;
	struct evtask *task;

	make_folder();
	ck_assert_int_eq(evtask_start_unix_server(answer_lines, "on", path,
	    NULL, &held), 0);
	ck_assert_int_eq(evtask_open_unix_connection(path, &stream), 0);
	ck_assert_answered(stream, "on hello\n");
	ck_assert_int_eq(evtask_create(wait_closed_and_say, NULL, NULL,
	    &task), 0);
	ck_assert_int_eq(evtask_sleep(0), 0);
	evtask_server_close(held);
	evtask_server_unref(held);
	ck_assert_answered(stream, "on hello\n");	/* nobody listens */
	ck_assert_int_eq(evtask_get_wait(task, &wait), 1);
	ck_assert_str_eq(wait.op, "server.wait_closed");
	ck_assert_str_eq(wait.name, path);
	evtask_stream_unref(stream);
	ck_assert_int_eq(evtask_await(task), 0);
	ck_assert_said("0");
	evtask_unref(task);
	remove_folder();
	return 0;
}

START_TEST(outside_a_task_nothing_is_served)
{
	struct evtask_server *server;

	make_folder();
	ck_assert_int_eq(evtask_start_unix_server(answer_lines, "", path,
	    NULL, &server), -EINVAL);
	ck_assert_int_eq(evtask_start_server(answer_lines, "", NULL, 0, NULL,
	    &server), -EINVAL);
	ck_assert_int_eq(evtask_server_wait_closed(NULL), -EINVAL);
	evtask_server_close(NULL);
	evtask_server_cancel_clients(NULL);
	evtask_server_unref(NULL);
	remove_folder();
}
END_TEST

CORE_SUITE("server",
    a_unix_server_answers_each_who_connects,
    a_tcp_server_answers_on_a_port_that_was_free,
    a_host_is_known_by_name_and_all_its_addresses_are_tried,
    every_address_of_this_machine_gets_the_same_port,
    where_nobody_listens_is_said,
    where_one_cannot_listen_is_said,
    a_socket_nobody_listens_on_is_replaced,
    what_is_not_its_own_is_not_removed,
    a_closed_server_goes_on_with_those_it_has,
    clients_can_be_cancelled,
    a_server_nobody_holds_ends_with_its_loop,
    what_a_connection_raises_is_reported,
    a_server_out_of_descriptors_goes_on_later,
    a_server_says_where_it_listens,
    a_cancelled_connect_leaves_no_descriptor,
    a_cancelled_wait_for_the_end_is_left,
    a_wait_for_the_end_holds_the_server_and_its_name,
    outside_a_task_nothing_is_served)
