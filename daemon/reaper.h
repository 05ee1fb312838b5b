/*
 * reaper.h - orphans of commands, which become children of evtaskd.
 */
#ifndef DAEMON_REAPER_H
#define DAEMON_REAPER_H

#include <evtask/base.h>

/* Makes this process the one that orphans below it fall to, and reaps them
 * from now on as they end. Loop thread. 0 or a negative errno. */
EVTASK_CHECKED int reaper_start(struct evtask_loop *loop);
void reaper_stop(struct evtask_loop *loop);

#endif
