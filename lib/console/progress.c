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
#include <evtask/ctl_value.h>
#include <json-c/json.h>
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

struct json_object *
render_progress(const struct evtask_job *job)
{
	const struct progress *progress = job->progress;
	struct json_object *o;

	if (progress == NULL)
		return NULL;
	o = json_object_new_object();
	evtask_ctl_put_int(&o, "done", progress->done);
	if (progress->total < 0)
		evtask_ctl_put_null(&o, "total");
	else
		evtask_ctl_put_int(&o, "total", progress->total);
	evtask_ctl_put_text(&o, "text", progress->text[0] != '\0'
	    ? progress->text : NULL);
	return o;
}
