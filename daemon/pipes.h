/*
 * pipes.h - the pipes of a command: our ends and the child's.
 */
#ifndef DAEMON_PIPES_H
#define DAEMON_PIPES_H

#include <evtask/base.h>

/* One side of them: what becomes the child's fds 0, 1 and 2. -1, none. */
struct ends {
	int in, out, err;
};

/*
 * Makes them, all CLOEXEC; ours do not block, theirs do, as every program
 * expects. Without `in` the child gets no pipe to read. 0, and all of them are
 * the caller's to close; or a negative errno, and there are none.
 */
EVTASK_CHECKED int pipes_make(bool in, struct ends *ret_ours,
    struct ends *ret_theirs);

/* Closes what is open, which then is -1. */
void ends_close(struct ends *ends);

#endif
