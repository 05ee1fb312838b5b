/*
 * session.c - a connection: bytes in, requests; replies and events, bytes out.
 *
 * A session never waits. It reads when there is something, handles at most so
 * many frames or so long a turn, so that one client with a thousand requests
 * in a write takes turns with the rest, and writes as much as the socket
 * takes. What the socket does not take is kept, and while that is too much
 * nothing is read: a client that does not read cannot make us owe it more.
 *
 * End of input is a half-close: `echo REQUEST | nc -UN SOCKET` wants its
 * answer, however late. So the session stays until all is answered, every
 * subscription has ended and all is flushed. Whether the peer has only stopped
 * to send or is gone altogether, poll(2) knows; and the read event, now
 * edge-triggered, tells when the one becomes the other.
 *
 * Closing may be asked for anywhere, also from inside a handler; the memory
 * goes when the outermost call into the session returns.
 */
#include "session.h"
#include <errno.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <evtask/ctl_value.h>
#include <json-c/json.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>
#include "console.h"
#include "dispatch.h"
#include "request.h"
#include "subscription.h"

static void on_read(evutil_socket_t fd, short what, void *arg);
static void on_write(evutil_socket_t fd, short what, void *arg);
static void on_again(evutil_socket_t fd, short what, void *arg);

size_t
session_pending_bytes(const struct session *session)
{
	return evbuffer_get_length(session->output);
}

static void
drop_stall(struct session *session)
{
	if (session->stall == NULL)
		return;
	evtask_handle_cancel(session->stall);
	evtask_handle_unref(session->stall);
	session->stall = NULL;
}

/* Something read waits for its turn. */
static bool
has_input(const struct session *session)
{
	return session->input_size > 0;
}

static void
session_free(struct session *session)
{
	if (session->read != NULL)
		event_free(session->read);
	if (session->write != NULL)
		event_free(session->write);
	if (session->again != NULL)
		event_free(session->again);
	if (session->output != NULL)
		evbuffer_free(session->output);
	evtask_ctl_frame_free(session->frame);
	client_release(&session->client);
	free(session->input);
	free(session);
}

/* Whoever calls into the session enters first and leaves last. */
static void
enter(struct session *session)
{
	session->inside++;
}

static void
leave(struct session *session)
{
	if (--session->inside == 0 && session->state == SESSION_CLOSED)
		session_free(session);
}

int
session_new(struct evtask_console *console, int fd,
    enum evtask_ctl_role role, struct client client)
{
	struct session *session = calloc(1, sizeof(*session));

	if (session == NULL)
		return -ENOMEM;
	session->console = console;
	session->role = role;
	session->client = client;
	session->frame = evtask_ctl_frame_new(EVTASK_CTL_FRAME_MAX);
	session->input = malloc(SESSION_READ_SIZE);
	session->output = evbuffer_new();
	session->read = event_new(console->base, fd, EV_READ | EV_PERSIST,
	    on_read, session);
	session->write = event_new(console->base, fd, EV_WRITE | EV_PERSIST,
	    on_write, session);
	session->again = event_new(console->base, -1, 0, on_again, session);
	if (session->frame == NULL || session->input == NULL ||
	    session->output == NULL || session->read == NULL ||
	    session->write == NULL || session->again == NULL ||
	    event_add(session->read, NULL) < 0) {
		session_free(session);
		return -ENOMEM;
	}
	session->fd = fd;
	session->id = ++console->sessions.last_id;
	session->connected_us = console_now_us(console);
	console->metrics.clients++;
	TAILQ_INIT(&session->requests);
	TAILQ_INIT(&session->subscriptions);
	LIST_INIT(&session->bound);
	TAILQ_INSERT_TAIL(&console->sessions.list, session, link);
	console->sessions.count++;
	return 0;
}

static void
cancel_bound(struct session *session)
{
	struct evtask_origin origin = { EVTASK_ORIGIN_CLIENT, session->id };
	struct record *record;

	session->console->acting = &session->client;
	while ((record = LIST_FIRST(&session->bound)) != NULL) {
		LIST_REMOVE(record, bound_link);
		record->bound = NULL;
		evtask_cancel_by(record->task,
		    "the connection it was bound to is closed", &origin, NULL);
	}
	session->console->acting = NULL;
}

