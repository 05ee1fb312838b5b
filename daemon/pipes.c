/*
 * pipes.c - the pipes of a command: our ends and the child's.
 */
#include <config.h>

#include "pipes.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static void
close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void
ends_close(struct ends *ends)
{
	close_fd(&ends->in);
	close_fd(&ends->out);
	close_fd(&ends->err);
}

static int
make_pipe(int *ret_ours, int *ret_theirs, bool we_read)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -errno;
	*ret_ours = fds[we_read ? 0 : 1];
	*ret_theirs = fds[we_read ? 1 : 0];
	return fcntl(*ret_ours, F_SETFL, O_NONBLOCK) < 0 ? -errno : 0;
}

int
pipes_make(bool in, struct ends *ret_ours, struct ends *ret_theirs)
{
	int r;

	*ret_ours = *ret_theirs = (struct ends){ -1, -1, -1 };
	r = make_pipe(&ret_ours->out, &ret_theirs->out, true);
	if (r == 0)
		r = make_pipe(&ret_ours->err, &ret_theirs->err, true);
	if (r == 0 && in)
		r = make_pipe(&ret_ours->in, &ret_theirs->in, false);
	if (r < 0) {
		ends_close(ret_ours);
		ends_close(ret_theirs);
	}
	return r;
}
