/*
 * calls.h - callbacks on the loop of a test, for suites of the ground floors.
 */
#ifndef TESTS_CALLS_H
#define TESTS_CALLS_H

#include "tests/core.h"

static UNUSED void
call_soon(evtask_callback_fn fn, void *arg)
{
	ck_assert_int_eq(evtask_call_soon(loop, fn, arg, NULL), 0);
}

static UNUSED void
call_later(int64_t delay_us, evtask_callback_fn fn, void *arg)
{
	ck_assert_int_eq(evtask_call_later(loop, delay_us, fn, arg, NULL), 0);
}

/* A callback: the turn in which it is called is the last. */
static UNUSED void
stop(void *arg)
{
	(void)arg;
	evtask_loop_stop(loop);
}

static UNUSED int left;	/* callbacks that a busy loop still queues */

static UNUSED void
keep_busy(void *arg)
{
	(void)arg;
	if (--left > 0)
		call_soon(keep_busy, NULL);
}

#endif
