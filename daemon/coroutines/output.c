/*
 * output.c - what a command writes, on its way to the log of its job.
 *
 * A task for each of its two streams reads once in a turn of the loop, so much
 * and no more. Who follows the log and paces holds it: then the pipe fills, and
 * the command waits as it would for any slow reader. Where nobody will read any
 * more the pipe is closed, that it does not wait for ever.
 */
#include "output.h"

#include <errno.h>
#include <evtask/evtask.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define READ_BYTES 16384	/* at a time, for it is on the stack */
#define READS 4			/* of a stream, per turn: what a pipe holds */
#define LINGER_PARTS 10

static void
report_lost(struct output *output, ssize_t size)
{
	struct evtask_report report = { .task = evtask_current_task() };
	char message[64];

	snprintf(message, sizeof(message),
	    "%zd bytes of output were lost: no memory", size);
	report.message = message;
	output->lost = true;
	evtask_loop_call_exception_handler(evtask_get_running_loop(), &report);
}

enum { END, SOME, FULL }; /* of a read: FULL, there is probably more */

static int
read_some(struct output *output)
{
	char bytes[READ_BYTES];
	ssize_t n = read(*output->fd, bytes, sizeof(bytes));

	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? SOME : END;
	if (n > 0 && evtask_job_log(output->job, output->which, bytes,
	    (size_t)n) < 0)
		report_lost(output, n);
	return n == sizeof(bytes) ? FULL : n > 0 ? SOME : END;
}

/* What there is now, up to a limit. Whoever paces is asked after every read: a
 * log can hold no more of the shortest lines. 1; 0: that was the end. */
static int
read_turn(struct output *output)
{
	int r = 0, got = FULL;

	for (int i = 0; r == 0 && i < READS && got == FULL; i++) {
		got = read_some(output);
		if (got != END)
			r = evtask_job_drain(output->job);
	}
	return r < 0 ? r : got != END;
}

/* It waits for the next turn, so that the loop has them. When it is cancelled
 * its output may be gone: a loop that is freed ends who owns it first. */
static int
carry(void *arg)
{
	struct output *output = arg;
	int r;

	do {
		r = evtask_fd_wait(*output->fd, EVTASK_READABLE);
		if (r > 0)
			r = read_turn(output);
	} while (r > 0);
	if (r == -ECANCELED)
		return r;
	output->ended = r == 0;
	close(*output->fd);
	*output->fd = -1;
	return r;
}

/* Eager: one that has no stack to run on is known at once. */
int
output_begin(struct output *output, struct evtask_job *job,
    enum evtask_job_stream which, int *fd)
{
	struct evtask_options options = { .internal = true, .eager = true,
	    .name = which == EVTASK_JOB_OUT ? "exec.stdout" : "exec.stderr" };

	int r;

	*output = (struct output){ .job = job, .which = which, .fd = fd };
	r = evtask_create(carry, output, &options, &output->carrier);
	return r == 0 && evtask_done(output->carrier) ?
	    evtask_result(output->carrier, NULL) : r;
}

bool
output_complete(const struct output *output)
{
	return output->ended && !output->lost;
}

/* What is in the pipe now has been written by the command. */
static void
mark(struct output *output)
{
	int n = 0;

	if (*output->fd >= 0 && ioctl(*output->fd, FIONREAD, &n) == 0)
		output->due = evtask_job_logged(output->job, output->which) +
		    (uint64_t)n;
}

static bool
owes(const struct output *output)
{
	return !evtask_done((union evtask_awaitable){
	    .task = output->carrier }) &&
	    evtask_job_logged(output->job, output->which) < output->due;
}

int
output_wait_end(const struct output *out, const struct output *err,
    int64_t timeout_us)
{
	union evtask_awaitable ends[] = {
		{ .task = out->carrier }, { .task = err->carrier },
	};

	if (out->carrier == NULL || err->carrier == NULL)
		return -EINVAL; /* nothing is read: there was no memory */
	if (evtask_done(ends[0]) && evtask_done(ends[1]))
		return 2; /* as a rule: the exit and the ends come together */
	return evtask_wait(ends, 2, timeout_us, EVTASK_ALL_COMPLETED);
}

int
output_linger(const struct output *out, const struct output *err)
{
	int r = 0;

	for (int i = 0; i < LINGER_PARTS && r >= 0 && r < 2; i++)
		r = output_wait_end(out, err, OUTPUT_LINGER_US /
		    LINGER_PARTS);
	return r;
}

int
output_wait_rest(struct output *out, struct output *err)
{
	int r;

	mark(out);
	mark(err);
	do
		r = output_linger(out, err);
	while (r >= 0 && r < 2 && (owes(out) || owes(err)));
	return r;
}
