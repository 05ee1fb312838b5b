/*
 * recorder.h - the flight recorder: what tasks did last, in a ring.
 *
 * A record is a cache line, and says that something began at that moment: what
 * it ends is the business of whoever reads. Nothing is allocated, nothing is
 * formatted; names that may go away are copied, cut. Where nobody records it
 * costs one look at a pointer.
 */
#ifndef CORE_RECORDER_H
#define CORE_RECORDER_H

#include "core/inspection.h"
#include "core/task.h"

/* As enum evtask_trace_type, which is checked against it. */
enum record_type {
	RECORD_CREATED,	/* other: by this task; 0: by the loop */
	RECORD_RUNS,	/* whatever ran before does not */
	RECORD_WAITS,	/* op, name; other: the owner */
	RECORD_WOKEN,	/* other: by this task; 0: by the loop */
	RECORD_CANCEL,	/* asked to stop; other: by this task */
	RECORD_DONE,	/* other: its future's state */
	RECORD_POLLS,	/* the loop asks the system, and may sleep */
	RECORD_TURNS,	/* and has the answer */
};

struct record_entry {
	uint64_t ticks;
	uint64_t task, other;		/* ids */
	const char *op;			/* a literal, or NULL */
	uint8_t type;
	char name[31];
};

_Static_assert(sizeof(struct record_entry) == 64, "a record is a cache line");

struct recorder {
	uint64_t n;			/* records ever; the next one's place */
	uint64_t mask;			/* places - 1 */
	uint64_t first_ticks;		/* when it began, on both clocks */
	int64_t first_us;
	const struct evtask *runs;	/* NULL: no task does */
	uint64_t since_ticks;		/* and has since then */
	struct record_entry entries[];
};

static inline bool
recorder_is_on(const struct evtask_loop *loop)
{
	return INSPECTION && __builtin_expect(loop->recorder != NULL, 0);
}

/* Time that costs next to nothing, in units of its own. */
static inline uint64_t
recorder_ticks(const struct evtask_loop *loop)
{
	if (loop->clock == EVTASK_CLOCK_VIRTUAL)
		return (uint64_t)loop->now_us;
#if defined(__x86_64__)
	return __builtin_ia32_rdtsc();
#elif defined(__aarch64__)
	uint64_t ticks;

	__asm__ volatile("mrs %0, cntvct_el0" : "=r" (ticks));
	return ticks;
#else
	return (uint64_t)evtask_loop_time_us(loop);
#endif
}

/* The next record, to be filled in; only while there is a recorder. */
static inline struct record_entry *
recorder_next(struct evtask_loop *loop, enum record_type type, uint64_t task)
{
	struct recorder *recorder = loop->recorder;
	struct record_entry *entry =
	    &recorder->entries[recorder->n++ & recorder->mask];

	entry->ticks = recorder_ticks(loop);
	entry->task = task;
	entry->type = (uint8_t)type;
	return entry;
}

/* From now on it is this one that runs, or none: what the one before has run
 * is put to its account. Its own may still be to come, at its first run. */
static inline void
recorder_turn(struct recorder *recorder, const struct evtask *task,
    uint64_t ticks)
{
	const struct evtask *before = recorder->runs;

	if (before != NULL && before->running != NULL)
		before->running->busy_ticks += ticks - recorder->since_ticks;
	recorder->runs = task;
	recorder->since_ticks = ticks;
}

static inline void
recorder_rests(struct evtask_loop *loop)
{
	if (recorder_is_on(loop))
		recorder_turn(loop->recorder, NULL, recorder_ticks(loop));
}

/* That a task runs: the one record every switch makes. */
static inline void
recorder_runs(struct evtask_loop *loop, const struct evtask *task)
{
	if (recorder_is_on(loop))
		recorder_turn(loop->recorder, task, recorder_next(loop,
		    RECORD_RUNS, task->id)->ticks);
}

/* Everything else. The task may be NULL: the loop itself. */
void recorder_put(struct evtask_loop *loop, enum record_type type,
    const struct evtask *task);

static inline void
record(struct evtask_loop *loop, enum record_type type,
    const struct evtask *task)
{
	if (recorder_is_on(loop))
		recorder_put(loop, type, task);
}

#endif
