/*
 * details.h - all there is to say of one task, as a text that scrolls.
 */
#ifndef CLI_DETAILS_H
#define CLI_DETAILS_H

#include <evtask/base.h>

struct cli;

struct details {
	int64_t task;                /* whose they are; 0: none is shown */
	char *text;
	size_t scrolled;             /* the first line shown; any number */
};

/* Asks anew. 0; an exit code, all being said; -ECANCELED. */
EVTASK_SUSPENDS int details_fetch(struct details *details, struct cli *cli);

/* The text from the first line shown on, which at the furthest leaves the last
 * so many rows. */
const char *details_text(struct details *details, size_t rows);

void details_release(struct details *details);

#endif
