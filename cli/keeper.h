/*
 * keeper.h - the prompt's connection, kept.
 */
#ifndef CLI_KEEPER_H
#define CLI_KEEPER_H

#include <evtask/base.h>

struct cli;
struct counts;
struct news;
struct notices;
struct picture;

struct keeper {
	struct cli *cli;
	struct picture *picture;
	struct notices *notices;
	struct counts *counts;
	struct news *news;
	void (*changed)(void *arg); /* connected, or no longer */
	void *arg;
	char instance[160];         /* of the server; "" before the first */
};

/*
 * Connects, once, without a notice: the prompt's first word to the person.
 * Returns 0; a negative errno, and *ret_why is a sentence to free.
 */
int keeper_open(struct keeper *keeper, char **ret_why);

/*
 * The body of a task: learns what there is, tells what happens, connects again
 * when the connection is lost, and says so. Runs until it is cancelled.
 */
EVTASK_SUSPENDS int keeper_run(void *keeper);

#endif
