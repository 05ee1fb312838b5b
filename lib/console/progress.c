/*
 * progress.c - how far a job has come, by its own account.
 *
 * A job may say so as often as it likes: what it said last is what anybody
 * sees who looks. Those who listen hear of it ten times a second at the most,
 * and of the last of it, so that a busy loop does not push everything else out
 * of the ring.
 */
#include "progress.h"
#include <errno.h>
#include <evtask/ctl_writer.h>
#include <stdlib.h>
#include <string.h>
#include "console.h"
#include "job.h"

static void
tell(struct evtask_job *job, int64_t now_us)
{
	job->progress->untold = false;
	job->progress->told_us = now_us;
	if (job->console != NULL)
		console_tell(job->console, EVENT_PROGRESS, job->id, 0, NULL);
}

int
evtask_job_set_progress(struct evtask_job *job, int64_t done, int64_t total,
    const char *text)
{
	int64_t now_us = evtask_loop_time_us(job->loop);
	struct progress *progress = job->progress;

	if (done < 0 || total < -1 || (text != NULL &&
	    strlen(text) > EVTASK_JOB_PROGRESS_MAX))
		return -EINVAL;
	if (progress == NULL) {
		progress = calloc(1, sizeof(*progress));
		if (progress == NULL)
			return -ENOMEM;
		progress->told_us = now_us - PROGRESS_EVERY_US;
		job->progress = progress;
	}
	progress->done = done;
	progress->total = total;
	strcpy(progress->text, text != NULL ? text : "");
	progress->untold = true;
	if (now_us - progress->told_us >= PROGRESS_EVERY_US)
		tell(job, now_us);
	return 0;
}

void
progress_end(struct evtask_job *job)
{
	if (job->progress != NULL && job->progress->untold)
		tell(job, evtask_loop_time_us(job->loop));
}

void
write_progress(struct evtask_ctl_writer *w, const char *key,
    const struct progress *progress)
{
	evtask_ctl_write_open(w, key);
	evtask_ctl_write_int(w, "done", progress->done);
	if (progress->total < 0)
		evtask_ctl_write_null(w, "total");
	else
		evtask_ctl_write_int(w, "total", progress->total);
	evtask_ctl_write_text(w, "text", progress->text[0] != '\0'
	    ? progress->text : NULL);
	evtask_ctl_write_close(w);
}

struct json_object *
view_progress(const struct evtask_console *console,
    const struct evtask_job *job)
{
	evtask_ctl_write_begin(console->writer);
	write_progress(console->writer, NULL, job->progress);
	return evtask_ctl_write_take(console->writer);
}
