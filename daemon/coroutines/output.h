/*
 * output.h - what a command writes, on its way to the log of its job.
 */
#ifndef DAEMON_COROUTINES_OUTPUT_H
#define DAEMON_COROUTINES_OUTPUT_H

#include <evtask/job.h>

#define OUTPUT_LINGER_US 1000000 /* for those who hold a pipe and are silent */

/* One of the command's two streams. */
struct output {
	struct evtask_job *job;
	enum evtask_job_stream which;
	int *fd;			/* the command's; borrowed; closed, and
					   -1, when nobody reads it any more */
	struct evtask *carrier;		/* done at the end of the stream; it is
					   the owner's to end and unref; NULL,
					   it has not begun */
	bool ended;			/* the end has come */
	bool lost;			/* for some there was no memory */
	uint64_t due;			/* bytes written when it exited */
};

/* Nothing is read yet; *fd, which the command writes to, is borrowed. */
void output_init(struct output *output, struct evtask_job *job,
    enum evtask_job_stream which, int *fd);

/* Begins to carry it, if nobody does and there is more to come. When there is
 * no memory for that the pipe is closed: what is written to it is lost, and who
 * writes ends. Inside a task or a callback. */
void output_begin(struct output *output);

/* When the command has exited: if nobody carries it reads what it has written,
 * and begins to carry what others still hold. 0, -ECANCELED or -ENOMEM. */
EVTASK_SUSPENDS int output_take(struct output *output);

/* Whether all of it is in the log. */
bool output_complete(const struct output *output);

/* Waits until both have ended, or for that long. How many have;
 * -ECANCELED or -ENOMEM. */
EVTASK_SUSPENDS int output_wait_end(const struct output *out,
    const struct output *err, int64_t timeout_us);

/* The same, for OUTPUT_LINGER_US; in parts: where the loop has stood still one
 * of them is over, and what came meanwhile is read in the next. */
EVTASK_SUSPENDS int output_linger(const struct output *out,
    const struct output *err);

/* When the command has exited: waits for the rest of what it wrote, however
 * slow that is read, and OUTPUT_LINGER_US for what others may add. The same
 * answers. */
EVTASK_SUSPENDS int output_wait_rest(struct output *out, struct output *err);

#endif