void
session_close(struct session *session)
{
	struct evtask_console *console = session->console;

	if (session->state == SESSION_CLOSED)
		return;
	enter(session);
	session->state = SESSION_CLOSED;
	TAILQ_REMOVE(&console->sessions.list, session, link);
	console->sessions.count--;
	slice_free(session->slice);
	request_free_all(session);
	subscription_free_all(session);
	cancel_bound(session);
	drop_stall(session);
	event_del(session->read);
	event_del(session->write);
	event_del(session->again);
	close(session->fd);
	listener_resume(&console->listener);
	leave(session);
}

/* Whether another request may be begun: its answer is to be the next. */
static bool
may_serve(const struct session *session)
{
	return !session->paused && session->slice == NULL;
}

/* Whether it is worth looking: for requests, or whether the peer is gone. */
static bool
wants_input(const struct session *session)
{
	if (session->state == SESSION_ENDED)
		return (event_base_get_features(session->console->base) &
		    EV_FEATURE_ET) != 0;
	return may_serve(session) && !has_input(session);
}

/*
 * The only place that decides what the session listens to. The write event is
 * taken out first, because edge-triggered it would not come again.
 */
static void
watch(struct session *session)
{
	size_t pending = session_pending_bytes(session);

	if (pending > SESSION_OUTPUT_HIGH)
		session->paused = true;
	else if (pending < SESSION_OUTPUT_LOW)
		session->paused = false;
	event_del(session->write);
	if (!wants_input(session))
		event_del(session->read);
	else if (event_add(session->read, NULL) < 0)
		session->broken = true;
	if (pending > 0 && event_add(session->write, NULL) < 0)
		session->broken = true;
	if (session->broken)
		event_active(session->write, EV_WRITE, 0); /* it closes */
}

/* Nothing more comes of it: the peer's half of the goodbye is answered. */
static bool
is_finished(const struct session *session)
{
	return session->state == SESSION_ENDED && !has_input(session) &&
	    session->slice == NULL &&
	    TAILQ_EMPTY(&session->requests) &&
	    TAILQ_EMPTY(&session->subscriptions) &&
	    session_pending_bytes(session) == 0;
}

/* Writes what the socket takes. sendmsg(2), for the SIGPIPE it keeps away. */
static void
flush(struct session *session)
{
	struct evbuffer_iovec parts[16];
	struct msghdr message = { .msg_iov = (struct iovec *)parts };
	ssize_t sent;
	int n;

	while (session_pending_bytes(session) > 0) {
		n = evbuffer_peek(session->output, -1, NULL, parts, 16);
		message.msg_iovlen = (size_t)(n < 16 ? n : 16);
		sent = sendmsg(session->fd, &message,
		    MSG_NOSIGNAL | MSG_DONTWAIT);
		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0 && (errno == EAGAIN || errno == ENOBUFS ||
		    errno == ENOMEM))
			return;
		if (sent < 0) {
			session->broken = true;
			return;
		}
		evbuffer_drain(session->output, (size_t)sent);
		session->progress_us = console_now_us(session->console);
	}
}

static void
free_line(const void *line, size_t size, void *arg)
{
	free(arg);
}

int
session_send(struct session *session, struct json_object *message)
{
	char *line;
	size_t size;
	int r = message != NULL ? evtask_ctl_encode(message, &line, &size)
	    : -ENOMEM;

	json_object_put(message);
	if (r == 0 && size > EVTASK_CTL_REPLY_MAX) {
		free(line);
		r = -E2BIG;
	}
	if (r == 0 && session_pending_bytes(session) == 0)
		session->progress_us = console_now_us(session->console);
	if (r == 0 && evbuffer_add_reference(session->output, line, size,
	    free_line, line) < 0) {
		free(line);
		r = -ENOMEM;
	}
	if (r == -E2BIG || session->state == SESSION_CLOSED)
		return r;
	if (r < 0)
		session->broken = true;
	watch(session);
	return 0;
}

void
session_send_line(struct session *session, struct evbuffer *line)
{
	if (session_pending_bytes(session) == 0)
		session->progress_us = console_now_us(session->console);
	if (evbuffer_add_buffer(session->output, line) < 0)
		session->broken = true;
	if (session->state != SESSION_CLOSED)
		watch(session);
}

/*
 * A socket counts as writable when most of it is free, so a slow reader is
 * noticed by trying to write.
 */
