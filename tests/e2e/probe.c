/*
 * probe.c - what a shell cannot do for the end-to-end tests: one request and
 * its reply, and waiting for a daemon to serve or for processes to end,
 * without sleeping for a guessed time.
 *
 *	probe call SOCKET METHOD [PARAMS [POINTER]]
 *		prints the result, or the member at a JSON pointer (text as it
 *		is); on an error reply its data.name, and exits with 1
 *	probe raw SOCKET
 *		carries stdin there and what comes to stdout; the end of stdin
		closes that half; ends when the server has closed
 *	probe ready SOCKET PID
 *		waits until the socket is served; exits with 1 when PID ends
 *	probe gone PID...
 *		waits until all have ended; exits with 1, naming those that
 *		have not within TIMEOUT_US
 *
 *	probe manage SOCKET COMMAND...
 *		is a service manager: listens on SOCKET and hands it over, sets
 *		a watchdog of 200 ms, prints the notices the command sends;
 *		exits as it does
 *
 * It exits with 2 when it could not do its part.
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
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TIMEOUT_US 60000000
#define LOOK_AGAIN_MS 10
#define LISTEN_FD 3

enum { DONE = 0, REFUSED = 1, FAILED = 2 };

static int
fail(const char *what, int r)
{
	fprintf(stderr, "probe: %s: %s\n", what, strerror(-r));
	return FAILED;
}

static int64_t
now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

static int
print_member(struct json_object *result, const char *pointer)
{
	struct json_object *member = result;

	if (pointer != NULL &&
	    json_pointer_get(result, pointer, &member) < 0) {
		fprintf(stderr, "probe: no %s in %s\n", pointer,
		    json_object_to_json_string(result));
		return FAILED;
	}
	puts(json_object_is_type(member, json_type_string)
	    ? json_object_get_string(member)
	    : json_object_to_json_string_ext(member, JSON_C_TO_STRING_PLAIN |
	    JSON_C_TO_STRING_NOSLASHESCAPE));
	return DONE;
}

static int
call(int argc, char **argv)
{
	struct json_object *params, *result = NULL, *error = NULL;
	int r, code;

	params = json_tokener_parse(argc > 2 ? argv[2] : "{}");
	if (params == NULL)
		return fail(argv[2], -EINVAL);
	r = evtask_ctl_call(argv[0], argv[1], params, TIMEOUT_US, &result,
	    &error);
	if (r == -EREMOTEIO) {
		fprintf(stderr, "# %s\n", json_object_to_json_string(error));
		(void)print_member(error, "/data/name");
		code = REFUSED;
	} else if (r < 0)
		code = fail(argv[0], r);
	else
		code = print_member(result, argc > 3 ? argv[3] : NULL);
	json_object_put(result);
	json_object_put(error);
	return code;
}

static bool
write_all(int fd, const char *bytes, size_t size)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	ssize_t n;

	while (size > 0) {
		n = write(fd, bytes, size);
		if (n < 0 && errno != EAGAIN)
			return false;
		if (n < 0)
			(void)poll(&p, 1, -1);
		bytes += n > 0 ? n : 0;
		size -= n > 0 ? (size_t)n : 0;
	}
	return true;
}

/* Carries what there is from one descriptor to the other; false: no more. */
static bool
carry(int from, int to)
{
	char bytes[65536];
	ssize_t n = read(from, bytes, sizeof(bytes));

	if (n < 0 && errno == EAGAIN)
		return true;
	return n > 0 && write_all(to, bytes, (size_t)n);
}

static int
raw(int argc, char **argv)
{
	int fd = evtask_ctl_connect(argv[0]);
	struct pollfd p[] = {
		{ .fd = fd, .events = POLLIN },
		{ .fd = STDIN_FILENO, .events = POLLIN },
	};

	if (fd < 0)
		return fail(argv[0], fd);
	for (;;) {
		if (poll(p, 2, TIMEOUT_US / 1000) < 1)
			return fail("no end of the answer", -ETIMEDOUT);
		if (p[1].revents != 0 && !carry(STDIN_FILENO, fd)) {
			shutdown(fd, SHUT_WR);
			p[1].fd = -1;
		}
		if (p[0].revents != 0 && !carry(fd, STDOUT_FILENO))
			break;
	}
	close(fd);
	return DONE;
}

