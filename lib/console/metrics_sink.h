/* metrics_sink.h - where the samples of metrics go: to JSON, or to text. */
#ifndef CONSOLE_METRICS_SINK_H
#define CONSOLE_METRICS_SINK_H

#include <stdbool.h>
#include <stdint.h>

struct evbuffer;
struct histogram;
struct json_object;

enum { SINK_LABELS = 2 };	/* of a sample, at most */

struct label {
	const char *name;	/* NULL: none */
	const char *value;
};

/* One whose name ends in _seconds has samples in microseconds. */
struct metric {
	const char *name;	/* as Prometheus has it */
	const char *type;
	const char *help;
};

struct sink {
	const struct metric *metric;
	struct json_object *samples;
	struct evbuffer *text;
	bool failed;		/* there was no memory for the text */
};

/* 0 or -ENOMEM. Without text there is nothing that can fail. */
int sink_init(struct sink *sink, bool as_text);

/* What is added then is of this metric. */
void sink_begin(struct sink *sink, const struct metric *metric);
void sink_add(struct sink *sink, const struct label *labels, uint64_t value);
void sink_add_histogram(struct sink *sink, const struct label *labels,
    const struct histogram *h);

/* The metric with its samples, as a Metric of the protocol. */
struct json_object *sink_take(struct sink *sink);

/* All the text, and nothing is left to release; NULL: no memory. */
struct json_object *sink_take_text(struct sink *sink);

#endif
