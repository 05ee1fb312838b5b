/*
 * methods_metrics.c - metrics.get: the server in numbers, for monitors.
 *
 * A metric is a row: its name, its type, what it says, and what collects its
 * samples. Collecting knows no format: a *sink* takes samples and writes them,
 * as JSON or as the text that Prometheus scrapes. That text has times in
 * seconds, as its users expect, written from the integers that they are.
 *
 * How many tasks are in which state is counted by a walk over them, in slices,
 * because counting it as it changes would cost every switch.
 */
#include <event2/buffer.h>
#include <inttypes.h>
#include <json-c/json.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "console.h"
#include "methods.h"
#include "stall.h"

#define LOOK_EVERY 64 /* tasks counted; then at the clock */
#define LABELS 2      /* of a sample, at most */

struct collection {
	const struct evtask_console *console;
	struct evtask_loop_stats loop;
	uint64_t states[EVTASK_STATE_DONE + 1];
};

struct label {
	const char *name; /* NULL: none */
	const char *value;
};

/* Where samples go: to a JSON list, or to text. */
struct sink {
	struct json_object *samples;
	struct evbuffer *text;
	const struct row *row;
	bool failed; /* there was no memory for the text */
};

typedef void (*collect_fn)(struct sink *sink,
    const struct collection *collection);

struct row {
	const char *name;
	const char *type;
	const char *help;
	collect_fn collect;
};

