/*
 * reaper.c - orphans of commands.
 *
 * evtaskd is a subreaper: a process whose parent has ended becomes its child
 * and has to be reaped here, or stays a zombie. The commands themselves are
 * children as well, but must be left to the tasks that wait for their exit
 * codes. The two are told apart by the thread: Linux remembers which thread
 * is the parent. Commands are children of the helper thread that started them
 * (spawn.c); orphans are given to the first thread, which is the loop's. So
 * waiting with __WNOTHREAD, in the loop's thread, reaps orphans and nothing
 * else - also a command that ended before its task knew of it.
 */
#include <config.h>

#include "reaper.h"

#include <errno.h>
#include <evtask/signal.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

static void
reap(void *arg)
{
	siginfo_t info;

	do
		info.si_pid = 0;
	while (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | __WNOTHREAD) == 0 &&
	    info.si_pid != 0);
}

int
reaper_start(struct evtask_loop *loop)
{
	if (prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
		return -errno;
	return evtask_loop_add_signal_handler(loop, SIGCHLD, reap, NULL);
}

void
reaper_stop(struct evtask_loop *loop)
{
	evtask_loop_remove_signal_handler(loop, SIGCHLD);
}
