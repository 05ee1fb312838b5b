/*
 * debug.h - debug mode: a loop that says what is wrong with its callers.
 *
 * A call that makes no sense is answered with an error code and changes
 * nothing. In debug mode it is also reported to the exception handler, with
 * the place of the call; and so is what is easily overlooked:
 *
 *	EVTASK_REPORT_MISUSE	settling twice, asking too early, waiting
 *				outside a task, releasing what is free,
 *				calling from the wrong thread ...
 *	EVTASK_REPORT_SLOW	a callback, or a step of a task, that kept
 *				everybody else waiting
 *	EVTASK_REPORT_NEVER_AWAITED	a gather or shield that was dropped
 *				and nobody ever waited for
 *	EVTASK_REPORT_PENDING	a task that was not done when its loop was
 *				freed
 *
 * A loop is in debug mode when its options say so, or when the environment has
 * EVTASK_DEBUG, not empty, as it is made.
 *
 *	static void
 *	show(struct evtask_loop *loop, const struct evtask_report *report,
 *	    void *arg)
 *	{
 *		char line[512];
 *
 *		evtask_report_format(report, line, sizeof line);
 *		fprintf(arg, "%s\n", line);
 *	}
 *
 *	evtask_loop_set_exception_handler(loop, show, stderr);
 */
#ifndef EVTASK_DEBUG_H
#define EVTASK_DEBUG_H

#include <evtask/loop.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Switches it on or off, and with it the timing of steps. Loop thread. */
EVTASK_API void evtask_loop_set_debug(struct evtask_loop *loop, bool debug);
EVTASK_API bool evtask_loop_get_debug(const struct evtask_loop *loop);

/*
 * How long a step may take, in real time, whatever the clock of the loop;
 * 100 ms in debug mode, and 0, steps are not timed, without. To set it times
 * steps in any mode, at the cost of two looks at the clock for each.
 */
EVTASK_API void
evtask_loop_set_slow_callback_duration(struct evtask_loop *loop,
    int64_t duration_us);
EVTASK_API int64_t
evtask_loop_get_slow_callback_duration(const struct evtask_loop *loop);

/*
 * A report as one line for people:
 * "task crawl: a future is settled twice: Operation already in progress, at
 * crawl.c:41 (on_answer)". Anywhere. Returns the length of the line, which
 * was cut if that is not less than size; -EINVAL.
 */
EVTASK_API int
evtask_report_format(const struct evtask_report *report, char *text,
    size_t size);

#ifdef __cplusplus
}
#endif
#endif
