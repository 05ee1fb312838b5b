/*
 * stream.c - streams: opening, closing, and being told.
 *
 * An open stream is watched for reading all along, by one persistent event,
 * edge triggered, so that a task that waits asks the system for nothing. What
 * edges hide is heard otherwise: see streams.c. A base that knows no edges
 * tells as long as there are bytes; if it does and nobody waits, the event is
 * taken out of the base until somebody does.
 *
 * For writing the stream is watched when the system has taken less than it
 * was given, and only until it takes more.
 *
 *	open --close--> closing --all sent--> closed
 *	    `-----------abort---------------'
 *
 * Until it is closed a stream is a resource of its loop, with two sides. What
 * is waited for is not the resource, though: no task must act for it to come.
 */
#include "io/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/streams.h"
#include "wait/line.h"

static void
on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct evtask_stream *s = arg;

	(void)fd, (void)what;
	s->drained = false;
	if (s->reader != NULL) {
		future_settle(&s->come);
	} else if (!s->edges) {
		event_del(&s->readable);
		s->watched = false;
	}
}

void
stream_hung_up(struct evtask_stream *s)
{
	s->hung_up = true;
	s->drained = false;
	if (s->reader != NULL)
		future_settle(&s->come);
}

static void
on_writable(evutil_socket_t fd, short what, void *arg)
{
	struct evtask_stream *s = arg;

	(void)fd, (void)what;
	if (s->room != NULL)
		future_settle(s->room);
	else
		stream_flush(s);
}

int
stream_watch_writable(struct evtask_stream *s)
{
	if (event_add(&s->writable, NULL) == 0)
		return 0;
	s->write_error = -ENOMEM;
	return -ENOMEM;
}

/* The end. */

static void
wake_all(struct evtask_stream *s)
{
	if (s->reader != NULL)
		future_settle(&s->come);
	if (s->room != NULL)
		future_settle(s->room);
	line_give_all(&s->writers);
}

/* Frees it, if nobody holds it. */
static void
close_now(struct evtask_stream *s)
{
	event_del(&s->readable);
	event_del(&s->writable);
	streams_leave(s);
	resource_release(&s->resource);
	close(s->fd);
	s->fd = -1;
	line_give_all(&s->closers);
	buffer_release(&s->out);
	if (s->refs > 0)
		return;
	buffer_release(&s->in);
	free(s);
}

void
stream_sent(struct evtask_stream *s)
{
	if (s->closing)
		close_now(s);
	else if (s->finished)
		shutdown(s->fd, SHUT_WR);
}

void
evtask_stream_abort(struct evtask_stream *s)
{
	if (s == NULL || s->fd < 0)
		return;
	s->closing = true;
	wake_all(s);
	close_now(s);
}

/* One who is cut off in the middle leaves nothing that could be sent. */
void
evtask_stream_close(struct evtask_stream *s)
{
	if (s == NULL || s->closing)
		return;
	if (buffer_empty(&s->out) || s->writer != NULL || s->write_error != 0) {
		evtask_stream_abort(s);
		return;
	}
	s->closing = true;
	event_del(&s->readable);
	wake_all(s);
	/* They who stood in line to write might have sent it. */
	if (stream_watch_writable(s) < 0)
		evtask_stream_abort(s);
}

struct evtask_stream *
evtask_stream_ref(struct evtask_stream *s)
{
	s->refs++;
	return s;
}

void
evtask_stream_unref(struct evtask_stream *s)
{
	if (s == NULL || s->refs > 1) {
		if (s != NULL)
			s->refs--;
		return;
	}
	evtask_stream_close(s);
	s->refs = 0;
	if (s->fd >= 0)
		return;		/* close_now() will */
	buffer_release(&s->in);
	free(s);
}

int
stream_wait_in(struct evtask_stream *s, struct list *line, struct wait *wait,
    bool *ret_given)
{
	int r;

	resource_wait_begin(&s->resource, wait);
	r = line_wait(line, wait, ret_given);
	resource_wait_end(&s->resource, wait);
	return r;
}

