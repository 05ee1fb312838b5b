/*
 * trace.c - records as a trace that Perfetto and chrome://tracing open.
 *
 * Records say what began; slices have a length. So for each task it is kept
 * what it is doing since when, and a slice is written when it does something
 * else: complete events only, of which none can be left unmatched. An arrow
 * goes from who woke a task to where it runs; both of its ends are written
 * together, when it does. What a task did before its first record follows from
 * that: who is woken has waited.
 *
 * Times are microseconds with three decimals, from the first record on. What
 * tasks waited for is in the events' args, too, for programs: "evtask trace
 * open" reads it there.
 */
#include <evtask/inspect_trace.h>

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "inspect/chrome.h"

enum {
	STALL_NS = 200000000,
	FIRST_TRACKS = 64,
};

enum doing {
	UNKNOWN,
	RUNNING,
	WAITING,
	READY,
	OVER,
};

/* A task. */
struct track {
	uint64_t task;			/* 0: a free place, but for the loop */
	enum doing doing;
	int64_t since_ns;
	const char *op;			/* WAITING: for this; NULL: not known */
	char on[32];			/* and what it is called */
	uint64_t owner;			/* the task it needs; 0: none */
	uint64_t waker;			/* READY: by whom, and when */
	int64_t woken_ns;
	bool has_waker;
	char name[32];
};

struct writer {
	struct chrome chrome;
	const struct evtask_trace_facts *facts;
	int64_t end_ns;
	struct track *tracks;		/* a hash table, by task */
	size_t n, size;			/* a power of two */
	struct track loop;		/* the loop's own */
	uint64_t runs;			/* the task that runs; 0: none */
	int64_t alive;
};

/* Tracks. */

static struct track *
place_of(struct track *tracks, size_t size, uint64_t task)
{
	size_t i = (size_t)(task * UINT64_C(0x9e3779b97f4a7c15) >> 32) &
	    (size - 1);

	while (tracks[i].task != 0 && tracks[i].task != task)
		i = (i + 1) & (size - 1);
	return &tracks[i];
}

static int
grow(struct writer *w)
{
	size_t size = w->size > 0 ? w->size * 2 : FIRST_TRACKS;
	struct track *tracks = calloc(size, sizeof *tracks);

	if (tracks == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < w->size; i++)
		if (w->tracks[i].task != 0)
			*place_of(tracks, size, w->tracks[i].task) =
			    w->tracks[i];
	free(w->tracks);
	w->tracks = tracks;
	w->size = size;
	return 0;
}

/* NULL without memory. */
static struct track *
track_of(struct writer *w, uint64_t task)
{
	struct track *track;

	if (task == 0)
		return &w->loop;
	if (w->n * 2 >= w->size && grow(w) < 0) {
		w->chrome.r = -ENOMEM;
		return NULL;
	}
	track = place_of(w->tracks, w->size, task);
	if (track->task == 0) {
		w->n++;
		*track = (struct track){ .task = task };
	}
	return track;
}

/* What a task is called, as far as is known by now. */
static const char *
name_of(const struct writer *w, const struct track *track, char made[32])
{
	const char *name = track->name;

	if (name[0] == '\0' && w->facts->name != NULL)
		name = w->facts->name(track->task, w->facts->arg);
	if (name != NULL && name[0] != '\0')
		return name;
	snprintf(made, 32, "Task-%" PRIu64, track->task);
	return made;
}

/* "lock.acquire db <- writer(17)" */
static void
put_wait_name(struct writer *w, const struct track *track)
{
	const struct track *owner, nobody = { .task = track->owner };
	struct chrome *c = &w->chrome;
	char made[32];

	chrome_put(c, ",\"name\":\"");
	chrome_put_text(c, track->op != NULL ? track->op : "waits");
	if (track->on[0] != '\0') {
		chrome_put(c, " ");
		chrome_put_text(c, track->on);
	}
	if (track->owner != 0) {
		owner = place_of(w->tracks, w->size, track->owner);
		if (owner->task == 0)
			owner = &nobody;
		chrome_put(c, " <- ");
		chrome_put_text(c, name_of(w, owner, made));
		chrome_put(c, "(%" PRIu64 ")", track->owner);
	}
	chrome_put(c, "\"");
}

