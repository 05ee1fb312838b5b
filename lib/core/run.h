/*
 * run.h - running a main coroutine, and ending what it left.
 */
#ifndef CORE_RUN_H
#define CORE_RUN_H

#include <evtask/loop.h>

/*
 * What the task, which the loop was run for with answer r, came to: its code,
 * and for ret_value and ret_error (may be NULL) references of their own.
 */
int run_outcome(int r, struct evtask *task, struct evtask_value *ret_value,
    struct evtask_error **ret_error);

/* Cancels what is left, oldest first, and runs until the last has ended. */
void run_cancel_leftovers(struct evtask_loop *loop);

#endif
