/* Waiting for some of many, and for one under a deadline. */
#include "tests/core.h"

/* The children of a test: three, and how they are waited for. */
static union evtask_awaitable fs[3];

static void
start_three(evtask_fn fn, intptr_t a, intptr_t b, intptr_t c)
{
	intptr_t args[] = { a, b, c };

	for (int i = 0; i < 3; i++)
		fs[i].task = start(fn, (void *)args[i]);
}

static void
unref_three(void)
{
	for (int i = 0; i < 3; i++)
		evtask_unref(fs[i].task);
}

/* Negative: raises after as many seconds; else returns after them. */
static int
end_in_seconds(void *arg)
{
	int seconds = (int)(intptr_t)arg;
	int r = evtask_sleep(abs(seconds) * SECOND);

	if (r < 0)
		return r;
	return seconds < 0 ? evtask_raise(-EIO, "on purpose") : 0;
}

static void
cancel_later(void *arg)
{
	evtask_cancel((struct evtask *)arg, "late");
}

START_TASK_TEST(all_are_waited_for)
{
	start_three(end_in_seconds, 1, 3, 2);
	ck_assert_int_eq(evtask_wait(fs, 3, EVTASK_FOREVER,
	    EVTASK_ALL_COMPLETED), 3);
	ck_assert_int_eq(evtask_loop_time_us(loop), 3 * SECOND);
	unref_three();
	return 0;
}

static void
unref_later(void *arg)
{
	evtask_unref(arg);
}

START_TASK_TEST(what_is_waited_for_may_be_let_go_of_meanwhile)
{
	fs[0].task = start(end_in_seconds, (void *)(intptr_t)2);
	ck_assert_int_eq(evtask_call_later(loop, SECOND, unref_later,
	    fs[0].task, NULL), 0);
	ck_assert_int_eq(evtask_wait(fs, 1, EVTASK_FOREVER,
	    EVTASK_ALL_COMPLETED), 1);
	return 0;
}

/* Raises in two seconds, and is let go of in so many. */
static struct evtask *
let_go_of(int seconds)
{
	struct evtask *task = start(end_in_seconds, (void *)(intptr_t)-2);

	ck_assert_int_eq(evtask_call_later(loop, seconds * SECOND, unref_later,
	    task, NULL), 0);
	return task;
}

START_TASK_TEST(what_is_awaited_may_be_let_go_of_meanwhile)
{
	ck_assert_int_eq(evtask_await_result(let_go_of(1), NULL), -EIO);
	ck_assert_int_eq(evtask_wait_for(let_go_of(1), EVTASK_FOREVER, NULL),
	    -EIO);
	ck_assert_int_eq(evtask_wait_for_keep(let_go_of(1), EVTASK_FOREVER,
	    NULL), -EIO);
	ck_assert_int_eq(evtask_wait_for(let_go_of(0), 0, NULL), -ETIMEDOUT);
	ck_assert_int_eq(evtask_wait_for_keep(let_go_of(0), 0, NULL),
	    -ETIMEDOUT);
	return 0;
}

START_TASK_TEST(the_first_of_them_is_enough)
{
	start_three(end_in_seconds, 2, 1, 3);
	ck_assert_int_eq(evtask_wait(fs, 3, EVTASK_FOREVER,
	    EVTASK_FIRST_COMPLETED), 1);
	ck_assert_int_eq(evtask_loop_time_us(loop), SECOND);
	ck_assert(!evtask_done(fs[0]));
	ck_assert(evtask_done(fs[1]));
	ck_assert(!evtask_done(fs[2]));
	unref_three();
	return 0;
}

START_TASK_TEST(all_that_end_in_one_turn_are_counted)
{
	start_three(end_in_seconds, 1, 1, 3);
	ck_assert_int_eq(evtask_wait(fs, 3, EVTASK_FOREVER,
	    EVTASK_FIRST_COMPLETED), 2);
	unref_three();
	return 0;
}

