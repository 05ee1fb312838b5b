/*
 * subscription.h - a client's wish to be told.
 */
#ifndef CONSOLE_SUBSCRIPTION_H
#define CONSOLE_SUBSCRIPTION_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>
#include "pace.h"
#include "registry.h"
#include "ring.h"

struct session;

enum on_lag {
	ON_LAG_CONTINUE,
	ON_LAG_SNAPSHOT,
	ON_LAG_END,
};

/* Either of events, by the ring; or of the log of one task, by the log. */
struct subscription {
	TAILQ_ENTRY(subscription) link;
	struct session *session;
	uint64_t id;
	uint64_t sent, dropped; /* events */

	/* Of events. */
	uint32_t types;         /* a bit for each enum event_type */
	uint64_t *tasks;        /* sorted, each once; NULL: all */
	size_t n_tasks;
	bool recount;           /* some of those may be gone */
	struct ring_cursor cursor;
	enum on_lag on_lag;

	/* And before them, of the tasks there are. Events of those that have
	 * been told are sent, and of others not: they will be told. */
	struct walk walk;       /* over all, or those of tasks, by id */
	bool telling;           /* there are more */
	uint64_t told;          /* up to this id; UINT64_MAX: all */
	uint64_t n_told;
	uint32_t members;       /* of each task */

	/* Of a log. */
	struct record *follow;  /* a reference; NULL: it is of events */
	uint32_t streams;       /* a bit for each */
	uint64_t line;          /* the next to be sent */
	uint64_t line_seq;      /* of the last that was */
	struct pacer pacer;     /* which that task waits for, when asked */
};

/* A new one, yet to be filled in; NULL without memory. */
struct subscription *subscription_new(struct session *session);
/* Makes it one of that task's log, from that line on. */
void subscription_follow(struct subscription *sub, struct record *record,
    uint32_t streams, uint64_t line, bool pace);
/* Begins a snapshot of its tasks, which goes before the events to come. */
void subscription_snapshot(struct subscription *sub);
void subscription_free(struct subscription *sub);
void subscription_free_all(struct session *session);

/* Borrowed; NULL: this connection has none of that id. */
struct subscription *subscription_find(const struct session *session,
    uint64_t id);

/* Tells why, and frees it. */
void subscription_end_all(struct session *session, const char *reason);

/* Events, or lines, it has not been offered yet. */
uint64_t subscription_behind(const struct subscription *sub);

/* Tells what there is, as long as feed.c has room and time for it. It may be
 * over, and freed. */
void subscription_tell(struct subscription *sub);

#endif
