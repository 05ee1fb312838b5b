/*
 * watch.h - standing callbacks on events of the base.
 */
#ifndef IO_WATCH_H
#define IO_WATCH_H

#include <evtask/handle.h>

#include "core/loop.h"

/* Calls fn(arg) in a turn each time `what` (EV_READ, EV_WRITE or EV_SIGNAL)
 * happens to fd, replacing an earlier one of the same. 0, -EINVAL, -ENOMEM. */
int watch_set(struct evtask_loop *loop, int fd, short what,
    evtask_callback_fn fn, void *arg);

/* 1, or 0 when there was none. */
int watch_clear(struct evtask_loop *loop, int fd, short what);

#endif
