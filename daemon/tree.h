/*
 * tree.h - a command and everything it has started.
 */
#ifndef DAEMON_TREE_H
#define DAEMON_TREE_H

#include "proc.h"

struct tree {
	struct proc root;	/* a child of this process, or this process:
				   then it is the tree of all it has started,
				   and not itself part of it. start_ticks 0: a
				   child that was reaped, which is nobody now */
	const char *marker;	/* "EVTASK_JOB=..." in the environment of root,
				   and of nothing outside; NULL: no marker */
};

/*
 * Sends a signal to every process of the tree. BLOCKS while it reads /proc:
 * for a helper thread. Returns how many there were, or a negative errno.
 */
int tree_signal(const struct tree *tree, int signo);

/*
 * Kills every process of the tree and waits until none is left but zombies,
 * for timeout_ms at most. BLOCKS: for a helper thread. Returns 0; -EPERM, what
 * is left may not be killed by this user; -ETIMEDOUT, what is left does not
 * die; or a negative errno. *ret_left (may be NULL) says how many are left.
 */
int tree_kill(const struct tree *tree, int timeout_ms, size_t *ret_left);

#endif
