/*
 * full.c - clients of an evtaskd that may have few files open, until it has no
 * descriptor for another:
 *
 *	full SOCKET
 *
 * It tells what came of it, a fact in a line. The order of things is known by
 * what is answered, never by the clock: the listener is asked in the same turn
 * of the loop as a connection, so whoever has connected is served, or will not
 * be for now, once a client that is served has had two answers.
 */
#include <errno.h>
#include <evtask/ctl.h>
#include <json-c/json.h>
#include <json-c/json_pointer.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CLIENTS_MAX 60		/* below the limit evtaskd has for them */
#define TIMEOUT_MS 60000
#define TRIES 100000

static const char *path;

static void
fail(const char *what, int r)
{
	printf("%s: %s\n", what, strerror(-r));
	exit(2);
}

static int
connect_client(void)
{
	int fd = evtask_ctl_connect(path);

	if (fd < 0)
		fail("connect", fd);
	return fd;
}

static void
send_request(int fd, const char *method, const char *params)
{
	char line[512];
	int size = snprintf(line, sizeof(line), "{\"jsonrpc\":\"2.0\","
	    "\"id\":1,\"method\":\"%s\",\"params\":%s}\n", method, params);

	if (send(fd, line, (size_t)size, MSG_NOSIGNAL) != size)
		fail("send", -errno);
}

/* The answer, to be put. */
static struct json_object *
receive(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char line[65536];
	size_t n = 0;

	/* A client asks one thing at a time: nothing comes after the line. */
	do {
		ssize_t got;

		if (poll(&p, 1, TIMEOUT_MS) < 1)
			fail("no answer", -ETIMEDOUT);
		got = recv(fd, line + n, sizeof(line) - 1 - n, MSG_DONTWAIT);
		if (got == 0)
			fail("an answer", -ECONNRESET);
		if (got < 0 && errno != EAGAIN)
			fail("an answer", -errno);
		n += got > 0 ? (size_t)got : 0;
	} while (n == 0 || line[n - 1] != '\n');
	line[n] = '\0';
	return json_tokener_parse(line);
}

/* A member of the answer as text, borrowed until the next; "-": none. */
static const char *
ask(int fd, const char *method, const char *params, const char *pointer)
{
	static char text[1024];
	struct json_object *answer, *member = NULL;

	send_request(fd, method, params);
	answer = receive(fd);
	snprintf(text, sizeof(text), "%s",
	    json_pointer_get(answer, pointer, &member) == 0 ?
	    json_object_get_string(member) : "-");
	json_object_put(answer);
	return text;
}

static bool
is_served(int fd)
{
	return strcmp(ask(fd, "rpc.ping", "{}", "/error"), "-") == 0;
}

/* How many clients evtaskd has taken, when it has come to know of all. */
static int
count_clients(int fd)
{
	(void)is_served(fd);
	return atoi(ask(fd, "daemon.stats", "{}", "/result/clients"));
}

/* Connects clients until one is not taken, which stands last. How many are. */
static int
fill(int fds[CLIENTS_MAX])
{
	int n = 0;

	do
		fds[n++] = connect_client();
	while (n < CLIENTS_MAX && (n == 1 || count_clients(fds[0]) == n));
	return n - 1;
}

static int
count_served(const int *fds, int n)
{
	int served = 0;

	for (int i = 0; i < n; i++)
		served += is_served(fds[i]);
	return served;
}

/* Runs /bin/true by a client; what it came to. */
static void
say_exec(int fd, const char *when, const char *pointer)
{
	printf("a command %s: %s\n", when, ask(fd, "task.create",
	    "{\"coroutine\":\"exec\",\"args\":{\"argv\":[\"/bin/true\"]},"
	    "\"wait\":true}", pointer));
}

static bool
is_silent(int fd)
{
	char byte;

	return recv(fd, &byte, 1, MSG_DONTWAIT | MSG_PEEK) < 0 &&
	    errno == EAGAIN;
}

int
main(int argc, char **argv)
{
	int fds[CLIENTS_MAX], n, waiting;

	if (argc != 2)
		return 2;
	path = argv[1];
	n = fill(fds);
	if (n < 3)
		fail("too few clients", -EMFILE);
	waiting = fds[n];
	printf("full: %s\n", n < CLIENTS_MAX - 1 ? "yes" : "no");
	send_request(waiting, "rpc.ping", "{}");
	printf("unharmed: %s\n", count_served(fds, n) == n ? "all" : "not all");
	say_exec(fds[0], "when full", "/result/error/type");
	printf("unharmed: %s\n", count_served(fds, n) == n ? "all" : "not all");
	printf("who came last: %s\n", is_silent(waiting) ? "waits" : "served");
	/* One leaves, and the last is served. */
	close(fds[--n]);
	json_object_put(receive(waiting));
	puts("one leaves, who came last: served");
	/* All but two leave. */
	while (n > 1)
		close(fds[--n]);
	while (count_clients(fds[0]) != 2)
		if (++n > TRIES)
			fail("clients that have left", -ETIMEDOUT);
	say_exec(waiting, "then", "/result/value/exit_code");
	printf("unharmed: %s\n", is_served(fds[0]) ? "the first" : "none");
	close(fds[0]);
	close(waiting);
	return 0;
}
