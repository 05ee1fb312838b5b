/*
 * process.h - waiting for child processes.
 *
 * A child is waited for through a pidfd where the system has them, through
 * SIGCHLD elsewhere: no thread, no polling. Starting children is left to the
 * program: posix_spawn(3) in another thread (evtask_to_thread()) keeps the
 * loop from stopping while the system copies what it must.
 */
#ifndef EVTASK_PROCESS_H
#define EVTASK_PROCESS_H

#include <evtask/base.h>
#include <sys/resource.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How a child ended: one of the two is not -1. */
struct evtask_exit {
	int code;		/* its exit code, or -1 */
	int signo;		/* the signal that killed it, or -1 */
	bool core_dumped;
	struct rusage rusage;	/* of the child and what it waited for */
};

/*
 * Waits for a child of this process to end and reaps it. One waiter per
 * child. Cancelling the wait does not touch the child, which is then still
 * to be reaped. Returns 0; -ECANCELED; -ECHILD (not a child of ours, or
 * reaped already); -EINVAL; -ENOMEM; -EMFILE.
 */
EVTASK_API EVTASK_SUSPENDS int
evtask_process_wait_at(pid_t pid, struct evtask_exit *ret_exit,
    const struct evtask_site *site);
#define evtask_process_wait(pid, ret_exit) \
	evtask_process_wait_at((pid), (ret_exit), EVTASK_SITE)

#ifdef __cplusplus
}
#endif
#endif
