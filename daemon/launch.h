/*
 * launch.h - a command, started from the loop's thread, which goes on at once.
 *
 * It is the fast way. It starts most commands, and gives up on the rest
 * without a word: spawn.h has the way that says why.
 */
#ifndef DAEMON_LAUNCH_H
#define DAEMON_LAUNCH_H

#include "pipes.h"

#include <sys/types.h>

struct spawn_request;

/* What the child works on, in our memory, until it has executed. */
struct launch;

/*
 * Starts a command, does not block, and does not know yet whether it can be
 * executed. Of what this process ignores the command ignores all but SIGPIPE.
 * 0, and there is a child of *this thread* to be reaped and what the
 * other three say is the caller's: pipes to be closed, and memory to be freed
 * when the child has ended, until when the request stays as it is. Or a
 * negative errno, and there is nothing: -ENOSYS where the machine, the kernel
 * or who confines us does not let us.
 */
EVTASK_CHECKED int launch(const struct spawn_request *request,
    pid_t *ret_pid, struct ends *ret_ours, struct launch **ret_launch);

/* Of a child that has ended: whether it was the command. If not, what the
 * system said is the result. */
int launch_result(const struct launch *launch);

/*
 * In launch_MACHINE.S, and nowhere else. Neither touches errno, which a child
 * that shares our memory shares as well.
 *
 * clone3(2): the child calls fn(arg), which does not return, on the stack in
 * args. The child's pid or a negative errno.
 */
struct clone_args;
long launch_clone(struct clone_args *args, size_t size, void (*fn)(void *arg),
    void *arg);
/* Any system call of up to four arguments; what it says, -errno included. */
long launch_call(long number, long a, long b, long c, long d);

#endif
