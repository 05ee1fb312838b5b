/*
 * pace.c - readers that a task waits for.
 *
 * A log is bounded, so a task that writes faster than it is read overtakes its
 * readers. A *pacer* is a reader that must not be overtaken: while half a log
 * lies before it, its task is *held* - in evtask_job_drain(), where a coroutine
 * waits between two writes. Of several the slowest counts, and one that ends
 * lets go at once.
 *
 * A coroutine writes first and drains then, and two of its streams may do so by
 * turns. That what they write meanwhile costs no pacer a line, the log keeps
 * what is needed beyond its limit. JOB_LOG_SLACK is the bound of that, for
 * those who write and do not drain.
 */
#include "pace.h"
#include <evtask/event.h>
#include "job.h"

static bool
is_held(const struct evtask_job *job)
{
	return job_log_cost_from(&job->log, job->log.needed) >
	    job->log.limit_bytes / 2;
}

/* The pacers of a job are others, or elsewhere. */
static void
update(struct evtask_job *job)
{
	uint64_t slowest = JOB_LOG_NOTHING;
	const struct pacer *pacer;

	LIST_FOREACH(pacer, &job->pacers, link)
		if (pacer->line < slowest)
			slowest = pacer->line;
	job_log_need(&job->log, slowest);
	if (job->drained != NULL && !is_held(job))
		evtask_event_set(job->drained);
}

void
pacer_start(struct pacer *pacer, struct evtask_job *job, uint64_t line)
{
	pacer->job = job;
	pacer->line = line;
	LIST_INSERT_HEAD(&job->pacers, pacer, link);
	update(job);
}

void
pacer_move(struct pacer *pacer, uint64_t line)
{
	if (pacer->job == NULL || pacer->line == line)
		return;
	pacer->line = line;
	update(pacer->job);
}

void
pacer_stop(struct pacer *pacer)
{
	struct evtask_job *job = pacer->job;

	if (job == NULL)
		return;
	LIST_REMOVE(pacer, link);
	pacer->job = NULL;
	update(job);
}

int
evtask_job_drain(struct evtask_job *job)
{
	int r = 0;

	if (is_held(job) && job->drained == NULL)
		r = evtask_event_new("drain", &job->drained);
	job_ref(job);	/* whoever ends meanwhile */
	while (r == 0 && is_held(job)) {
		evtask_event_clear(job->drained);
		r = evtask_event_wait(job->drained);
	}
	job_unref(job);
	return r;
}
