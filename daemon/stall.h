/*
 * stall.h - the log is told when the loop is blocked, and by whom.
 */
#ifndef DAEMON_STALL_H
#define DAEMON_STALL_H

#include "log.h"

struct evtask_stall;

/* A line for its beginning, and one for its end. From any thread. */
void stall_say(const struct log *log, const struct evtask_stall *stall);

#endif