START_TASK_TEST(the_first_exception_is_enough)
{
	start_three(end_in_seconds, 1, -2, 3);
	ck_assert_int_eq(evtask_wait(fs, 3, EVTASK_FOREVER,
	    EVTASK_FIRST_EXCEPTION), 2);
	ck_assert_int_eq(evtask_loop_time_us(loop), 2 * SECOND);
	ck_assert_ptr_null(evtask_raised());
	unref_three();
	return 0;
}

START_TASK_TEST(without_an_exception_all_are_waited_for)
{
	start_three(end_in_seconds, 1, 2, 3);
	ck_assert_int_eq(evtask_wait(fs, 3, EVTASK_FOREVER,
	    EVTASK_FIRST_EXCEPTION), 3);
	unref_three();
	return 0;
}

START_TASK_TEST(a_cancelled_one_is_not_an_exception)
{
	start_three(end_in_seconds, 5, 1, 3);
	evtask_cancel(fs[0], NULL);
	ck_assert_int_eq(evtask_wait(fs, 3, EVTASK_FOREVER,
	    EVTASK_FIRST_EXCEPTION), 3);
	ck_assert_int_eq(evtask_loop_time_us(loop), 3 * SECOND);
	unref_three();
	return 0;
}

START_TASK_TEST(errors_stay_where_they_are)
{
	start_three(end_in_seconds, -1, -1, -1);
	ck_assert_int_eq(evtask_wait(fs, 3, EVTASK_FOREVER,
	    EVTASK_ALL_COMPLETED), 3);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(outcome(fs[i]), -EIO);
	unref_three();
	return 0;
}

START_TASK_TEST(when_time_is_up_nothing_is_cancelled)
{
	start_three(end_in_seconds, 1, 5, 6);
	ck_assert_int_eq(evtask_wait(fs, 3, 2 * SECOND,
	    EVTASK_ALL_COMPLETED), 1);
	ck_assert_int_eq(evtask_loop_time_us(loop), 2 * SECOND);
	ck_assert_int_eq(evtask_wait(fs, 3, EVTASK_FOREVER,
	    EVTASK_ALL_COMPLETED), 3);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(outcome(fs[i]), 0);
	unref_three();
	return 0;
}

START_TASK_TEST(no_time_at_all_still_takes_a_turn)
{
	uint64_t turn = turns();

	start_three(end_in_seconds, 1, 1, 1);
	ck_assert_int_eq(evtask_wait(fs, 3, 0, EVTASK_ALL_COMPLETED), 0);
	ck_assert_uint_gt(turns(), turn);
	ck_assert_int_eq(evtask_loop_time_us(loop), 0);
	unref_three();
	return 0;
}

START_TASK_TEST(what_is_done_already_takes_a_turn_all_the_same)
{
	struct evtask_future *f = new_future();
	union evtask_awaitable one[] = { AWAITABLE(f) };
	uint64_t turn = turns();

	evtask_set_result(f, evtask_value_none());
	ck_assert_int_eq(evtask_wait(one, 1, EVTASK_FOREVER,
	    EVTASK_ALL_COMPLETED), 1);
	ck_assert_uint_eq(turns() - turn, 2);
	evtask_future_unref(f);
	return 0;
}

START_TASK_TEST(the_same_one_may_stand_there_twice)
{
	struct evtask *task = start(end_in_seconds, (void *)1);
	union evtask_awaitable twice[] = { AWAITABLE(task), AWAITABLE(task) };

	ck_assert_int_eq(evtask_wait(twice, 2, EVTASK_FOREVER,
	    EVTASK_ALL_COMPLETED), 2);
	evtask_unref(task);
	return 0;
}

static int
wait_and_say(void *arg)
{
	int r = evtask_wait(fs, 3, EVTASK_FOREVER, EVTASK_ALL_COMPLETED);

	(void)arg;
	say("%d", r);
	return r < 0 ? r : 0;
}

