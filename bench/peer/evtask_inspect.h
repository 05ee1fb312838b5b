/*
 * evtask_inspect.h - the rows about looking in: what it costs, and how soon it
 * sees.
 */
#ifndef BENCH_PEER_EVTASK_INSPECT_H
#define BENCH_PEER_EVTASK_INSPECT_H

#include <evtask/evtask.h>

/* Runs a row's main task, on a loop of its own. In evtask.c. */
void run_main(evtask_fn fn, void *arg);
_Noreturn void die(const char *what, int r);

void inspect_stack(long n);	/* a parked task's stack, of n frames */
void inspect_owner(long n);	/* that a lock knows who has it */
void inspect_stall(long n);	/* that the loop does not turn, n times */

#endif
