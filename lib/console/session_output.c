/*
 * session_output.c - what a connection is yet to be told.
 *
 * All that is said to a client is written when all who were ready have had
 * their turn and all that has happened is settled: many replies leave in one
 * call. Up to then it stands in a buffer that all sessions share, each with a
 * piece of it; what there is no room for behind that piece, and what the socket
 * does not take, is in a buffer of the session's own. While that is too much
 * nothing is read: a client that does not read cannot make us owe it more.
 *
 * A little may be left unread for as long as the client likes: a pager that
 * shows a page holds back what follows a log, and does no harm, because events
 * are only made as far ahead as there is room. A client that leaves much
 * unread, which can only be answers to what it has asked, and takes nothing for
 * half a minute, is closed.
 */
#include <errno.h>
#include <event2/buffer.h>
#include <evtask/ctl_writer.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include "console.h"
#include "session.h"
#include "settle.h"

#define PARTS 64        /* pieces of output in one call */

size_t
session_pending_bytes(const struct session *session)
{
	return session->said_size + evbuffer_get_length(session->output);
}

void
session_flush_soon(struct session *session)
{
	struct sessions *sessions = &session->console->sessions;

	if (session->dirty || session->state == SESSION_CLOSED)
		return;
	if (TAILQ_EMPTY(&sessions->dirty)) {
		sessions->flush_us = sessions->frame_us + SESSION_BATCH_US;
		settle_soon(session->console);
	}
	session->dirty = true;
	TAILQ_INSERT_TAIL(&sessions->dirty, session, dirty_link);
}

void
session_unsay(struct session *session)
{
	struct sessions *sessions = &session->console->sessions;

	if (session->said_size == 0)
		return;
	session->said_size = 0;
	if (--sessions->saying == 0)
		sessions->said_size = 0;
}

/* In the buffer of all, where there is room behind what it has there. */
static bool
say(struct session *session, const char *bytes, size_t size)
{
	struct sessions *sessions = &session->console->sessions;
	char *end = sessions->said + sessions->said_size;

	if (size > SESSION_SAID_SIZE - sessions->said_size ||
	    evbuffer_get_length(session->output) > 0)
		return false;
	if (session->said_size == 0) {
		sessions->saying++;
		session->said = end;
	} else if (session->said + session->said_size != end) {
		return false;
	}
	memcpy(end, bytes, size);
	sessions->said_size += size;
	session->said_size += size;
	return true;
}

/* What it has there, but for what is sent, becomes its own. */
static void
keep_said(struct session *session, size_t sent)
{
	if (session->said_size > sent && evbuffer_add(session->output,
	    session->said + sent, session->said_size - sent) < 0)
		session->broken = true;
	session_unsay(session);
}

static void
keep(struct session *session, const char *bytes, size_t size)
{
	keep_said(session, 0);
	if (evbuffer_add(session->output, bytes, size) < 0)
		session->broken = true;
}

/* Whoever is inside flushes it in the end. */
static void
mark_dirty(struct session *session)
{
	if (session->inside == 0)
		session_flush_soon(session);
}

/* What a line has come to: r, of writing it. */
static int
send_bytes(struct session *session, int r, const char *line, size_t size)
{
	if (r == 0 && size > EVTASK_CTL_REPLY_MAX)
		r = -E2BIG;
	if (r == -E2BIG)
		return r;
	if (r < 0)
		session->broken = true;
	else if (session->state != SESSION_CLOSED &&
	    !say(session, line, size))
		keep(session, line, size);
	mark_dirty(session);
	return 0;
}

int
session_send(struct session *session, struct json_object *message)
{
	char *line = NULL;
	size_t size = 0;
	int r = message != NULL ? evtask_ctl_encode(message, &line, &size)
	    : -ENOMEM;

	json_object_put(message);
	r = send_bytes(session, r, line, size);
	free(line);
	return r;
}

int
session_send_result(struct session *session, struct json_object *id,
    struct json_object *result)
{
	const char *line;
	size_t size;
	int r = evtask_ctl_line_result(session->console->sessions.line, id,
	    result, &line, &size);

	return send_bytes(session, r, line, size);
}

int
session_notify(struct session *session, const char *method,
    struct json_object *params)
{
	const char *line = NULL;
	size_t size = 0;
	int r = params != NULL ? evtask_ctl_line_notification(
	    session->console->sessions.line, method, params, &line, &size)
	    : -ENOMEM;

	json_object_put(params);
	return send_bytes(session, r, line, size);
}

void
session_send_written(struct session *session)
{
	const char *line;
	size_t size;
	int r = evtask_ctl_write_get(session->console->writer, &line, &size);

	(void)send_bytes(session, r, line, size);
}

void
session_send_line(struct session *session, struct evbuffer *line)
{
	keep_said(session, 0);
	if (evbuffer_add_buffer(session->output, line) < 0)
		session->broken = true;
	mark_dirty(session);
}

/* So much, and what stands in one piece with it. Not write(2), for the SIGPIPE
 * that these keep away. */
static ssize_t
send_some(const struct session *session, size_t size)
{
	static const int flags = MSG_NOSIGNAL | MSG_DONTWAIT;
	struct evbuffer_iovec parts[PARTS];
	struct msghdr message = { .msg_iov = (struct iovec *)parts };
	int n;

	if (session->said_size > 0)
		return send(session->fd, session->said, session->said_size,
		    flags);
	n = evbuffer_peek(session->output, (ev_ssize_t)size, NULL, parts,
	    PARTS);
	message.msg_iovlen = (size_t)(n < PARTS ? n : PARTS);
	return sendmsg(session->fd, &message, flags);
}

static void
drop_sent(struct session *session, size_t sent)
{
	if (session->said_size > 0)
		keep_said(session, sent);
	else
		evbuffer_drain(session->output, sent);
	if (session->progress_us >= 0) /* it is watched */
		session->progress_us = console_now_us(session->console);
}

void
session_write(struct session *session, size_t most)
{
	ssize_t sent;

	while (session_pending_bytes(session) > 0 && most > 0) {
		sent = send_some(session, most);
		if (sent >= 0) {
			drop_sent(session, (size_t)sent);
			most -= (size_t)sent < most ? (size_t)sent : most;
		} else if (errno != EINTR) {
			if (errno != EAGAIN && errno != ENOBUFS &&
			    errno != ENOMEM)
				session->broken = true;
			break;
		}
	}
	keep_said(session, 0);
}

void
session_drop_stall(struct session *session)
{
	if (session->stall == NULL)
		return;
	evtask_handle_cancel(session->stall);
	evtask_handle_unref(session->stall);
	session->stall = NULL;
}

static bool
is_over(const struct session *session)
{
	return session_pending_bytes(session) > SESSION_UNREAD_MAX;
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

	session_drop_stall(session);
	session_write(session, SESSION_WRITE_MAX);
	stalled_us = console_now_us(session->console) - session->progress_us;
	if (is_over(session) && stalled_us >= SESSION_STALL_US) {
		session->console->sessions.stalled++;
		session_close(session);
	} else {
		session_flush(session);
	}
}

void
session_watch_stall(struct session *session)
{
	if (!is_over(session)) {
		session_drop_stall(session);
		session->progress_us = -1;
		return;
	}
	if (session->progress_us < 0)
		session->progress_us = console_now_us(session->console);
	if (session->stall == NULL && evtask_call_at(session->console->loop,
	    session->progress_us + SESSION_STALL_US, on_stall, session,
	    &session->stall) < 0)
		session->broken = true;
}
