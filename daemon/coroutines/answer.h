/*
 * answer.h - an HTTP answer, read from a stream.
 */
#ifndef DAEMON_COROUTINES_ANSWER_H
#define DAEMON_COROUTINES_ANSWER_H

#include <evtask/base.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct evtask_stream;
struct json_object;

/* Who reads fills in the first four, and zeroes the rest. */
struct answer {
	struct evtask_stream *stream;	/* borrowed */
	const char *from;		/* who answers, for errors; borrowed */
	int (*take)(void *arg, const char *bytes, size_t size); /* of a body */
	void *arg;

	int status;
	struct json_object *headers;	/* names in lower case; owned */
	int64_t length;			/* of the body; -1: not said */
	bool chunked;
};

/*
 * Reads a head, in place of the one before; and the body behind it, which is
 * handed to take(). 0, or what the stream or take() failed with; -EPROTO,
 * raised as BadResponse: this is no HTTP.
 */
EVTASK_SUSPENDS int answer_read_head(struct answer *answer);
EVTASK_SUSPENDS int answer_read_body(struct answer *answer);

void answer_release(struct answer *answer);

#endif