START_TEST(cancelled_while_waiting_nothing_else_is_cancelled)
{
	struct evtask *waiter;

	start_three(end_in_seconds, 1, 2, 3);
	waiter = start(wait_and_say, NULL);
	run_turns(2);
	evtask_cancel(waiter, NULL);
	run_dry();
	ck_assert_said("-125");
	ck_assert(evtask_cancelled(waiter));
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(outcome(fs[i]), 0);
	unref_three();
	evtask_unref(waiter);
}
END_TEST

START_TEST(a_wait_that_is_unwound_lets_go_of_everything)
{
	struct evtask *waiter;

	start_three(end_in_seconds, 1, 2, 3);
	waiter = start(wait_and_say, NULL);
	run_turns(2);
	replace_loop(NULL);
	ck_assert_said("-125");
	unref_three();
	evtask_unref(waiter);
}
END_TEST

START_TASK_TEST(nothing_to_wait_for_is_refused)
{
	ck_assert_int_eq(evtask_wait(NULL, 0, EVTASK_FOREVER,
	    EVTASK_ALL_COMPLETED), -EINVAL);
	return 0;
}

/* wait_for() */

START_TASK_TEST(a_result_in_time_is_handed_over)
{
	struct evtask_future *f = new_future();
	struct evtask_value v;

	evtask_set_result(f, evtask_value_int(7));
	ck_assert_int_eq(evtask_wait_for(f, SECOND, &v), 0);
	ck_assert_int_eq(v.u.i, 7);
	ck_assert_int_eq(evtask_wait_for(f, 0, &v), 0);
	ck_assert_int_eq(evtask_wait_for(f, EVTASK_FOREVER, NULL), 0);
	evtask_future_unref(f);
	return 0;
}

START_TASK_TEST(an_error_in_time_is_raised)
{
	struct evtask *task = start(end_in_seconds, (void *)-1);

	ck_assert_int_eq(evtask_wait_for(task, 2 * SECOND, NULL), -EIO);
	ck_assert_str_eq(evtask_error_message(evtask_raised()), "on purpose");
	evtask_error_unref(evtask_catch(-EIO));
	evtask_unref(task);
	return 0;
}

START_TASK_TEST(too_late_it_is_cancelled_and_waited_for)
{
	struct evtask *task = start(end_in_seconds, (void *)9);

	ck_assert_int_eq(evtask_wait_for(task, SECOND, NULL), -ETIMEDOUT);
	ck_assert(evtask_cancelled(task));
	ck_assert_int_eq(evtask_loop_time_us(loop), SECOND);
	ck_assert_int_eq(evtask_cancelling(evtask_current_task()), 0);
	evtask_unref(task);
	return 0;
}

static int
swallow_and_return(void *arg)
{
	(void)!evtask_sleep(EVTASK_FOREVER);
	(void)!evtask_sleep(SECOND);
	return arg != NULL ? evtask_raise(-EIO, "while unwinding") :
	    evtask_return(evtask_value_int(5));
}

START_TASK_TEST(a_result_in_spite_of_the_deadline_is_handed_over)
{
	struct evtask *task = start(swallow_and_return, NULL);
	struct evtask_value v;

	ck_assert_int_eq(evtask_wait_for(task, SECOND, &v), 0);
	ck_assert_int_eq(v.u.i, 5);
	ck_assert_int_eq(evtask_loop_time_us(loop), 2 * SECOND);
	ck_assert_int_eq(evtask_cancelling(evtask_current_task()), 0);
	evtask_unref(task);
	return 0;
}

START_TASK_TEST(an_error_while_unwinding_from_the_deadline_is_raised)
{
	struct evtask *task = start(swallow_and_return, said);

	ck_assert_int_eq(evtask_wait_for(task, SECOND, NULL), -EIO);
	evtask_error_unref(evtask_catch(-EIO));
	evtask_unref(task);
	return 0;
}

START_TASK_TEST(a_result_as_late_as_the_deadline_is_lost)
{
	struct evtask_future *f = new_future();

	/* The deadline is set first, and is the first to be due. */
	ck_assert_int_eq(evtask_call_at(loop, SECOND, say_arg, "", NULL), 0);
	ck_assert_int_eq(evtask_wait_for(f, SECOND, NULL), -ETIMEDOUT);
	ck_assert_int_eq(evtask_set_result(f, evtask_value_none()), -EALREADY);
	evtask_future_unref(f);
	return 0;
}

