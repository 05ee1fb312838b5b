/*
 * session.c - a connection: bytes in, requests; replies and events, bytes out.
 *
 * A session never waits. It reads when there is something, handles at most so
 * many frames or so long a turn, so that one client with a thousand requests
 * in a write takes turns with the rest, and writes all that came of it in one
 * call. That is when all who were ready have had their turn, though never much
 * later than the first of them: whoever reads the answers of many clients is
 * then woken once, and not by each. What was read is in a buffer that all
 * sessions share; only what one leaves over at the end of its turn becomes its
 * own.
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
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "console.h"
#include "dispatch.h"
#include "feed.h"
#include "request.h"
#include "subscription.h"

static void on_read(evutil_socket_t fd, short what, void *arg);
static void on_write(evutil_socket_t fd, short what, void *arg);
static void on_again(evutil_socket_t fd, short what, void *arg);

/* Whoever takes a while sends the answers first that are to be sent. */
static void
on_feed(evutil_socket_t fd, short what, void *arg)
{
	sessions_flush(arg);
	feed_next(arg);
}

int
sessions_init(struct sessions *sessions, struct event_base *base)
{
	TAILQ_INIT(&sessions->list);
	TAILQ_INIT(&sessions->subscribers);
	TAILQ_INIT(&sessions->dirty);
	TAILQ_INIT(&sessions->starved);
	sessions->turn_us = SESSION_TURN_US;
	sessions->feed_most_us = SESSION_FEED_US;
	sessions->feed = event_new(base, -1, 0, on_feed, sessions);
	sessions->input = malloc(SESSION_READ_SIZE);
	sessions->said = malloc(SESSION_SAID_SIZE);
	sessions->line = evtask_ctl_line_new();
	return sessions->input != NULL && sessions->said != NULL &&
	    sessions->line != NULL && sessions->feed != NULL ? 0 : -ENOMEM;
}

void
sessions_release(struct sessions *sessions)
{
	if (sessions->feed != NULL)
		event_free(sessions->feed);
	sessions->feed = NULL;
	free(sessions->input);
	free(sessions->said);
	evtask_ctl_line_free(sessions->line);
	sessions->input = sessions->said = NULL;
	sessions->line = NULL;
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
	free(session->kept);
	free(session);
}

/* Whoever calls into a session enters first and leaves last. */
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

