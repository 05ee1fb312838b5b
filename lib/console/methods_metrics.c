/*
 * methods_metrics.c - metrics.get: the server in numbers, for monitors.
 *
 * A metric is a row: its name, its type, what it says, and what collects its
 * samples. Collecting knows no format: a sink takes samples and writes them
 * (metrics_sink.c).
 *
 * How many tasks are in which state is counted by a walk over them, in slices,
 * because counting it as it changes would cost every switch.
 */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include "console.h"
#include "methods.h"
#include "metrics_sink.h"
#include "stall.h"

#define LOOK_EVERY 64 /* tasks counted; then at the clock */

struct collection {
	const struct evtask_console *console;
	struct evtask_loop_stats loop;
	uint64_t states[EVTASK_STATE_DONE + 1];
};

typedef void (*collect_fn)(struct sink *sink,
    const struct collection *collection);

struct row {
	struct metric metric;
	collect_fn collect;
};

static const struct label no_labels[SINK_LABELS];

/* The collectors of a single number. */
#define ONE(name, expression) \
	static void \
	name(struct sink *sink, const struct collection *c) \
	{ \
		sink_add(sink, no_labels, (uint64_t)(expression)); \
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
	sink_add(sink, (const struct label[SINK_LABELS]){
	    { "version", c->console->version },
	    { "instance", c->console->instance } }, 1);
}

static void
states(struct sink *sink, const struct collection *c)
{
	enum evtask_state s;

	for (s = EVTASK_STATE_CREATED; s <= EVTASK_STATE_DONE; s++)
		sink_add(sink, (const struct label[SINK_LABELS]){
		    { "state", evtask_state_name(s) } }, c->states[s]);
}

static void
outcomes(struct sink *sink, const struct collection *c)
{
	enum evtask_outcome o;

	for (o = EVTASK_OUTCOME_RETURNED; o <= EVTASK_OUTCOME_CANCELLED; o++)
		sink_add(sink, (const struct label[SINK_LABELS]){
		    { "outcome", evtask_outcome_name(o) } },
		    c->console->metrics.outcomes[o]);
}

static void
lives(struct sink *sink, const struct collection *c)
{
	sink_add_histogram(sink, no_labels, &c->console->metrics.lives);
}

static void
queued(struct sink *sink, const struct collection *c)
{
	sink_add_histogram(sink, no_labels, &c->console->metrics.queued);
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

	for (i = 0; i <= metrics->n_methods; i++) {
		const struct label labels[SINK_LABELS] = {
			{ "method", method_name(metrics, i) },
		};

		if (count_of(&metrics->requests[i]) > 0)
			sink_add_histogram(sink, labels, &metrics->requests[i]);
	}
}

static void
errors_of(struct sink *sink, const struct metrics *metrics, size_t method)
{
	const uint64_t *counts = &metrics->errors[method * metrics->n_errors];
	size_t e;

	for (e = 0; e < metrics->n_errors; e++) {
		const struct label labels[SINK_LABELS] = {
			{ "method", method_name(metrics, method) },
			{ "error", evtask_ctl_errors()[e].name },
		};

		if (counts[e] > 0)
			sink_add(sink, labels, counts[e]);
	}
}

static void
errors(struct sink *sink, const struct collection *c)
{
	size_t i;

	for (i = 0; i <= c->console->metrics.n_methods; i++)
		errors_of(sink, &c->console->metrics, i);
}

#define COUNTER "counter"
#define GAUGE "gauge"
#define HISTOGRAM "histogram"

static const struct row rows[] = {
	{ { "evtask_info", GAUGE, "Who the server is; always 1." }, info },
	{ { "evtask_start_time_seconds", GAUGE,
	  "When it started, since 1970." }, started },
	{ { "evtask_tasks", GAUGE, "Tasks kept, by state." }, states },
	{ { "evtask_tasks_created_total", COUNTER, "Tasks ever made." },
	  created },
	{ { "evtask_tasks_done_total", COUNTER,
	  "Tasks that have ended, by outcome." }, outcomes },
	{ { "evtask_task_life_seconds", HISTOGRAM,
	  "From a task's making to its end." }, lives },
	{ { "evtask_task_queued_seconds", HISTOGRAM,
	  "From a task's making to its first run." }, queued },
	{ { "evtask_request_seconds", HISTOGRAM,
	  "From a request to its answer, by method." }, requests },
	{ { "evtask_request_errors_total", COUNTER,
	  "Requests answered with an error, by method and error." }, errors },
	{ { "evtask_requests_deferred", GAUGE, "Requests not answered yet." },
	  deferred },
	{ { "evtask_answer_slices_total", COUNTER,
	  "Slices that long answers were made in." }, slices },
	{ { "evtask_clients", GAUGE, "Connections." }, clients },
	{ { "evtask_clients_total", COUNTER, "Connections ever taken." },
	  clients_taken },
	{ { "evtask_clients_refused_total", COUNTER,
	  "Connections refused, for being too many." }, clients_refused },
	{ { "evtask_clients_stalled_total", COUNTER,
	  "Connections closed for not reading." }, clients_stalled },
	{ { "evtask_subscriptions", GAUGE, "Open subscriptions." },
	  subscriptions },
	{ { "evtask_events_total", COUNTER, "Events, whoever listened." },
	  events },
	{ { "evtask_events_sent_total", COUNTER,
	  "Events sent to subscribers." }, events_sent },
	{ { "evtask_events_dropped_total", COUNTER,
	  "Events that subscribers were too slow for." }, events_dropped },
	{ { "evtask_loop_turns_total", COUNTER, "Turns of the loop." }, turns },
	{ { "evtask_loop_handles_total", COUNTER,
	  "Callbacks and steps of tasks that the loop has run." }, handles },
	{ { "evtask_loop_polls_total", COUNTER,
	  "Times the loop has asked the system." }, polls },
	{ { "evtask_loop_timers", GAUGE, "Timers that wait." }, timers },
	{ { "evtask_loop_reports_total", COUNTER,
	  "Failures that had nobody to be told." }, reports },
	{ { "evtask_loop_stalls_total", COUNTER,
	  "Times the loop was blocked." }, loop_stalls },
};
#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

static struct json_object *
render_metric(const struct row *row, const struct collection *collection)
{
	struct sink sink;

	if (sink_init(&sink, false) < 0)
		return NULL;
	sink_begin(&sink, &row->metric);
	row->collect(&sink, collection);
	return sink_take(&sink);
}

static struct json_object *
render_text(const struct collection *collection)
{
	struct sink sink;

	if (sink_init(&sink, true) < 0)
		return NULL;
	for (size_t i = 0; i < N_ROWS; i++) {
		sink_begin(&sink, &rows[i].metric);
		rows[i].collect(&sink, collection);
	}
	return sink_take_text(&sink);
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
