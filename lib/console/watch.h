/*
 * watch.h - a look at every task now and then: what looks wrong is told.
 */
#ifndef CONSOLE_WATCH_H
#define CONSOLE_WATCH_H

#include "registry.h"

struct evtask_console;

/* 0 or -ENOMEM. */
int watch_init(struct evtask_console *console);
void watch_release(struct evtask_console *console);

/* There are tasks to be looked at, from now on. */
void watch_begin(struct evtask_console *console);

/* Looks at the next `most` tasks. Whether there are more in this round. */
bool watch_some(struct evtask_console *console, size_t most);

/* Looks at one task: a warning it did not have is told. */
void watch_task(struct evtask_console *console, struct record *record);

#endif
