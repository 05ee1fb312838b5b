/* job.h - a job, to the console it was made by. */
#ifndef CONSOLE_JOB_H
#define CONSOLE_JOB_H

#include <evtask/job.h>
#include "job_log.h"
#include "pace.h"

struct catalog_entry;
struct evtask_console;
struct evtask_handle;
struct evtask_loop;
struct evbuffer;
struct progress;
struct evtask_event;

#define JOB_STDIN_MAX (1 << 20)  /* bytes that wait to be read */
#define JOB_PROMPT_US 100000     /* then an open line is shown as it is */

struct evtask_job {
	unsigned int refs;              /* its task's, and its record's */
	struct evtask_console *console; /* NULL: it was stopped */
	struct evtask_loop *loop;
	const struct evtask_coroutine *row;
	uint64_t id;                    /* the task's; 0 before it is made */
	struct evtask *task;            /* owned until it ends */
	struct json_object *args;
	int64_t deadline_us;            /* EVTASK_FOREVER: none */
	struct evtask_event *start;     /* set when it may begin; NULL: it
					   may, from the first */
	void *data;                     /* the coroutine's own */
	char ending[EVTASK_JOB_ENDING_MAX + 1]; /* "": nothing to say */
	struct progress *progress;      /* NULL: it has said nothing of it */
	struct job_log log;
	struct pacer_list pacers;       /* of the log, see pace.c */
	struct evtask_event *drained;   /* cleared by those who are held;
					   NULL: nobody ever was */
	struct evtask_handle *prompt;   /* seals what is open; NULL: not due */
	struct evbuffer *input;
	struct evtask_future *reader;   /* waits for input; NULL: nobody */
	bool input_ended;               /* no more will be sent */
	bool input_closed;              /* no more will be read */
};

/*
 * Makes the job and its task, which waits for job_resume() when paused. args
 * are shared. name may be NULL. 0 or -ENOMEM; the caller owns the reference.
 */
int job_start(struct evtask_console *console,
    const struct evtask_coroutine *row, struct json_object *args,
    const char *name, int64_t timeout_us, const struct evtask_origin *origin,
    bool paused, struct evtask_job **ret_job);

/* Lets one begin that was made paused. False: it was not, or has begun. */
bool job_resume(struct evtask_job *job);

struct evtask_job *job_ref(struct evtask_job *job);
void job_unref(struct evtask_job *job);

/* The console ends before the job does. */
void job_detach(struct evtask_job *job);

/* Sends it input, all or nothing. 0; -EPIPE, it is closed; -ENOBUFS, it is
 * full; -ENOMEM. */
int job_send(struct evtask_job *job, const void *data, size_t size, bool eof);
size_t job_queued_bytes(const struct evtask_job *job);

/* A result that is JSON: the type of evtask_job_return()'s values. */
extern const struct evtask_type job_type_json;

#endif
