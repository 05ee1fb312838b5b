/*
 * stream.h - a stream and who is at its other end, for tests of streams: a pair
 * of sockets, of which `near` is a stream and `far` the other's descriptor.
 */
#ifndef TESTS_STREAM_H
#define TESTS_STREAM_H

#include <sys/socket.h>
#include <unistd.h>

#include "tests/core.h"

static struct evtask_stream *near;
static int far;

static UNUSED void
connect_pair(void)
{
	int pair[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK |
	    SOCK_CLOEXEC, 0, pair), 0);
	far = pair[1];
	ck_assert_int_eq(evtask_stream_new(pair[0], &near), 0);
}

static UNUSED void
close_pair(void)
{
	evtask_stream_unref(near);
	if (far >= 0)
		close(far);
}

static UNUSED void
far_writes(const char *words)
{
	size_t size = strlen(words);

	ck_assert_int_eq(write(far, words, size), (ssize_t)size);
}

static UNUSED int
far_write(void *arg)
{
	far_writes(arg);
	return 0;
}

static UNUSED int
far_close(void *arg)
{
	(void)arg;
	close(far);
	far = -1;
	return 0;
}

/* What has come to the other side. */
#define ck_assert_far_has(words) \
	do { \
		char bytes_[256] = ""; \
		ssize_t n_ = read(far, bytes_, sizeof bytes_ - 1); \
 \
		ck_assert_int_ge(n_, 0); \
		bytes_[n_] = '\0'; \
		ck_assert_str_eq(bytes_, (words)); \
	} while (0)

static UNUSED void
later(evtask_fn fn, const char *arg)
{
	ck_assert_int_eq(evtask_create(fn, (void *)(intptr_t)arg, NULL, NULL),
	    0);
}

/* A loop in which the stream is made, for tests outside a task. */
static UNUSED int
connect_in_task(void *arg)
{
	(void)arg;
	connect_pair();
	return 0;
}

static UNUSED void
connect_first(void)
{
	spawn(connect_in_task, NULL);
	run_turns(1);
}

/* More than a socket takes. */
static UNUSED char big[1 << 20];

static UNUSED void
fill_big(void)
{
	for (size_t i = 0; i < sizeof big; i++)
		big[i] = (char)(i * 31 >> 3);
}

/* Coroutines that read and write, and say how that ended. */
static UNUSED int
read_and_say(void *arg)
{
	char bytes[16];

	(void)arg;
	return say_read(bytes,
	    evtask_stream_read(near, bytes, sizeof bytes - 1));
}

static UNUSED int
write_big(void *arg)
{
	int r = evtask_stream_write(near, big, sizeof big);

	say("%s%d", (const char *)arg, r);
	return r;
}

/* Until the system takes no more. */
static UNUSED void
fill_socket(void)
{
	while (send(evtask_stream_fd(near), big, 4096, MSG_DONTWAIT) > 0)
		;
}

static UNUSED size_t
far_drain(void)
{
	char bytes[65536];
	size_t total = 0;
	ssize_t n;

	while ((n = read(far, bytes, sizeof bytes)) > 0)
		total += (size_t)n;
	return total;
}

/* Left to the loop, behind a socket that is full. */
static UNUSED int
leave_five(void *arg)
{
	(void)arg;
	return evtask_stream_write_nowait(near, "later", 5);
}

#endif
