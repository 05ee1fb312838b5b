/*
 * streams.c - the streams of a loop, and who has hung up on them.
 *
 * Who is told by edges that bytes have come must not be told of bytes and of
 * the end behind them in one word: it would read the bytes, see by a short
 * read that there are no more, and wait for ever. libevent has such a word:
 * EV_READ stands for bytes, for a hang-up, for an error, and for all of them.
 *
 * So the streams of a loop share a second epoll, in which their descriptors
 * are watched for hang-ups and nothing else, and which the base watches. It
 * is silent, and costs nothing, while there are bytes only. It lives from the
 * first stream to the last, as what is watched keeps the loop from idleness.
 *
 * A base that knows no edges (select, poll) is left alone: see stream.c.
 */
#include "io/streams.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "io/stream.h"

enum { AT_ONCE = 64 };

struct streams {
	struct loop_resource resource;
	struct list all;
	struct event hangup;
	int epoll;			/* -1: no edges */
};

static struct streams *
streams_of(struct evtask_loop *loop)
{
	struct loop_resource *resource = loop->single[LOOP_STREAMS];

	return resource != NULL ? container_of(resource, struct streams,
	    resource) : NULL;
}

static void
on_hangup(evutil_socket_t fd, short what, void *arg)
{
	struct epoll_event events[AT_ONCE];
	int n = epoll_wait(fd, events, AT_ONCE, 0);

	(void)what, (void)arg;
	for (int i = 0; i < n; i++)
		stream_hung_up(events[i].data.ptr);
}

static void
streams_free(struct evtask_loop *loop, struct streams *streams)
{
	loop->single[LOOP_STREAMS] = NULL;
	list_remove(&streams->resource.link);
	if (streams->epoll >= 0) {
		event_del(&streams->hangup);
		close(streams->epoll);
	}
	free(streams);
}

/* The loop goes; the last stream that is closed frees it. */
static void
streams_release(struct loop_resource *resource)
{
	struct streams *streams = container_of(resource, struct streams,
	    resource);
	bool last;

	do {
		struct list *link = streams->all.next;

		last = link->next == &streams->all;
		evtask_stream_abort(container_of(link, struct evtask_stream,
		    link));
	} while (!last);
}

static int
watch_hangups(struct evtask_loop *loop, struct streams *streams)
{
	if ((event_base_get_features(loop->base) & EV_FEATURE_ET) == 0)
		return 0;
	streams->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (streams->epoll < 0)
		return -errno;
	if (event_assign(&streams->hangup, loop->base, streams->epoll,
	    EV_READ | EV_PERSIST, on_hangup, NULL) == 0 &&
	    event_add(&streams->hangup, NULL) == 0)
		return 0;
	close(streams->epoll);
	return -ENOMEM;
}

static int
streams_new(struct evtask_loop *loop, struct streams **ret_streams)
{
	struct streams *streams = calloc(1, sizeof *streams);
	int r;

	if (streams == NULL)
		return -ENOMEM;
	streams->epoll = -1;
	streams->resource.release = streams_release;
	list_init(&streams->all);
	r = watch_hangups(loop, streams);
	if (r < 0) {
		free(streams);
		return r;
	}
	loop->single[LOOP_STREAMS] = &streams->resource;
	list_append(&loop->resources, &streams->resource.link);
	*ret_streams = streams;
	return 0;
}

int
streams_join(struct evtask_stream *s)
{
	struct epoll_event event = {
		.events = EPOLLRDHUP | EPOLLET, .data.ptr = s,
	};
	struct streams *streams = streams_of(s->loop);
	int r = streams != NULL ? 0 : streams_new(s->loop, &streams);

	if (r < 0)
		return r;
	s->edges = streams->epoll >= 0;
	if (s->edges && epoll_ctl(streams->epoll, EPOLL_CTL_ADD, s->fd,
	    &event) < 0) {
		r = -errno;
		if (list_empty(&streams->all))
			streams_free(s->loop, streams);
		return r;
	}
	list_append(&streams->all, &s->link);
	return 0;
}

void
streams_leave(struct evtask_stream *s)
{
	struct streams *streams = streams_of(s->loop);

	/* Closing would do, but for a descriptor that has a twin. */
	if (s->edges)
		(void)epoll_ctl(streams->epoll, EPOLL_CTL_DEL, s->fd, NULL);
	list_remove(&s->link);
	if (list_empty(&streams->all))
		streams_free(s->loop, streams);
}