/* Adds an event, or takes it out; does nothing when that is how it is. */
static void
listen_to(struct session *session, struct event *event, bool *listening,
    bool wanted)
{
	if (*listening == wanted)
		return;
	*listening = wanted;
	if (!wanted)
		event_del(event);
	else if (event_add(event, NULL) < 0)
		session->broken = true;
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
	session->output = evbuffer_new();
	session->read = event_new(console->base, fd, EV_READ | EV_PERSIST,
	    on_read, session);
	session->write = event_new(console->base, fd, EV_WRITE | EV_PERSIST,
	    on_write, session);
	session->again = event_new(console->base, -1, 0, on_again, session);
	if (session->frame == NULL || session->output == NULL ||
	    session->read == NULL || session->write == NULL ||
	    session->again == NULL || event_add(session->read, NULL) < 0) {
		session_free(session);
		return -ENOMEM;
	}
	session->reading = true;
	session->fd = fd;
	session->id = ++console->sessions.last_id;
	session->connected_us = console_now_us(console);
	TAILQ_INIT(&session->requests);
	TAILQ_INIT(&session->subscriptions);
	LIST_INIT(&session->bound);
	LIST_INIT(&session->loose);
	TAILQ_INSERT_TAIL(&console->sessions.list, session, link);
	console->sessions.count++;
	console->metrics.clients++;
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
	struct slice *slice;

	if (session->state == SESSION_CLOSED)
		return;
	enter(session);
	session->state = SESSION_CLOSED;
	TAILQ_REMOVE(&console->sessions.list, session, link);
	if (session->dirty)
		TAILQ_REMOVE(&console->sessions.dirty, session, dirty_link);
	if (session->starved)
		TAILQ_REMOVE(&console->sessions.starved, session,
		    starved_link);
	session->dirty = session->starved = false;
	console->sessions.count--;
	session_unsay(session);
	slice_free(session->slice);
	while ((slice = LIST_FIRST(&session->loose)) != NULL)
		slice_free(slice);
	request_free_all(session);
	subscription_free_all(session);
	cancel_bound(session);
	session_drop_stall(session);
	event_del(session->read);
	event_del(session->write);
	event_del(session->again);
	close(session->fd);
	listener_resume(&console->listener);
	listener_resume(&console->viewers);
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
 * The only place that decides what the session listens to, at the end of every
 * call into it. An edge-triggered write event is taken out first: it would not
 * come again.
 */
static void
watch(struct session *session, bool more)
{
	size_t pending = session_pending_bytes(session);

	if (pending > SESSION_OUTPUT_HIGH)
		session->paused = true;
	else if (pending < SESSION_OUTPUT_LOW)
		session->paused = false;
	if (session->state == SESSION_ENDED)
		listen_to(session, session->write, &session->writing, false);
	listen_to(session, session->read, &session->reading,
	    wants_input(session));
	listen_to(session, session->write, &session->writing,
	    pending > 0 || more);
}

/* Nothing more comes of it: the peer's half of the goodbye is answered. */
static bool
is_finished(const struct session *session)
{
	return session->state == SESSION_ENDED &&
	    !has_input(session) && session->slice == NULL &&
	    LIST_EMPTY(&session->loose) && TAILQ_EMPTY(&session->requests) &&
	    TAILQ_EMPTY(&session->subscriptions) &&
	    session_pending_bytes(session) == 0;
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

/* A reader that keeps up gets events as long as the socket takes them, or all
 * have had their share of this turn: when there are more, the next turn comes
 * as soon as it can be written to. */
void
session_flush(struct session *session)
{
	bool more;

	if (session->dirty)
		TAILQ_REMOVE(&session->console->sessions.dirty, session,
		    dirty_link);
	session->dirty = false;
	if (session->state == SESSION_CLOSED)
		return;
	enter(session);
	do {
		more = feed_session(session);
		session_write(session, SESSION_WRITE_MAX);
	} while (more && !session->broken &&
	    session_pending_bytes(session) == 0);
	session_watch_stall(session);
	if (!session->broken && !is_finished(session)) {
		watch(session, more);
		go_on(session);
	}
	if (session->broken || is_finished(session))
		session_close(session);
	leave(session);
}

void
sessions_flush(struct sessions *sessions)
{
	struct session *session;

	while ((session = TAILQ_FIRST(&sessions->dirty)) != NULL)
		session_flush(session);
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
	listen_to(session, session->read, &session->reading, false);
	listen_to(session, session->write, &session->writing, false);
	event_assign(session->read, base, session->fd,
	    EV_READ | EV_PERSIST | EV_ET, on_read, session);
	event_assign(session->write, base, session->fd,
	    EV_WRITE | EV_PERSIST | EV_ET, on_write, session);
	r = evtask_ctl_frame_end(session->frame, &line, &size);
	if (r != 0 && !peer_is_gone(session))
		dispatch(session, r, line, size);
}

/* What was kept is handled: its memory goes. */
static void
drop_kept(struct session *session)
{
	if (has_input(session))
		return;
	free(session->kept);
	session->kept = NULL;
}

/* The shared buffer is somebody else's next: what is left in it is kept. */
static void
keep_input(struct session *session)
{
	drop_kept(session);
	if (!has_input(session) || session->kept != NULL)
		return;
	session->kept = malloc(session->input_size);
	if (session->kept == NULL) {
		session->input_size = 0;
		session->broken = true;
		return;
	}
	memcpy(session->kept, session->input_at, session->input_size);
	session->input_at = session->kept;
}

/* More bytes: 1; none now: 0, and the session may have ended or be closed. One
 * that got less than it asked for has got all there was. */
static int
read_more(struct session *session)
{
	char *input = session->console->sessions.input;
	ssize_t n;

	if (session->state != SESSION_OPEN || session->drained ||
	    !may_serve(session))
		return 0;
	drop_kept(session);
	do
		n = recv(session->fd, input, SESSION_READ_SIZE, 0);
	while (n < 0 && errno == EINTR);
	session->drained = n < SESSION_READ_SIZE;
	if (n > 0) {
		session->input_at = input;
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
	struct sessions *sessions = &session->console->sessions;
	int64_t until_us;
	const char *line;
	size_t size;
	int r, n = 0;

	sessions->frame_us = clock_us();
	until_us = sessions->frame_us + sessions->turn_us;
	session->drained = false;
	while (n < SESSION_TURN_FRAMES && may_serve(session) &&
	    session->state != SESSION_CLOSED &&
	    sessions->frame_us <= until_us) {
		if (!has_input(session) && read_more(session) == 0)
			break;
		r = evtask_ctl_frame_next(session->frame, &session->input_at,
		    &session->input_size, &line, &size);
		if (r == 0)
			continue;
		dispatch(session, r, line, size);
		n++;
	}
	keep_input(session);
}

static void
turn(struct session *session)
{
	struct sessions *sessions = &session->console->sessions;

	enter(session);
	handle_frames(session);
	if (session->state == SESSION_ENDED && peer_is_gone(session))
		session_close(session);
	session_flush_soon(session);
	leave(session);
	if (sessions->frame_us > sessions->flush_us)
		sessions_flush(sessions);
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
	struct session *session = arg;
	bool among_them = session->dirty;

	enter(session);
	sessions_flush(&session->console->sessions);
	if (!among_them)
		session_flush(session);
	leave(session);
}

void
session_shut_down(struct session *session)
{
	enter(session);
	request_end_all(session, "ShuttingDown");
	subscription_end_all(session, "shutdown");
	if (session->state != SESSION_CLOSED)
		session_write(session, SIZE_MAX);
	session_close(session);
	leave(session);
}
