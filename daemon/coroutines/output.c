/*
 * output.c - what a command writes, on its way to the log of its job.
 *
 * A task for each of its two streams, its carrier, reads once in a turn of the
 * loop, so much and no more. Who follows the log and paces holds it: then the
 * pipe fills, and the command waits as it would for any slow reader. Where
 * nobody will read any more the pipe is closed, that it does not wait for ever.
 *
 * Most commands are short, and what they have said is read when they have
 * exited (output_take()). For them no carrier begins, and none is woken by each
 * pipe that the end of a process closes, one after the other.
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

/* Of a read. NONE: as yet. FULL: there is probably more. */
enum { END, NONE, SOME, FULL };

static int
read_some(struct output *output)
{
	char bytes[READ_BYTES];
	ssize_t n = read(*output->fd, bytes, sizeof(bytes));

	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? NONE : END;
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

/* Nobody reads it any more; r: 0, for that was the end. */
static void
finish(struct output *output, int r)
{
	output->ended = r == 0;
	close(*output->fd);
	*output->fd = -1;
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
	if (r != -ECANCELED)
		finish(output, r);
	return r;
}

void
output_init(struct output *output, struct evtask_job *job,
    enum evtask_job_stream which, int *fd)
{
	*output = (struct output){ .job = job, .which = which, .fd = fd };
}

/* Eager: one that has no stack to run on is known at once. */
void
output_begin(struct output *output)
{
	struct evtask_options options = { .internal = true, .eager = true,
	    .name = output->which == EVTASK_JOB_OUT ? "exec.stdout"
	    : "exec.stderr" };
	int r;

	if (output->carrier != NULL || *output->fd < 0)
		return;
	r = evtask_create(carry, output, &options, &output->carrier);
	if (r == 0 && evtask_done(output->carrier))
		r = evtask_result(output->carrier, NULL);
	if (r < 0 && *output->fd >= 0)
		finish(output, r);
}

/* A pipe's fill and one read more, which finds the end; whoever writes more
 * than that still holds it. */
int
output_take(struct output *output)
{
	int r = 0, got = SOME;

	if (output->carrier != NULL || *output->fd < 0)
		return 0;
	for (int i = 0; r == 0 && i <= READS && got > NONE; i++) {
		got = read_some(output);
		if (got > NONE)
			r = evtask_job_drain(output->job);
	}
	if (r == 0 && got == END)
		finish(output, 0);
	else if (r == 0)
		output_begin(output);
	return r;
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

/* Whether there is somebody to read it. */
static bool
is_carried(const struct output *output)
{
	return output->carrier != NULL && !evtask_done(
	    (union evtask_awaitable){ .task = output->carrier });
}

static bool
owes(const struct output *output)
{
	return is_carried(output) &&
	    evtask_job_logged(output->job, output->which) < output->due;
}

int
output_wait_end(const struct output *out, const struct output *err,
    int64_t timeout_us)
{
	union evtask_awaitable ends[2];
	size_t n = 0;
	int r;

	if (is_carried(out))
		ends[n++].task = out->carrier;
	if (is_carried(err))
		ends[n++].task = err->carrier;
	if (n == 0)
		return 2; /* as a rule: the exit and the ends come together */
	r = evtask_wait(ends, n, timeout_us, EVTASK_ALL_COMPLETED);
	return r < 0 ? r : r + 2 - (int)n;
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
