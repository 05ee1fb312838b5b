/*
 * pager.h - what is longer than the terminal, page by page.
 */
#ifndef CLI_PAGER_H
#define CLI_PAGER_H

#include <evtask/base.h>
#include <stdio.h>

struct cli;

struct pager {
	FILE *data;  /* where data goes in the end; NULL: nothing kept back */
	char *text;  /* what is kept back */
	size_t size;
};

/* From now on data is kept back, if a person reads it on a terminal. */
void pager_begin(struct pager *pager, struct cli *cli);

/*
 * Shows what was kept back: at once, or by $EVTASK_PAGER, $PAGER or less if it
 * is longer than the terminal, and then until the person has had enough.
 * Returns code, or -ECANCELED.
 */
EVTASK_SUSPENDS int
pager_end(struct pager *pager, struct cli *cli, int code);

#endif
