/*
 * timer.h - timers in the caller's memory, as the loop knows them.
 */
#ifndef CORE_TIMER_H
#define CORE_TIMER_H

#include <evtask/timer.h>

#include "core/ready.h"

/* When it is the call of a timer: its argument, and where it was started. Else
 * NULL. */
const struct evtask_site *timer_started_at(const struct runnable *r,
    void **ret_arg);

/* The loop is freed. Whether it was a timer's call, and is stopped. */
bool timer_drop(struct evtask_loop *loop, struct runnable *r);

#endif
