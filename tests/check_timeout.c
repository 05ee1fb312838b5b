/* Deadlines over a piece of a task: whose cancellation it was, at the end. */
#include "tests/core.h"

#include <time.h>

#include <stdlib.h>

/* Sleeps `work` under a deadline of `limit`, microseconds both. */
static int
work_under_limit(int64_t work, int64_t limit, bool *ret_expired)
{
	struct evtask_timeout t;
	int r;

	ck_assert_int_eq(evtask_timeout_enter(&t, limit), 0);
	r = evtask_timeout_exit(&t, evtask_sleep(work));
	if (ret_expired != NULL)
		*ret_expired = evtask_timeout_expired(&t);
	return r;
}

START_TASK_TEST(work_done_in_time_is_left_alone)
{
	bool expired;

	ck_assert_int_eq(work_under_limit(SECOND, 2 * SECOND, &expired), 0);
	ck_assert(!expired);
	ck_assert_int_eq(evtask_loop_time_us(loop), SECOND);
	return 0;
}

START_TASK_TEST(work_that_takes_too_long_times_out)
{
	struct evtask_error *e;
	bool expired;

	ck_assert_int_eq(work_under_limit(9 * SECOND, SECOND, &expired),
	    -ETIMEDOUT);
	ck_assert(expired);
	ck_assert_int_eq(evtask_loop_time_us(loop), SECOND);
	ck_assert_int_eq(evtask_cancelling(evtask_current_task()), 0);
	e = evtask_catch(-ETIMEDOUT);
	ck_assert_str_eq(evtask_error_type(e), "Timeout");
	ck_assert_str_eq(evtask_error_site(e)->func, "work_under_limit");
	ck_assert_int_eq(evtask_error_code(evtask_error_cause(e)),
	    -ECANCELED);
	evtask_error_unref(e);
	return 0;
}

START_TASK_TEST(after_a_timeout_the_task_goes_on)
{
	ck_assert_int_eq(work_under_limit(9 * SECOND, SECOND, NULL),
	    -ETIMEDOUT);
	ck_assert_int_eq(work_under_limit(SECOND, 9 * SECOND, NULL), 0);
	ck_assert_int_eq(evtask_sleep(SECOND), 0);
	ck_assert_int_eq(evtask_loop_time_us(loop), 3 * SECOND);
	return 0;
}

START_TASK_TEST(no_deadline_never_comes)
{
	struct evtask_timeout t;

	ck_assert_int_eq(evtask_timeout_enter(&t, EVTASK_FOREVER), 0);
	ck_assert_int_eq(evtask_timeout_when_us(&t), EVTASK_FOREVER);
	ck_assert_int_eq(evtask_timeout_exit(&t, evtask_sleep(86400 *
	    SECOND)), 0);
	ck_assert(!evtask_timeout_expired(&t));
	return 0;
}

START_TASK_TEST(a_deadline_of_zero_comes_at_the_next_wait)
{
	struct evtask_timeout t;
	bool expired;

	ck_assert_int_eq(work_under_limit(SECOND, 0, &expired), -ETIMEDOUT);
	ck_assert(expired);
	ck_assert_int_eq(work_under_limit(0, 0, &expired), -ETIMEDOUT);
	ck_assert_int_eq(work_under_limit(SECOND, -5, &expired), -ETIMEDOUT);
	ck_assert_int_eq(evtask_loop_time_us(loop), 0);
	/* With no wait, it does not come. */
	ck_assert_int_eq(evtask_timeout_enter(&t, 0), 0);
	ck_assert_int_eq(evtask_timeout_exit(&t, 5), 5);
	ck_assert_int_eq(evtask_sleep(SECOND), 0);
	return 0;
}

