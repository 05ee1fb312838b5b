/*
 * poll.h - a task waits for an event of the base.
 */
#ifndef IO_POLL_H
#define IO_POLL_H

#include <event2/event.h>
#include <event2/event_struct.h>

#include "core/task.h"

/* On the stack of the task that waits; open across several waits. */
struct poll {
	struct evtask_future happened;
	struct event event;
	short what;		/* of it, so far: EV_READ ... */
};

/* Whether fd can be listened to: 0; -EPERM, a plain file, which is always
 * ready; or what the system says of it (-EBADF). */
int poll_check(int fd);

/*
 * Begins to listen, for a descriptor or a signal number. What happens from
 * here on is not missed. 0, -EINVAL (not in a task) or -ENOMEM.
 */
int poll_open(struct poll *poll, int fd, short what);

/*
 * Waits until something has happened since the last wait. Returns what:
 * EV_READ, EV_WRITE, EV_SIGNAL; or -ECANCELED.
 */
EVTASK_SUSPENDS int poll_wait(struct poll *poll, struct wait *wait);

/* Stops listening; poll may be opened again. */
void poll_close(struct poll *poll);

#endif
