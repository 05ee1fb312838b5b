/*
 * debug.c - debug mode: who is told what was done wrong, and where.
 *
 * Reports go to the exception handler, which runs in the loop's thread: what a
 * wrong thread did is told to the loop by a call from another thread, like
 * any.
 *
 * Steps are timed by running each from the loop. Tasks then do not switch to
 * one another directly, which changes nothing in the order of what happens.
 */
#include "core/debug.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <time.h>

#include "core/error.h"
#include "core/future.h"
#include "core/handle.h"
#include "core/life.h"
#include "core/task.h"
#include "core/timer.h"

enum { SLOW_US = 100 * 1000 };

void
evtask_loop_set_debug(struct evtask_loop *loop, bool debug)
{
	loop->debug = debug;
	loop->slow_us = debug ? SLOW_US : 0;
}

bool
evtask_loop_get_debug(const struct evtask_loop *loop)
{
	return loop->debug;
}

void
evtask_loop_set_slow_callback_duration(struct evtask_loop *loop,
    int64_t duration_us)
{
	loop->slow_us = duration_us > 0 ? duration_us : 0;
}

int64_t
evtask_loop_get_slow_callback_duration(const struct evtask_loop *loop)
{
	return loop->slow_us;
}

/* Misuse. */

int
misuse(struct evtask_loop *loop, const struct evtask_site *site, int code,
    const char *message)
{
	loop = loop_or_current(loop);
	if (loop != NULL && loop->debug && !loop_is_elsewhere(loop))
		evtask_loop_call_exception_handler(loop,
		    &(struct evtask_report){
			.type = EVTASK_REPORT_MISUSE, .message = message,
			.error = error_of_code(code), .site = site,
			.task = current.task,
		    });
	return code;
}

int
outside_a_task(const struct evtask_site *site)
{
	return misuse(NULL, site, -EINVAL, "nobody can wait outside a task");
}

static void
tell_of_thread(void *site)
{
	(void)misuse(current.loop, site, -EPERM,
	    "called from a thread that does not run the loop");
}

int
misuse_of_thread(struct evtask_loop *loop, const struct evtask_site *site)
{
	if (loop->debug)
		(void)evtask_call_soon_threadsafe(loop, tell_of_thread,
		    (void *)site);
	return -EPERM;
}

/* Slow steps. */

static int64_t
real_time_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

/* Where a task stands, or will begin. */
static const struct evtask_site *
site_of(const struct evtask *task)
{
	const struct wait *wait = task_wait(task);

	return wait != NULL ? wait->site :
	    life_created_at(task);
}

static void
report_slow_task(struct evtask *task, const struct evtask_site *from,
    int64_t took_us)
{
	const struct wait *wait = task_wait(task);
	char message[256];

	if (wait != NULL && wait->site != NULL)
		snprintf(message, sizeof message,
		    "a step took %.3f s, until %.*s:%u", (double)took_us / 1e6,
		    160, wait->site->file, wait->site->line);
	else
		snprintf(message, sizeof message, "a step took %.3f s, %s",
		    (double)took_us / 1e6,
		    task->future.state == FUTURE_PENDING ?
		    "until it let others run" : "until the end");
	evtask_loop_call_exception_handler(task->future.loop,
	    &(struct evtask_report){
		.type = EVTASK_REPORT_SLOW, .message = message,
		.future = &task->future, .task = task, .site = from,
		.took_us = took_us,
	    });
}

static void
report_slow_callback(struct evtask_loop *loop, const struct evtask_site *site,
    void *arg, int64_t took_us)
{
	char message[64];

	snprintf(message, sizeof message, "a callback took %.3f s",
	    (double)took_us / 1e6);
	evtask_loop_call_exception_handler(loop, &(struct evtask_report){
	    .type = EVTASK_REPORT_SLOW, .message = message, .site = site,
	    .callback_arg = arg, .took_us = took_us });
}

void
debug_run(struct evtask_loop *loop, struct runnable *r)
{
	struct evtask *task = task_of_runnable(r);
	const struct evtask_site *from = NULL;
	void *arg = NULL;
	int64_t us;

	if (task != NULL)
		from = site_of(evtask_ref(task));
	else if ((from = handle_made_at(r, &arg)) == NULL)
		from = timer_started_at(r, &arg);
	if (task == NULL && from == NULL)
		from = future_callback_made_at(r, &arg);
	us = real_time_us();
	r->run(r);
	us = real_time_us() - us;
	if (loop->slow_us != 0 && us >= loop->slow_us) {
		if (task != NULL)
			report_slow_task(task, from, us);
		else
			report_slow_callback(loop, from, arg, us);
	}
	evtask_unref(task);
}

/* The end. */

void
debug_report_pending(struct evtask_loop *loop)
{
	struct list *link;

	list_foreach(link, &loop->tasks) {
		struct evtask *task = container_of(link, struct evtask, all);

		if (task->internal)
			continue;
		evtask_loop_call_exception_handler(loop,
		    &(struct evtask_report){
			.type = EVTASK_REPORT_PENDING,
			.message = task->started ?
			    "was pending when its loop was freed" :
			    "never ran before its loop was freed",
			.future = &task->future, .task = task,
			.site = site_of(task),
		    });
	}
}

/* For people. */

struct line {
	char *text;
	size_t size;
	size_t length;		/* of the whole, though it may not fit */
};

static __attribute__((__format__(__printf__, 2, 3))) void
add(struct line *line, const char *fmt, ...)
{
	size_t at = line->length < line->size ? line->length : line->size;
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(line->size > at ? line->text + at : NULL,
	    line->size - at, fmt, args);
	va_end(args);
	line->length += n > 0 ? (size_t)n : 0;
}

int
evtask_report_format(const struct evtask_report *report, char *text,
    size_t size)
{
	struct line line = { .text = text, .size = size };

	if (report == NULL || (text == NULL && size > 0))
		return -EINVAL;
	if (report->task != NULL)
		add(&line, "task %s: ", evtask_get_name(report->task));
	add(&line, "%s", report->message);
	if (report->error != NULL)
		add(&line, ": %s", evtask_error_message(report->error));
	if (report->site != NULL)
		add(&line, ", at %s:%u (%s)", report->site->file,
		    report->site->line, report->site->func);
	return (int)line.length;
}