/* A value of it is a time. */
static bool
is_time(const struct row *row)
{
	size_t size = strlen(row->name), end = strlen("_seconds");

	return size > end && strcmp(row->name + size - end, "_seconds") == 0;
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
	for (i = 0; i < LABELS && labels[i].name != NULL; i++) {
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

	for (i = 0; i < LABELS && labels[i].name != NULL; i++)
		evtask_ctl_put_text(&o, labels[i].name, labels[i].value);
	return o;
}

static void
add(struct sink *sink, const struct label *labels, uint64_t value)
{
	struct json_object *o;
	char text[32];

	if (sink->text != NULL) {
		write_name(sink, sink->row->name, "", labels, NULL);
		if (is_time(sink->row))
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

static void
add_histogram(struct sink *sink, const struct label *labels,
    const struct histogram *h)
{
	if (sink->text != NULL)
		write_histogram(sink, sink->row->name, labels, h);
	else
		evtask_ctl_append(&sink->samples, histogram_object(labels,
		    h));
}

static const struct label no_labels[LABELS];

/* The collectors of a single number. */
#define ONE(name, expression) \
	static void \
	name(struct sink *sink, const struct collection *c) \
	{ \
		add(sink, no_labels, (uint64_t)(expression)); \
	}
ONE(started, console_epoch_us(c->console, c->console->started_us))
ONE(created, c->console->registry.created)
ONE(clients, c->console->sessions.count)
ONE(clients_taken, c->console->metrics.clients)
ONE(clients_refused, c->console->metrics.refused)
ONE(clients_stalled, c->console->sessions.stalled)
ONE(subscriptions, c->console->sessions.subscriptions)
ONE(deferred, c->console->sessions.deferred)
ONE(slices, c->console->metrics.slices)
ONE(events, c->console->ring.seq)
ONE(events_sent, c->console->metrics.sent)
ONE(events_dropped, c->console->metrics.dropped)
ONE(turns, c->loop.turns)
ONE(handles, c->loop.handles)
ONE(polls, c->loop.polls)
ONE(timers, c->loop.timers_pending)
ONE(reports, c->loop.reports)
ONE(loop_stalls, stalls_total(c->console))

static void
info(struct sink *sink, const struct collection *c)
{
	add(sink, (const struct label[LABELS]){
	    { "version", c->console->version },
	    { "instance", c->console->instance } }, 1);
}

static void
states(struct sink *sink, const struct collection *c)
{
	enum evtask_state s;

	for (s = EVTASK_STATE_CREATED; s <= EVTASK_STATE_DONE; s++)
		add(sink, (const struct label[LABELS]){
		    { "state", evtask_state_name(s) } }, c->states[s]);
}

static void
outcomes(struct sink *sink, const struct collection *c)
{
	enum evtask_outcome o;

	for (o = EVTASK_OUTCOME_RETURNED; o <= EVTASK_OUTCOME_CANCELLED; o++)
		add(sink, (const struct label[LABELS]){
		    { "outcome", evtask_outcome_name(o) } },
		    c->console->metrics.outcomes[o]);
}

static void
lives(struct sink *sink, const struct collection *c)
{
	add_histogram(sink, no_labels, &c->console->metrics.lives);
}

static void
queued(struct sink *sink, const struct collection *c)
{
	add_histogram(sink, no_labels, &c->console->metrics.queued);
}

static const char *
method_name(const struct metrics *metrics, size_t i)
{
	return i < metrics->n_methods ? evtask_ctl_methods()[i].name : "none";
}

static uint64_t
count_of(const struct histogram *h)
{
	uint64_t count = 0;
	int i;

	for (i = 0; i <= METRICS_BUCKETS; i++)
		count += h->counts[i];
	return count;
}

/* Methods that nobody has called have no samples. */
static void
requests(struct sink *sink, const struct collection *c)
{
	const struct metrics *metrics = &c->console->metrics;
	size_t i;

	for (i = 0; i <= metrics->n_methods; i++)
		if (count_of(&metrics->requests[i]) > 0)
			add_histogram(sink, (const struct label[LABELS]){
			    { "method", method_name(metrics, i) } },
			    &metrics->requests[i]);
}

static void
errors(struct sink *sink, const struct collection *c)
{
	const struct metrics *metrics = &c->console->metrics;
	size_t i, e;
	uint64_t n;

	for (i = 0; i <= metrics->n_methods; i++)
		for (e = 0; e < metrics->n_errors; e++) {
			n = metrics->errors[i * metrics->n_errors + e];
			if (n > 0)
				add(sink, (const struct label[LABELS]){
				    { "method", method_name(metrics, i) },
				    { "error", evtask_ctl_errors()[e].name } },
				    n);
		}
}

#define COUNTER "counter"
#define GAUGE "gauge"
#define HISTOGRAM "histogram"

static const struct row rows[] = {
	{ "evtask_info", GAUGE, "Who the server is; always 1.", info },
	{ "evtask_start_time_seconds", GAUGE,
	  "When it started, since 1970.", started },
	{ "evtask_tasks", GAUGE, "Tasks kept, by state.", states },
	{ "evtask_tasks_created_total", COUNTER, "Tasks ever made.",
	  created },
	{ "evtask_tasks_done_total", COUNTER,
	  "Tasks that have ended, by outcome.", outcomes },
	{ "evtask_task_life_seconds", HISTOGRAM,
	  "From a task's making to its end.", lives },
	{ "evtask_task_queued_seconds", HISTOGRAM,
	  "From a task's making to its first run.", queued },
	{ "evtask_request_seconds", HISTOGRAM,
	  "From a request to its answer, by method.", requests },
	{ "evtask_request_errors_total", COUNTER,
	  "Requests answered with an error, by method and error.", errors },
	{ "evtask_requests_deferred", GAUGE, "Requests not answered yet.",
	  deferred },
	{ "evtask_answer_slices_total", COUNTER,
	  "Slices that long answers were made in.", slices },
	{ "evtask_clients", GAUGE, "Connections.", clients },
	{ "evtask_clients_total", COUNTER, "Connections ever taken.",
	  clients_taken },
	{ "evtask_clients_refused_total", COUNTER,
	  "Connections refused, for being too many.", clients_refused },
	{ "evtask_clients_stalled_total", COUNTER,
	  "Connections closed for not reading.", clients_stalled },
	{ "evtask_subscriptions", GAUGE, "Open subscriptions.",
	  subscriptions },
	{ "evtask_events_total", COUNTER, "Events, whoever listened.",
	  events },
	{ "evtask_events_sent_total", COUNTER, "Events sent to subscribers.",
	  events_sent },
	{ "evtask_events_dropped_total", COUNTER,
	  "Events that subscribers were too slow for.", events_dropped },
	{ "evtask_loop_turns_total", COUNTER, "Turns of the loop.", turns },
	{ "evtask_loop_handles_total", COUNTER,
	  "Callbacks and steps of tasks that the loop has run.", handles },
	{ "evtask_loop_polls_total", COUNTER,
	  "Times the loop has asked the system.", polls },
	{ "evtask_loop_timers", GAUGE, "Timers that wait.", timers },
	{ "evtask_loop_reports_total", COUNTER,
	  "Failures that had nobody to be told.", reports },
	{ "evtask_loop_stalls_total", COUNTER,
	  "Times the loop was blocked.", loop_stalls },
};
#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

/* In JSON times are in microseconds, and so is the name. */
static void
put_name(struct json_object **o, const struct row *row)
{
	size_t size = strlen(row->name) - strlen("_seconds");
	char name[64];

	if (is_time(row)) {
		snprintf(name, sizeof(name), "%.*s_us", (int)size, row->name);
		evtask_ctl_put_text(o, "name", name);
	} else {
		evtask_ctl_put_text(o, "name", row->name);
	}
}

static struct json_object *
render_metric(const struct row *row, const struct collection *collection)
{
	struct sink sink = { .samples = json_object_new_array(), .row = row };
	struct json_object *o = json_object_new_object();

	row->collect(&sink, collection);
	put_name(&o, row);
	evtask_ctl_put_text(&o, "type", row->type);
	evtask_ctl_put_text(&o, "help", row->help);
	evtask_ctl_put(&o, "samples", sink.samples);
	return o;
}

static struct json_object *
render_text(const struct collection *collection)
{
	struct sink sink = { .text = evbuffer_new() };
	struct json_object *string;
	size_t i, size;

	if (sink.text == NULL)
		return NULL;
	for (i = 0; i < N_ROWS; i++) {
		sink.row = &rows[i];
		emit(&sink, "# HELP %s %s\n# TYPE %s %s\n",
		    rows[i].name, rows[i].help, rows[i].name, rows[i].type);
		rows[i].collect(&sink, collection);
	}
	size = evbuffer_get_length(sink.text);
	string = sink.failed ? NULL : json_object_new_string_len((const char *)
	    evbuffer_pullup(sink.text, -1), (int)size);
	evbuffer_free(sink.text);
	return string;
}

/* The answer, as far as it is. */
struct numbers {
	struct slice slice;
	struct walk walk;
	struct collection collection;
	size_t row; /* the next to be rendered, as JSON */
	bool as_text, counted, failed;
};

static bool
count_states(struct numbers *numbers)
{
	const struct record *record;
	unsigned int n = 0;

	while ((record = walk_next(&numbers->walk)) != NULL) {
		numbers->collection.states[evtask_get_state(record->task)]++;
		if (++n % LOOK_EVERY == 0 && slice_is_over(&numbers->slice))
			return false;
	}
	walk_end(&numbers->walk);
	evtask_loop_get_stats(numbers->collection.console->loop,
	    &numbers->collection.loop);
	return true;
}

static bool
step(struct slice *slice)
{
	struct numbers *numbers = (struct numbers *)slice;

	if (!numbers->counted)
		numbers->counted = count_states(numbers);
	if (!numbers->counted)
		return false;
	for (; !numbers->as_text && numbers->row < N_ROWS; numbers->row++)
		numbers->failed |= slice_add(slice, render_metric(
		    &rows[numbers->row], &numbers->collection)) == 0;
	return true;
}

static struct json_object *
finish(struct slice *slice)
{
	struct numbers *numbers = (struct numbers *)slice;
	struct json_object *o = numbers->failed ? NULL
	    : json_object_new_object();

	if (numbers->as_text)
		evtask_ctl_put(&o, "text", render_text(&numbers->collection));
	evtask_ctl_put_int(&o, "seq", (int64_t)
	    slice->session->console->ring.seq);
	return o;
}

static void
release(struct slice *slice)
{
	walk_end(&((struct numbers *)slice)->walk);
}

struct json_object *
serve_metrics_get(struct call *call)
{
	struct numbers *numbers = calloc(1, sizeof(*numbers));

	if (numbers == NULL)
		return NULL;
	numbers->as_text = strcmp(evtask_ctl_get_text(call->params, "format",
	    ""), "prometheus") == 0;
	numbers->slice.key = numbers->as_text ? NULL : "metrics";
	numbers->slice.step = step;
	numbers->slice.finish = finish;
	numbers->slice.release = release;
	numbers->collection.console = call->console;
	walk_begin(&numbers->walk, &call->console->registry, false, 0);
	return slice_start(call, &numbers->slice);
}
