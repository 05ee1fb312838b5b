/*
 * loops.h - the loops of the process, for who looks from outside.
 */
#ifndef CORE_LOOPS_H
#define CORE_LOOPS_H

struct evtask_loop;

/* The first; the others by loop->next. Nobody in the process reads it. */
extern struct evtask_loop *loops;

/* From any thread. */
void loops_add(struct evtask_loop *loop);
void loops_remove(struct evtask_loop *loop);

#endif
