/*
 * jobs.h - jobs of the coroutines that evtaskd has, on a loop and a console of
 * the test's own, without a socket.
 */
#ifndef TESTS_JOBS_H
#define TESTS_JOBS_H

#include <config.h>

#include <errno.h>
#include <evtask/console.h>
#include <evtask/ctl_schema.h>
#include <evtask/ctl_value.h>
#include <evtask/evtask.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "console/catalog.h"
#include "console/console.h"
#include "console/job.h"
#include "daemon/builtin.h"
#include "tests/suite.h"

#define SECOND INT64_C(1000000)

static struct evtask_loop *loop;
static struct evtask_console *console;
static struct evtask_job *job;		/* the one started last */
static struct evtask *task;
static unsigned int reports;

static void
on_report(struct evtask_loop *l, const struct evtask_report *report, void *arg)
{
	(void)l, (void)report, (void)arg;
	reports++;
}

static void
jobs_set_up(enum evtask_clock clock)
{
	struct evtask_loop_options options = {
		.clock = clock, .stack_size_bytes = 256 * 1024,
	};
	struct evtask_console_options console_options = { .no_socket = true };

	reports = 0;
	ck_assert_int_eq(evtask_loop_new(&options, &loop), 0);
	evtask_loop_set_exception_handler(loop, on_report, NULL);
	ck_assert_int_eq(evtask_console_start(loop, &console_options,
	    &console, NULL), 0);
	for (int i = 0; builtin_coroutines[i] != NULL; i++)
		ck_assert_int_eq(evtask_console_add(console,
		    builtin_coroutines[i]), 0);
}

static void
forget(void)
{
	evtask_unref(task);
	job_unref(job);
	task = NULL;
	job = NULL;
}

static void
jobs_tear_down(void)
{
	forget();
	ck_assert_uint_eq(evtask_console_live_jobs(console), 0);
	evtask_console_stop(console);
	ck_assert_int_eq(evtask_loop_free(loop), 0);
	ck_assert_uint_eq(reports, 0);
}

static __attribute__((__unused__)) void
start(const char *coroutine, const char *json)
{
	struct catalog_entry *entry = catalog_find(&console->catalog,
	    coroutine);
	struct json_object *args = json_tokener_parse(json), *error = NULL;

	forget();
	ck_assert_ptr_nonnull(args);
	ck_assert_int_eq(evtask_ctl_check_args(entry->args, args, &error), 0);
	ck_assert_int_eq(evtask_ctl_fill_args(entry->args, args), 0);
	ck_assert_int_eq(job_start(console, entry->row, args, NULL,
	    EVTASK_FOREVER, NULL, false, &job), 0);
	/* As task.create has it, for the count. */
	registry_find(&console->registry, job->id)->job = job_ref(job);
	registry_find(&console->registry, job->id)->coroutine = entry;
	entry->live++;
	console->registry.live_jobs++;
	json_object_put(args);
	task = evtask_ref(evtask_job_task(job));
}

static __attribute__((__unused__)) void
run_turns(int n)
{
	while (n-- > 0) {
		evtask_loop_stop(loop);
		ck_assert_int_eq(evtask_loop_run_forever(loop), 0);
	}
}

static void
run_to_the_end(void)
{
	ck_assert_int_eq(evtask_loop_run_until_complete(loop, task), 0);
}

/* What the job returned; borrowed from it. */
static struct json_object *
result(void)
{
	struct evtask_value value;
	int r;

	run_to_the_end();
	r = evtask_result(task, &value);
	if (r < 0) {
		struct evtask_error *error = NULL;

		evtask_exception(task, &error);
		ck_abort_msg("%d: %s", r, error != NULL ?
		    evtask_error_message(error) : "cancelled");
	}
	return value.u.p;
}

/* What it failed with. */
#define ck_assert_fails(code, words) \
	do { \
		struct evtask_error *error_ = NULL; \
 \
		run_to_the_end(); \
		ck_assert_int_eq(evtask_exception(task, &error_), 0); \
		ck_assert_ptr_nonnull(error_); \
		ck_assert_int_eq(evtask_error_code(error_), (code)); \
		ck_assert_msg(strstr(evtask_error_message(error_), (words)) \
		    != NULL, "%s", evtask_error_message(error_)); \
	} while (0)

#endif
