/*
 * drain.h - how evtaskd ends.
 */
#ifndef DAEMON_DRAIN_H
#define DAEMON_DRAIN_H

#include <evtask/console.h>

#include "log.h"
#include "service.h"

struct drain {
	struct evtask_loop *loop;	/* these four borrowed */
	struct evtask_console *console;
	const struct log *log;
	const struct service *service;
	enum evtask_console_shutdown mode;
	int64_t timeout_us;		/* of each mode, then the next one */
	struct evtask *task;		/* does it; NULL: nobody has asked */
	bool entered;			/* it has run, and waits in a mode */
};

/*
 * Asks for the end, in this mode or the one under way, whichever is harder.
 * When it has come the loop is stopped. Callbacks of the loop.
 */
void drain_ask(struct drain *drain, enum evtask_console_shutdown mode,
    int64_t timeout_us);

/* Asks a step harder than what is under way: what a signal does. */
void drain_press(struct drain *drain, int64_t timeout_us);

void drain_release(struct drain *drain);

#endif