static void
put_wait(struct writer *w, const struct track *track, int64_t ts_ns)
{
	struct chrome *c = &w->chrome;
	int64_t before_ns = c->first_ns - track->since_ns;

	chrome_begin_slice(c, track->task, "wait", track->since_ns, ts_ns);
	put_wait_name(w, track);
	chrome_put(c, ",\"args\":{\"op\":\"");
	chrome_put_text(c, track->op != NULL ? track->op : "");
	chrome_put(c, "\",\"on\":\"");
	chrome_put_text(c, track->on);
	chrome_put(c, "\",\"owner\":%" PRIu64 ",\"before_us\":%" PRId64
	    "}}", track->owner, before_ns > 0 ? before_ns / 1000 : 0);
}

/* What a task did before the first that is known of it. */
static enum doing
before(enum doing doing)
{
	switch (doing) {
	case READY:
		return WAITING;	/* for what is not known */
	case RUNNING:
		return READY;
	case WAITING:
	case OVER:
		return RUNNING;
	case UNKNOWN:
		break;
	}
	return UNKNOWN;
}

/* What it has done until now is written; it does something else. */
static void
turn_to(struct writer *w, struct track *track, enum doing doing, int64_t ts_ns)
{
	struct chrome *c = &w->chrome;
	int64_t since_ns = track->since_ns;
	uint64_t task = track->task;

	switch (track->doing) {
	case RUNNING:
		chrome_slice(c, task, task != 0 ? "runs" : "turns", "run",
		    since_ns, ts_ns);
		if (task != 0 && ts_ns - since_ns >= STALL_NS)
			chrome_instant(c, task, "stall", since_ns);
		break;
	case WAITING:
		put_wait(w, track, ts_ns);
		break;
	case READY:
		chrome_slice(c, task, "ready", "ready", since_ns, ts_ns);
		break;
	case UNKNOWN:
	case OVER:
		break;
	}
	track->doing = doing;
	track->since_ns = ts_ns;
}

/* It is heard of for the first time: it has done something until now. */
static void
begin_track(struct writer *w, struct track *track,
    const struct evtask_trace_record *record, enum doing doing)
{
	if (track->doing != UNKNOWN || record->type == EVTASK_TRACE_CREATED)
		return;
	w->alive++;
	if (record->seq == 0)
		return;
	track->doing = before(doing);
	track->since_ns = w->chrome.first_ns;
	track->op = NULL;
}

/* Whatever task runs does so no more: it is ready, if it does not say else. */
static void
stop_running(struct writer *w, int64_t ts_ns)
{
	struct track *track = w->runs != 0 ? track_of(w, w->runs) : NULL;

	if (track != NULL && track->doing == RUNNING)
		turn_to(w, track, READY, ts_ns);
	w->runs = 0;
}

static void
wake(struct writer *w, struct track *track,
    const struct evtask_trace_record *record)
{
	memcpy(track->name, record->name, sizeof track->name);
	begin_track(w, track, record, READY);
	turn_to(w, track, READY, record->ts_ns);
	track->has_waker = record->seq != 0;
	track->waker = record->other;
	track->woken_ns = record->ts_ns;
}

static void
begin_wait(struct writer *w, struct track *track,
    const struct evtask_trace_record *record)
{
	begin_track(w, track, record, WAITING);
	turn_to(w, track, WAITING, record->ts_ns);
	track->op = record->op != NULL ? record->op : "wait";
	memcpy(track->on, record->name, sizeof track->on);
	track->owner = record->other;
}

static void
finish(struct writer *w, struct track *track,
    const struct evtask_trace_record *record)
{
	struct chrome *c = &w->chrome;
	int64_t ts_ns = record->ts_ns;

	memcpy(track->name, record->name, sizeof track->name);
	begin_track(w, track, record, OVER);
	turn_to(w, track, OVER, ts_ns);
	chrome_instant(c, track->task, record->op != NULL ? record->op :
	    "done", ts_ns);
	chrome_counter(c, "tasks", "alive", ts_ns, --w->alive);
}

