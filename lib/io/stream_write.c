/*
 * stream_write.c - writing a stream.
 *
 * One task writes at a time, straight from its own memory; others stand in
 * line behind it. What was left to the loop stands in `out`: whoever comes to
 * write sends it first, and when nobody does the loop sends it.
 */
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/stream.h"
#include "wait/line.h"

/* Why nothing can be sent any more; 0: it can. */
static int
status(const struct evtask_stream *s)
{
	return s->closing ? -ESHUTDOWN : s->write_error;
}

/* Nobody writes, nor stands in line to. */
static bool
idle(const struct evtask_stream *s)
{
	return s->writer == NULL && (list_empty(&s->writers) ||
	    !line_waits(&s->writers));
}

/* What the system takes now. 0: nothing, for now. */
static inline ssize_t
send_some(struct evtask_stream *s, const void *bytes, size_t size)
{
	ssize_t n;

	s->in_a_row++;
	do
		n = s->socket ? send(s->fd, bytes, size, MSG_NOSIGNAL) :
		    write(s->fd, bytes, size);
	while (n < 0 && errno == EINTR);
	if (n >= 0)
		return n;
	if (errno == EAGAIN)
		return 0;
	s->write_error = -errno;
	return s->write_error;
}

/* The same with what was left to the loop. How much of it is still there. */
static ssize_t
send_left(struct evtask_stream *s)
{
	ssize_t n = send_some(s, buffer_bytes(&s->out), buffer_size(&s->out));

	/* What cannot be sent is of no use to anybody. */
	buffer_drop(&s->out, n < 0 ? buffer_size(&s->out) : (size_t)n);
	return n < 0 ? n : (ssize_t)buffer_size(&s->out);
}

void
stream_flush(struct evtask_stream *s)
{
	if (buffer_empty(&s->out) || !idle(s))
		return;
	if (send_left(s) > 0)
		stream_watch_writable(s);
	else
		stream_sent(s);
}

/* Waits until more can be sent; or, when it can, for one turn. */
static int
wait_writable(struct evtask_stream *s, bool full, struct wait *wait)
{
	struct evtask_future ready;
	int r = full ? stream_watch_writable(s) : 0;

	if (r < 0)
		return r;
	future_init(&ready, s->loop, &future_plain);
	s->room = &ready;
	if (full) {
		resource_wait_begin(&s->resource, wait);
		r = task_park(&ready, wait);
		resource_wait_end(&s->resource, wait);
	} else {
		r = task_yield(0, wait->site);
	}
	s->room = NULL;
	s->in_a_row = 0;
	future_release(&ready);
	if (r < 0 && s->fd >= 0)
		event_del(&s->writable);
	return r;
}

/* Taking turns. */

static void
end_turn(struct evtask_stream *s)
{
	s->writer = NULL;
	if (line_give(&s->writers) || s->fd < 0)
		return;
	if (buffer_empty(&s->out))
		stream_sent(s);
	else
		stream_watch_writable(s);
}

/* Waits until nobody else writes, and nobody who came before. */
static int
take_turn(struct evtask_stream *s, struct wait *wait)
{
	bool given = false;
	int r = 0;

	if (!idle(s))
		r = stream_wait_in(s, &s->writers, wait, &given);
	if (r == 0)
		r = status(s);
	if (r == 0)
		s->writer = current.task;
	else if (given && s->writer == NULL)
		end_turn(s);
	return r;
}

/* In its turn: what was left to the loop, and then this. */
static int
send_all(struct evtask_stream *s, const char *bytes, size_t size,
    size_t *sent, struct wait *wait)
{
	int r = 0;

	if (s->in_a_row >= STREAM_IN_A_ROW)
		r = wait_writable(s, false, wait);
	while (r == 0 && (r = status(s)) == 0) {
		ssize_t n;

		if (!buffer_empty(&s->out)) {
			n = send_left(s);
			if (n > 0)
				r = wait_writable(s, true, wait);
			continue;
		}
		if (*sent == size)
			break;
		n = send_some(s, bytes + *sent, size - *sent);
		if (n < 0)
			continue;
		*sent += (size_t)n;
		if (*sent < size)
			r = wait_writable(s, true, wait);
	}
	return r;
}

static __attribute__((__noinline__)) int
write_in_turn(struct evtask_stream *s, const void *bytes, size_t size,
    size_t *sent, const char *op, const struct evtask_site *site)
{
	struct wait wait;
	int r;

	wait_init(&wait, op, "stream", site);
	wait.name = s->name;
	r = take_turn(s, &wait);
	if (r < 0)
		return r;
	r = send_all(s, bytes, size, sent, &wait);
	end_turn(s);
	return r;
}

/* Nothing is in the way: no other writer, nothing left, no error, and others
 * have had their turn. */
static inline bool
may_send(const struct evtask_stream *s)
{
	return idle(s) && buffer_empty(&s->out) && status(s) == 0 &&
	    s->in_a_row < STREAM_IN_A_ROW;
}

int
evtask_stream_write_at(struct evtask_stream *s, const void *bytes, size_t size,
    size_t *ret_written, const struct evtask_site *site)
{
	size_t sent = 0;
	int r = -EINVAL;

	if (s != NULL && current.task != NULL)
		r = s->finished ? -ESHUTDOWN : 0;
	/* Most of the time that is all. */
	if (r == 0 && size > 0 && may_send(s)) {
		ssize_t n = send_some(s, bytes, size);

		if (n < 0)
			r = (int)n;
		else
			sent = (size_t)n;
	}
	if (r == 0 && (sent < size || size == 0))
		r = write_in_turn(s, bytes, size, &sent, "stream.write",
		    site);
	if (ret_written != NULL)
		*ret_written = sent;
	return r;
}

int
evtask_stream_drain_at(struct evtask_stream *s, const struct evtask_site *site)
{
	size_t sent = 0;

	if (s == NULL || current.task == NULL)
		return -EINVAL;
	return write_in_turn(s, NULL, 0, &sent, "stream.drain", site);
}

int
evtask_stream_write_nowait(struct evtask_stream *s, const void *bytes,
    size_t size)
{
	bool first;
	ssize_t n = 0;
	int r;

	if (s == NULL || current.loop == NULL)
		return -EINVAL;
	r = s->finished ? -ESHUTDOWN : status(s);
	if (r < 0)
		return r;
	if (size > s->out_limit)
		return -EMSGSIZE;
	if (buffer_size(&s->out) > s->out_limit - size)
		return -EAGAIN;
	r = buffer_reserve(&s->out, size);
	if (r < 0)
		return r;
	first = buffer_empty(&s->out) && idle(s);
	if (first && size > 0)
		n = send_some(s, bytes, size);
	if (n < 0)
		return (int)n;
	buffer_append(&s->out, (const char *)bytes + n, size - (size_t)n);
	if (first && !buffer_empty(&s->out))
		return stream_watch_writable(s);
	return 0;
}

int
evtask_stream_write_eof(struct evtask_stream *s)
{
	if (s == NULL)
		return -EINVAL;
	if (!s->socket)
		return -ENOTSOCK;
	if (s->finished || s->closing)
		return -ESHUTDOWN;
	s->finished = true;
	if (buffer_empty(&s->out) && idle(s))
		stream_sent(s);
	return 0;
}
