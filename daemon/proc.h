/*
 * proc.h - processes, known by pid and start time.
 *
 * A pid alone names whoever has the number now. Together with the time the
 * process started it names one process for ever, so a signal reaches that one
 * or nobody.
 */
#ifndef DAEMON_PROC_H
#define DAEMON_PROC_H

#include <evtask/base.h>
#include <sys/types.h>

struct proc {
	pid_t pid;		/* 0: no process */
	uint64_t start_ticks;	/* since boot, as /proc/PID/stat has it */
};

struct proc_stat {
	struct proc proc;
	pid_t parent;
	pid_t session;
	char state;		/* 'R', 'S' ...; 'Z' has ended */
};

/* How the process of that pid stands. 0; -ESRCH, there is none; -errno. */
EVTASK_CHECKED int proc_read(pid_t pid, struct proc_stat *ret_stat);

static inline bool
proc_same(const struct proc *a, const struct proc *b)
{
	return a->pid == b->pid && a->start_ticks == b->start_ticks;
}

/* Has ended, or is about to: no signal changes anything any more. */
static inline bool
proc_ended(const struct proc_stat *stat)
{
	return stat->state == 'Z' || stat->state == 'X';
}

/* Sends a signal to this process and no other. 0; -ESRCH, it is gone;
 * -EPERM. */
int proc_signal(const struct proc *proc, int signo);

/* BLOCKS until the process has ended or that much time has passed. */
void proc_wait_ended(const struct proc *proc, int timeout_ms);

/* Whether the environment it was started with has this "NAME=value". */
bool proc_has_variable(pid_t pid, const char *variable);

#endif
