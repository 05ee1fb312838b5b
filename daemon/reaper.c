/*
 * reaper.c - orphans of commands.
 *
 * evtaskd is a subreaper: a process whose parent has ended becomes its child
 * and has to be reaped here, or stays a zombie. The commands themselves are
 * children as well, but must be left to the tasks that wait for their exit
 * codes. Linux remembers which thread is the parent, and orphans are given to
 * the first thread, which is the loop's. So waiting with __WNOTHREAD, in the
 * loop's thread, finds orphans; the commands that were launched there, which
 * are known here by their pids; and no others - none that a helper thread has
 * started.
 *
 * The system shows one that has ended at a time. When that is a command its
 * task will reap it, and what stands behind it is looked for then.
 */
#include <config.h>

#include "reaper.h"

#include <errno.h>
#include <evtask/signal.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

/* As the children of a thread are the thread's, so are these. */
static _Thread_local struct {
	struct reaper_command *commands;
	bool held;			/* one of them hides who is behind it */
} here;

static bool
is_command(pid_t pid)
{
	const struct reaper_command *command = here.commands;

	while (command != NULL && command->pid != pid)
		command = command->next;
	return command != NULL;
}

static void
reap(void *arg)
{
	siginfo_t info = { 0 };

	(void)arg;
	here.held = false;
	while (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT |
	    __WNOTHREAD) == 0 && info.si_pid != 0) {
		here.held = is_command(info.si_pid);
		if (here.held)
			return;
		waitid(P_PID, (id_t)info.si_pid, &info, WEXITED | WNOHANG);
		info.si_pid = 0;
	}
}

void
reaper_spare(struct reaper_command *command, pid_t pid)
{
	*command = (struct reaper_command){ .pid = pid,
		.next = here.commands, .at = &here.commands };
	if (command->next != NULL)
		command->next->at = &command->next;
	here.commands = command;
}

void
reaper_forget(struct reaper_command *command)
{
	if (command->at == NULL)
		return;
	*command->at = command->next;
	if (command->next != NULL)
		command->next->at = command->at;
	command->at = NULL;
	if (here.held)
		reap(NULL);
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
