/*
 * sleep.c - the coroutine "sleep": time passes, then a result is returned.
 */
#include <evtask/ctl_value.h>
#include <evtask/sleep.h>
#include <json-c/json.h>

#include "coroutines.h"

static int
sleep_fn(void *arg)
{
	struct evtask_job *job = arg;
	struct json_object *args = evtask_job_args(job);
	int r = evtask_sleep(evtask_job_duration_us(job, "delay", 0));

	if (r < 0)
		return r;
	return evtask_job_return(job,
	    json_object_get(evtask_ctl_get(args, "result")));
}

const struct evtask_coroutine sleep_coroutine = {
	.name = "sleep",
	.summary = "wait for a while, then return a result",
	.args_schema = JSON({
		"type": "object",
		"properties": {
			"delay": {
				"format": "duration",
				"description": "how long: seconds, or 1h30m"
			},
			"result": {
				"description": "what to return; else null"
			}
		},
		"required": ["delay"],
		"additionalProperties": false
	}),
	.result_schema = JSON({
		"description": "what was given as result"
	}),
	.example_args = JSON({"delay": "1h30m", "result": "rested"}),
	.fn = sleep_fn,
};
