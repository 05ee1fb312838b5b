/*
 * proc.c - processes, by /proc and pidfd.
 *
 * A pidfd stays with its process when the number goes to another: it is
 * opened, then the start time is compared, and only then is it used. What a
 * pidfd was opened for either is the process meant, or has another start time.
 * On kernels without pidfd (before 5.3) the comparison comes right before
 * kill(2), which leaves the width of a system call for a mistake.
 */
#include <config.h>

#include "proc.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* "4711 (a name) with) S 1 ...": the name may hold anything, so the numbers
 * are counted from the last parenthesis; the start time is the 22nd field. */
static int
parse_stat(const char *text, struct proc_stat *ret_stat)
{
	const char *fields = strrchr(text, ')');
	struct proc_stat stat;
	unsigned long long start;
	int group, n;

	if (fields == NULL)
		return -EPROTO;
	n = sscanf(text, "%d", &stat.proc.pid) + sscanf(fields + 1,
	    " %c %d %d %d %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s "
	    "%*s %*s %*s %llu", &stat.state, &stat.parent, &group,
	    &stat.session, &start);
	if (n != 6)
		return -EPROTO;
	stat.proc.start_ticks = start;
	*ret_stat = stat;
	return 0;
}

static int
open_proc(pid_t pid, const char *name)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? -ESRCH : -errno;
	return fd;
}

int
proc_read(pid_t pid, struct proc_stat *ret_stat)
{
	char text[1024];
	ssize_t n;
	int fd = open_proc(pid, "stat");

	if (fd < 0)
		return fd;
	n = read(fd, text, sizeof(text) - 1);
	if (n < 0)
		n = -errno;
	close(fd);
	if (n < 0)
		return (int)n;
	text[n] = '\0';
	return parse_stat(text, ret_stat);
}

/* A pidfd of exactly this process, to be closed; -ESRCH, -ENOSYS ... */
static int
open_pidfd(const struct proc *proc)
{
	struct proc_stat stat;
	int r, fd = (int)syscall(SYS_pidfd_open, proc->pid, 0);

	if (fd < 0)
		return -errno;
	r = proc_read(proc->pid, &stat);
	if (r == 0 && !proc_same(&stat.proc, proc))
		r = -ESRCH;
	if (r == 0)
		return fd;
	close(fd);
	return r;
}

static int
is_alive(const struct proc *proc)
{
	struct proc_stat stat;
	int r = proc_read(proc->pid, &stat);

	return r < 0 ? r : proc_same(&stat.proc, proc) ? 0 : -ESRCH;
}

int
proc_signal(const struct proc *proc, int signo)
{
	int r, fd = open_pidfd(proc);

	if (fd == -ENOSYS) {
		r = is_alive(proc);
		return r < 0 ? r : kill(proc->pid, signo) < 0 ? -errno : 0;
	}
	if (fd < 0)
		return fd;
	r = syscall(SYS_pidfd_send_signal, fd, signo, NULL, 0) < 0
	    ? -errno : 0;
	close(fd);
	return r;
}

static bool
is_running(const struct proc *proc)
{
	struct proc_stat stat;

	return proc_read(proc->pid, &stat) == 0 &&
	    proc_same(&stat.proc, proc) && !proc_ended(&stat);
}

void
proc_wait_ended(const struct proc *proc, int timeout_ms)
{
	struct pollfd p = { .fd = open_pidfd(proc), .events = POLLIN };

	if (p.fd == -ENOSYS)
		while (timeout_ms-- > 0 && is_running(proc))
			(void)poll(NULL, 0, 1);
	if (p.fd < 0)
		return;
	(void)poll(&p, 1, timeout_ms);
	close(p.fd);
}

/* 1, 0, or -ENODATA: there is no environment at all. */
static int
look_for_variable(pid_t pid, const char *variable)
{
	char *entry = NULL;
	size_t size = 0;
	int r = -ENODATA, fd = open_proc(pid, "environ");
	FILE *in = fd >= 0 ? fdopen(fd, "r") : NULL;

	if (in == NULL) {
		if (fd >= 0)
			close(fd);
		return 0;
	}
	while (r != 1 && getdelim(&entry, &size, '\0', in) > 0)
		r = strcmp(entry, variable) == 0;
	free(entry);
	fclose(in);
	return r;
}

/* In the midst of execve(2) a process has none, for a moment. */
bool
proc_has_variable(pid_t pid, const char *variable)
{
	int r = look_for_variable(pid, variable);

	if (r == -ENODATA) {
		(void)poll(NULL, 0, 1);
		r = look_for_variable(pid, variable);
	}
	return r == 1;
}
