/*
 * stream.h - streams, as the files that read and write them share them.
 */
#ifndef IO_STREAM_H
#define IO_STREAM_H

#include <event2/event.h>
#include <event2/event_struct.h>
#include <evtask/stream.h>

#include "core/resource.h"
#include "io/buffer.h"

/*	open --close--> closing --all sent--> closed	abort: at once */
struct evtask_stream {
	struct resource resource;	/* known while it is open */
	struct list link;		/* in the loop's, until closed */
	struct evtask_loop *loop;
	unsigned int refs;		/* 0: closing, and then freed */
	int fd;				/* -1: closed */
	bool socket;			/* or a pipe */
	bool closing;			/* since evtask_stream_close() */
	unsigned int in_a_row;		/* calls to the system since it last
					   waited: others want their turn */
	struct list closers;		/* who wait for the end of it */

	/* Reading. */
	struct event readable;		/* in the base while `watched` */
	bool watched;
	bool edges;			/* it happens when bytes come, and not
					   while they are there */
	bool drained;			/* empty, until `readable` happens */
	bool hung_up;			/* what comes behind the bytes makes
					   no edge any more */
	bool ended;			/* the other side's end was read */
	int read_error;			/* 0: none so far */
	struct evtask *reader;		/* the task that does, and waits; or
					   NULL */
	struct evtask_future come;	/* what it waits for, and its
					   reasons: */
	struct wait wait;		/* here, made ready, as it is often */
	struct buffer in;		/* come and not asked for */
	size_t in_limit;
	char *cut;			/* where a NUL stands in for `hidden`,
					   in `in`; NULL: nowhere */
	char hidden;

	/* Writing. */
	struct event writable;		/* in the base when somebody waits */
	struct evtask *writer;		/* whose turn it is, and others must
					   not; NULL */
	bool finished;			/* since evtask_stream_write_eof() */
	int write_error;
	struct list writers;		/* who wait for their turn */
	struct evtask_future *room;	/* what the one who writes waits for */
	struct buffer out;		/* left to the loop to send */
	size_t out_limit;

	char name[64];
};

enum { STREAM_IN_A_ROW = 32 };

/* A stream named by who made the connection. */
int stream_new(int fd, const char *name, struct evtask_stream **ret_stream);

/* The other side is gone, or said that it will send no more. */
void stream_hung_up(struct evtask_stream *stream);

/* line_wait(), at this stream. */
EVTASK_SUSPENDS int stream_wait_in(struct evtask_stream *stream,
    struct list *line, struct wait *wait, bool *ret_given);

/* When it can be written: sends what is left, without suspending. */
void stream_flush(struct evtask_stream *stream);

/* Everything is sent that will be: what had to wait for that happens. May
 * free a stream that nobody holds. */
void stream_sent(struct evtask_stream *stream);

/* Watches for the next chance to send. 0 or -ENOMEM, which every writer is
 * told from then on. */
int stream_watch_writable(struct evtask_stream *stream);

#endif
