/*
 * reaper.h - orphans of commands, which become children of evtaskd.
 */
#ifndef DAEMON_REAPER_H
#define DAEMON_REAPER_H

#include <evtask/base.h>
#include <sys/types.h>

/* Makes this process the one that orphans below it fall to, and reaps them
 * from now on as they end. Loop thread. 0 or a negative errno. */
EVTASK_CHECKED int reaper_start(struct evtask_loop *loop);
void reaper_stop(struct evtask_loop *loop);

/* A child of the loop's thread that is no orphan: its task reaps it. The
 * memory is the caller's. */
struct reaper_command {
	pid_t pid;
	struct reaper_command *next, **at;	/* at: NULL, not spared */
};

/* Spares it, from when it is started and until its task has reaped it; one that
 * is not spared may be forgotten. Loop thread. */
void reaper_spare(struct reaper_command *command, pid_t pid);
void reaper_forget(struct reaper_command *command);

#endif
