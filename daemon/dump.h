/*
 * dump.h - what every task does, into the log.
 */
#ifndef DAEMON_DUMP_H
#define DAEMON_DUMP_H

#include "log.h"

struct evtask_loop;

/* A line for each task, and one for each frame of its stack. */
void dump_tasks(const struct log *log, struct evtask_loop *loop);

#endif