static int
return_in_seconds(void *arg)
{
	int r = sleep_seconds(arg);

	return r < 0 ? r : evtask_return(evtask_value_int(5));
}

START_TASK_TEST(a_result_due_with_the_deadline_can_be_kept)
{
	struct evtask_value v;

	/* The task's timer is the first to be due, or the second. */
	for (int yields = 0; yields < 2; yields++) {
		struct evtask *task = start(return_in_seconds, (void *)1);

		if (yields)
			ck_assert_int_eq(evtask_sleep(0), 0);
		ck_assert_int_eq(evtask_wait_for_keep(task, SECOND, &v), 0);
		ck_assert_int_eq(v.u.i, 5);
		evtask_unref(task);

		task = start(return_in_seconds, (void *)1);
		if (yields)
			ck_assert_int_eq(evtask_sleep(0), 0);
		ck_assert_int_eq(evtask_wait_for(task, SECOND, &v),
		    -ETIMEDOUT);
		evtask_unref(task);
	}
	return 0;
}

START_TASK_TEST(an_error_due_with_the_deadline_can_be_kept)
{
	struct evtask *task = start(end_in_seconds, (void *)-1);

	ck_assert_int_eq(evtask_wait_for_keep(task, SECOND, NULL), -EIO);
	evtask_error_unref(evtask_catch(-EIO));
	evtask_unref(task);
	return 0;
}

START_TASK_TEST(keeping_waits_no_longer_than_it_takes)
{
	struct evtask_future *f = new_future();
	struct evtask *task = start(return_in_seconds, (void *)2);
	struct evtask_value v;

	ck_assert_int_eq(evtask_wait_for_keep(f, SECOND, NULL), -ETIMEDOUT);
	ck_assert(evtask_cancelled(f));
	ck_assert_int_eq(evtask_loop_time_us(loop), SECOND);
	ck_assert_int_eq(evtask_wait_for_keep(task, EVTASK_FOREVER, &v), 0);
	ck_assert_int_eq(v.u.i, 5);
	ck_assert_int_eq(evtask_wait_for_keep(task, 0, &v), 0);
	ck_assert_int_eq(evtask_wait_for_keep(AWAITABLE(NULL), 1, &v),
	    -EINVAL);
	evtask_unref(task);
	evtask_future_unref(f);
	return 0;
}

static int
keep_future(void *arg)
{
	int r = evtask_wait_for_keep((struct evtask_future *)arg, SECOND, NULL);

	say("r%d", r);
	return r;
}

START_TEST(a_cancel_goes_on_to_what_is_waited_for_with_patience)
{
	struct evtask *child = start(end_in_seconds, (void *)5);
	struct evtask *task = start(keep_future, child);

	run_turns(2);
	evtask_cancel(task, NULL);
	run_dry();
	ck_assert_said("r-125");
	ck_assert(evtask_cancelled(child));
	ck_assert(evtask_cancelled(task));
	evtask_unref(child);
	evtask_unref(task);
}
END_TEST

START_TEST(a_patient_wait_is_unwound_with_its_loop)
{
	struct evtask_future *f = new_future();

	spawn(keep_future, f);
	run_turns(1);
	replace_loop(NULL);
	ck_assert_said("r-125");
	evtask_future_unref(f);
}
END_TEST

START_TASK_TEST(no_time_cancels_what_is_pending)
{
	static const int64_t limits[] = { 0, -1, INT64_MIN };

	for (size_t i = 0; i < COUNT(limits); i++) {
		struct evtask *task = start(end_in_seconds, (void *)1);
		struct evtask_error *e;

		ck_assert_int_eq(evtask_wait_for(task, limits[i], NULL),
		    -ETIMEDOUT);
		ck_assert(evtask_cancelled(task));
		e = evtask_catch(-ETIMEDOUT);
		ck_assert_str_eq(evtask_error_type(e), "Timeout");
		evtask_error_unref(e);
		evtask_unref(task);
	}
	ck_assert_int_eq(evtask_loop_time_us(loop), 0);
	return 0;
}

