/* Debug mode: steps that hold up the loop, and whose they are. */
#include "tests/debug.h"

#include <unistd.h>

static void
hold_up(void *arg)
{
	(void)arg;
	usleep(3000);
}

static int
wait_and_hold_up(void *arg)
{
	unsigned int *line = arg;
	int r;

	last.wanted = *line = __LINE__ + 1;
	r = evtask_sleep(SECOND);
	hold_up(NULL);
	return r < 0 ? r : evtask_sleep(SECOND);
}

START_TEST(a_slow_step_is_reported_with_task_and_place)
{
	unsigned int line;
	struct evtask *task;
	char until[64];

	debug();
	evtask_loop_set_slow_callback_duration(loop, 1000);
	task = start(wait_and_hold_up, &line);
	run_dry();
	ck_assert_int_eq(last.n, 1);
	ck_assert_int_eq(last.type, EVTASK_REPORT_SLOW);
	ck_assert_ptr_eq(last.task, task);
	ck_assert_uint_eq(last.line, line);
	ck_assert_str_eq(last.func, "wait_and_hold_up");
	ck_assert_int_ge(last.took_us, 3000);
	snprintf(until, sizeof until, " s, until %s:%u", __FILE__, line + 2);
	ck_assert_ptr_nonnull(strstr(last.text, "a step took "));
	ck_assert_ptr_nonnull(strstr(last.text, "check_slow.c:"));
	snprintf(until, sizeof until, "check_slow.c:%u", line + 2);
	ck_assert_ptr_nonnull(strstr(last.text, until));
	evtask_unref(task);
}
END_TEST

static int
hold_up_to_the_end(void *arg)
{
	hold_up(arg);
	return 0;
}

START_TEST(a_slow_last_step_is_reported_though_the_task_is_gone)
{
	listen_to(loop);
	evtask_loop_set_slow_callback_duration(loop, 1000);
	last.wanted = __LINE__ + 1;
	spawn(hold_up_to_the_end, NULL);
	run_dry();
	ck_assert_int_eq(last.n, 1);
	ck_assert_ptr_nonnull(strstr(last.text, "until the end"));
	ck_assert_str_eq(last.func, __func__);
}
END_TEST

static void
hold_up_when_done(struct evtask_future *f, void *arg)
{
	(void)f;
	hold_up(arg);
}

START_TEST(a_slow_callback_is_reported_with_the_place_that_asked_for_it)
{
	struct evtask_timer timer;
	unsigned int line;

	listen_to(loop);
	evtask_loop_set_slow_callback_duration(loop, 1000);
	last.wanted = line = __LINE__ + 1;
	ck_assert_int_eq(evtask_call_later(loop, 5, hold_up, &line, NULL), 0);
	run_dry();
	ck_assert_int_eq(last.n, 1);
	ck_assert_uint_eq(last.line, line);
	ck_assert_ptr_eq(last.callback_arg, &line);
	ck_assert_ptr_null(last.task);

	evtask_timer_init(&timer, loop, hold_up, &timer);
	last.wanted = line = __LINE__ + 1;
	ck_assert_int_eq(evtask_timer_call_later(&timer, 5), 0);
	run_dry();
	ck_assert_int_eq(last.n, 2);
	ck_assert_uint_eq(last.line, line);
	ck_assert_ptr_eq(last.callback_arg, &timer);

	done = new_future();
	last.wanted = line = __LINE__ + 1;
	ck_assert_int_eq(evtask_add_done_callback(done, hold_up_when_done, 0),
	    0);
	evtask_set_result(done, evtask_value_none());
	run_dry();
	ck_assert_int_eq(last.n, 3);
	ck_assert_uint_eq(last.line, line);
	ck_assert_ptr_nonnull(strstr(last.text, "a callback took "));
	evtask_future_unref(done);
}
END_TEST

START_TEST(what_is_quick_is_not_reported)
{
	debug();
	spawn(sleep_seconds, (void *)3600);
	ck_assert_int_eq(evtask_call_soon(loop, say_arg, "quick", NULL), 0);
	run_dry();
	ck_assert_said("quick");
	ck_assert_int_eq(last.n, 0);
}
END_TEST

static int
hold_up_and_yield(void *arg)
{
	hold_up(arg);
	return evtask_sleep(0);
}

START_TEST(a_slow_step_that_ends_by_yielding_is_reported)
{
	listen_to(loop);
	evtask_loop_set_slow_callback_duration(loop, 1000);
	last.wanted = __LINE__ + 1;
	spawn(hold_up_and_yield, NULL);
	run_dry();
	ck_assert_int_ge(last.n, 1);
	ck_assert_ptr_nonnull(strstr(last.text, "a step took "));
}
END_TEST

static int
yield_twice(void *arg)
{
	int r = evtask_sleep(0);

	(void)arg;
	return r < 0 ? r : evtask_sleep(0);
}

static int
yield_and_hold_up(void *arg)
{
	int r = evtask_sleep(0);

	hold_up(arg);
	return r;
}

START_TEST(a_slow_step_is_not_laid_to_the_task_that_went_before)
{
	listen_to(loop);
	evtask_loop_set_slow_callback_duration(loop, 1000);
	spawn(yield_twice, NULL);
	last.wanted = __LINE__ + 1;
	spawn(yield_and_hold_up, NULL);
	run_dry();
	ck_assert_int_ge(last.n, 1);
	ck_assert_ptr_nonnull(strstr(last.text, "until the end"));
}
END_TEST

CORE_SUITE("slow",
    a_slow_step_is_reported_with_task_and_place,
    a_slow_last_step_is_reported_though_the_task_is_gone,
    a_slow_callback_is_reported_with_the_place_that_asked_for_it,
    what_is_quick_is_not_reported,
    a_slow_step_that_ends_by_yielding_is_reported,
    a_slow_step_is_not_laid_to_the_task_that_went_before)
