/*
 * process.c - waiting for children: a pidfd that becomes readable, or SIGCHLD
 * where the system has no pidfds.
 *
 * A child that has ended keeps its pid until it is reaped, and only the waiter
 * reaps it, so the pid cannot come to mean another process meanwhile.
 */
#include <evtask/process.h>

#include <errno.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/poll.h"

/* 1: it has ended and is reaped; 0: it runs. */
static int
reap(pid_t pid, struct evtask_exit *ret_exit)
{
	struct rusage rusage;
	int status;
	pid_t r;

	do
		r = wait4(pid, &status, WNOHANG, &rusage);
	while (r < 0 && errno == EINTR);
	if (r <= 0)
		return r < 0 ? -errno : 0;
	*ret_exit = (struct evtask_exit){
		.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1,
		.signo = WIFSIGNALED(status) ? WTERMSIG(status) : -1,
		.core_dumped = WIFSIGNALED(status) && WCOREDUMP(status),
		.rusage = rusage,
	};
	return 1;
}

/* A descriptor that is readable when the child has ended; it is CLOEXEC. */
static int
open_pidfd(pid_t pid)
{
#ifdef SYS_pidfd_open
	int fd = (int)syscall(SYS_pidfd_open, pid, 0);

	return fd >= 0 ? fd : -errno;
#else
	return -ENOSYS;
#endif
}

int
evtask_process_wait_at(pid_t pid, struct evtask_exit *ret_exit,
    const struct evtask_site *site)
{
	struct wait wait = {
		.op = "process.wait", .type = "child", .number = pid,
		.site = site, .until_us = EVTASK_FOREVER,
	};
	struct poll poll;
	int fd, r;

	if (current.task == NULL || pid <= 0 || ret_exit == NULL)
		return -EINVAL;
	r = reap(pid, ret_exit);
	if (r != 0)
		return r < 0 ? r : 0;
	fd = open_pidfd(pid);
	if (fd == -EMFILE || fd == -ENFILE || fd == -ENOMEM)
		return fd;
	r = fd >= 0 ? poll_open(&poll, fd, EV_READ) :
	    poll_open(&poll, SIGCHLD, EV_SIGNAL | EV_PERSIST);
	if (r == 0) {
		/* A signal may have come before we listened; a pidfd tells. */
		r = fd >= 0 ? 0 : reap(pid, ret_exit);
		while (r == 0) {
			r = poll_wait(&poll, &wait);
			if (r >= 0)
				r = reap(pid, ret_exit);
		}
		poll_close(&poll);
	}
	if (fd >= 0)
		close(fd);
	return r < 0 ? r : 0;
}
