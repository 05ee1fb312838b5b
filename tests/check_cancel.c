/*
 * Cancelling: when the request comes out of a wait, of every kind, how often,
 * and in whose words.
 */
#include "tests/cancelled.h"

/* When it comes. */

START_TEST(cancel_before_first_run_never_runs_the_body)
{
	struct evtask *task = start(sleep_and_say, "ran");

	ck_assert_int_eq(evtask_cancel(task, "too late"), 1);
	ck_assert(!evtask_done(task));
	run_turns(1);
	ck_assert_words(task, "too late");
	ck_assert_said("");
	evtask_unref(task);
}
END_TEST

START_TEST(cancel_while_waiting_is_delivered_in_the_next_turn)
{
	struct evtask *task = start(sleep_and_say, "r");

	run_turns(1);
	ck_assert_int_eq(evtask_cancel(task, "stop"), 1);
	ck_assert(!evtask_cancelled(task));
	ck_assert_said("");
	run_turns(1);
	ck_assert_said("r-125");
	ck_assert_words(task, "stop");
	evtask_unref(task);
}
END_TEST

START_TEST(cancel_of_what_is_done_changes_nothing)
{
	struct evtask *task = start(return_at_once, NULL);

	run_dry();
	ck_assert_int_eq(evtask_cancel(task, "late"), 0);
	ck_assert(!evtask_cancelled(task));
	ck_assert_int_eq(evtask_cancelling(task), 0);
	ck_assert_int_eq(outcome(task), 0);
	evtask_unref(task);
}
END_TEST

START_TEST(cancel_twice_is_delivered_once)
{
	struct evtask *task = start(sleep_and_say, "r");

	run_turns(1);
	ck_assert_int_eq(evtask_cancel(task, "one"), 1);
	ck_assert_int_eq(evtask_cancel(task, "two"), 1);
	ck_assert_int_eq(evtask_cancelling(task), 2);
	run_dry();
	ck_assert_said("r-125");
	ck_assert(evtask_cancelled(task));
	evtask_unref(task);
}
END_TEST

static int
sleep_twice(void *arg)
{
	say("%s%d", (char *)arg, evtask_sleep(EVTASK_FOREVER));
	say("%s%d", (char *)arg, evtask_sleep(SECOND));
	return 0;
}

START_TEST(cancel_twice_in_different_turns_is_delivered_twice)
{
	struct evtask *task = start(sleep_twice, "r");

	run_turns(1);
	evtask_cancel(task, NULL);
	run_turns(1);
	ck_assert_said("r-125");
	evtask_cancel(task, NULL);
	run_dry();
	ck_assert_said("r-125");
	ck_assert_int_eq(outcome(task), 0);
	evtask_unref(task);
}
END_TEST

static int
cancel_myself(void *arg)
{
	ck_assert_int_eq(evtask_cancel(evtask_current_task(), "myself"), 1);
	say("on");
	say("%d", evtask_sleep(SECOND));
	say("%d", evtask_sleep(SECOND));
	(void)arg;
	return 0;
}

START_TEST(cancel_of_oneself_is_delivered_at_the_next_wait)
{
	struct evtask *task = start(cancel_myself, NULL);

	run_dry();
	ck_assert_said("on -125 0");
	ck_assert_int_eq(outcome(task), 0);
	ck_assert_int_eq(evtask_loop_time_us(loop), SECOND);
	evtask_unref(task);
}
END_TEST

static int
cancel_myself_at_the_end(void *arg)
{
	evtask_cancel(evtask_current_task(), "at the end");
	return arg != NULL ? evtask_raise(-EIO, "instead") :
	    evtask_return(evtask_value_int(1));
}

START_TEST(cancel_of_oneself_with_no_wait_left_discards_the_result)
{
	struct evtask *task = start(cancel_myself_at_the_end, NULL);

	run_dry();
	ck_assert_words(task, "at the end");
	ck_assert_int_eq(outcome(task), -ECANCELED);
	evtask_unref(task);
}
END_TEST