static void
on_stall(void *arg)
{
	struct session *session = arg;
	int64_t stalled_us;

	drop_stall(session);
	flush(session);
	stalled_us = console_now_us(session->console) - session->progress_us;
	if (session_pending_bytes(session) > 0 &&
	    stalled_us >= SESSION_STALL_US) {
		session->console->sessions.stalled++;
		session_close(session);
	} else {
		session_flush(session);
	}
}

/* While there is output the peer has to take some of it. */
static void
watch_stall(struct session *session)
{
	if (session_pending_bytes(session) == 0)
		drop_stall(session);
	else if (session->stall == NULL && evtask_call_at(
	    session->console->loop, session->progress_us + SESSION_STALL_US,
	    on_stall, session, &session->stall) < 0)
		session->broken = true;
}

/* What was read and not handled goes on in the next turn. */
static void
go_on(struct session *session)
{
	static const struct timeval now;

	if (has_input(session) && may_serve(session) &&
	    event_add(session->again, &now) < 0)
		session->broken = true;
}

/* Events are made after writing, and written in the next turn: so a reader
 * that keeps up gets its share a turn and no more. */
void
session_flush(struct session *session)
{
	if (session->state == SESSION_CLOSED)
		return;
	enter(session);
	flush(session);
	subscription_pump(session);
	watch_stall(session);
	if (session->broken || is_finished(session)) {
		session_close(session);
	} else {
		watch(session);
		go_on(session);
	}
	leave(session);
}

static bool
peer_is_gone(const struct session *session)
{
	struct pollfd p = { .fd = session->fd };

	return poll(&p, 1, 0) > 0 && (p.revents & (POLLHUP | POLLERR)) != 0;
}

/*
 * The input has ended. Level-triggered, the read event would now come for
 * ever; edge-triggered it comes once more, when the peer is gone. Both events
 * of a descriptor must be of one kind.
 */
static void
end_input(struct session *session)
{
	struct event_base *base = session->console->base;
	const char *line;
	size_t size;
	int r;

	session->state = SESSION_ENDED;
	event_del(session->read);
	event_del(session->write);
	event_assign(session->read, base, session->fd,
	    EV_READ | EV_PERSIST | EV_ET, on_read, session);
	event_assign(session->write, base, session->fd,
	    EV_WRITE | EV_PERSIST | EV_ET, on_write, session);
	r = evtask_ctl_frame_end(session->frame, &line, &size);
	if (r != 0 && !peer_is_gone(session))
		dispatch(session, r, line, size);
}

/* More bytes: 1; none now: 0, and the session may have ended or be closed. */
static int
read_more(struct session *session)
{
	ssize_t n;

	if (session->state != SESSION_OPEN || session->paused)
		return 0;
	do
		n = read(session->fd, session->input, SESSION_READ_SIZE);
	while (n < 0 && errno == EINTR);
	if (n > 0) {
		session->input_at = session->input;
		session->input_size = (size_t)n;
		return 1;
	}
	if (n == 0)
		end_input(session);
	else if (errno != EAGAIN)
		session->broken = true;
	return 0;
}

/* Handles frames until there are none, or it is somebody else's turn. */
static void
handle_frames(struct session *session)
{
	int64_t until = clock_us() + SESSION_TURN_US;
	const char *line;
	size_t size;
	int r, n = 0;

	while (n < SESSION_TURN_FRAMES && may_serve(session) &&
	    session->state != SESSION_CLOSED && clock_us() <= until) {
		if (!has_input(session) && read_more(session) == 0)
			return;
		r = evtask_ctl_frame_next(session->frame, &session->input_at,
		    &session->input_size, &line, &size);
		if (r == 0)
			continue;
		dispatch(session, r, line, size);
		n++;
	}
}

static void
turn(struct session *session)
{
	enter(session);
	handle_frames(session);
	if (session->state == SESSION_ENDED && peer_is_gone(session))
		session_close(session);
	session_flush(session);
	leave(session);
}

static void
on_again(evutil_socket_t fd, short what, void *arg)
{
	turn(arg);
}

static void
on_read(evutil_socket_t fd, short what, void *arg)
{
	turn(arg);
}

static void
on_write(evutil_socket_t fd, short what, void *arg)
{
	session_flush(arg);
}

void
session_shut_down(struct session *session)
{
	enter(session);
	request_end_all(session, "ShuttingDown");
	subscription_end_all(session, "shutdown");
	if (session->state != SESSION_CLOSED)
		flush(session);
	session_close(session);
	leave(session);
}
