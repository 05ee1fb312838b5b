/*
 * trace.c - records as a trace that Perfetto and chrome://tracing open.
 *
 * Records say what began; slices have a length. So for each task it is kept
 * what it is doing since when, and a slice is written when it does something
 * else: complete events only, of which none can be left unmatched. An arrow goes
 * from who woke a task to where it runs; both of its ends are written together,
 * when it does.
 *
 * Times are microseconds with three decimals, from the first record on.
 */
#include <evtask/inspect_trace.h>

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

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
	char what[80];			/* it waits for */
	uint64_t waker;			/* READY: by whom, and when */
	int64_t woken_ns;
	bool has_waker;
	char name[32];
};

struct writer {
	FILE *file;
	int64_t first_ns;
	uint64_t flows;			/* arrows, so far */
	bool begun;			/* an event has been written */
	struct track *tracks;		/* a hash table, by task */
	size_t n, size;			/* a power of two */
	struct track loop;		/* the loop's own */
	uint64_t runs;			/* the task that runs; 0: none */
	int64_t alive;
	int r;
};

static __attribute__((__format__(__printf__, 2, 3))) void
put(struct writer *w, const char *fmt, ...)
{
	char text[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	if (fputs(text, w->file) < 0)
		w->r = -EIO;
}

/* Text within a string of JSON; names may hold anything. */
static void
put_text(struct writer *w, const char *text)
{
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '"' || c == '\\')
			put(w, "\\%c", c);
		else if (c < 0x20 || c >= 0x7f)
			put(w, "\\u%04x", c);
		else
			put(w, "%c", c);
	}
}

static void
put_time(struct writer *w, const char *key, int64_t ns)
{
	if (ns < 0)
		ns = 0;
	put(w, ",\"%s\":%" PRId64 ".%03d", key, ns / 1000, (int)(ns % 1000));
}

/* An event, up to its name; the caller goes on from there. */
static void
begin_event(struct writer *w, char phase, uint64_t task, int64_t ts_ns,
    const char *category)
{
	put(w, "%s\n{\"ph\":\"%c\",\"pid\":1,\"tid\":%" PRIu64
	    ",\"cat\":\"%s\"", w->begun ? "," : "", phase, task, category);
	put_time(w, "ts", ts_ns - w->first_ns);
	w->begun = true;
}

static void
put_name(struct writer *w, const char *name)
{
	put(w, ",\"name\":\"");
	put_text(w, name);
	put(w, "\"");
}

static void
put_slice(struct writer *w, uint64_t task, const char *name,
    const char *category, int64_t from_ns, int64_t to_ns)
{
	begin_event(w, 'X', task, from_ns, category);
	put_time(w, "dur", to_ns - from_ns);
	put_name(w, name);
	put(w, "}");
}

static void
put_instant(struct writer *w, uint64_t task, const char *name, int64_t ts_ns)
{
	begin_event(w, 'i', task, ts_ns, "evtask");
	put(w, ",\"s\":\"t\"");
	put_name(w, name);
	put(w, "}");
}

static void
put_arrow(struct writer *w, const struct track *track, int64_t ts_ns)
{
	w->flows++;
	begin_event(w, 's', track->waker, track->woken_ns, "wake");
	put(w, ",\"id\":%" PRIu64 ",\"name\":\"wake\"}", w->flows);
	begin_event(w, 'f', track->task, ts_ns, "wake");
	put(w, ",\"id\":%" PRIu64 ",\"bp\":\"e\",\"name\":\"wake\"}",
	    w->flows);
}

static void
put_alive(struct writer *w, int64_t ts_ns)
{
	begin_event(w, 'C', 0, ts_ns, "evtask");
	put(w, ",\"name\":\"tasks\",\"args\":{\"alive\":%" PRId64 "}}",
	    w->alive);
}

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
		w->r = -ENOMEM;
		return NULL;
	}
	track = place_of(w->tracks, w->size, task);
	if (track->task == 0) {
		w->n++;
		*track = (struct track){ .task = task };
	}
	return track;
}

