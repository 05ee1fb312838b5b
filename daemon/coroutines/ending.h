/*
 * ending.h - how a command ended: for programs, and in a word for people.
 */
#ifndef DAEMON_COROUTINES_ENDING_H
#define DAEMON_COROUTINES_ENDING_H

#include <evtask/job.h>
#include <evtask/process.h>

/* The result of exec. The caller's; NULL, there was no memory. */
struct json_object *ending_describe(const struct evtask_job *job,
    const struct evtask_exit *exit, bool output_complete);

/* Tells the job of it, where something went wrong. */
void ending_say(struct evtask_job *job, const struct evtask_exit *exit);

#endif
