/*
 * system.h - the system beneath the loop.
 */
#ifndef CORE_SYSTEM_H
#define CORE_SYSTEM_H

#include "core/loop.h"

/* Closed, for system_close(). */
void system_init(struct evtask_loop *loop);

/* On this base, or on one of its own (NULL). 0 or a negative errno; what it
 * opened system_close() closes. */
int system_open(struct evtask_loop *loop, struct event_base *base);
void system_close(struct evtask_loop *loop);

/* What time it is: loop->now_us. */
void system_look(struct evtask_loop *loop);

/*
 * Between two turns of a run: looks whether anything has become ready, as long
 * as something is only now and then, else waiting for it. 0; -EDEADLK: nothing
 * is ready, on the virtual clock, and nothing ever will be.
 */
int system_poll(struct evtask_loop *loop);

/* Calls loop_tick() from a dispatch that is not ours, after so long. */
void system_tick(struct evtask_loop *loop, int64_t delay_us);

#endif
