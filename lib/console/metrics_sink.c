/*
 * metrics_sink.c - where the samples of metrics go: to JSON, or to the text
 * that Prometheus scrapes.
 *
 * Both are written from the integers that samples are. The text has times in
 * seconds, as its users expect; JSON has them in microseconds, under a name
 * that says so. A sink for text has all metrics one after another; one for
 * JSON is emptied after each.
 */
#include "metrics_sink.h"

#include <errno.h>
#include <event2/buffer.h>
#include <evtask/ctl_value.h>
#include <inttypes.h>
#include <json-c/json.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "metrics.h"

/* A value of it is a time. */
static bool
is_time(const struct metric *metric)
{
	size_t size = strlen(metric->name), end = strlen("_seconds");

	return size > end && strcmp(metric->name + size - end, "_seconds") == 0;
}

static void EVTASK_PRINTF(2, 3)
emit(struct sink *sink, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	sink->failed |= evbuffer_add_vprintf(sink->text, fmt, ap) < 0;
	va_end(ap);
}

static void
write_escaped(struct sink *sink, const char *value)
{
	for (; *value != '\0'; value++)
		if (*value == '\n')
			emit(sink, "\\n");
		else if (*value == '"' || *value == '\\')
			emit(sink, "\\%c", *value);
		else
			emit(sink, "%c", *value);
}

/* As text: a name, its labels, and one more of them, if it is a bucket's. */
static void
write_name(struct sink *sink, const char *name, const char *suffix,
    const struct label *labels, const char *le)
{
	const char *before = "{";
	int i;

	emit(sink, "%s%s", name, suffix);
	for (i = 0; i < SINK_LABELS && labels[i].name != NULL; i++) {
		emit(sink, "%s%s=\"", before, labels[i].name);
		write_escaped(sink, labels[i].value);
		emit(sink, "\"");
		before = ",";
	}
	if (le != NULL)
		emit(sink, "%sle=\"%s\"", before, le);
	emit(sink, le != NULL || i > 0 ? "} " : " ");
}

/* Microseconds as seconds, with no more digits than they need. */
static const char *
seconds(uint64_t us, char text[32])
{
	char *end;

	snprintf(text, 32, "%" PRIu64 ".%06" PRIu64, us / 1000000,
	    us % 1000000);
	for (end = text + strlen(text); end[-1] == '0'; end--)
		end[-1] = '\0';
	if (end[-1] == '.')
		end[-1] = '\0';
	return text;
}

static struct json_object *
labels_object(const struct label *labels)
{
	struct json_object *o = json_object_new_object();
	int i;

	for (i = 0; i < SINK_LABELS && labels[i].name != NULL; i++)
		evtask_ctl_put_text(&o, labels[i].name, labels[i].value);
	return o;
}

void
sink_add(struct sink *sink, const struct label *labels, uint64_t value)
{
	struct json_object *o;
	char text[32];

	if (sink->text != NULL) {
		write_name(sink, sink->metric->name, "", labels, NULL);
		if (is_time(sink->metric))
			emit(sink, "%s\n", seconds(value, text));
		else
			emit(sink, "%" PRIu64 "\n", value);
		return;
	}
	o = json_object_new_object();
	evtask_ctl_put(&o, "labels", labels_object(labels));
	evtask_ctl_put_int(&o, "value", (int64_t)value);
	evtask_ctl_append(&sink->samples, o);
}

static void
write_histogram(struct sink *sink, const char *name, const struct label *labels,
    const struct histogram *h)
{
	uint64_t count = 0;
	char text[32];
	int i;

	for (i = 0; i <= METRICS_BUCKETS; i++) {
		count += h->counts[i];
		write_name(sink, name, "_bucket", labels, i < METRICS_BUCKETS
		    ? seconds((uint64_t)metrics_bounds_us[i], text) : "+Inf");
		emit(sink, "%" PRIu64 "\n", count);
	}
	write_name(sink, name, "_sum", labels, NULL);
	emit(sink, "%s\n", seconds(h->sum_us, text));
	write_name(sink, name, "_count", labels, NULL);
	emit(sink, "%" PRIu64 "\n", count);
}

static struct json_object *
histogram_object(const struct label *labels, const struct histogram *h)
{
	struct json_object *o = json_object_new_object(), *bucket;
	struct json_object *buckets = json_object_new_array();
	uint64_t count = 0;
	int i;

	for (i = 0; i <= METRICS_BUCKETS; i++) {
		count += h->counts[i];
		bucket = json_object_new_object();
		if (i < METRICS_BUCKETS)
			evtask_ctl_put_int(&bucket, "le_us",
			    metrics_bounds_us[i]);
		else
			evtask_ctl_put_null(&bucket, "le_us");
		evtask_ctl_put_int(&bucket, "count", (int64_t)count);
		evtask_ctl_append(&buckets, bucket);
	}
	evtask_ctl_put(&o, "labels", labels_object(labels));
	evtask_ctl_put_int(&o, "count", (int64_t)count);
	evtask_ctl_put_int(&o, "sum_us", (int64_t)h->sum_us);
	evtask_ctl_put(&o, "buckets", buckets);
	return o;
}

void
sink_add_histogram(struct sink *sink, const struct label *labels,
    const struct histogram *h)
{
	if (sink->text != NULL)
		write_histogram(sink, sink->metric->name, labels, h);
	else
		evtask_ctl_append(&sink->samples, histogram_object(labels,
		    h));
}

/* In JSON times are in microseconds, and so is the name. */
static void
put_name(struct json_object **o, const struct metric *metric)
{
	size_t size = strlen(metric->name) - strlen("_seconds");
	char name[64];

	if (is_time(metric)) {
		snprintf(name, sizeof(name), "%.*s_us", (int)size,
		    metric->name);
		evtask_ctl_put_text(o, "name", name);
	} else {
		evtask_ctl_put_text(o, "name", metric->name);
	}
}

int
sink_init(struct sink *sink, bool as_text)
{
	*sink = (struct sink){ .text = as_text ? evbuffer_new() : NULL };
	return as_text && sink->text == NULL ? -ENOMEM : 0;
}

void
sink_begin(struct sink *sink, const struct metric *metric)
{
	sink->metric = metric;
	if (sink->text != NULL)
		emit(sink, "# HELP %s %s\n# TYPE %s %s\n", metric->name,
		    metric->help, metric->name, metric->type);
	else
		sink->samples = json_object_new_array();
}

struct json_object *
sink_take(struct sink *sink)
{
	struct json_object *o = json_object_new_object();

	put_name(&o, sink->metric);
	evtask_ctl_put_text(&o, "type", sink->metric->type);
	evtask_ctl_put_text(&o, "help", sink->metric->help);
	evtask_ctl_put(&o, "samples", sink->samples);
	sink->samples = NULL;
	return o;
}

struct json_object *
sink_take_text(struct sink *sink)
{
	size_t size = evbuffer_get_length(sink->text);
	struct json_object *string = sink->failed ? NULL
	    : json_object_new_string_len((const char *)
	    evbuffer_pullup(sink->text, -1), (int)size);

	evbuffer_free(sink->text);
	sink->text = NULL;
	return string;
}