START_TEST(an_error_raised_instead_wins_over_a_cancel_of_oneself)
{
	struct evtask *task = start(cancel_myself_at_the_end, said);

	run_dry();
	ck_assert(!evtask_cancelled(task));
	ck_assert_int_eq(outcome(task), -EIO);
	evtask_unref(task);
}
END_TEST

/* At every kind of wait. */

static struct evtask_future *forever;	/* a future nobody settles */

static int
wait_in_sleep(void *arg)
{
	(void)arg;
	return evtask_sleep(3600 * SECOND);
}

static int
wait_in_sleep_zero(void *arg)
{
	(void)arg;
	return evtask_sleep(0);
}

static int
wait_in_await(void *arg)
{
	(void)arg;
	return evtask_await(forever);
}

static int
wait_in_await_result(void *arg)
{
	(void)arg;
	return evtask_await_result(forever, NULL);
}

static int
wait_in_wait(void *arg)
{
	union evtask_awaitable fs[] = { AWAITABLE(forever) };

	(void)arg;
	return evtask_wait(fs, 1, EVTASK_FOREVER, EVTASK_ALL_COMPLETED);
}

static int
wait_in_wait_for(void *arg)
{
	(void)arg;
	return evtask_wait_for(forever, SECOND, NULL);
}

static int
wait_in_timeout(void *arg)
{
	struct evtask_timeout t;

	(void)arg;
	ck_assert_int_eq(evtask_timeout_enter(&t, SECOND), 0);
	return evtask_timeout_exit(&t, evtask_sleep(2 * SECOND));
}

static int
wait_in_gather(void *arg)
{
	union evtask_awaitable fs[] = { AWAITABLE(forever) };
	struct evtask_future *all;
	int r;

	(void)arg;
	ck_assert_int_eq(evtask_gather(fs, 1, false, &all), 0);
	r = evtask_await_result(all, NULL);
	evtask_future_unref(all);
	return r;
}

static const struct {
	evtask_fn fn;
	bool passes_on;		/* what is waited for is cancelled too */
} waits[] = {
	{ wait_in_sleep, false },
	{ wait_in_sleep_zero, false },
	{ wait_in_await, true },
	{ wait_in_await_result, true },
	{ wait_in_wait, false },
	{ wait_in_wait_for, true },
	{ wait_in_timeout, false },
	{ wait_in_gather, true },
};

START_TEST(every_wait_can_be_cancelled)
{
	for (size_t i = 0; i < COUNT(waits); i++) {
		struct evtask *task;

		forever = new_future();
		task = start(waits[i].fn, NULL);
		run_turns(1);
		ck_assert_int_eq(evtask_cancel(task, "words"), 1);
		run_dry();
		ck_assert_msg(evtask_cancelled(task), "wait %zu", i);
		ck_assert_words(task, "words");
		ck_assert_msg(evtask_cancelled(forever) == waits[i].passes_on,
		    "wait %zu", i);
		evtask_unref(task);
		evtask_future_unref(forever);
	}
	ck_assert_int_eq(evtask_loop_time_us(loop), 0);
}
END_TEST

static int
cancelled_before_its_wait(void *arg)
{
	evtask_cancel(evtask_current_task(), "before");
	return ((evtask_fn)arg)(NULL);
}

START_TEST(every_wait_answers_a_request_that_came_before_it)
{
	for (size_t i = 0; i < COUNT(waits); i++) {
		struct evtask *task;

		forever = new_future();
		task = start(cancelled_before_its_wait, (void *)waits[i].fn);
		run_dry();
		ck_assert_msg(evtask_cancelled(task), "wait %zu", i);
		ck_assert_words(task, "before");
		evtask_unref(task);
		evtask_future_unref(forever);
	}
	ck_assert_int_eq(evtask_loop_time_us(loop), 0);
}
END_TEST

/* Races within a turn. */

