/*
 * ring.h - what has happened: a ring of fixed-size records.
 */
#ifndef CONSOLE_RING_H
#define CONSOLE_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RING_RECORDS 16384

/* In the order of evtask_ctl_events(); notice.c writes each. */
enum event_type {
	EVENT_CREATED,
	EVENT_STARTED,
	EVENT_WAITING,
	EVENT_DONE,
	EVENT_RENAMED,
	EVENT_LABELLED,
	EVENT_CANCEL_REQUESTED,
	EVENT_PROGRESS,
	EVENT_LOG,
	EVENT_WARNING,
	EVENT_FORGOTTEN,
	EVENT_DEADLOCK,
	EVENT_STALL,
	EVENT_MODULE_LOADED,
	EVENT_MODULE_UNLOADED,
	EVENT_SHUTDOWN,
	EVENT_TYPES,
};

struct ring_record {
	uint64_t seq;   /* of its first event */
	uint32_t count; /* events it stands for: lines of a log; else 1 */
	uint32_t type;  /* enum event_type */
	uint64_t task;  /* 0: none */
	int64_t ts_us;  /* on the loop's clock */
	int64_t number; /* by type: outcome, requests, mode, first line,
			   how long */
	char *text;     /* by type: message, names; owned, may be NULL */
};

struct ring {
	struct ring_record *records;
	size_t room;    /* a power of two */
	uint64_t pushed; /* records ever; the newest is pushed - 1 */
	uint64_t seq;   /* of the last event; 0: none yet */
};

/* A reader's place: the event it wants next, and the record that holds it. */
struct ring_cursor {
	uint64_t position;
	uint64_t seq;
};

/* What a reader that was too slow has lost. */
struct ring_gap {
	uint64_t from_seq, to_seq;
};

/* room is a power of two. 0 or -ENOMEM. */
int ring_init(struct ring *ring, size_t room);
void ring_release(struct ring *ring);

/*
 * Adds a record, whose text it takes, over the oldest. Sets its seq; cannot
 * fail.
 */
void ring_push(struct ring *ring, struct ring_record record);

/* The place after seq: the oldest there is, at the most; never the future. */
struct ring_cursor ring_after(const struct ring *ring, uint64_t seq);

/* Whether events at the cursor are gone. If so it moves past them. */
bool ring_lost(const struct ring *ring, struct ring_cursor *cursor,
    struct ring_gap *ret_gap);

/* The record that holds the cursor's event, borrowed; NULL: none is left.
 * Only after ring_lost() has said no. */
const struct ring_record *ring_at(const struct ring *ring,
    const struct ring_cursor *cursor);

/* Moves past one event of the record, or past all of it. */
void ring_next(struct ring_cursor *cursor, const struct ring_record *record);
void ring_skip(struct ring_cursor *cursor, const struct ring_record *record);

#endif