START_TASK_TEST(a_deadline_may_be_a_time)
{
	struct evtask_timeout t;

	ck_assert_int_eq(evtask_sleep(SECOND), 0);
	ck_assert_int_eq(evtask_timeout_at_enter(&t, 3 * SECOND), 0);
	ck_assert_int_eq(evtask_timeout_when_us(&t), 3 * SECOND);
	ck_assert_int_eq(evtask_timeout_exit(&t, evtask_sleep(EVTASK_FOREVER)),
	    -ETIMEDOUT);
	ck_assert_int_eq(evtask_loop_time_us(loop), 3 * SECOND);
	/* A time that is past comes at once. */
	ck_assert_int_eq(evtask_timeout_at_enter(&t, 1), 0);
	ck_assert_int_eq(evtask_timeout_exit(&t, evtask_sleep(SECOND)),
	    -ETIMEDOUT);
	ck_assert_int_eq(evtask_loop_time_us(loop), 3 * SECOND);
	return 0;
}

START_TASK_TEST(what_the_work_came_to_is_handed_on)
{
	struct evtask_timeout t;
	static const int codes[] = { 0, 42, -EIO, -ETIMEDOUT, -ECANCELED };

	for (size_t i = 0; i < COUNT(codes); i++) {
		ck_assert_int_eq(evtask_timeout_enter(&t, SECOND), 0);
		ck_assert_int_eq(evtask_timeout_exit(&t, codes[i]), codes[i]);
	}
	return 0;
}

START_TASK_TEST(an_error_raised_after_the_deadline_stands)
{
	struct evtask_timeout t;

	ck_assert_int_eq(evtask_timeout_enter(&t, SECOND), 0);
	ck_assert_int_eq(evtask_sleep(EVTASK_FOREVER), -ECANCELED);
	ck_assert_int_eq(evtask_timeout_exit(&t, -EIO), -EIO);
	ck_assert(evtask_timeout_expired(&t));
	ck_assert_int_eq(evtask_cancelling(evtask_current_task()), 0);
	return 0;
}

START_TASK_TEST(work_that_swallows_its_deadline_is_not_timed_out)
{
	struct evtask_timeout t;

	ck_assert_int_eq(evtask_timeout_enter(&t, SECOND), 0);
	ck_assert_int_eq(evtask_sleep(EVTASK_FOREVER), -ECANCELED);
	ck_assert_int_eq(evtask_cancelling(evtask_current_task()), 1);
	ck_assert_int_eq(evtask_sleep(SECOND), 0);
	ck_assert_int_eq(evtask_timeout_exit(&t, 0), 0);
	ck_assert(evtask_timeout_expired(&t));
	ck_assert_int_eq(evtask_cancelling(evtask_current_task()), 0);
	return 0;
}

/* Nesting. */

/* limits: outer, inner; says what each came to. */
static int
nest(void *arg)
{
	const int64_t *limits = arg;
	struct evtask_timeout outer, inner;
	int r;

	ck_assert_int_eq(evtask_timeout_enter(&outer, limits[0]), 0);
	ck_assert_int_eq(evtask_timeout_enter(&inner, limits[1]), 0);
	r = evtask_timeout_exit(&inner, evtask_sleep(10 * SECOND));
	say("inner%d", r);
	r = evtask_timeout_exit(&outer, r);
	say("outer%d", r);
	ck_assert_int_eq(evtask_cancelling(evtask_current_task()), 0);
	return 0;
}

