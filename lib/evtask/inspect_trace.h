/*
 * inspect_trace.h - the flight recorder: what the tasks of a loop did last.
 *
 *	evtask_trace_start(loop, 0);
 *	...
 *	n = evtask_trace_read(loop, 0, records, 16384);
 *	evtask_trace_write(file, records, n, NULL);
 *
 * It costs some ten nanoseconds a switch and a mebibyte, and overwrites what is
 * oldest. A console starts it. What is written opens in Perfetto and in
 * chrome://tracing. Called from the loop's thread, but for
 * evtask_trace_write(), which may be called from anywhere; nothing here
 * suspends.
 */
#ifndef EVTASK_INSPECT_TRACE_H
#define EVTASK_INSPECT_TRACE_H

#include <evtask/base.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

enum evtask_trace_type {
	EVTASK_TRACE_CREATED,	/* other: by this task; 0: by the loop */
	EVTASK_TRACE_RUNS,	/* whatever ran before does not */
	EVTASK_TRACE_WAITS,	/* for op, name; other: the task it needs */
	EVTASK_TRACE_WOKEN,	/* other: by this task; 0: by the loop */
	EVTASK_TRACE_CANCEL,	/* is asked to stop; other: by this task */
	EVTASK_TRACE_DONE,	/* op: its outcome */
	EVTASK_TRACE_POLLS,	/* the loop asks the system, and may sleep */
	EVTASK_TRACE_TURNS,	/* and has the answer */
	EVTASK_TRACE_TYPES,
};

struct evtask_trace_record {
	uint64_t seq;		/* counts all records, from 1 */
	int64_t ts_ns;		/* on the loop's clock */
	uint64_t task, other;	/* ids; 0: the loop */
	enum evtask_trace_type type;
	const char *op;		/* a literal of the program's; NULL */
	char name[32];		/* of the task, or of what it waits for; cut;
				   "" if it has none */
};

/* "created", "runs", "waits", "woken", "cancel", "done", "polls", "turns" */
EVTASK_API const char *evtask_trace_type_name(enum evtask_trace_type type);

/* Starts recording, n records at the most (0: 16,384; rounded up to a power of
 * two). Returns 0, -EALREADY, -EINVAL, -ENOMEM, or -ENOSYS: libevtask was built
 * without inspection, to be measured. */
EVTASK_API EVTASK_CHECKED int
evtask_trace_start(struct evtask_loop *loop, size_t n);

/* Stops, and forgets. */
EVTASK_API void evtask_trace_stop(struct evtask_loop *loop);

/* Whether it records. */
EVTASK_API bool evtask_trace_is_on(const struct evtask_loop *loop);

/*
 * Copies records, the oldest first, of those after the number `after`. Fills
 * in as many as there is room for, and returns how many it did: 0 when there
 * are none, or nothing is recorded. A first seq greater than after + 1 says how
 * many were overwritten.
 */
EVTASK_API size_t
evtask_trace_read(const struct evtask_loop *loop, uint64_t after,
    struct evtask_trace_record *records, size_t size);

/*
 * How long a task has run while it was recorded, in microseconds, to the next
 * wait, poll or other task; -1 when nothing is recorded, or it does not live.
 */
EVTASK_API int64_t evtask_busy_us(const struct evtask *task);

/* What the records do not say. All zero is fine. */
struct evtask_trace_facts {
	/* The name of a task in none of the records; NULL: not known. */
	const char *(*name)(uint64_t task, void *arg);
	void *arg;
	int64_t now_ns;		/* when they were read, on the loop's clock;
				   0: at the last of them */
	int64_t now_us;		/* the same moment, since 1970; 0: not known */
};

/*
 * Writes records as a trace in Chrome's JSON format, an event a line: a track
 * for each task, with what it waited for, and on whom, and arrows from who woke
 * it; the number of tasks; runs of 200 ms and more as stalls. Records with seq
 * 0 come first, and tell what went on already when the others begin, since
 * their ts_ns. facts may be NULL. 0; -EINVAL; -EIO; -ENOMEM.
 */
EVTASK_API int
evtask_trace_write(FILE *file, const struct evtask_trace_record *records,
    size_t n, const struct evtask_trace_facts *facts);

#ifdef __cplusplus
}
#endif
#endif