int
evtask_stream_wait_closed_at(struct evtask_stream *s,
    const struct evtask_site *site)
{
	struct wait wait = {
		.op = "stream.wait_closed", .type = "stream", .site = site,
		.until_us = EVTASK_FOREVER,
	};
	bool given;

	if (s == NULL || current.task == NULL)
		return -EINVAL;
	wait.name = s->name;
	return s->fd >= 0 ? stream_wait_in(s, &s->closers, &wait, &given) : 0;
}

bool
evtask_stream_is_closing(const struct evtask_stream *s)
{
	return s->closing;
}

/* Being listed. */

static const struct evtask_stream *
stream_of(const struct resource *resource)
{
	return container_of(resource, const struct evtask_stream, resource);
}

static void
measure(const struct resource *resource, int64_t *ret_size,
    int64_t *ret_capacity)
{
	*ret_size = (int64_t)buffer_size(&stream_of(resource)->in);
	*ret_capacity = (int64_t)stream_of(resource)->in_limit;
}

static void
sides(const struct resource *resource, const struct evtask **ret_reader,
    const struct evtask **ret_writer, int64_t *ret_unsent)
{
	*ret_reader = stream_of(resource)->reader;
	*ret_writer = stream_of(resource)->writer;
	*ret_unsent = (int64_t)buffer_size(&stream_of(resource)->out);
}

static const struct resource_class stream_class = {
	.type = "stream", .measure = measure, .sides = sides,
};

/* The beginning. */

/* Whether it is a socket: 1, 0; or why no stream can be made of it. */
static int
look_at(int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode))
		return -EPERM;
	return S_ISSOCK(st.st_mode);
}

static int
set_nonblocking(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags < 0 || ((flags & O_NONBLOCK) == 0 &&
	    fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0))
		return -errno;
	return 0;
}

static struct evtask_stream *
stream_make(int fd, bool socket, const char *name)
{
	struct evtask_stream *s = calloc(1, sizeof *s);

	if (s == NULL)
		return NULL;
	*s = (struct evtask_stream){
		.loop = current.loop, .refs = 1, .fd = fd, .socket = socket,
		.in_limit = EVTASK_STREAM_LIMIT,
		.out_limit = EVTASK_STREAM_LIMIT,
	};
	s->wait = (struct wait){
		.type = "stream", .name = s->name, .until_us = EVTASK_FOREVER,
	};
	resource_init(&s->resource, &stream_class, s->name);
	future_init(&s->come, s->loop, &future_plain);
	list_init(&s->closers);
	list_init(&s->writers);
	if (name != NULL)
		snprintf(s->name, sizeof s->name, "%s", name);
	else
		snprintf(s->name, sizeof s->name, "fd %d", fd);
	return s;
}

/* Both in one way: libevent does not mix them on a descriptor. */
static void
stream_assign(struct evtask_stream *s)
{
	short edges = s->edges ? EV_ET : 0;

	event_assign(&s->readable, s->loop->base, s->fd,
	    (short)(EV_READ | EV_PERSIST | edges), on_readable, s);
	event_assign(&s->writable, s->loop->base, s->fd,
	    (short)(EV_WRITE | edges), on_writable, s);
}

int
stream_new(int fd, const char *name, struct evtask_stream **ret_stream)
{
	struct evtask_stream *s;
	int r;

	if (current.loop == NULL || ret_stream == NULL)
		return -EINVAL;
	r = look_at(fd);
	if (r < 0)
		return r;
	s = stream_make(fd, r == 1, name);
	if (s == NULL)
		return -ENOMEM;
	r = set_nonblocking(fd);
	if (r == 0)
		r = streams_join(s);
	if (r < 0) {
		free(s);
		return r;
	}
	stream_assign(s);
	resource_meet(&s->resource);
	*ret_stream = s;
	return 0;
}

int
evtask_stream_new(int fd, struct evtask_stream **ret_stream)
{
	return stream_new(fd, NULL, ret_stream);
}

/* Being asked. */

void
evtask_stream_set_limits(struct evtask_stream *s, size_t read_bytes,
    size_t write_bytes)
{
	if (read_bytes > 0)
		s->in_limit = read_bytes;
	if (write_bytes > 0)
		s->out_limit = write_bytes;
}

int
evtask_stream_fd(const struct evtask_stream *s)
{
	return s->fd;
}

const char *
evtask_stream_name(const struct evtask_stream *s)
{
	return s->name;
}
