/*
 * recorder.c - the flight recorder from the outside: on, off, and read.
 *
 * Records are stamped with the processor's own counter, which runs at a rate of
 * its own. What that is, is known when they are read: the counter and the clock
 * have been looked at when it began, and are looked at again now.
 */
#include "inspect/recorder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/recorder.h"
#include "core/tell.h"
#include "inspect/peek.h"

enum {
	DEFAULT_RECORDS = 16384,
	MAX_RECORDS = 1 << 24,
	MAX_LOOKS = 10,
	NARROW_US = 2,
};

_Static_assert((int)RECORD_TURNS == (int)EVTASK_TRACE_TURNS &&
    (int)RECORD_CREATED == (int)EVTASK_TRACE_CREATED &&
    (int)RECORD_DONE == (int)EVTASK_TRACE_DONE, "the types are the same");
_Static_assert((int)FUTURE_CANCELLED == (int)EVTASK_OUTCOME_CANCELLED &&
    (int)FUTURE_RETURNED == (int)EVTASK_OUTCOME_RETURNED,
    "a state of a future is the outcome of a task");

static const char *const type_names[EVTASK_TRACE_TYPES] = {
	[EVTASK_TRACE_CREATED] = "created",
	[EVTASK_TRACE_RUNS] = "runs",
	[EVTASK_TRACE_WAITS] = "waits",
	[EVTASK_TRACE_WOKEN] = "woken",
	[EVTASK_TRACE_CANCEL] = "cancel",
	[EVTASK_TRACE_DONE] = "done",
	[EVTASK_TRACE_POLLS] = "polls",
	[EVTASK_TRACE_TURNS] = "turns",
};

const char *
evtask_trace_type_name(enum evtask_trace_type type)
{
	return type_names[type];
}

/* Both clocks, as if at once. Between the looks the system may have run others:
 * the narrowest of some tries is taken, the first that is narrow enough. */
static void
look_at_both(const struct evtask_loop *loop, uint64_t *ret_ticks,
    int64_t *ret_us)
{
	int64_t before, gap, narrowest = INT64_MAX;
	uint64_t ticks;

	for (int i = 0; i < MAX_LOOKS && narrowest > NARROW_US; i++) {
		before = evtask_loop_time_us(loop);
		ticks = recorder_ticks(loop);
		gap = evtask_loop_time_us(loop) - before;
		if (gap >= narrowest)
			continue;
		narrowest = gap;
		*ret_ticks = ticks;
		*ret_us = before;
	}
}

int
evtask_trace_start(struct evtask_loop *loop, size_t n)
{
	struct recorder *recorder;
	size_t places = 2;

	if (loop == NULL || n > MAX_RECORDS)
		return -EINVAL;
	if (loop->recorder != NULL)
		return -EALREADY;
	if (!INSPECTION)
		return -ENOSYS;
	while (places < (n > 0 ? n : DEFAULT_RECORDS))
		places *= 2;
	/* Not zeroed: what was never written is not looked at. */
	recorder = malloc(sizeof *recorder +
	    places * sizeof recorder->entries[0]);
	if (recorder == NULL)
		return -ENOMEM;
	recorder->n = 0;
	recorder->mask = places - 1;
	recorder->runs = NULL;
	look_at_both(loop, &recorder->first_ticks, &recorder->first_us);
	loop->recorder = recorder;
	ready_watch(&loop->ready);
	tell_changed(loop);
	return 0;
}

void
evtask_trace_stop(struct evtask_loop *loop)
{
	if (loop == NULL)
		return;
	free(loop->recorder);
	loop->recorder = NULL;
	tell_changed(loop);
}

bool
evtask_trace_is_on(const struct evtask_loop *loop)
{
	return loop != NULL && loop->recorder != NULL;
}

