/*
 * counts.h - how many tasks there are of which kind, for the prompt.
 */
#ifndef CLI_COUNTS_H
#define CLI_COUNTS_H

#include <evtask/base.h>

struct cli;
struct picture;

struct counts {
	struct cli *cli;
	struct picture *picture;
	void (*changed)(void *arg); /* they came later than they were wanted */
	void *arg;
	int64_t running, waiting, failed; /* as counted last */
	struct evtask *counting;    /* the task that counts, or has; or NULL */
	bool again;                 /* what it finds is out of date already */
};

/* Counts anew, and waits a moment for it; what comes later is told. Returns 0,
 * or -ECANCELED. */
EVTASK_SUSPENDS int counts_take(struct counts *counts);

/* Stops counting. Suspends until that is done. */
void counts_release(struct counts *counts);

#endif
