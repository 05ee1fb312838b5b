/*
 * stream.h - what a subscription brings, in order.
 */
#ifndef CLI_STREAM_H
#define CLI_STREAM_H

#include <evtask/base.h>

struct json_object;
struct stream;
struct tap_line;

/*
 * The next notification: returns 1, and *ret_params to put; *ret_method is a
 * literal: "event", "event.lag", "event.end". 0: the connection is lost and
 * nothing is left. -ECANCELED; -ENOMEM.
 */
EVTASK_SUSPENDS int
stream_next(struct stream *stream, const char **ret_method,
    struct json_object **ret_params);

/*
 * From now on fn(line, arg) gets the plain lines of a log at once, from the
 * loop, as long as nothing is kept for stream_next(); and NULL behind those
 * that came together. When it returns false, stream_next() returns -EPIPE.
 */
typedef bool (*stream_tap_fn)(const struct tap_line *line, void *arg);
void stream_tap(struct stream *stream, stream_tap_fn fn, void *arg);

/* Whether stream_next() has something at hand, and will not suspend. */
bool stream_has(const struct stream *stream);

/* The streams of one connection. */
struct streams {
	struct stream *first;
};

/* One more, that is not bound yet; or NULL without memory. */
struct stream *stream_new(struct streams *streams);

/* Frees it. NULL is fine. */
void stream_free(struct stream *stream);

/* Ties it to a subscription of the server's, by its number. */
void stream_bind(struct stream *stream, int64_t sub);

/* That number, 0 when it is not bound; and whether the connection stands. */
int64_t stream_sub(const struct stream *stream);
bool stream_alive(const struct stream *stream);

/* A notification for whichever stream it is for; params are borrowed. */
void streams_notify(struct streams *streams, const char *method,
    struct json_object *params);

/* The connection is lost. */
void streams_lose(struct streams *streams);

/* Whether any has a tap. */
bool streams_tapped(const struct streams *streams);

/* The one whose tap the line is for, which is without its end; or NULL. */
struct stream *streams_find_tap(struct streams *streams, const char *line,
    size_t size, struct tap_line *ret_line);

/* Gives its tap a line; gives NULL to those that have had one. */
void stream_give_tap(struct stream *stream, const struct tap_line *line);
void streams_end_taps(struct streams *streams);

#endif