/* Lives: a zombie has ended, whoever has yet to reap it. */
static bool
lives(const char *pid)
{
	char path[64], state = 'Z';
	FILE *in;

	snprintf(path, sizeof(path), "/proc/%s/stat", pid);
	in = fopen(path, "r");
	if (in == NULL)
		return false;
	if (fscanf(in, "%*d (%*[^)]) %c", &state) != 1)
		state = 'Z';
	fclose(in);
	return state != 'Z' && state != 'X';
}

static int
ready(int argc, char **argv)
{
	int64_t end_us = now_us() + TIMEOUT_US;
	int fd;

	do {
		fd = evtask_ctl_connect(argv[0]);
		if (fd >= 0) {
			close(fd);
			return DONE;
		}
		if (!lives(argv[1]))
			return REFUSED;
		(void)poll(NULL, 0, LOOK_AGAIN_MS);
	} while (now_us() < end_us);
	return fail(argv[0], fd);
}

static int
gone(int argc, char **argv)
{
	int64_t end_us = now_us() + TIMEOUT_US;
	int i = 0;

	while (i < argc) {
		if (!lives(argv[i])) {
			i++;
			continue;
		}
		if (now_us() >= end_us) {
			fprintf(stderr, "# process %s lives\n", argv[i]);
			return REFUSED;
		}
		(void)poll(NULL, 0, LOOK_AGAIN_MS);
	}
	return DONE;
}

static int
bind_socket(int type, const char *path, const char *suffix)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, type, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s%s", path,
	    suffix);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address,
	    sizeof(address)) < 0)
		exit(fail(path, -errno));
	return fd;
}

static void
become_service(const char *path, int listener, char **argv)
{
	char text[128];

	if (listener != LISTEN_FD)
		(void)dup2(listener, LISTEN_FD);
	snprintf(text, sizeof(text), "%s.notify", path);
	setenv("NOTIFY_SOCKET", text, 1);
	snprintf(text, sizeof(text), "%d", (int)getpid());
	setenv("LISTEN_PID", text, 1);
	setenv("WATCHDOG_PID", text, 1);
	setenv("WATCHDOG_USEC", "200000", 1);
	setenv("LISTEN_FDS", "1", 1);
	setenv("LISTEN_FDNAMES", "control", 1);
	execvp(argv[0], argv);
	_exit(fail(argv[0], -errno));
}

/* Prints what has come, each notice's lines on their own. */
static void
print_notices(int fd)
{
	char bytes[4096];
	ssize_t n;

	while ((n = recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT)) > 0)
		printf("%.*s\n", (int)n, bytes);
	fflush(stdout);
}

static int
manage(int argc, char **argv)
{
	int notices = bind_socket(SOCK_DGRAM, argv[0], ".notify");
	int status, listener = bind_socket(SOCK_STREAM, argv[0], "");
	struct pollfd p = { .fd = notices, .events = POLLIN };
	pid_t pid;

	if (listen(listener, 16) < 0)
		return fail(argv[0], -errno);
	pid = fork();
	if (pid == 0)
		become_service(argv[0], listener, argv + 1);
	close(listener);
	while (waitpid(pid, &status, WNOHANG) == 0) {
		(void)poll(&p, 1, LOOK_AGAIN_MS);
		print_notices(notices);
	}
	print_notices(notices);
	return WIFEXITED(status) ? WEXITSTATUS(status) : FAILED;
}

static const struct {
	const char *name;
	int least;
	int (*fn)(int argc, char **argv);
} verbs[] = {
	{ "call", 2, call },
	{ "raw", 1, raw },
	{ "ready", 2, ready },
	{ "gone", 1, gone },
	{ "manage", 2, manage },
};

int
main(int argc, char **argv)
{
	size_t i;

	for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (argc >= 2 + verbs[i].least &&
		    strcmp(argv[1], verbs[i].name) == 0)
			return verbs[i].fn(argc - 2, argv + 2);
	fputs("probe: see the first comment of tests/e2e/probe.c\n", stderr);
	return FAILED;
}
