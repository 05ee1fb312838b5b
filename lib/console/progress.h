/* progress.h - how far a job has come, by its own account. */
#ifndef CONSOLE_PROGRESS_H
#define CONSOLE_PROGRESS_H

#include <evtask/job.h>

struct evtask_console;
struct evtask_ctl_writer;

#define PROGRESS_EVERY_US 100000 /* an event at most so often */

struct progress {
	int64_t done;
	int64_t total;  /* -1: it does not know */
	char text[EVTASK_JOB_PROGRESS_MAX + 1]; /* "": none */
	int64_t told_us; /* its last event, on the loop's clock */
	bool untold;    /* there was news since */
};

/* The job ends: what subscribers have not been told they are told now. */
void progress_end(struct evtask_job *job);

/* Progress, as a member of what is being written; and as a value, of a job
 * that has said something of it. */
void write_progress(struct evtask_ctl_writer *w, const char *key,
    const struct progress *progress);
struct json_object *view_progress(const struct evtask_console *console,
    const struct evtask_job *job);

#endif
