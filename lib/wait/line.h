/*
 * line.h - tasks standing in a line, each until its turn is given to it.
 *
 * What every lock, queue and event is made of: a list of places on the stacks
 * of those who wait, in the order in which they came.
 */
#ifndef WAIT_LINE_H
#define WAIT_LINE_H

#include "core/task.h"

/*
 * Joins the end of the line and waits for its turn. 0: it came. -ECANCELED:
 * this wait was interrupted, and *ret_given says whether the turn had come
 * all the same, so that it must be handed on. Whatever the answer, it has
 * left the line.
 */
EVTASK_SUSPENDS int line_wait(struct list *line, struct wait *wait,
    bool *ret_given);

/* The same for a resource, of which nothing else is to be said. */
EVTASK_SUSPENDS int line_wait_for(struct list *line, struct resource *resource,
    const char *op, const struct evtask_site *site, bool *ret_given);

/* Gives the first who has none yet its turn. Whether there was one. */
bool line_give(struct list *line);

/* Gives the first its turn, and nobody else if it has one already or is
 * leaving. */
void line_give_first(struct list *line);

void line_give_all(struct list *line);

/* Whether those who stand there run in another thread; then this is no place
 * to touch the line, and line_misuse() the answer: -EPERM. */
bool line_stands_elsewhere(const struct list *line);	/* not empty */

static inline bool
line_is_elsewhere(const struct list *line)
{
	return !list_empty(line) && line_stands_elsewhere(line);
}

int line_misuse(const struct list *line, const struct evtask_site *site);

/* Whether somebody stands there who is not leaving, cancelled. */
bool line_waits(const struct list *line);

#endif
