/*
 * gather.c - the coroutine "gather": several tasks at once, as one.
 *
 * Its tasks are tasks of their own, seen by everybody. They are made when all
 * of them can be, or none is. Cancelled, or with a task that failed where that
 * ends the rest, it cancels what still runs and waits until that has ended:
 * when gather is done, so are they.
 */
#include <errno.h>
#include <evtask/ctl_value.h>
#include <evtask/evtask.h>
#include <json-c/json.h>
#include <stdlib.h>

#include "coroutines.h"

#define STOP_TRIES 8		/* cancels that interrupt stopping */

struct gather {
	struct evtask_job *job;
	struct evtask **tasks;
	size_t n;
};

static struct json_object *
row_of(struct evtask_job *job, size_t i)
{
	return json_object_array_get_idx(evtask_ctl_get(evtask_job_args(job),
	    "tasks"), i);
}

/* Its args, which are {} when they were left out. The caller's. */
static struct json_object *
args_of(struct json_object *row)
{
	struct json_object *args = evtask_ctl_get(row, "args");

	return args != NULL ? json_object_get(args) : json_object_new_object();
}

static int
check_all(struct evtask_job *job, size_t n)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < n; i++) {
		struct json_object *args = args_of(row_of(job, i));

		r = evtask_job_check(job, evtask_ctl_get_text(row_of(job, i),
		    "coroutine", NULL), args);
		json_object_put(args);
	}
	return r;
}

static int
create_all(struct gather *gather, size_t n)
{
	int r = check_all(gather->job, n);

	while (r == 0 && gather->n < n) {
		struct json_object *row = row_of(gather->job, gather->n);
		struct json_object *args = args_of(row);

		r = evtask_job_create(gather->job,
		    evtask_ctl_get_text(row, "coroutine", NULL), args,
		    evtask_ctl_get_text(row, "name", NULL),
		    &gather->tasks[gather->n]);
		json_object_put(args);
		if (r == 0)
			gather->n++;
	}
	return r;
}

static int
await_all(struct gather *gather, enum evtask_wait_when when)
{
	union evtask_awaitable *all = calloc(gather->n, sizeof(*all));
	int r;

	if (all == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < gather->n; i++)
		all[i].task = gather->tasks[i];
	r = evtask_wait(all, gather->n, EVTASK_FOREVER, when);
	free(all);
	return r < 0 ? r : 0;
}

/* They have ended when it returns, whoever interrupts it. */
static void
stop(struct gather *gather)
{
	for (size_t i = 0; i < gather->n; i++)
		evtask_cancel(gather->tasks[i], "their gather has ended");
	for (size_t i = 0; i < gather->n; i++)
		for (int tries = 0; tries < STOP_TRIES &&
		    evtask_await(gather->tasks[i]) == -ECANCELED; tries++)
			;
}

/* The first that did not return, in their order; -1: all did. */
static ssize_t
first_failed(const struct gather *gather)
{
	for (size_t i = 0; i < gather->n; i++) {
		int r = evtask_result(gather->tasks[i], NULL);

		if (r < 0 && r != -EINPROGRESS)
			return (ssize_t)i;
	}
	return -1;
}

static struct json_object *
describe(const struct gather *gather)
{
	struct json_object *o = json_object_new_object();
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < gather->n; i++)
		evtask_ctl_append(&list,
		    evtask_job_describe(gather->tasks[i]));
	evtask_ctl_put(&o, "tasks", list);
	return o;
}

static int
run(struct gather *gather, size_t n, bool keep_going)
{
	int r = create_all(gather, n);
	ssize_t failed;

	if (r == 0)
		r = await_all(gather, keep_going ? EVTASK_ALL_COMPLETED :
		    EVTASK_FIRST_EXCEPTION);
	failed = r == 0 && !keep_going ? first_failed(gather) : -1;
	if (r < 0 || failed >= 0)
		stop(gather);
	if (failed >= 0)
		return evtask_raise_as("GatherFailed", -ECHILD,
		    "task %s, of coroutine %s, has not returned",
		    evtask_get_name(gather->tasks[failed]),
		    evtask_ctl_get_text(row_of(gather->job, (size_t)failed),
		    "coroutine", ""));
	return r;
}

static int
gather_fn(void *arg)
{
	struct gather gather = { .job = arg };
	struct json_object *args = evtask_job_args(gather.job);
	size_t n = json_object_array_length(evtask_ctl_get(args, "tasks"));
	int r;

	gather.tasks = calloc(n, sizeof(struct evtask *));
	if (gather.tasks == NULL)
		return -ENOMEM;
	r = run(&gather, n, evtask_job_bool(gather.job, "keep_going"));
	if (r == 0)
		r = evtask_job_return(gather.job, describe(&gather));
	for (size_t i = 0; i < gather.n; i++)
		evtask_unref(gather.tasks[i]);
	free(gather.tasks);
	return r;
}

const struct evtask_coroutine gather_coroutine = {
	.name = "gather",
	.summary = "run several tasks at once and return what they returned",
	.args_schema = JSON({
		"type": "object",
		"properties": {
			"tasks": {
				"type": "array",
				"minItems": 1,
				"maxItems": 1000,
				"items": {
					"type": "object",
					"properties": {
						"coroutine": {
							"type": "string",
							"minLength": 1
						},
						"args": {
							"type": "object",
							"writeOnly": true
						},
						"name": {
							"type": "string",
							"minLength": 1,
							"maxLength": 128
						}
					},
					"required": ["coroutine"],
					"additionalProperties": false
				},
				"description":
				"what to run: a coroutine and its args each"
			},
			"keep_going": {
				"type": "boolean",
				"default": false,
				"description":
				"let the others end when one has failed"
			}
		},
		"required": ["tasks"],
		"additionalProperties": false
	}),
	.result_schema = JSON({
		"type": "object",
		"properties": {
			"tasks": {
				"type": "array",
				"description":
				"in the order of the arguments",
				"items": {
					"type": "object",
					"properties": {
						"id": { "type": "integer" },
						"name": { "type": "string" },
						"outcome": {
							"type": ["string",
							"null"]
						},
						"value": { "description":
						"what it returned" },
						"error": { "type": "object" }
					}
				}
			}
		}
	}),
	.example_args = JSON({"tasks": [
		{"coroutine": "sleep", "args": {"delay": 1, "result": "a"}},
		{"coroutine": "exec", "args": {"argv": ["true"]}}
	]}),
	.fn = gather_fn,
};
