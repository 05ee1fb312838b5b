/*
 * keeper.h - the prompt's connection, kept.
 */
#ifndef CLI_KEEPER_H
#define CLI_KEEPER_H

#include <evtask/base.h>
#include "counts.h"
#include "notice.h"
#include "picture.h"

struct cli;

struct keeper {
	struct cli *cli;
	struct picture *picture;
	struct notices *notices;
	struct counts *counts;
	void (*changed)(void *arg); /* connected, or no longer */
	void *arg;
	char instance[160];         /* of the server; "" before the first */
	struct json_object *held;   /* ends while a verb runs; or NULL */
	struct json_object *promised; /* ids to be told whatever happens */
	int told;                   /* notices since the burst began */
	int untold;                 /* and those only counted */
	int64_t burst_us;           /* when that was */
	struct evtask *summary;     /* tells how many, when it is over */
};

/*
 * Connects, once, without a notice: the prompt's first word to the person.
 * Returns 0; a negative errno, and *ret_why is a sentence to free.
 */
int keeper_open(struct keeper *keeper, char **ret_why);

/* The end of every task that the words mean is to be told. */
void keeper_promise(struct keeper *keeper, struct json_object *words);

/* The verb has ended: tells the ends it has not told itself. */
void keeper_catch_up(struct keeper *keeper);

/*
 * The body of a task: learns what there is, tells what happens, connects again
 * when the connection is lost, and says so. Runs until it is cancelled.
 */
EVTASK_SUSPENDS int keeper_run(void *keeper);

#endif
