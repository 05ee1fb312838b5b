/*
 * alternate.h - the stack on which a thread handles signals.
 */
#ifndef CORE_ALTERNATE_H
#define CORE_ALTERNATE_H

/*
 * Gives this thread one, of 64 KiB, unless it has it from here already; each
 * success is to be followed by a put in the same thread. 0; -EBUSY: the program
 * has given it one of its own; -ENOMEM.
 */
int alternate_get(void);
void alternate_put(void);

#endif
