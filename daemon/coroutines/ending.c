/*
 * ending.c - how a command ended: for programs, and in a word for people.
 *
 * Either an exit code or the name of a signal, and what it has used. The number
 * of a signal without a name stands for the name.
 */
#include <config.h>

#include "ending.h"

#include <evtask/ctl_value.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#define SIGNAL_SIZE 16

static const char *
name_signal(int signo, char text[SIGNAL_SIZE])
{
	const char *name = sigabbrev_np(signo);

	snprintf(text, SIGNAL_SIZE, "%d", signo);
	return name != NULL ? name : text;
}

static struct json_object *
describe_rusage(const struct rusage *usage)
{
	struct json_object *o = json_object_new_object();

	evtask_ctl_put_int(&o, "user_us", usage->ru_utime.tv_sec * 1000000LL +
	    usage->ru_utime.tv_usec);
	evtask_ctl_put_int(&o, "system_us", usage->ru_stime.tv_sec *
	    1000000LL + usage->ru_stime.tv_usec);
	evtask_ctl_put_int(&o, "max_rss_bytes", usage->ru_maxrss * 1024LL);
	evtask_ctl_put_int(&o, "minor_faults", usage->ru_minflt);
	evtask_ctl_put_int(&o, "major_faults", usage->ru_majflt);
	evtask_ctl_put_int(&o, "voluntary_switches", usage->ru_nvcsw);
	evtask_ctl_put_int(&o, "involuntary_switches", usage->ru_nivcsw);
	return o;
}

/* If you add a member here: result_schema in exec.c, evtaskd(8). */
struct json_object *
ending_describe(const struct evtask_job *job, const struct evtask_exit *exit,
    bool output_complete)
{
	struct json_object *o = json_object_new_object();
	char text[SIGNAL_SIZE];

	if (exit->signo < 0) {
		evtask_ctl_put_int(&o, "exit_code", exit->code);
		evtask_ctl_put_null(&o, "signal");
	} else {
		evtask_ctl_put_null(&o, "exit_code");
		evtask_ctl_put_text(&o, "signal",
		    name_signal(exit->signo, text));
	}
	evtask_ctl_put_bool(&o, "core_dumped", exit->core_dumped);
	evtask_ctl_put_int(&o, "stdout_bytes",
	    (int64_t)evtask_job_logged(job, EVTASK_JOB_OUT));
	evtask_ctl_put_int(&o, "stderr_bytes",
	    (int64_t)evtask_job_logged(job, EVTASK_JOB_ERR));
	evtask_ctl_put_bool(&o, "output_complete", output_complete);
	evtask_ctl_put(&o, "rusage", describe_rusage(&exit->rusage));
	return o;
}

/* In a list only what went wrong is worth a word. */
void
ending_say(struct evtask_job *job, const struct evtask_exit *exit)
{
	char text[EVTASK_JOB_ENDING_MAX + 1], number[SIGNAL_SIZE];

	if (exit->signo >= 0)
		snprintf(text, sizeof(text), "signal %s",
		    name_signal(exit->signo, number));
	else
		snprintf(text, sizeof(text), "exit %d", exit->code);
	if (exit->signo >= 0 || exit->code != 0)
		evtask_job_set_ending(job, text);
}
