/*
 * pipe.h - a pipe, for tests of what is done with descriptors.
 */
#ifndef TESTS_PIPE_H
#define TESTS_PIPE_H

#include <fcntl.h>
#include <unistd.h>

#include "tests/core.h"

static int fds[2];	/* a pipe: read from 0, write to 1; non-blocking */

static UNUSED void
open_pipe(void)
{
	ck_assert_int_eq(pipe2(fds, O_NONBLOCK | O_CLOEXEC), 0);
}

static UNUSED void
close_pipe(void)
{
	close(fds[0]);
	close(fds[1]);
}

/* Fills the pipe. Returns how much went in. */
static UNUSED size_t
fill_pipe(void)
{
	static const char bytes[4096];
	size_t total = 0;
	ssize_t n;

	while ((n = write(fds[1], bytes, sizeof bytes)) > 0)
		total += (size_t)n;
	return total;
}

#endif