START_TASK_TEST(no_time_waits_for_who_swallows)
{
	struct evtask *task = start(swallow_and_return, NULL);
	struct evtask_value v;

	ck_assert_int_eq(evtask_sleep(0), 0);
	ck_assert_int_eq(evtask_wait_for(task, 0, &v), 0);
	ck_assert_int_eq(v.u.i, 5);
	evtask_unref(task);
	return 0;
}

static int
wait_for_and_say(void *arg)
{
	int r = evtask_wait_for((struct evtask *)arg, 3600 * SECOND, NULL);

	say("%d", r);
	return r;
}

START_TEST(cancelled_it_cancels_what_it_waits_for)
{
	struct evtask *task = start(sleep_for_ever, NULL);
	struct evtask *waiter = start(wait_for_and_say, task);

	run_turns(1);
	evtask_cancel(waiter, "words");
	run_dry();
	ck_assert_said("-125");
	ck_assert(evtask_cancelled(task));
	ck_assert(evtask_cancelled(waiter));
	ck_assert_int_eq(evtask_loop_time_us(loop), 0);
	evtask_unref(task);
	evtask_unref(waiter);
}
END_TEST

START_TEST(outside_a_task_nobody_waits)
{
	struct evtask_future *f = new_future();
	union evtask_awaitable one[] = { AWAITABLE(f) };

	ck_assert_int_eq(evtask_wait(one, 1, 0, EVTASK_ALL_COMPLETED),
	    -EINVAL);
	ck_assert_int_eq(evtask_wait_for(f, 0, NULL), -EINVAL);
	ck_assert(!evtask_done(f));
	evtask_future_unref(f);
}
END_TEST

START_TASK_TEST(time_that_is_up_together_with_a_completion_counts_it)
{
	/* The task's timer is due first, or the wait's own. */
	for (int yields = 0; yields < 2; yields++) {
		union evtask_awaitable them[] = { AWAITABLE(
		    start(end_in_seconds, (void *)1)) };

		if (yields)
			ck_assert_int_eq(evtask_sleep(0), 0);
		ck_assert_int_eq(evtask_wait(them, 1, SECOND,
		    EVTASK_ALL_COMPLETED), yields);
		ck_assert_int_eq(evtask_await(them[0].task), 0);
		ck_assert_int_eq(outcome(them[0].task), 0);
		evtask_unref(them[0].task);
	}
	return 0;
}

static void
settle(void *arg)
{
	evtask_set_result(arg, evtask_value_int(5));
}

START_TASK_TEST(a_result_set_by_a_callback_is_handed_over)
{
	struct evtask_future *f = new_future();
	struct evtask_value v;

	ck_assert_int_eq(evtask_call_soon(loop, settle, f, NULL), 0);
	ck_assert_int_eq(evtask_wait_for(f, SECOND, &v), 0);
	ck_assert_int_eq(v.u.i, 5);
	evtask_future_unref(f);
	return 0;
}

static int
clean_up_for_a_while(void *arg)
{
	int r = evtask_sleep(EVTASK_FOREVER);
	int again = evtask_sleep(10 * SECOND);

	(void)arg;
	say("r%d again%d", r, again);
	return r;
}

static int
wait_for_one_who_cleans_up(void *arg)
{
	return evtask_wait_for((struct evtask *)arg, SECOND, NULL);
}

START_TEST(a_cancel_during_the_clean_up_of_what_timed_out_goes_through)
{
	struct evtask *inner = start(clean_up_for_a_while, NULL);
	struct evtask *task = start(wait_for_one_who_cleans_up, inner);

	ck_assert_int_eq(evtask_call_later(loop, 2 * SECOND, cancel_later,
	    task, NULL), 0);
	run_dry();
	ck_assert_said("r-125 again-125");
	ck_assert(evtask_cancelled(task));
	ck_assert_int_eq(evtask_cancelling(task), 1);
	evtask_unref(inner);
	evtask_unref(task);
}
END_TEST

