/*
 * every.c - the coroutine "every": a timer that makes tasks.
 *
 * Ticks are counted from the first, so that they do not drift; those that went
 * by while one had to be waited for are left out. Its tasks are on their own:
 * cancelling the timer makes no more of them, and leaves the last to end as it
 * will.
 */
#include <errno.h>
#include <evtask/ctl_value.h>
#include <evtask/evtask.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "coroutines.h"

#define INTERVAL_MIN_US 1000

struct every {
	struct evtask_job *job;
	int64_t interval_us, jitter_us;
	int64_t count;			/* 0: without end */
	const char *overlap;
	const char *name;		/* NULL: as tasks are named */
	int64_t created, skipped;
	struct evtask *last;		/* the last made; NULL: none yet */
};

static bool
overlaps(const struct every *every, const char *policy)
{
	return strcmp(every->overlap, policy) == 0;
}

/* Some part of the jitter, another each time. */
static int64_t
draw(int64_t most_us)
{
	uint64_t n = 0;

	if (most_us <= 0 || getrandom(&n, sizeof(n), 0) != sizeof(n))
		return 0;
	return (int64_t)(n % (uint64_t)most_us);
}

/* What becomes of the one before. 1: make another; 0: leave it out. */
static int
make_way(struct every *every)
{
	int r;

	if (every->last == NULL || overlaps(every, "allow") ||
	    evtask_done(every->last))
		return 1;
	if (overlaps(every, "skip")) {
		every->skipped++;
		return 0;
	}
	if (overlaps(every, "cancel"))
		evtask_cancel(every->last, "the next is due");
	r = evtask_await(every->last);
	return r < 0 ? r : 1;
}

static void
tell(struct every *every)
{
	char line[64];
	int n = snprintf(line, sizeof(line), "%lld: task %llu\n",
	    (long long)every->created,
	    (unsigned long long)evtask_id(every->last));

	(void)evtask_job_log(every->job, EVTASK_JOB_OUT, line, (size_t)n);
}

static int
make_one(struct every *every)
{
	struct json_object *given = evtask_ctl_get(
	    evtask_job_args(every->job), "args"), *args = NULL;
	struct evtask *task;
	char name[160];
	int r = 0;

	/* Its own, as a coroutine may change what it is given. */
	if (given != NULL)
		r = json_object_deep_copy(given, &args, NULL);
	else
		args = json_object_new_object();
	if (r < 0 || args == NULL)
		return -ENOMEM;
	if (every->name != NULL)
		snprintf(name, sizeof(name), "%s-%lld", every->name,
		    (long long)every->created + 1);
	r = evtask_job_create(every->job, evtask_job_text(every->job,
	    "coroutine"), args, every->name != NULL ? name : NULL, &task);
	json_object_put(args);
	if (r < 0)
		return r;
	evtask_unref(every->last);
	every->last = task;
	every->created++;
	tell(every);
	return 0;
}

static int
sleep_until(int64_t deadline_us)
{
	return evtask_sleep(deadline_us -
	    evtask_loop_time_us(evtask_get_running_loop()));
}

static int
tick(struct every *every)
{
	struct evtask_loop *loop = evtask_get_running_loop();
	int64_t due_us = evtask_loop_time_us(loop);
	int r = 0;

	while (every->count == 0 || every->created < every->count) {
		r = sleep_until(due_us + draw(every->jitter_us));
		if (r == 0)
			r = make_way(every);
		if (r > 0)
			r = make_one(every);
		if (r < 0)
			return r;
		do
			due_us += every->interval_us;
		while (due_us <= evtask_loop_time_us(loop) -
		    every->interval_us);
	}
	return every->last != NULL ? evtask_await(every->last) : 0;
}

static struct json_object *
describe(const struct every *every)
{
	struct json_object *o = json_object_new_object();

	evtask_ctl_put_int(&o, "created", every->created);
	evtask_ctl_put_int(&o, "skipped", every->skipped);
	evtask_ctl_put(&o, "last", evtask_job_describe(every->last));
	return o;
}

static int
every_fn(void *arg)
{
	struct evtask_job *job = arg;
	struct every every = {
		.job = job,
		.interval_us = evtask_job_duration_us(job, "interval", 0),
		.jitter_us = evtask_job_duration_us(job, "jitter", 0),
		.count = evtask_job_int(job, "count"),
		.overlap = evtask_job_text(job, "overlap"),
		.name = evtask_job_text(job, "name"),
	};
	int r = evtask_sleep(evtask_job_duration_us(job, "delay", 0));

	if (r == 0)
		r = tick(&every);
	if (r == 0)
		r = evtask_job_return(job, describe(&every));
	evtask_unref(every.last);
	return r;
}

static int
every_check(struct json_object *args, const char **ret_path,
    const char **ret_expected)
{
	int64_t interval_us = 0, jitter_us = 0;
	struct json_object *jitter = evtask_ctl_get(args, "jitter");

	if (evtask_ctl_duration_value(evtask_ctl_get(args, "interval"),
	    &interval_us) < 0 || interval_us < INTERVAL_MIN_US) {
		*ret_path = "interval";
		*ret_expected = "at least a millisecond";
		return -EINVAL;
	}
	if (jitter != NULL && (evtask_ctl_duration_value(jitter,
	    &jitter_us) < 0 || jitter_us > interval_us)) {
		*ret_path = "jitter";
		*ret_expected = "no longer than the interval";
		return -EINVAL;
	}
	return 0;
}

const struct evtask_coroutine every_coroutine = {
	.name = "every",
	.summary = "make a task again and again",
	.args_schema = JSON({
		"type": "object",
		"properties": {
			"interval": {
				"format": "duration",
				"description": "from one to the next"
			},
			"coroutine": {
				"type": "string",
				"minLength": 1,
				"description": "what to make tasks of"
			},
			"args": {
				"type": "object",
				"writeOnly": true,
				"description": "and with which arguments"
			},
			"delay": {
				"format": "duration",
				"default": 0,
				"description": "before the first"
			},
			"jitter": {
				"format": "duration",
				"default": 0,
				"description":
				"at most so much later, by chance"
			},
			"count": {
				"type": "integer",
				"minimum": 0,
				"default": 0,
				"description": "how many; 0: without end"
			},
			"overlap": {
				"type": "string",
				"enum": ["skip", "wait", "cancel", "allow"],
				"default": "skip",
				"description":
				"when the one before is not done"
			},
			"name": {
				"type": "string",
				"minLength": 1,
				"maxLength": 100,
				"description":
				"of the tasks, before a number"
			}
		},
		"required": ["interval", "coroutine"],
		"additionalProperties": false
	}),
	.result_schema = JSON({
		"type": "object",
		"properties": {
			"created": { "type": "integer" },
			"skipped": {
				"type": "integer",
				"description":
				"left out, as the one before was not done"
			},
			"last": {
				"type": "object",
				"description": "how the last one ended"
			}
		}
	}),
	.example_args = JSON({"interval": "5m", "coroutine": "exec",
		"args": {"argv": ["fetchmail"]}}),
	.fn = every_fn,
	.check = every_check,
};
