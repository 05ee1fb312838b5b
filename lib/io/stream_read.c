/*
 * stream_read.c - reading a stream.
 *
 * What has come and was not asked for stands in `in`, and is taken first; else
 * the caller's memory is read into directly. Searching for a separator reads
 * into `in`, so that a wait that is cancelled loses nothing.
 *
 * The system is asked first, and waited for when it has nothing. A read that
 * brought less than it had room for has emptied the descriptor: the next
 * waits at once, without asking.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "io/stream.h"

enum { LEAST_READ = 4096 };

/* Waits until something can be read; or for one turn, if this stream has kept
 * others from theirs. */
static int
wait_readable(struct evtask_stream *s, const char *op,
    const struct evtask_site *site)
{
	int r;

	if (!s->watched && event_add(&s->readable, NULL) < 0)
		return -ENOMEM;
	s->watched = true;
	s->wait.op = op;
	s->wait.site = site;
	s->reader = current.task;
	if (s->drained) {
		resource_wait_begin(&s->resource, &s->wait);
		r = task_park(&s->come, &s->wait);
		resource_wait_end(&s->resource, &s->wait);
	} else {
		r = task_yield(0, site);
	}
	s->reader = NULL;
	s->in_a_row = 0;
	/* Pending again, for the next time. It never has a value. */
	if (s->come.state == FUTURE_CANCELLED) {
		future_release(&s->come);
		s->come.error = NULL;
	}
	s->come.state = FUTURE_PENDING;
	return r;
}

/* Some bytes from the system, waiting for the first; 0 at the end. */
static ssize_t
receive(struct evtask_stream *s, void *buf, size_t size, const char *op,
    const struct evtask_site *site)
{
	ssize_t n;
	int r;

	while (!s->closing && !s->ended && s->read_error == 0) {
		if (s->drained || s->in_a_row >= STREAM_IN_A_ROW) {
			r = wait_readable(s, op, site);
			if (r < 0)
				return r;
			continue;	/* it may have been closed meanwhile */
		}
		n = read(s->fd, buf, size);
		s->in_a_row++;
		if (n > 0) {
			s->drained = (size_t)n < size && !s->hung_up;
			return n;
		}
		if (n == 0)
			s->ended = true;
		else if (errno == EAGAIN)
			s->drained = true;	/* even behind a hang-up */
		else if (errno != EINTR)
			s->read_error = -errno;
	}
	return s->closing || s->ended ? 0 : s->read_error;
}

/* Whether this task may read now. What was lent ends here. */
static int
begin(struct evtask_stream *s)
{
	if (s == NULL || current.task == NULL)
		return -EINVAL;
	if (s->reader != NULL)
		return -EBUSY;
	if (s->cut != NULL) {
		*s->cut = s->hidden;
		s->cut = NULL;
	}
	return 0;
}

ssize_t
evtask_stream_read_at(struct evtask_stream *s, void *buf, size_t size,
    const struct evtask_site *site)
{
	int r = begin(s);

	if (r < 0 || size == 0)
		return r;
	if (!buffer_empty(&s->in))
		return (ssize_t)buffer_take(&s->in, buf, size);
	return receive(s, buf, size, "stream.read", site);
}

int
evtask_stream_read_exactly_at(struct evtask_stream *s, void *buf, size_t size,
    size_t *ret_read, const struct evtask_site *site)
{
	size_t total = 0;
	ssize_t n = 0;
	int r = begin(s);

	if (r == 0)
		total = buffer_take(&s->in, buf, size);
	while (r == 0 && total < size) {
		n = receive(s, (char *)buf + total, size - total,
		    "stream.read_exactly", site);
		if (n > 0)
			total += (size_t)n;
		else
			r = n < 0 ? (int)n : -ENODATA;
	}
	if (ret_read != NULL)
		*ret_read = total;
	return r;
}

/* Searching. */

/* More into `in`. How many bytes; 0: the end; -EMSGSIZE: it is full. */
static ssize_t
fill(struct evtask_stream *s, const char *op, const struct evtask_site *site)
{
	size_t size = buffer_size(&s->in), room;
	ssize_t n;

	if (size >= s->in_limit)
		return -EMSGSIZE;
	room = s->in_limit - size;
	/* One byte more, for the NUL. */
	if (buffer_reserve(&s->in, 1 +
	    (room < LEAST_READ ? room : LEAST_READ)) < 0)
		return -ENOMEM;
	if (room > s->in.capacity - s->in.end - 1)
		room = s->in.capacity - s->in.end - 1;
	n = receive(s, s->in.data + s->in.end, room, op, site);
	if (n > 0)
		s->in.end += (size_t)n;
	return n;
}

/*
 * Reads until the separator is in `in`. Returns the bytes up to its end. What
 * was searched once is not searched again, but for a beginning of it.
 */
static ssize_t
search(struct evtask_stream *s, const void *separator, size_t size,
    const char *op, const struct evtask_site *site)
{
	size_t searched = 0;

	for (;;) {
		const char *bytes = buffer_bytes(&s->in), *found = NULL;
		size_t there = buffer_size(&s->in);
		ssize_t n;

		if (there > searched)
			found = memmem(bytes + searched, there - searched,
			    separator, size);
		if (found != NULL) {
			n = found + size - bytes;
			return (size_t)n <= s->in_limit ? n : -EMSGSIZE;
		}
		if (there >= size)
			searched = there - size + 1;
		n = fill(s, op, site);
		if (n <= 0)
			return n < 0 ? n : -ENODATA;
	}
}

/* Lends n bytes of `in`, as a string. */
static const char *
lend(struct evtask_stream *s, size_t n)
{
	const char *bytes = buffer_bytes(&s->in);

	s->cut = s->in.data + s->in.start + n;
	s->hidden = *s->cut;
	*s->cut = '\0';
	/* Not buffer_drop(), which could begin anew at the front. */
	s->in.start += n;
	return bytes;
}

ssize_t
evtask_stream_read_until_at(struct evtask_stream *s, const void *separator,
    size_t size, const char **ret_bytes, const struct evtask_site *site)
{
	ssize_t n = begin(s);

	if (n < 0)
		return n;
	if (separator == NULL || size == 0 || ret_bytes == NULL)
		return -EINVAL;
	n = search(s, separator, size, "stream.read_until", site);
	if (n > 0)
		*ret_bytes = lend(s, (size_t)n);
	return n;
}

ssize_t
evtask_stream_readline_at(struct evtask_stream *s, const char **ret_line,
    const struct evtask_site *site)
{
	ssize_t n = begin(s);

	if (n < 0)
		return n;
	if (ret_line == NULL)
		return -EINVAL;
	n = search(s, "\n", 1, "stream.readline", site);
	if (n == -ENODATA)
		n = (ssize_t)buffer_size(&s->in);	/* the last */
	if (n > 0)
		*ret_line = lend(s, (size_t)n);
	return n;
}

bool
evtask_stream_at_eof(const struct evtask_stream *s)
{
	return buffer_empty(&s->in) && (s->ended || s->closing);
}
