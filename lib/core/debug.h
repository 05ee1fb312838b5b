/*
 * debug.h - what a loop in debug mode reports, as those know it who find it.
 */
#ifndef CORE_DEBUG_H
#define CORE_DEBUG_H

#include <evtask/debug.h>

#include "core/loop.h"

/*
 * Answers a call that makes no sense and has changed nothing: returns code.
 * loop, or the running one when that is NULL, reports it in debug mode.
 */
int misuse(struct evtask_loop *loop, const struct evtask_site *site, int code,
    const char *message);

/* The same for a wait where no task runs that could wait: -EINVAL. */
int outside_a_task(const struct evtask_site *site);

/* The same for a call from a thread that does not run the loop: -EPERM. It is
 * reported in the thread that does. */
int misuse_of_thread(struct evtask_loop *loop, const struct evtask_site *site);

/* Runs it, and reports when that takes long. */
void debug_run(struct evtask_loop *loop, struct runnable *r);

/* The loop is being freed: reports whom it does not let come to an end. */
void debug_report_pending(struct evtask_loop *loop);

#endif
