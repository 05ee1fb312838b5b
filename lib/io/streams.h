/*
 * streams.h - the streams of a loop, and who has hung up on them.
 */
#ifndef IO_STREAMS_H
#define IO_STREAMS_H

struct evtask_stream;

/*
 * Makes it one of its loop's, which are closed when the loop is freed, and
 * sets s->edges: whether it may be watched by edges. From then on
 * stream_hung_up() is called when the other side is gone. 0 or a negative
 * errno.
 */
int streams_join(struct evtask_stream *s);

/* Before its descriptor is closed. */
void streams_leave(struct evtask_stream *s);

#endif