/* What it has done until now is written; it does something else. */
static void
turn_to(struct writer *w, struct track *track, enum doing doing, int64_t ts_ns)
{
	switch (track->doing) {
	case RUNNING:
		put_slice(w, track->task, track->task != 0 ? "runs" : "turns",
		    "run", track->since_ns, ts_ns);
		if (track->task != 0 && ts_ns - track->since_ns >= STALL_NS)
			put_instant(w, track->task, "stall", track->since_ns);
		break;
	case WAITING:
		put_slice(w, track->task, track->what, "wait",
		    track->since_ns, ts_ns);
		break;
	case READY:
		put_slice(w, track->task, "ready", "ready", track->since_ns,
		    ts_ns);
		break;
	case UNKNOWN:
	case OVER:
		break;
	}
	track->doing = doing;
	track->since_ns = ts_ns;
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
take(struct writer *w, const struct evtask_trace_record *record)
{
	struct track *track = track_of(w, record->task);
	int64_t ts_ns = record->ts_ns;

	if (track == NULL)
		return;
	switch (record->type) {
	case EVTASK_TRACE_CREATED:
		memcpy(track->name, record->name, sizeof track->name);
		w->alive++;
		put_alive(w, ts_ns);
		turn_to(w, track, READY, ts_ns);
		track->has_waker = true;
		track->waker = record->other;
		track->woken_ns = ts_ns;
		break;
	case EVTASK_TRACE_RUNS:
		stop_running(w, ts_ns);
		turn_to(w, track, RUNNING, ts_ns);
		if (track->has_waker)
			put_arrow(w, track, ts_ns);
		track->has_waker = false;
		w->runs = record->task;
		break;
	case EVTASK_TRACE_WAITS:
		turn_to(w, track, WAITING, ts_ns);
		snprintf(track->what, sizeof track->what, "%s%s%s",
		    record->op != NULL ? record->op : "wait",
		    record->name[0] != '\0' ? " " : "", record->name);
		break;
	case EVTASK_TRACE_WOKEN:
		memcpy(track->name, record->name, sizeof track->name);
		turn_to(w, track, READY, ts_ns);
		track->has_waker = true;
		track->waker = record->other;
		track->woken_ns = ts_ns;
		break;
	case EVTASK_TRACE_CANCEL:
		put_instant(w, record->task, "asked to stop", ts_ns);
		break;
	case EVTASK_TRACE_DONE:
		memcpy(track->name, record->name, sizeof track->name);
		turn_to(w, track, OVER, ts_ns);
		put_instant(w, record->task, record->op != NULL ? record->op :
		    "done", ts_ns);
		w->alive -= w->alive > 0;
		put_alive(w, ts_ns);
		break;
	case EVTASK_TRACE_POLLS:
		stop_running(w, ts_ns);
		turn_to(w, &w->loop, WAITING, ts_ns);
		memcpy(w->loop.what, "polls", sizeof "polls");
		break;
	case EVTASK_TRACE_TURNS:
		turn_to(w, &w->loop, RUNNING, ts_ns);
		break;
	case EVTASK_TRACE_TYPES:
		break;
	}
}

static void
put_track_name(struct writer *w, const struct track *track,
    const struct evtask_trace_names *names)
{
	const char *name = track->name;
	char made[32];

	if (name[0] == '\0' && names != NULL && names->name != NULL)
		name = names->name(track->task, names->arg);
	if (name == NULL || name[0] == '\0') {
		snprintf(made, sizeof made, "Task-%" PRIu64, track->task);
		name = made;
	}
	put(w, "%s\n{\"ph\":\"M\",\"pid\":1,\"tid\":%" PRIu64
	    ",\"name\":\"thread_name\",\"args\":{\"name\":\"",
	    w->begun ? "," : "", track->task);
	w->begun = true;
	put_text(w, track->task != 0 ? name : "loop");
	put(w, "\"}}");
}

int
evtask_trace_write(FILE *file, const struct evtask_trace_record *records,
    size_t n, const struct evtask_trace_names *names)
{
	struct writer w = { .file = file };
	int64_t end_ns = n > 0 ? records[n - 1].ts_ns : 0;

	if (file == NULL || (records == NULL && n > 0))
		return -EINVAL;
	w.first_ns = n > 0 ? records[0].ts_ns : 0;
	put(&w, "{\"displayTimeUnit\":\"ms\",\"traceEvents\":[");
	for (size_t i = 0; i < n && w.r == 0; i++)
		take(&w, &records[i]);
	turn_to(&w, &w.loop, OVER, end_ns);
	put_track_name(&w, &w.loop, names);
	for (size_t i = 0; i < w.size && w.r == 0; i++) {
		if (w.tracks[i].task == 0)
			continue;
		turn_to(&w, &w.tracks[i], OVER, end_ns);
		put_track_name(&w, &w.tracks[i], names);
	}
	put(&w, "\n]}\n");
	free(w.tracks);
	return w.r;
}
