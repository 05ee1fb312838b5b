/* A loop for the life of one task, and what becomes of the others. */
#include "tests/core.h"

static const struct evtask_loop_options options = {
	.clock = EVTASK_CLOCK_VIRTUAL, .stack_size_bytes = 256 * 1024,
};

START_TEST(run_returns_what_main_returned)
{
	struct evtask_value v = evtask_value_none();
	struct evtask_error *e = NULL;

	ck_assert_int_eq(evtask_run(return_words, "hello", &options, &v, &e),
	    0);
	ck_assert_str_eq(evtask_value_text(v), "hello");
	ck_assert_ptr_null(e);
	evtask_value_unref(v);
}
END_TEST

START_TEST(run_returns_what_main_raised)
{
	struct evtask_value v = evtask_value_int(5);
	struct evtask_error *e = NULL;

	ck_assert_int_eq(evtask_run(raise_code, (void *)-EIO, &options, &v,
	    &e), -EIO);
	ck_assert_str_eq(evtask_error_message(e), "raised on purpose");
	ck_assert_int_eq(v.u.i, 5);
	evtask_error_unref(e);
}
END_TEST

START_TEST(nobody_has_to_ask_for_value_or_error)
{
	ck_assert_int_eq(evtask_run(return_words, "x", NULL, NULL, NULL), 0);
	ck_assert_int_eq(evtask_run(raise_code, (void *)-EIO, NULL, NULL,
	    NULL), -EIO);
}
END_TEST

static int
cancel_myself(void *arg)
{
	(void)arg;
	evtask_cancel(evtask_current_task(), "enough");
	return evtask_sleep(0);
}

START_TEST(a_cancelled_main_is_cancelled)
{
	struct evtask_error *e;

	ck_assert_int_eq(evtask_run(cancel_myself, NULL, &options, NULL, &e),
	    -ECANCELED);
	ck_assert_str_eq(evtask_error_message(e), "enough");
	evtask_error_unref(e);
}
END_TEST

static int
leave_two_behind(void *arg)
{
	(void)arg;
	ck_assert_int_eq(evtask_create(say_how_it_ends, "a", NULL, NULL), 0);
	ck_assert_int_eq(evtask_create(say_how_it_ends, "b", NULL, NULL), 0);
	return evtask_sleep(1);
}

START_TEST(what_is_left_is_cancelled_and_waited_for)
{
	ck_assert_int_eq(evtask_run(leave_two_behind, NULL, &options, NULL,
	    NULL), 0);
	ck_assert_said("a-125 b-125 a cleaned up b cleaned up");
}
END_TEST

static int
create_and_return(void *arg)
{
	(void)arg;
	return evtask_create(say_how_it_ends, "last", NULL, NULL);
}

/* The turn in which the run notices that main is done comes to it. */
START_TEST(what_main_created_last_has_begun_when_it_is_cancelled)
{
	ck_assert_int_eq(evtask_run(create_and_return, NULL, &options, NULL,
	    NULL), 0);
	ck_assert_said("last-125 last cleaned up");
}
END_TEST

static int
raise_when_cancelled(void *arg)
{
	(void)arg;
	(void)!evtask_sleep(EVTASK_FOREVER);
	return evtask_raise(-EIO, "cleaning up");
}

static int
leave_one_that_raises(void *arg)
{
	(void)arg;
	evtask_loop_set_exception_handler(evtask_get_running_loop(),
	    on_report, NULL);
	ck_assert_int_eq(evtask_create(raise_when_cancelled, NULL, NULL,
	    NULL), 0);
	return evtask_sleep(1);
}

START_TEST(what_is_raised_during_shutdown_is_reported)
{
	ck_assert_int_eq(evtask_run(leave_one_that_raises, NULL, &options,
	    NULL, NULL), 0);
	ck_assert_reported("a task raised during shutdown", -EIO);
}
END_TEST

static int
refuse_to_end(void *arg)
{
	for (int i = 0; i < 5; i++)
		say("%s%d", (char *)arg, evtask_sleep(EVTASK_FOREVER));
	return 0;
}

static int
leave_one_that_refuses(void *arg)
{
	ck_assert_int_eq(evtask_create(refuse_to_end, arg, NULL, NULL), 0);
	return evtask_sleep(1);
}

START_TEST(who_refuses_to_end_is_unwound)
{
	ck_assert_int_eq(evtask_run(leave_one_that_refuses, "r", &options,
	    NULL, NULL), 0);
	ck_assert_said("r-125 r-125 r-125 r-125 r-125");
}
END_TEST

static int
stop_the_loop(void *arg)
{
	(void)arg;
	evtask_loop_stop(evtask_get_running_loop());
	return evtask_sleep(1);
}

START_TEST(a_stop_inside_ends_the_run_early)
{
	struct evtask_error *e;

	ck_assert_int_eq(evtask_run(stop_the_loop, NULL, &options, NULL, &e),
	    -EINTR);
	ck_assert_int_eq(evtask_error_code(e), -EINTR);
	evtask_error_unref(e);
}
END_TEST

START_TEST(a_main_that_can_never_end_is_a_deadlock)
{
	ck_assert_int_eq(evtask_run(sleep_for_ever, NULL, &options, NULL,
	    NULL), -EDEADLK);
}
END_TEST

START_TEST(no_main_is_refused)
{
	struct evtask_error *e;

	ck_assert_int_eq(evtask_run(NULL, NULL, &options, NULL, &e), -EINVAL);
	ck_assert_int_eq(evtask_error_code(e), -EINVAL);
	evtask_error_unref(e);
}
END_TEST

static int
run_inside(void *arg)
{
	struct evtask_error *e;

	(void)arg;
	ck_assert_int_eq(evtask_run(return_at_once, NULL, NULL, NULL, &e),
	    -EBUSY);
	evtask_error_unref(e);
	return 0;
}

START_TEST(a_run_inside_a_run_is_refused)
{
	ck_assert_int_eq(evtask_run(run_inside, NULL, &options, NULL, NULL),
	    0);
}
END_TEST

START_TEST(runs_follow_one_another)
{
	for (int i = 0; i < 100; i++)
		ck_assert_int_eq(evtask_run(sleep_seconds, (void *)1,
		    &options, NULL, NULL), 0);
	ck_assert_ptr_null(evtask_get_running_loop());
}
END_TEST

CORE_SUITE("run",
    run_returns_what_main_returned,
    run_returns_what_main_raised,
    nobody_has_to_ask_for_value_or_error,
    a_cancelled_main_is_cancelled,
    what_is_left_is_cancelled_and_waited_for,
    what_main_created_last_has_begun_when_it_is_cancelled,
    what_is_raised_during_shutdown_is_reported,
    who_refuses_to_end_is_unwound,
    a_stop_inside_ends_the_run_early,
    a_main_that_can_never_end_is_a_deadlock,
    no_main_is_refused,
    a_run_inside_a_run_is_refused,
    runs_follow_one_another)
