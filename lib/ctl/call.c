/*
 * call.c - the client of client.c with the simplest I/O there is: a socket,
 * poll(2) and a deadline. And with that, one request and its reply.
 */
#include <errno.h>
#include <evtask/ctl.h>
#include <json-c/json.h>
#include <limits.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* What the callback leaves. */
struct answer {
	bool done;
	struct json_object *result;
	struct json_object *error;
};

static int64_t
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int64_t
deadline_after(int64_t timeout_us)
{
	int64_t now = now_us();

	return timeout_us > EVTASK_FOREVER - now ? EVTASK_FOREVER
	    : now + timeout_us;
}

static void
on_reply(struct json_object *result, struct json_object *error, void *arg)
{
	struct answer *answer = arg;

	answer->done = true;
	answer->result = json_object_get(result);
	answer->error = json_object_get(error);
}

/* What poll(2) waits, rounded up: not to be early. -1: for ever. */
static int
milliseconds_until(int64_t deadline_us)
{
	int64_t left_ms;

	if (deadline_us == EVTASK_FOREVER)
		return -1;
	left_ms = (deadline_us - now_us() + 999) / 1000;
	return left_ms < 0 ? 0 : left_ms > INT_MAX ? INT_MAX : (int)left_ms;
}

/* Waits for events on fd; returns those that came, -ETIMEDOUT, or -errno. */
static int
wait_for(int fd, short events, int64_t deadline_us)
{
	struct pollfd p = { .fd = fd, .events = events };
	int n, wait_ms;

	do {
		wait_ms = milliseconds_until(deadline_us);
		n = poll(&p, 1, wait_ms);
	} while ((n < 0 && errno == EINTR) || (n == 0 && wait_ms == INT_MAX));
	return n < 0 ? -errno : n == 0 ? -ETIMEDOUT : p.revents;
}

static int
send_some(int fd, struct evtask_ctl_client *client)
{
	const char *bytes;
	size_t size;
	ssize_t n;

	bytes = evtask_ctl_client_output(client, &size);
	n = send(fd, bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (n >= 0)
		evtask_ctl_client_sent(client, (size_t)n);
	else if (errno != EAGAIN && errno != EINTR)
		return errno == EPIPE ? -ECONNRESET : -errno;
	return 0;
}

/* Returns 1 when something has come. */
static int
receive_some(int fd, struct evtask_ctl_client *client)
{
	char buf[16384];
	ssize_t n;
	int r;

	n = recv(fd, buf, sizeof(buf), MSG_DONTWAIT);
	if (n > 0) {
		r = evtask_ctl_client_input(client, buf, (size_t)n);
		return r < 0 ? r : 1;
	}
	if (n == 0)
		return -ECONNRESET;
	return errno == EAGAIN || errno == EINTR ? 0 : -errno;
}

/* While there is something to send it also reads: a server that is not read
 * from may not read either. */
static int
carry(struct evtask_ctl_client *client, int fd, int64_t deadline_us)
{
	short events;
	size_t size;
	int r;

	do {
		events = evtask_ctl_client_output(client, &size) != NULL
		    ? POLLIN | POLLOUT : POLLIN;
		r = wait_for(fd, events, deadline_us);
		if (r < 0)
			return r;
		events = (short)r;
		r = events & POLLOUT ? send_some(fd, client) : 0;
		if (r == 0 && events & ~POLLOUT)
			r = receive_some(fd, client);
	} while (r == 0);
	return r < 0 ? r : 0;
}

int
evtask_ctl_carry(struct evtask_ctl_client *client, int fd, int64_t timeout_us)
{
	return carry(client, fd, deadline_after(timeout_us));
}

static int
exchange(int fd, struct evtask_ctl_client *client,
    const struct answer *answer, int64_t deadline_us)
{
	int r = 0;

	while (r == 0 && !answer->done)
		r = carry(client, fd, deadline_us);
	return answer->done ? 0 : r;
}

/* Gives the answer to the caller, who may not want an error. */
static int
hand_over(const struct answer *answer, struct json_object **ret_result,
    struct json_object **ret_error)
{
	if (answer->error == NULL) {
		*ret_result = answer->result;
		return 0;
	}
	if (ret_error != NULL)
		*ret_error = answer->error;
	else
		json_object_put(answer->error);
	return -EREMOTEIO;
}

static int
call_on(int fd, const char *method, struct json_object *params,
    int64_t deadline_us, struct answer *answer)
{
	struct evtask_ctl_client *client = evtask_ctl_client_new(NULL, NULL);
	int64_t id;
	int r;

	if (client == NULL) {
		json_object_put(params);
		return -ENOMEM;
	}
	id = evtask_ctl_client_request(client, method, params, on_reply,
	    answer);
	r = id < 0 ? (int)id : exchange(fd, client, answer, deadline_us);
	evtask_ctl_client_free(client);
	return r;
}

int
evtask_ctl_call(const char *path, const char *method,
    struct json_object *params, int64_t timeout_us,
    struct json_object **ret_result, struct json_object **ret_error)
{
	int64_t deadline_us = deadline_after(timeout_us);
	char found[EVTASK_CTL_PATH_SIZE];
	struct answer answer = {0};
	int fd, r;

	r = path == NULL ? evtask_ctl_socket_path(NULL, found, NULL) : 0;
	fd = r < 0 ? r : evtask_ctl_connect(path != NULL ? path : found);
	if (fd < 0) {
		json_object_put(params);
		return fd;
	}
	r = call_on(fd, method, params, deadline_us, &answer);
	close(fd);
	return r < 0 ? r : hand_over(&answer, ret_result, ret_error);
}
