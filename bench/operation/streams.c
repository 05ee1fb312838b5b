/*
 * streams.c - the two ends of a socket pair, in one task and in two.
 */
#include "bench/operation/operation.h"

#include <errno.h>
#include <evtask/evtask.h>
#include <sys/socket.h>

struct things {
	struct evtask_stream *streams[2];
};

static int
stream(void *arg)
{
	struct things *t = arg;
	int r = 0;

	for (int i = 0; i < TIMES && r == 0; i++) {
		char buf[64] = "";

		r = evtask_stream_write(t->streams[0], buf, sizeof buf);
		if (r == 0 && evtask_stream_read(t->streams[1], buf,
		    sizeof buf) != sizeof buf)
			r = -EBADMSG;
	}
	return r;
}

static int
echoes(void *arg)
{
	struct things *t = arg;
	int r = 0;

	for (int i = 0; i < TIMES && r == 0; i++) {
		char buf[64];

		r = evtask_stream_read_exactly(t->streams[1], buf, sizeof buf);
		if (r == 0)
			r = evtask_stream_write(t->streams[1], buf,
			    sizeof buf);
	}
	return r;
}

static int
stream_ask(void *arg)
{
	struct things *t = arg;
	struct evtask *other;
	int r = evtask_create(echoes, t, NULL, &other);

	for (int i = 0; i < TIMES && r == 0; i++) {
		char buf[64] = "";

		r = evtask_stream_write(t->streams[0], buf, sizeof buf);
		if (r == 0)
			r = evtask_stream_read_exactly(t->streams[0], buf,
			    sizeof buf);
	}
	return await_other(other, r);
}

static int
make_things(void *arg)
{
	struct things *t = arg;
	int fds[2], r = 0;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0)
		return -errno;
	for (int i = 0; i < 2 && r == 0; i++)
		r = evtask_stream_new(fds[i], &t->streams[i]);
	return r;
}

static void
free_things(void *arg)
{
	struct things *t = arg;

	for (int i = 0; i < 2; i++)
		evtask_stream_unref(t->streams[i]);
}

static const struct operation operations[] = {
	{ "stream-write-read", stream, TIMES },
	{ "stream-ask-answer", stream_ask, TIMES },
	{ NULL, NULL, 0 },
};

const struct family stream_operations = {
	.size = sizeof(struct things),
	.make = make_things, .free = free_things,
	.operations = operations,
};