static int
return_five_though_cancelled(void *arg)
{
	int r = evtask_sleep(EVTASK_FOREVER);

	(void)arg;
	ck_assert_int_eq(r, -ECANCELED);
	return evtask_return(evtask_value_int(5));
}

static int
wait_ten_and_say(void *arg)
{
	struct evtask_value v;
	int r = evtask_wait_for((struct evtask *)arg, 10 * SECOND, &v);

	say("r%d", r);
	return r;
}

START_TEST(a_cancel_that_is_swallowed_inside_spares_who_waits)
{
	struct evtask *inner = start(return_five_though_cancelled, NULL);
	struct evtask *task = start(wait_ten_and_say, inner);

	run_turns(2);
	ck_assert_int_eq(evtask_cancel(task, NULL), 1);
	run_dry();
	ck_assert_said("r0");
	ck_assert(!evtask_cancelled(task));
	ck_assert_int_eq(evtask_cancelling(task), 1);
	evtask_unref(inner);
	evtask_unref(task);
}
END_TEST

static int
return_five(void *arg)
{
	int r = sleep_seconds(arg);

	return r < 0 ? r : evtask_return(evtask_value_int(5));
}

/* With no time a call never begins, even one that would not wait. */
START_TASK_TEST(a_call_under_a_deadline_hands_over_its_value)
{
	struct evtask_value v;

	ck_assert_int_eq(evtask_wait_for_call(return_five, (void *)1,
	    2 * SECOND, &v), 0);
	ck_assert_int_eq(v.u.i, 5);
	ck_assert_int_eq(evtask_wait_for_call(return_five, (void *)0, 0, &v),
	    -ETIMEDOUT);
	evtask_error_unref(evtask_catch(-ETIMEDOUT));
	ck_assert_int_eq(evtask_wait_for_call(NULL, NULL, 1, &v), -EINVAL);
	return 0;
}

CORE_SUITE("wait",
    all_are_waited_for,
    what_is_waited_for_may_be_let_go_of_meanwhile,
    what_is_awaited_may_be_let_go_of_meanwhile,
    the_first_of_them_is_enough,
    all_that_end_in_one_turn_are_counted,
    the_first_exception_is_enough,
    without_an_exception_all_are_waited_for,
    a_cancelled_one_is_not_an_exception,
    errors_stay_where_they_are,
    when_time_is_up_nothing_is_cancelled,
    no_time_at_all_still_takes_a_turn,
    what_is_done_already_takes_a_turn_all_the_same,
    the_same_one_may_stand_there_twice,
    cancelled_while_waiting_nothing_else_is_cancelled,
    a_wait_that_is_unwound_lets_go_of_everything,
    nothing_to_wait_for_is_refused,
    a_result_in_time_is_handed_over,
    an_error_in_time_is_raised,
    too_late_it_is_cancelled_and_waited_for,
    a_result_in_spite_of_the_deadline_is_handed_over,
    an_error_while_unwinding_from_the_deadline_is_raised,
    a_result_as_late_as_the_deadline_is_lost,
    a_result_due_with_the_deadline_can_be_kept,
    an_error_due_with_the_deadline_can_be_kept,
    keeping_waits_no_longer_than_it_takes,
    a_cancel_goes_on_to_what_is_waited_for_with_patience,
    a_patient_wait_is_unwound_with_its_loop,
    no_time_cancels_what_is_pending,
    no_time_waits_for_who_swallows,
    cancelled_it_cancels_what_it_waits_for,
    outside_a_task_nobody_waits,
    time_that_is_up_together_with_a_completion_counts_it,
    a_result_set_by_a_callback_is_handed_over,
    a_cancel_during_the_clean_up_of_what_timed_out_goes_through,
    a_cancel_that_is_swallowed_inside_spares_who_waits,
    a_call_under_a_deadline_hands_over_its_value)
