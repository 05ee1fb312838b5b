/*
 * module.c - a module for evtaskd: the coroutine "countdown".
 *
 *	cc -shared -fPIC -o countdown.so module.c \
 *	    $(pkg-config --cflags --libs libevtask libevtask-console)
 *	evtaskd --modules=$PWD &
 *	evtask create countdown from=3 --name launch
 *	evtask logs -f launch
 */
#include <evtask/evtask.h>
#include <evtask/module.h>
#include <stdio.h>

static int
countdown(void *arg)
{
	struct evtask_job *job = arg;
	int64_t step_us = evtask_job_duration_us(job, "step", 1000000);
	char line[32];

	for (int64_t n = evtask_job_int(job, "from"); n > 0; n--) {
		int r, size = snprintf(line, sizeof line, "%d\n", (int)n);

		evtask_job_log(job, EVTASK_JOB_OUT, line, (size_t)size);
		r = evtask_sleep(step_us);
		if (r < 0)
			return r;	/* cancelled: the launch is off */
	}
	return evtask_return(evtask_value_literal("lift-off"));
}

static const struct evtask_coroutine countdown_row = {
	.name = "countdown",
	.summary = "count down to nothing, then return a word",
	.args_schema = "{\"type\": \"object\", \"properties\": {"
	    "\"from\": {\"type\": \"integer\", \"minimum\": 0,"
	    " \"maximum\": 1000, \"description\": \"where to begin\"},"
	    "\"step\": {\"format\": \"duration\", \"default\": 1,"
	    " \"description\": \"from one number to the next\"}},"
	    "\"required\": [\"from\"], \"additionalProperties\": false}",
	.result_schema = "{\"type\": \"string\"}",
	.example_args = "{\"from\": 10, \"step\": \"100ms\"}",
	.fn = countdown,
};

static const struct evtask_coroutine *const rows[] = { &countdown_row, NULL };

EVTASK_MODULE = {
	EVTASK_MODULE_HEAD, .version = "1.0", .coroutines = rows,
};
