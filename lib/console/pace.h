/*
 * pace.h - readers that a task waits for.
 */
#ifndef CONSOLE_PACE_H
#define CONSOLE_PACE_H

#include <stdint.h>
#include <sys/queue.h>

struct evtask_job;

/* A reader that must not be overtaken. */
struct pacer {
	LIST_ENTRY(pacer) link;
	struct evtask_job *job; /* borrowed; NULL: nobody is paced */
	uint64_t line;          /* the next it has yet to get */
};
LIST_HEAD(pacer_list, pacer);

/* It reads from that line on. The job outlives it. */
void pacer_start(struct pacer *pacer, struct evtask_job *job, uint64_t line);
/* It has read up to that line. Nothing, when it paces nobody. */
void pacer_move(struct pacer *pacer, uint64_t line);
/* It reads no more, and holds nobody. */
void pacer_stop(struct pacer *pacer);

#endif