START_TEST(a_cancel_after_the_result_still_wins)
{
	struct evtask_future *f = new_future();
	struct evtask *task = start(await_future, f);

	run_turns(1);
	evtask_set_result(f, evtask_value_int(1));
	ck_assert_int_eq(evtask_cancel(task, "wins"), 1);
	run_dry();
	ck_assert_words(task, "wins");
	ck_assert_int_eq(outcome(f), 0);
	evtask_unref(task);
	evtask_future_unref(f);
}
END_TEST

START_TEST(a_result_after_the_cancel_is_refused)
{
	struct evtask_future *f = new_future();
	struct evtask *task = start(await_future, f);

	run_turns(1);
	ck_assert_int_eq(evtask_cancel(task, "first"), 1);
	ck_assert_int_eq(evtask_set_result(f, evtask_value_int(1)), -EALREADY);
	run_dry();
	ck_assert_words(task, "first");
	evtask_unref(task);
	evtask_future_unref(f);
}
END_TEST

START_TEST(cancel_of_both_task_and_future_is_delivered_once)
{
	struct evtask_future *f = new_future();
	struct evtask *task = start(await_future, f);

	run_turns(1);
	ck_assert_int_eq(evtask_cancel(f, "future"), 1);
	ck_assert_int_eq(evtask_cancel(task, "task"), 1);
	run_dry();
	ck_assert_words(task, "task");
	ck_assert_int_eq(evtask_cancelling(task), 1);
	evtask_unref(task);
	evtask_future_unref(f);
}
END_TEST

START_TEST(cancel_of_a_future_is_no_request_to_who_awaits_it)
{
	struct evtask_future *f = new_future();
	struct evtask *task = start(await_future, f);

	run_turns(1);
	evtask_cancel(f, "future");
	run_dry();
	ck_assert_words(task, "future");
	ck_assert_int_eq(evtask_cancelling(task), 0);
	evtask_unref(task);
	evtask_future_unref(f);
}
END_TEST

START_TEST(cancel_of_a_sleep_takes_its_timer_away)
{
	struct evtask *task = start(sleep_seconds, (void *)3600);
	struct evtask_loop_stats stats;

	run_turns(1);
	evtask_loop_get_stats(loop, &stats);
	ck_assert_uint_eq(stats.timers_pending, 1);
	evtask_cancel(task, NULL);
	run_dry();
	ck_assert_int_eq(evtask_loop_time_us(loop), 0);
	evtask_unref(task);
}
END_TEST

/* Counting. */

static int
uncancel_before_it_is_delivered(void *arg)
{
	struct evtask *self = evtask_current_task();

	(void)arg;
	ck_assert_int_eq(evtask_uncancel(self), 0);	/* never below 0 */
	evtask_cancel(self, NULL);
	evtask_cancel(self, NULL);
	ck_assert_int_eq(evtask_cancelling(self), 2);
	ck_assert_int_eq(evtask_uncancel(self), 1);
	ck_assert_int_eq(evtask_uncancel(self), 0);
	return evtask_sleep(0);
}

START_TEST(requests_all_taken_back_are_not_delivered)
{
	struct evtask *task = start(uncancel_before_it_is_delivered, NULL);

	run_dry();
	ck_assert_int_eq(outcome(task), 0);
	evtask_unref(task);
}
END_TEST

static int
uncancel_one_of_two(void *arg)
{
	struct evtask *self = evtask_current_task();

	(void)arg;
	evtask_cancel(self, NULL);
	evtask_cancel(self, NULL);
	ck_assert_int_eq(evtask_uncancel(self), 1);
	return evtask_sleep(0);
}

START_TEST(one_request_left_is_delivered)
{
	struct evtask *task = start(uncancel_one_of_two, NULL);

	run_dry();
	ck_assert(evtask_cancelled(task));
	evtask_unref(task);
}
END_TEST

/* Words and who. */

static int
catch_words(void *arg)
{
	int r = evtask_sleep(EVTASK_FOREVER);

	(void)arg;
	say("%s", evtask_error_message(evtask_raised()));
	return r;
}

