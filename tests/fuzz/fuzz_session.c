/*
 * Any bytes to a session, in pieces that the bytes themselves choose: the
 * server answers with lines of JSON or not at all, takes no notice else, and
 * leaves nothing behind.
 */
#include <errno.h>
#include <evtask/evtask.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "lib/console/console.h"
#include "tests/fuzz/fuzz.h"

#define TURNS_MAX 4000

static int
run_echo(void *arg)
{
	struct evtask_job *job = arg;

	return evtask_job_return(job, json_object_get(evtask_job_args(job)));
}

static int
run_nap(void *arg)
{
	return evtask_sleep(evtask_job_duration_us(arg, "delay", 1000));
}

static const struct evtask_coroutine rows[] = {
	{ .name = "echo", .fn = run_echo, .takes_stdin = true },
	{ .name = "nap", .fn = run_nap },
};

static void
turn(struct evtask_loop *loop)
{
	evtask_loop_stop(loop);
	if (evtask_loop_run_forever(loop) < 0)
		abort();
}

/* What came back must be lines, each of them JSON. */
static void
check_replies(const char *bytes, size_t size)
{
	const char *end;
	struct json_object *reply;
	struct json_tokener *tokener;

	for (; size > 0; size -= (size_t)(end - bytes), bytes = end) {
		end = memchr(bytes, '\n', size);
		if (end == NULL)
			return; /* cut by the end of the connection */
		tokener = json_tokener_new_ex(64);
		reply = json_tokener_parse_ex(tokener, bytes,
		    (int)(end - bytes));
		if (!json_object_is_type(reply, json_type_object))
			abort();
		json_object_put(reply);
		json_tokener_free(tokener);
		end++;
	}
}

struct replies {
	char *bytes;
	size_t size;
};

/* Returns whether the connection has ended. */
static int
receive(int fd, struct replies *replies)
{
	char buffer[16384];
	ssize_t n;

	while ((n = recv(fd, buffer, sizeof(buffer), MSG_DONTWAIT)) > 0) {
		replies->bytes = realloc(replies->bytes,
		    replies->size + (size_t)n);
		memcpy(replies->bytes + replies->size, buffer, (size_t)n);
		replies->size += (size_t)n;
	}
	return n == 0 || errno != EAGAIN;
}

static void
talk(struct evtask_loop *loop, int fd, const uint8_t *data, size_t size)
{
	struct replies replies = {0};
	int left = TURNS_MAX;
	size_t piece;
	ssize_t n;

	while (size > 0 && left-- > 0) {
		piece = 1 + (size_t)data[0] * 7;
		n = send(fd, data, piece < size ? piece : size,
		    MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n > 0) {
			data += n;
			size -= (size_t)n;
		}
		turn(loop);
		if (receive(fd, &replies))
			break;
	}
	shutdown(fd, SHUT_WR);
	for (left = 40; left > 0 && !receive(fd, &replies); left--)
		turn(loop);
	check_replies(replies.bytes, replies.size);
	free(replies.bytes);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct evtask_loop_options virtual = { .clock = EVTASK_CLOCK_VIRTUAL };
	char directory[] = "/tmp/fuzz-session-XXXXXX", path[64];
	struct evtask_console_options options = { .socket_path = path };
	struct evtask_console *console;
	struct evtask_loop *loop;
	int ends[2];

	if (mkdtemp(directory) == NULL)
		abort();
	snprintf(path, sizeof(path), "%s/s", directory);
	if (evtask_loop_new(&virtual, &loop) < 0 ||
	    evtask_console_start(loop, &options, &console, NULL) < 0 ||
	    evtask_console_add(console, &rows[0]) < 0 ||
	    evtask_console_add(console, &rows[1]) < 0 ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0,
	    ends) < 0)
		abort();
	listener_admit(&console->listener, ends[1]);
	talk(loop, ends[0], data, size);
	close(ends[0]);
	turn(loop);
	turn(loop);
	evtask_console_stop(console);
	if (evtask_loop_free(loop) < 0 || rmdir(directory) < 0)
		abort();
	return 0;
}
