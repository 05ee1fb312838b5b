/*
 * builtin.h - the coroutines built into evtaskd.
 */
#ifndef DAEMON_BUILTIN_H
#define DAEMON_BUILTIN_H

#include <evtask/job.h>

/* All rows; the list ends with NULL. */
extern const struct evtask_coroutine *const builtin_coroutines[];

#endif
