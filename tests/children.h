/*
 * children.h - child processes for checks: shell scripts started through
 * daemon/spawn.c, and waiting for what they do. Nothing here sleeps: scripts
 * say a line when they are where the test wants them.
 */
#ifndef TESTS_CHILDREN_H
#define TESTS_CHILDREN_H

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/spawn.h"
#include "suite.h"
#include "daemon/tree.h"

#define CHILD_TIMEOUT_MS 30000

/* What evtaskd is: orphans below us become our children. */
static inline void
become_subreaper(void)
{
	ck_assert_int_eq(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
}

typedef int (*start_fn)(const struct spawn_request *request,
    struct spawn_child *ret_child);

/* Starts "sh -c script", with marker (may be NULL) in its environment. */
static inline struct spawn_child
start_script_by(start_fn start, const char *script, const char *marker)
{
	char *argv[] = { (char *)"sh", (char *)"-c", (char *)script, NULL };
	char *envp[] = { (char *)"PATH=/usr/bin:/bin", (char *)marker, NULL };
	struct spawn_request request = { .argv = argv, .envp = envp };
	struct spawn_child child;

	ck_assert_int_eq(start(&request, &child), 0);
	return child;
}

static inline struct spawn_child
start_script(const char *script, const char *marker)
{
	return start_script_by(spawn, script, marker);
}

/* A child that is not reaped, for when its number may be another's. */
static inline struct proc
identify(const struct spawn_child *child)
{
	struct proc_stat stat;

	ck_assert_int_eq(proc_read(child->pid, &stat), 0);
	return stat.proc;
}

/* One line, without its end; "" at the end of the output. */
static inline const char *
read_line(int fd, char *line, size_t size)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	size_t n = 0;

	while (n + 1 < size) {
		ck_assert_int_eq(poll(&p, 1, CHILD_TIMEOUT_MS), 1);
		if (read(fd, line + n, 1) != 1 || line[n] == '\n')
			break;
		n++;
	}
	line[n] = '\0';
	return line;
}

/* The process whose pid is the next line. */
static inline struct proc
read_proc(int fd)
{
	char line[32];
	struct proc_stat stat;
	pid_t pid = atoi(read_line(fd, line, sizeof(line)));

	ck_assert_int_eq(proc_read(pid, &stat), 0);
	return stat.proc;
}

static inline bool
lives(const struct proc *proc)
{
	struct proc_stat stat;

	return proc_read(proc->pid, &stat) == 0 &&
	    proc_same(&stat.proc, proc) && !proc_ended(&stat);
}

/* Waits for the child, and for whatever else is ours. */
static inline int
reap(const struct spawn_child *child)
{
	int status;

	ck_assert_int_eq(waitpid(child->pid, &status, 0), child->pid);
	return status;
}

/* Ends all this process has started; every test's last act. */
static inline void
end_children(void)
{
	struct tree all = { { 0, 0 }, NULL };
	struct proc_stat self;

	ck_assert_int_eq(proc_read(getpid(), &self), 0);
	all.root = self.proc;
	ck_assert_int_eq(tree_kill(&all, CHILD_TIMEOUT_MS, NULL), 0);
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	ck_assert_int_eq(waitpid(-1, NULL, 0), -1);
	ck_assert_int_eq(errno, ECHILD);
}

#endif