static void
take(struct writer *w, const struct evtask_trace_record *record)
{
	struct track *track = track_of(w, record->task);
	struct chrome *c = &w->chrome;
	int64_t ts_ns = record->ts_ns;

	if (track == NULL)
		return;
	switch (record->type) {
	case EVTASK_TRACE_CREATED:
		chrome_counter(c, "tasks", "alive", ts_ns, ++w->alive);
		chrome_deed(c, record->task, "created", ts_ns, record->other);
		wake(w, track, record);
		break;
	case EVTASK_TRACE_RUNS:
		stop_running(w, ts_ns);
		begin_track(w, track, record, RUNNING);
		turn_to(w, track, RUNNING, ts_ns);
		if (track->has_waker)
			chrome_arrow(c, track->waker, track->woken_ns,
			    track->task, ts_ns);
		track->has_waker = false;
		w->runs = record->task;
		break;
	case EVTASK_TRACE_WAITS:
		begin_wait(w, track, record);
		break;
	case EVTASK_TRACE_WOKEN:
		wake(w, track, record);
		break;
	case EVTASK_TRACE_CANCEL:
		chrome_deed(c, record->task, "asked to stop", ts_ns,
		    record->other);
		break;
	case EVTASK_TRACE_DONE:
		finish(w, track, record);
		break;
	case EVTASK_TRACE_POLLS:
		stop_running(w, ts_ns);
		turn_to(w, &w->loop, WAITING, ts_ns);
		w->loop.op = "polls";
		break;
	case EVTASK_TRACE_TURNS:
		turn_to(w, &w->loop, RUNNING, ts_ns);
		break;
	case EVTASK_TRACE_TYPES:
		break;
	}
}

static void
name_track(struct writer *w, const struct track *track)
{
	char made[32];

	chrome_track_name(&w->chrome, track->task, track->task != 0 ?
	    name_of(w, track, made) : "loop");
}

/* The moments between which it lies. */
static void
find_ends(struct writer *w, const struct evtask_trace_record *records,
    size_t n)
{
	size_t first = 0;

	while (first < n && records[first].seq == 0)
		first++;
	w->end_ns = n > 0 ? records[n - 1].ts_ns : 0;
	if (w->facts->now_ns > w->end_ns)
		w->end_ns = w->facts->now_ns;
	w->chrome.first_ns = first < n ? records[first].ts_ns : w->end_ns;
}

/* Times are from the first record on; when that was, and when it ended. */
static void
put_head(struct writer *w)
{
	const struct evtask_trace_facts *facts = w->facts;
	struct chrome *c = &w->chrome;

	chrome_put(c, "{\"displayTimeUnit\":\"ms\",\"otherData\":"
	    "{\"evtask\":1");
	chrome_put_time(c, "until", w->end_ns - c->first_ns);
	if (facts->now_us != 0)
		chrome_put(c, ",\"from_us\":%" PRId64, facts->now_us -
		    (facts->now_ns - c->first_ns) / 1000);
	chrome_put(c, "},\"traceEvents\":[");
}

int
evtask_trace_write(FILE *file, const struct evtask_trace_record *records,
    size_t n, const struct evtask_trace_facts *facts)
{
	static const struct evtask_trace_facts none;
	struct writer w = { .chrome.file = file,
	    .facts = facts != NULL ? facts : &none };

	if (file == NULL || (records == NULL && n > 0))
		return -EINVAL;
	find_ends(&w, records, n);
	put_head(&w);
	for (size_t i = 0; i < n && w.chrome.r == 0; i++)
		take(&w, &records[i]);
	turn_to(&w, &w.loop, OVER, w.end_ns);
	name_track(&w, &w.loop);
	for (size_t i = 0; i < w.size && w.chrome.r == 0; i++) {
		if (w.tracks[i].task == 0)
			continue;
		turn_to(&w, &w.tracks[i], OVER, w.end_ns);
		name_track(&w, &w.tracks[i]);
	}
	chrome_put(&w.chrome, "\n]}\n");
	free(w.tracks);
	return w.chrome.r;
}
