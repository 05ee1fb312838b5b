/*
 * stream.c - what a subscription brings, in order.
 *
 * A stream must not miss what comes right behind the reply that opens it, in
 * the same bytes. So it is bound to its number inside the reply's callback,
 * before the next line is looked at, and keeps what nobody has asked for yet.
 */
#include "stream.h"

#include <errno.h>
#include <evtask/ctl.h>
#include <evtask/evtask.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include "tap.h"

struct note {
	struct note *next;
	const char *method;
	struct json_object *params;
};

struct stream {
	struct stream *next;
	struct streams *streams;     /* NULL: the connection is lost */
	int64_t sub;                 /* 0: not bound */
	struct note *first, **last;
	struct evtask_future *came;  /* somebody waits; or NULL */
	stream_tap_fn tap;           /* or NULL */
	bool tapped;                 /* since the last word to it */
	bool broken;                 /* it can take no more */
	void *tap_arg;
};

struct stream *
stream_new(struct streams *streams)
{
	struct stream *stream = calloc(1, sizeof(*stream));

	if (stream == NULL)
		return NULL;
	stream->streams = streams;
	stream->last = &stream->first;
	stream->next = streams->first;
	streams->first = stream;
	return stream;
}

static void
unlink_stream(struct stream *stream)
{
	struct stream **at;

	if (stream->streams == NULL)
		return;
	at = &stream->streams->first;
	while (*at != stream)
		at = &(*at)->next;
	*at = stream->next;
}

void
stream_free(struct stream *stream)
{
	struct note *note;

	if (stream == NULL)
		return;
	unlink_stream(stream);
	while ((note = stream->first) != NULL) {
		stream->first = note->next;
		json_object_put(note->params);
		free(note);
	}
	evtask_future_unref(stream->came);
	free(stream);
}

void
stream_bind(struct stream *stream, int64_t sub)
{
	stream->sub = sub;
}

int64_t
stream_sub(const struct stream *stream)
{
	return stream->sub;
}

bool
stream_alive(const struct stream *stream)
{
	return stream->streams != NULL;
}

/* Whoever waits looks again. */
static void
wake(struct stream *stream)
{
	if (stream->came != NULL && !evtask_done(stream->came))
		evtask_set_result(stream->came, evtask_value_none());
}

static const char *
notice_name(const char *method)
{
	for (const struct evtask_ctl_notice *n = evtask_ctl_notices();
	    n->name != NULL; n++)
		if (strcmp(n->name, method) == 0)
			return n->name;
	return NULL;
}

void
streams_notify(struct streams *streams, const char *method,
    struct json_object *params)
{
	int64_t sub = evtask_ctl_get_int(params, "sub", 0);
	const char *name = notice_name(method);
	struct stream *stream = streams->first;
	struct note *note;

	while (stream != NULL && stream->sub != sub)
		stream = stream->next;
	if (stream == NULL || sub == 0 || name == NULL)
		return;
	note = malloc(sizeof(*note));
	if (note == NULL)
		return;
	*note = (struct note){ NULL, name, json_object_get(params) };
	*stream->last = note;
	stream->last = &note->next;
	wake(stream);
}

void
streams_lose(struct streams *streams)
{
	for (struct stream *s = streams->first; s != NULL; s = s->next) {
		s->streams = NULL;
		wake(s);
	}
	streams->first = NULL;
}

int
stream_next(struct stream *stream, const char **ret_method,
    struct json_object **ret_params)
{
	struct note *note;
	int r;

	while (stream->first == NULL) {
		if (stream->broken)
			return -EPIPE;
		if (stream->streams == NULL)
			return 0;
		r = evtask_future_new(NULL, &stream->came);
		if (r < 0)
			return r;
		r = evtask_await(stream->came);
		evtask_future_unref(stream->came);
		stream->came = NULL;
		if (r < 0)
			return r;
	}
	note = stream->first;
	stream->first = note->next;
	if (stream->first == NULL)
		stream->last = &stream->first;
	*ret_method = note->method;
	*ret_params = note->params;
	free(note);
	return 1;
}

bool
stream_has(const struct stream *stream)
{
	return stream->first != NULL;
}

void
stream_tap(struct stream *stream, stream_tap_fn fn, void *arg)
{
	stream->tap = fn;
	stream->tap_arg = arg;
}

bool
streams_tapped(const struct streams *streams)
{
	const struct stream *stream = streams->first;

	while (stream != NULL && stream->tap == NULL)
		stream = stream->next;
	return stream != NULL;
}

struct stream *
streams_find_tap(struct streams *streams, const char *line, size_t size,
    struct tap_line *ret_line)
{
	struct stream *stream = streams->first;

	if (!streams_tapped(streams) || !tap_read(line, size, ret_line))
		return NULL;
	while (stream != NULL && (stream->tap == NULL ||
	    stream->sub != ret_line->sub))
		stream = stream->next;
	return stream;
}

void
stream_give_tap(struct stream *stream, const struct tap_line *line)
{
	stream->tapped = line != NULL;
	if (stream->broken || stream->tap(line, stream->tap_arg))
		return;
	stream->broken = true;
	wake(stream);
}

void
streams_end_taps(struct streams *streams)
{
	for (struct stream *s = streams->first; s != NULL; s = s->next)
		if (s->tapped)
			stream_give_tap(s, NULL);
}