START_TEST(the_words_reach_the_body_and_every_waiter)
{
	struct evtask *task = start(catch_words, NULL), *waiters[3];

	for (int i = 0; i < 3; i++)
		waiters[i] = start(await_future, task);
	run_turns(1);
	evtask_cancel(task, "maintenance at noon");
	run_dry();
	ck_assert_said("maintenance at noon");
	ck_assert_words(task, "maintenance at noon");
	for (int i = 0; i < 3; i++) {
		ck_assert_words(waiters[i], "maintenance at noon");
		evtask_unref(waiters[i]);
	}
	evtask_unref(task);
}
END_TEST

START_TEST(the_words_of_the_last_request_count)
{
	struct evtask *task = start(catch_words, NULL);

	evtask_cancel(task, "one");
	evtask_cancel(task, "two");
	run_dry();
	ck_assert_words(task, "two");
	evtask_unref(task);
}
END_TEST

static int
cancel_it(void *arg)
{
	return evtask_cancel((struct evtask *)arg, "by a task") == 1 ? 0 :
	    -EPROTO;
}

START_TEST(who_cancelled_is_known_all_the_way_down)
{
	struct evtask *child = start(sleep_and_say, "");
	struct evtask *parent = start(await_future, child);
	struct evtask *canceller = start(cancel_it, parent);
	struct evtask *hit[2] = { parent, child };
	struct evtask_info info;

	run_dry();
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(evtask_get_info(hit[i], &info), 0);
		ck_assert_int_eq(info.cancelled_by.type, EVTASK_ORIGIN_TASK);
		ck_assert_uint_eq(info.cancelled_by.id, evtask_id(canceller));
		ck_assert_str_eq(info.cancelled_at->func, "cancel_it");
		ck_assert_str_eq(info.cancel_message, "by a task");
		ck_assert_int_eq(info.cancel_requests, 1);
		ck_assert_int_eq(info.cancelled_us, 0);
		ck_assert_int_eq(info.outcome, EVTASK_OUTCOME_CANCELLED);
	}
	evtask_unref(child);
	evtask_unref(parent);
	evtask_unref(canceller);
}
END_TEST

START_TEST(a_cancel_in_somebodys_name_is_recorded_as_theirs)
{
	struct evtask_origin origin = { EVTASK_ORIGIN_CLIENT, 7 };
	struct evtask *task = start(sleep_for_ever, NULL);
	struct evtask_info info;

	run_turns(1);
	ck_assert_int_eq(evtask_cancel_by(task, NULL, &origin, EVTASK_SITE),
	    1);
	ck_assert_int_eq(evtask_get_info(task, &info), 0);
	ck_assert_int_eq(info.cancelled_by.type, EVTASK_ORIGIN_CLIENT);
	ck_assert_uint_eq(info.cancelled_by.id, 7);
	ck_assert_ptr_null(info.cancel_message);
	run_dry();
	evtask_unref(task);
}
END_TEST

CORE_SUITE("cancel",
    cancel_before_first_run_never_runs_the_body,
    cancel_while_waiting_is_delivered_in_the_next_turn,
    cancel_of_what_is_done_changes_nothing,
    cancel_twice_is_delivered_once,
    cancel_twice_in_different_turns_is_delivered_twice,
    cancel_of_oneself_is_delivered_at_the_next_wait,
    cancel_of_oneself_with_no_wait_left_discards_the_result,
    an_error_raised_instead_wins_over_a_cancel_of_oneself,
    every_wait_can_be_cancelled,
    every_wait_answers_a_request_that_came_before_it,
    a_cancel_after_the_result_still_wins,
    a_result_after_the_cancel_is_refused,
    cancel_of_both_task_and_future_is_delivered_once,
    cancel_of_a_future_is_no_request_to_who_awaits_it,
    cancel_of_a_sleep_takes_its_timer_away,
    requests_all_taken_back_are_not_delivered,
    one_request_left_is_delivered,
    the_words_reach_the_body_and_every_waiter,
    the_words_of_the_last_request_count,
    who_cancelled_is_known_all_the_way_down,
    a_cancel_in_somebodys_name_is_recorded_as_theirs)
