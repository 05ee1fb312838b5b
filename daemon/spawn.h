/*
 * spawn.h - the seam "a command, started": from a request to a child and the
 * other ends of its pipes.
 *
 * Everything evtaskd runs goes through here, and what is known of a running
 * command is what stands in struct spawn_child.
 */
#ifndef DAEMON_SPAWN_H
#define DAEMON_SPAWN_H

#include "pipes.h"

#include <sys/types.h>

struct launch;

struct spawn_request {
	char *const *argv;	/* argv[0]: a path; or a name, looked for in
				   the PATH of envp */
	char *const *envp;	/* all of the environment */
	const char *cwd;	/* NULL: ours */
	bool stdin_open;	/* a pipe; else it reads /dev/null */
};

/* Where starting stopped. */
enum spawn_step {
	SPAWN_STARTED,
	SPAWN_PIPES,
	SPAWN_CWD,
	SPAWN_FIND,
	SPAWN_EXEC,
};

/*
 * A child: leader of its own session and process group, every signal as a
 * fresh process has it, nothing inherited but fds 0, 1 and 2. The descriptors
 * are our ends, CLOEXEC and non-blocking, -1 where there is none.
 */
struct spawn_child {
	pid_t pid;		/* its own until it is reaped; 0: nothing was
				   started */
	struct ends ends;
	enum spawn_step step;
	struct launch *launch;	/* what the child may still work on; NULL when
				   it was not launched */
};

#define SPAWN_NO_CHILD { .ends = { -1, -1, -1 } }

/*
 * Starts a command. BLOCKS for about a millisecond; from any thread. Returns
 * 0, and the child is the caller's to reap and its descriptors to close; or a
 * negative errno, with ret_child->step saying of what, and nothing started.
 */
EVTASK_CHECKED int spawn(const struct spawn_request *request,
    struct spawn_child *ret_child);

/*
 * The same in a helper thread, while the loop goes on; inside a task. When it
 * fails the error is raised, for people and with its type:
 *
 *	SpawnError  the program: -ENOENT it is not there (a shell's 127),
 *	            -EACCES or -ENOEXEC it cannot be executed (126), or what
 *	            the system said (-EAGAIN, -E2BIG ...)
 *	CwdError    the folder it should start in
 *
 * -ECANCELED, the task was cancelled: look at ret_child->pid, for the
 * command may have been started, and then is the caller's as above.
 */
EVTASK_SUSPENDS int spawn_await(const struct spawn_request *request,
    struct spawn_child *ret_child);

/*
 * The fast way: starts it from this thread, and does not block. Returns 0, and
 * there is a child, of this thread, which may turn out never to have become
 * the command; or a negative errno and nothing started. Either then is to be
 * spawned, which says what was wrong, or starts it after all. The request
 * stays as it is until the child has ended.
 */
EVTASK_CHECKED int spawn_launch(const struct spawn_request *request,
    struct spawn_child *ret_child);

/* Of a child that has ended: whether it was the command. */
bool spawn_executed(const struct spawn_child *child);

/* Closes the descriptors and frees the memory, of a child that has ended. */
void spawn_child_release(struct spawn_child *child);

/* Where a name is looked for: the PATH in the command's environment, or the
 * system's where there is none. Borrowed. */
const char *spawn_folders(const struct spawn_request *request);

#endif