/* Nanoseconds of a tick, so far. */
static double
rate_of(const struct evtask_loop *loop, const struct recorder *recorder)
{
	uint64_t ticks = 0;
	int64_t us = 0;

	if (loop->clock == EVTASK_CLOCK_VIRTUAL)
		return 1000;
	look_at_both(loop, &ticks, &us);
	ticks -= recorder->first_ticks;
	us -= recorder->first_us;
	return ticks > 0 ? (double)us * 1000 / (double)ticks : 0;
}

static void
describe(const struct recorder *recorder, const struct record_entry *entry,
    uint64_t place, double rate, struct evtask_trace_record *record)
{
	*record = (struct evtask_trace_record){
		.seq = place + 1, .task = entry->task,
		.type = (enum evtask_trace_type)entry->type,
		.ts_ns = recorder->first_us * 1000 + (int64_t)((double)
		    (int64_t)(entry->ticks - recorder->first_ticks) * rate),
	};
	if (entry->type == RECORD_RUNS || entry->type == RECORD_POLLS ||
	    entry->type == RECORD_TURNS)
		return;
	memcpy(record->name, entry->name, sizeof entry->name);
	if (entry->type == RECORD_WAITS)
		record->op = entry->op;
	if (entry->type == RECORD_DONE)
		record->op = evtask_outcome_name(
		    (enum evtask_outcome)entry->other);
	else
		record->other = entry->other;
}

/* The oldest there is of those after that number. */
static uint64_t
first_place(const struct recorder *recorder, uint64_t after)
{
	uint64_t lost = recorder->n > recorder->mask + 1 ?
	    recorder->n - recorder->mask - 1 : 0;

	return after > lost ? after : lost;
}

size_t
evtask_trace_read(const struct evtask_loop *loop, uint64_t after,
    struct evtask_trace_record *records, size_t size)
{
	const struct recorder *recorder = loop != NULL ? loop->recorder : NULL;
	uint64_t place;
	double rate;
	size_t n = 0;

	if (recorder == NULL)
		return 0;
	rate = rate_of(loop, recorder);
	for (place = first_place(recorder, after); place < recorder->n &&
	    n < size; place++)
		describe(recorder,
		    &recorder->entries[place & recorder->mask], place, rate,
		    &records[n++]);
	return n;
}

int64_t
evtask_busy_us(const struct evtask *task)
{
	const struct evtask_loop *loop;
	const struct recorder *recorder;
	uint64_t ticks;

	if (task == NULL || task->running == NULL ||
	    task->future.loop->recorder == NULL)
		return -1;
	loop = task->future.loop;
	recorder = loop->recorder;
	ticks = task->running->busy_ticks;
	if (recorder->runs == task)
		ticks += recorder_ticks(loop) - recorder->since_ticks;
	return (int64_t)((double)ticks * rate_of(loop, recorder) / 1000);
}

int
recorder_peek(const struct evtask_loop *loop, uint64_t after,
    bool still, struct evtask_trace_record *records, size_t size,
    size_t *ret_n)
{
	struct evtask_loop seen;
	struct recorder before, now;
	struct record_entry entry;
	uint64_t place;
	size_t n = 0;
	double rate;

	if (!peek(loop, &seen, sizeof seen))
		return -EIO;
	if (seen.recorder == NULL)
		return -EINVAL;
	if (!peek(seen.recorder, &before, sizeof before))
		return -EIO;
	if (!still && before.n > 0)
		before.n--;		/* which may be being written */
	rate = rate_of(&seen, &before);
	for (place = first_place(&before, after); place < before.n && n < size;
	    place++) {
		if (!peek(&seen.recorder->entries[place & before.mask], &entry,
		    sizeof entry) || !peek(seen.recorder, &now, sizeof now))
			return -EIO;
		if (now.mask != before.mask || place + now.mask + 1 <= now.n)
			continue;	/* another is written there already */
		describe(&before, &entry, place, rate, &records[n++]);
	}
	*ret_n = n;
	return 0;
}
