/*
 * session_output.c - what a connection is yet to be told.
 *
 * All that is said to a client goes through one buffer and is written when the
 * session's turn ends, or when all that has happened is settled: many replies
 * leave in one call. What the socket does not take stays, and while that is
 * too much nothing is read: a client that does not read cannot make us owe it
 * more.
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
#include <sys/socket.h>
#include <sys/uio.h>
#include "console.h"
#include "session.h"
#include "settle.h"

#define PARTS 64        /* pieces of output in one call */

size_t
session_pending_bytes(const struct session *session)
{
	return evbuffer_get_length(session->output);
}

/* Sends it in time: at the end of the turn, which is ours or somebody's. */
static void
mark_dirty(struct session *session)
{
	struct evtask_console *console = session->console;

	if (session->inside > 0 || session->dirty ||
	    session->state == SESSION_CLOSED)
		return;
	session->dirty = true;
	TAILQ_INSERT_TAIL(&console->sessions.dirty, session, dirty_link);
	settle_soon(console);
}

/* What a line has come to: r, of writing it. */
static int
send_bytes(struct session *session, int r, const char *line, size_t size)
{
	if (r == 0 && size > EVTASK_CTL_REPLY_MAX)
		r = -E2BIG;
	if (r == -E2BIG)
		return r;
	if (r < 0 || evbuffer_add(session->output, line, size) < 0)
		session->broken = true;
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
	if (evbuffer_add_buffer(session->output, line) < 0)
		session->broken = true;
	mark_dirty(session);
}

/* sendmsg(2), for the SIGPIPE it keeps away. */
void
session_write(struct session *session)
{
	struct evbuffer_iovec parts[PARTS];
	struct msghdr message = { .msg_iov = (struct iovec *)parts };
	ssize_t sent;
	int n;

	while (session_pending_bytes(session) > 0) {
		n = evbuffer_peek(session->output, -1, NULL, parts, PARTS);
		message.msg_iovlen = (size_t)(n < PARTS ? n : PARTS);
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
	session_write(session);
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
