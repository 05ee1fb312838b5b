/*
 * stall.h - the log is told when the loop is blocked, and by whom.
 */
#ifndef DAEMON_STALL_H
#define DAEMON_STALL_H

#include "log.h"

struct evtask_loop;

struct stall_watch {
	const struct log *log;
	struct evtask_watchdog *watchdog;
	void *stack;     /* for the signal handler */
};

/* From the thread that runs the loop. Takes SIGURG. 0 or a negative errno. */
int stall_start(struct stall_watch *watch, struct evtask_loop *loop,
    const struct log *log);

/* Before the loop is freed; also of one that never began, and is zero. */
void stall_stop(struct stall_watch *watch);

#endif
