/*
 * debug.h - what a loop reports in debug mode, for tests of that.
 */
#ifndef TESTS_DEBUG_H
#define TESTS_DEBUG_H

#include "tests/core.h"

/* The last report, and how many there were. */
static struct {
	int n;
	enum evtask_report_type type;
	int code;
	unsigned int line;
	char func[64];
	char text[512];
	struct evtask *task;
	void *callback_arg;
	int64_t took_us;
	unsigned int wanted;	/* slow steps begin there; 0: anywhere */
} last;

/* What tests make, to be misused or overlooked. */
static UNUSED struct evtask_future *pending, *done;

static UNUSED void
keep_last(struct evtask_loop *l, const struct evtask_report *report, void *arg)
{
	(void)l, (void)arg;
	/* On a busy machine others are slow, too, some of them nobody's. */
	if (report->type == EVTASK_REPORT_SLOW && last.wanted != 0 &&
	    (report->site == NULL || report->site->line != last.wanted))
		return;
	last.n++;
	last.type = report->type;
	last.code = report->error != NULL ?
	    evtask_error_code(report->error) : 0;
	last.line = report->site != NULL ? report->site->line : 0;
	snprintf(last.func, sizeof last.func, "%s",
	    report->site != NULL ? report->site->func : "");
	last.task = report->task;
	last.callback_arg = report->callback_arg;
	last.took_us = report->took_us;
	evtask_report_format(report, last.text, sizeof last.text);
}

/* What this loop reports is kept, and forgotten what another one did. */
static UNUSED void
listen_to(struct evtask_loop *l)
{
	memset(&last, 0, sizeof last);
	evtask_loop_set_exception_handler(l, keep_last, NULL);
}

/* Nothing is slow, however busy the machine, but in tests of that. */
static UNUSED void
debug(void)
{
	evtask_loop_set_debug(loop, true);
	evtask_loop_set_slow_callback_duration(loop, 3600 * SECOND);
	listen_to(loop);
}

#endif
