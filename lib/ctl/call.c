/*
 * call.c - one request and its reply, blocking.
 *
 * The client of client.c with the simplest I/O there is: a socket, poll(2) and
 * a deadline.
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

/* Waits for events on fd: 0, -ETIMEDOUT, or what poll says. */
static int
wait_for(int fd, short events, int64_t deadline_us)
{
	struct pollfd p = { .fd = fd, .events = events };
	int64_t left_ms = -1; /* for ever */
	int n;

	do {
		if (deadline_us != EVTASK_FOREVER) {
			left_ms = (deadline_us - now_us() + 999) / 1000;
			if (left_ms < 0)
				left_ms = 0;
			else if (left_ms > INT_MAX)
				left_ms = INT_MAX;
		}
		n = poll(&p, 1, (int)left_ms);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	return n == 0 && left_ms < INT_MAX ? -ETIMEDOUT : 0;
}

static int
send_some(int fd, struct evtask_ctl_client *client)
{
	const char *bytes;
	size_t size;
	ssize_t n;

	bytes = evtask_ctl_client_output(client, &size);
	n = send(fd, bytes, size, MSG_NOSIGNAL);
	if (n >= 0)
		evtask_ctl_client_sent(client, (size_t)n);
	else if (errno != EAGAIN && errno != EINTR)
		return errno == EPIPE ? -ECONNRESET : -errno;
	return 0;
}

static int
receive_some(int fd, struct evtask_ctl_client *client)
{
	char buf[16384];
	ssize_t n;

	n = recv(fd, buf, sizeof(buf), 0);
	if (n > 0)
		return evtask_ctl_client_input(client, buf, (size_t)n);
	if (n == 0)
		return -ECONNRESET;
	return errno == EAGAIN || errno == EINTR ? 0 : -errno;
}

static int
exchange(int fd, struct evtask_ctl_client *client,
    const struct answer *answer, int64_t deadline_us)
{
	size_t size;
	bool sending;
	int r = 0;

	while (r == 0 && !answer->done) {
		sending = evtask_ctl_client_output(client, &size) != NULL;
		r = wait_for(fd, sending ? POLLOUT : POLLIN, deadline_us);
		if (r == 0)
			r = sending ? send_some(fd, client)
			    : receive_some(fd, client);
	}
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
