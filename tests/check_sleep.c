/* Sleeping: as long as asked, to the microsecond of the loop's clock. */
#include "tests/calls.h"

START_TASK_TEST(a_sleep_takes_as_long_as_it_says)
{
	int64_t before = evtask_loop_time_us(loop);

	ck_assert_int_eq(evtask_sleep(1234567), 0);
	ck_assert_int_eq(evtask_loop_time_us(loop) - before, 1234567);
	ck_assert_int_eq(evtask_sleep(1), 0);
	ck_assert_int_eq(evtask_loop_time_us(loop) - before, 1234568);
	return 0;
}

static int
say_three_times(void *arg)
{
	for (int i = 0; i < 3; i++) {
		say("%s", (char *)arg);
		ck_assert_int_eq(evtask_sleep(0), 0);
	}
	return 0;
}

START_TEST(a_sleep_of_zero_lets_every_other_run_once)
{
	spawn(say_three_times, "a");
	spawn(say_three_times, "b");
	run_dry();
	ck_assert_said("a b a b a b");
	ck_assert_int_eq(evtask_loop_time_us(loop), 0);
}
END_TEST

START_TASK_TEST(a_sleep_of_zero_takes_one_turn_and_no_timer)
{
	struct evtask_loop_stats stats;
	uint64_t turn = turns();

	ck_assert_int_eq(evtask_sleep(0), 0);
	ck_assert_uint_eq(turns(), turn + 1);
	ck_assert_int_eq(evtask_sleep(-5), 0);
	ck_assert_uint_eq(turns(), turn + 2);
	ck_assert_int_eq(evtask_sleep(INT64_MIN), 0);
	ck_assert_uint_eq(turns(), turn + 3);
	evtask_loop_get_stats(loop, &stats);
	ck_assert_uint_eq(stats.timers_pending, 0);
	return 0;
}

static int
sleep_and_say(void *arg)
{
	int r = evtask_sleep((intptr_t)arg * SECOND);

	say("%d@%" PRIi64, r, evtask_loop_time_us(loop) / SECOND);
	return r;
}

START_TEST(sleepers_wake_in_the_order_of_their_deadlines)
{
	static const intptr_t delays[] = { 5, 1, 4, 1, 3 };

	for (size_t i = 0; i < COUNT(delays); i++)
		spawn(sleep_and_say, (void *)delays[i]);
	run_dry();
	ck_assert_said("0@1 0@1 0@3 0@4 0@5");
}
END_TEST

START_TEST(a_sleep_for_ever_waits_to_be_cancelled)
{
	struct evtask *task = start(sleep_for_ever, NULL);
	struct evtask_loop_stats stats;

	run_dry();
	ck_assert(!evtask_done(task));
	evtask_loop_get_stats(loop, &stats);
	ck_assert_uint_eq(stats.timers_pending, 0);
	evtask_cancel(task, NULL);
	run_dry();
	ck_assert(evtask_cancelled(task));
	ck_assert_int_eq(evtask_loop_time_us(loop), 0);
	evtask_unref(task);
}
END_TEST

static int
sleep_almost_for_ever(void *arg)
{
	(void)arg;
	ck_assert_int_eq(evtask_sleep(SECOND), 0);
	/* now + this is past the end of time. */
	return evtask_sleep(EVTASK_FOREVER - 1);
}

START_TEST(a_sleep_beyond_the_end_of_time_is_for_ever)
{
	struct evtask *task = start(sleep_almost_for_ever, NULL);

	run_dry();
	ck_assert(!evtask_done(task));
	ck_assert_int_eq(evtask_loop_time_us(loop), SECOND);
	evtask_cancel(task, NULL);
	run_dry();
	evtask_unref(task);
}
END_TEST

START_TEST(a_cancelled_sleep_leaves_no_timer)
{
	struct evtask *task = start(sleep_and_say, (void *)3600);

	run_turns(1);
	evtask_cancel(task, NULL);
	run_dry();
	ck_assert_said("-125@0");
	evtask_unref(task);
}
END_TEST

static struct evtask *victim;

static void
cancel_victim(void *arg)
{
	(void)arg;
	evtask_cancel(victim, NULL);
}

START_TEST(a_cancel_in_the_turn_of_the_deadline_wins)
{
	/* Due at the same moment: the call was set first, and is made first. */
	ck_assert_int_eq(evtask_call_at(loop, SECOND, cancel_victim, NULL,
	    NULL), 0);
	victim = start(sleep_and_say, (void *)1);
	run_dry();
	ck_assert_said("-125@1");
	evtask_unref(victim);
	/* And the other way round: it is awake, but has not run yet. */
	victim = start(sleep_and_say, (void *)1);
	run_turns(1);
	ck_assert_int_eq(evtask_call_at(loop, 2 * SECOND, cancel_victim,
	    NULL, NULL), 0);
	run_dry();
	ck_assert_said("-125@2");
	evtask_unref(victim);
}
END_TEST

START_TEST(outside_a_task_nobody_sleeps)
{
	ck_assert_int_eq(evtask_sleep(0), -EINVAL);
	ck_assert_int_eq(evtask_sleep(SECOND), -EINVAL);
}
END_TEST

START_TEST(on_the_system_clock_a_sleep_is_never_too_short)
{
	struct evtask *task;
	int64_t before;

	replace_loop(new_loop(EVTASK_CLOCK_MONOTONIC));
	before = evtask_loop_time_us(loop);
	task = start(sleep_seconds, NULL);
	ck_assert_int_eq(evtask_loop_run_until_complete(loop, task), 0);
	evtask_unref(task);
	for (int i = 1; i <= 5; i++) {
		before = evtask_loop_time_us(loop);
		ck_assert_int_eq(evtask_call_later(loop, 300 * i,
		    stop, NULL, NULL), 0);
		ck_assert_int_eq(evtask_loop_run_forever(loop), 0);
		ck_assert_int_ge(evtask_loop_time_us(loop) - before, 300 * i);
	}
}
END_TEST

CORE_SUITE("sleep",
    a_sleep_takes_as_long_as_it_says,
    a_sleep_of_zero_lets_every_other_run_once,
    a_sleep_of_zero_takes_one_turn_and_no_timer,
    sleepers_wake_in_the_order_of_their_deadlines,
    a_sleep_for_ever_waits_to_be_cancelled,
    a_sleep_beyond_the_end_of_time_is_for_ever,
    a_cancelled_sleep_leaves_no_timer,
    a_cancel_in_the_turn_of_the_deadline_wins,
    outside_a_task_nobody_sleeps,
    on_the_system_clock_a_sleep_is_never_too_short)
