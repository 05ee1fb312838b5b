/*
 * registry.h - the coroutines built into evtaskd.
 */
#ifndef DAEMON_REGISTRY_H
#define DAEMON_REGISTRY_H

#include <evtask/job.h>

/* All rows; the list ends with NULL. */
extern const struct evtask_coroutine *const registry[];

#endif