START_TEST(scopes_nest)
{
	static const struct {
		int64_t limits[2];
		const char *said;
	} rows[] = {
		/* The inner one times out, and its error passes the outer. */
		{ { 5 * SECOND, 1 * SECOND }, "inner-110 outer-110" },
		/* The outer one's cancellation passes the inner. */
		{ { 1 * SECOND, 5 * SECOND }, "inner-125 outer-110" },
		/* Both at once: as asyncio, the outer one raises. */
		{ { 1 * SECOND, 1 * SECOND }, "inner-125 outer-110" },
		{ { 20 * SECOND, 20 * SECOND }, "inner0 outer0" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct evtask *task = start(nest, (void *)rows[i].limits);

		run_dry();
		ck_assert_said(rows[i].said);
		ck_assert_int_eq(outcome(task), 0);
		evtask_unref(task);
	}
}
END_TEST

/* Others who cancel. */

static int
work_for_a_day(void *arg)
{
	(void)arg;
	return work_under_limit(86400 * SECOND, 3600 * SECOND, NULL);
}

START_TEST(a_cancellation_by_somebody_else_goes_through)
{
	struct evtask *task = start(work_for_a_day, NULL);
	struct evtask_info info;

	run_turns(1);
	evtask_cancel(task, "somebody else");
	run_dry();
	ck_assert(evtask_cancelled(task));
	ck_assert_str_eq(evtask_error_message(evtask_cancellation(task)),
	    "somebody else");
	ck_assert_int_eq(evtask_cancelling(task), 1);
	ck_assert_int_eq(evtask_get_info(task, &info), 0);
	ck_assert_int_eq(info.cancelled_by.type, EVTASK_ORIGIN_LOOP);
	ck_assert_int_eq(evtask_loop_time_us(loop), 0);
	evtask_unref(task);
}
END_TEST

static struct evtask *victim;

static void
cancel_victim(void *arg)
{
	(void)arg;
	evtask_cancel(victim, "at the same time");
}

START_TEST(a_cancellation_as_late_as_the_deadline_goes_through)
{
	for (int first = 0; first < 2; first++) {
		int64_t now = evtask_loop_time_us(loop);

		if (first)
			ck_assert_int_eq(evtask_call_at(loop, now + 3600 *
			    SECOND, cancel_victim, NULL, NULL), 0);
		victim = start(work_for_a_day, NULL);
		run_turns(1);
		if (!first)
			ck_assert_int_eq(evtask_call_at(loop, now + 3600 *
			    SECOND, cancel_victim, NULL, NULL), 0);
		run_dry();
		ck_assert(evtask_cancelled(victim));
		ck_assert_int_eq(evtask_cancelling(victim), 1);
		evtask_unref(victim);
	}
}
END_TEST

/* Asked to stop before the scope, and not told by then. */
static int
enter_when_asked_to_stop(void *keep)
{
	struct evtask_timeout t;
	int r;

	evtask_cancel(evtask_current_task(), "before");
	ck_assert_int_eq(evtask_timeout_enter(&t, 0), 0);
	if (keep != NULL)
		ck_assert_int_eq(evtask_timeout_keep_cancel(&t), 0);
	r = evtask_timeout_exit(&t, evtask_sleep(SECOND));
	say("r%d left%d", r, evtask_cancelling(evtask_current_task()));
	return r;
}

START_TEST(a_request_before_the_scope_is_eaten_by_a_timeout_as_in_asyncio)
{
	struct evtask *task = start(enter_when_asked_to_stop, NULL);

	run_dry();
	ck_assert_said("r-110 left1");
	ck_assert_int_eq(outcome(task), -ETIMEDOUT);
	evtask_unref(task);
}
END_TEST

START_TEST(a_request_before_the_scope_can_be_kept)
{
	struct evtask *task = start(enter_when_asked_to_stop, &task);

	run_dry();
	ck_assert_said("r-125 left1");
	ck_assert(evtask_cancelled(task));
	ck_assert_str_eq(evtask_error_message(evtask_cancellation(task)),
	    "before");
	evtask_unref(task);
}
END_TEST

START_TASK_TEST(keeping_cancels_changes_nothing_else)
{
	struct evtask_timeout t;

	ck_assert_int_eq(evtask_timeout_enter(&t, SECOND), 0);
	ck_assert_int_eq(evtask_timeout_keep_cancel(&t), 0);
	ck_assert_int_eq(evtask_timeout_exit(&t, evtask_sleep(2 * SECOND)),
	    -ETIMEDOUT);
	evtask_error_unref(evtask_catch(-ETIMEDOUT));
	ck_assert_int_eq(evtask_timeout_keep_cancel(&t), -EINVAL);
	ck_assert_int_eq(evtask_timeout_keep_cancel(NULL), -EINVAL);
	return 0;
}

START_TEST(a_deadline_names_itself_as_who_cancelled)
{
	struct evtask *task = start(work_for_a_day, NULL);
	struct evtask_info info;

	run_dry();
	ck_assert_int_eq(outcome(task), -ETIMEDOUT);
	ck_assert_int_eq(evtask_get_info(task, &info), 0);
	ck_assert_int_eq(info.cancelled_by.type, EVTASK_ORIGIN_TIMEOUT);
	ck_assert_uint_eq(info.cancelled_by.id, evtask_id(task));
	ck_assert_str_eq(info.cancelled_at->func, "work_under_limit");
	ck_assert_int_eq(info.cancel_requests, 1);
	evtask_unref(task);
}
END_TEST

/* Moving the deadline. */

START_TASK_TEST(a_deadline_moves_both_ways)
{
	struct evtask_timeout t;

	ck_assert_int_eq(evtask_timeout_enter(&t, SECOND), 0);
	ck_assert_int_eq(evtask_timeout_reschedule(&t, 5 * SECOND), 0);
	ck_assert_int_eq(evtask_timeout_when_us(&t), 5 * SECOND);
	ck_assert_int_eq(evtask_sleep(3 * SECOND), 0);
	ck_assert_int_eq(evtask_timeout_reschedule(&t, 4 * SECOND), 0);
	ck_assert_int_eq(evtask_timeout_exit(&t, evtask_sleep(EVTASK_FOREVER)),
	    -ETIMEDOUT);
	ck_assert_int_eq(evtask_loop_time_us(loop), 4 * SECOND);
	return 0;
}

START_TASK_TEST(a_deadline_is_set_later_or_taken_away)
{
	struct evtask_timeout t;

	ck_assert_int_eq(evtask_timeout_enter(&t, EVTASK_FOREVER), 0);
	ck_assert_int_eq(evtask_timeout_reschedule(&t, SECOND), 0);
	ck_assert_int_eq(evtask_timeout_reschedule(&t, EVTASK_FOREVER), 0);
	ck_assert_int_eq(evtask_sleep(2 * SECOND), 0);
	/* A past one is due at the next wait. */
	ck_assert_int_eq(evtask_timeout_reschedule(&t, 0), 0);
	ck_assert_int_eq(evtask_timeout_exit(&t, evtask_sleep(EVTASK_FOREVER)),
	    -ETIMEDOUT);
	ck_assert_int_eq(evtask_loop_time_us(loop), 2 * SECOND);
	return 0;
}

START_TASK_TEST(a_deadline_that_passed_does_not_move)
{
	struct evtask_timeout t;

	ck_assert_int_eq(evtask_timeout_enter(&t, SECOND), 0);
	ck_assert_int_eq(evtask_sleep(EVTASK_FOREVER), -ECANCELED);
	ck_assert_int_eq(evtask_timeout_reschedule(&t, 9 * SECOND), -EINVAL);
	ck_assert_int_eq(evtask_timeout_when_us(&t), SECOND);
	ck_assert_int_eq(evtask_timeout_exit(&t, -ECANCELED), -ETIMEDOUT);
	ck_assert_int_eq(evtask_timeout_reschedule(&t, 9 * SECOND), -EINVAL);
	return 0;
}

START_TASK_TEST(a_scope_that_was_left_is_left)
{
	struct evtask_timeout t;

	ck_assert_int_eq(evtask_timeout_enter(&t, SECOND), 0);
	ck_assert_int_eq(evtask_timeout_exit(&t, 0), 0);
	ck_assert_int_eq(evtask_timeout_reschedule(&t, 9 * SECOND), -EINVAL);
	/* Left again it does nothing, and harms nobody's room. */
	ck_assert_int_eq(evtask_timeout_exit(&t, 7), -EINVAL);
	ck_assert_int_eq(evtask_sleep(2 * SECOND), 0);
	ck_assert_int_eq(evtask_timeout_enter(&t, SECOND), 0);
	ck_assert_int_eq(evtask_timeout_exit(&t, evtask_sleep(2 * SECOND)),
	    -ETIMEDOUT);
	return 0;
}

START_TEST(outside_a_task_there_is_no_scope)
{
	struct evtask_timeout t;

	ck_assert_int_eq(evtask_timeout_enter(&t, SECOND), -EINVAL);
	ck_assert_int_eq(evtask_timeout_at_enter(&t, SECOND), -EINVAL);
}
END_TEST

START_TEST(a_task_that_is_unwound_leaves_its_scope_in_order)
{
	struct evtask *task = start(work_for_a_day, NULL);

	run_turns(1);
	replace_loop(NULL);
	ck_assert(evtask_cancelled(task));
	evtask_unref(task);
}
END_TEST

static int
await_under_limit(void *arg)
{
	struct evtask_timeout t;

	ck_assert_int_eq(evtask_timeout_enter(&t, SECOND), 0);
	return evtask_timeout_exit(&t, evtask_await_result(
	    (struct evtask *)arg, NULL));
}

START_TEST(a_deadline_cancels_what_is_awaited)
{
	struct evtask *child = start(sleep_for_ever, NULL);
	struct evtask *task = start(await_under_limit, child);
	struct evtask_info info;

	run_dry();
	ck_assert_int_eq(outcome(task), -ETIMEDOUT);
	ck_assert(evtask_cancelled(child));
	ck_assert_int_eq(evtask_get_info(child, &info), 0);
	ck_assert_int_eq(info.cancelled_by.type, EVTASK_ORIGIN_TIMEOUT);
	ck_assert_uint_eq(info.cancelled_by.id, evtask_id(task));
	evtask_unref(child);
	evtask_unref(task);
}
END_TEST

static int
sleep_under_limit_when_cancelled(void *arg)
{
	struct evtask_timeout scope;
	int r = evtask_sleep(EVTASK_FOREVER), limited;

	(void)arg;
	limited = evtask_timeout_enter(&scope, SECOND);
	if (limited == 0)
		limited = evtask_timeout_exit(&scope,
		    evtask_sleep(EVTASK_FOREVER));
	say("limited%d", limited);
	return r;
}

START_TEST(a_deadline_in_clean_up_leaves_who_cancelled_on_record)
{
	struct evtask *task = start(sleep_under_limit_when_cancelled, NULL);
	struct evtask_info info;

	run_turns(1);
	evtask_cancel(task, "words");
	run_dry();
	ck_assert_said("limited-110");
	ck_assert_str_eq(evtask_error_message(evtask_cancellation(task)),
	    "words");
	ck_assert_int_eq(evtask_get_info(task, &info), 0);
	ck_assert_int_eq(info.cancelled_by.type, EVTASK_ORIGIN_LOOP);
	ck_assert_int_eq(info.cancel_requests, 1);
	evtask_unref(task);
}
END_TEST

START_TASK_TEST(many_scopes_nest)
{
	struct evtask_timeout *scopes = calloc(1000, sizeof *scopes);
	int r;

	ck_assert_ptr_nonnull(scopes);
	for (int i = 0; i < 1000; i++)
		ck_assert_int_eq(evtask_timeout_enter(&scopes[i],
		    (1000 - i / 2) * SECOND), 0);
	r = evtask_sleep(EVTASK_FOREVER);
	for (int i = 1000; i-- > 0;)
		r = evtask_timeout_exit(&scopes[i], r);
	ck_assert_int_eq(r, -ETIMEDOUT);
	ck_assert_int_eq(evtask_loop_time_us(loop), 501 * SECOND);
	ck_assert_int_eq(evtask_cancelling(evtask_current_task()), 0);
	free(scopes);
	return 0;
}

/* The outer task is cancelled while an inner timeout is being resolved. */
static int
time_out_inside(void *arg)
{
	struct evtask_timeout t;
	int r = evtask_timeout_enter(&t, SECOND);

	ck_assert_int_eq(r, 0);
	r = evtask_sleep(EVTASK_FOREVER);
	ck_assert_int_eq(r, -ECANCELED);
	evtask_cancel(evtask_current_task(), "from outside");
	r = evtask_timeout_exit(&t, r);
	say("r%d left%d", r, evtask_cancelling(evtask_current_task()));
	(void)arg;
	return r;
}

START_TEST(a_deadline_and_a_cancel_are_both_resolved)
{
	struct evtask *task = start(time_out_inside, NULL);

	run_dry();
	/* The timeout took its own request back, and left the other. */
	ck_assert_said("r-125 left1");
	ck_assert(evtask_cancelled(task));
	ck_assert_int_eq(evtask_cancelling(task), 1);
	evtask_unref(task);
}
END_TEST

static int
block_through_both(void *arg)
{
	struct evtask_timeout outer, inner;
	struct timespec pause = { .tv_nsec = 20 * 1000 * 1000 };
	int r;

	(void)arg;
	ck_assert_int_eq(evtask_timeout_enter(&outer, 5000), 0);
	ck_assert_int_eq(evtask_timeout_enter(&inner, 10000), 0);
	nanosleep(&pause, NULL);	/* nobody gets to anything */
	r = evtask_timeout_exit(&inner, evtask_sleep(3600 * SECOND));
	ck_assert_int_eq(r, -ECANCELED);
	r = evtask_timeout_exit(&outer, r);
	ck_assert_int_eq(r, -ETIMEDOUT);
	ck_assert(evtask_timeout_expired(&inner));
	ck_assert(evtask_timeout_expired(&outer));
	ck_assert_int_eq(evtask_cancelling(evtask_current_task()), 0);
	evtask_error_unref(evtask_catch(r));
	return 0;
}

START_TEST(when_the_loop_was_blocked_both_deadlines_have_passed)
{
	struct evtask *task;

	replace_loop(new_loop(EVTASK_CLOCK_MONOTONIC));
	task = start(block_through_both, NULL);
	ck_assert_int_eq(evtask_loop_run_until_complete(loop, task), 0);
	ck_assert_int_eq(outcome(task), 0);
	evtask_unref(task);
}
END_TEST

static int
fail_in_the_group(void *arg)
{
	struct evtask_timeout t;
	struct evtask_group g;
	int r = evtask_timeout_enter(&t, SECOND);

	ck_assert_int_eq(r, 0);
	ck_assert_int_eq(evtask_group_enter(&g), 0);
	ck_assert_int_eq(evtask_group_create_task(&g, sleep_for_ever, NULL,
	    NULL, arg), 0);
	r = evtask_group_exit(&g, 0);
	return evtask_timeout_exit(&t, r);
}

START_TEST(a_deadline_over_a_group_cancels_its_tasks)
{
	struct evtask *child;
	struct evtask *task = start(fail_in_the_group, &child);

	run_dry();
	ck_assert(evtask_cancelled(child));
	ck_assert_int_eq(outcome(task), -ETIMEDOUT);
	ck_assert_int_eq(evtask_loop_time_us(loop), SECOND);
	evtask_unref(child);
	evtask_unref(task);
}
END_TEST

CORE_SUITE("timeout",
    work_done_in_time_is_left_alone,
    work_that_takes_too_long_times_out,
    after_a_timeout_the_task_goes_on,
    no_deadline_never_comes,
    a_deadline_of_zero_comes_at_the_next_wait,
    a_deadline_may_be_a_time,
    what_the_work_came_to_is_handed_on,
    an_error_raised_after_the_deadline_stands,
    work_that_swallows_its_deadline_is_not_timed_out,
    scopes_nest,
    a_cancellation_by_somebody_else_goes_through,
    a_cancellation_as_late_as_the_deadline_goes_through,
    a_request_before_the_scope_is_eaten_by_a_timeout_as_in_asyncio,
    a_request_before_the_scope_can_be_kept,
    keeping_cancels_changes_nothing_else,
    a_deadline_names_itself_as_who_cancelled,
    a_deadline_moves_both_ways,
    a_deadline_is_set_later_or_taken_away,
    a_deadline_that_passed_does_not_move,
    a_scope_that_was_left_is_left,
    outside_a_task_there_is_no_scope,
    a_task_that_is_unwound_leaves_its_scope_in_order,
    a_deadline_cancels_what_is_awaited,
    a_deadline_in_clean_up_leaves_who_cancelled_on_record,
    many_scopes_nest,
    a_deadline_and_a_cancel_are_both_resolved,
    when_the_loop_was_blocked_both_deadlines_have_passed,
    a_deadline_over_a_group_cancels_its_tasks)
