/* What a loop tells its exception handler, and who may be told. */
#include "tests/calls.h"

static void
raise_in_callback(void *arg)
{
	(void)arg;
	(void)!evtask_raise(-EIO, "words");
}

START_TEST(what_a_callback_raises_is_reported_and_the_turn_goes_on)
{
	call_soon(raise_in_callback, said);
	call_soon(say_arg, "on");
	run_dry();
	ck_assert_said("on");
	ck_assert_ptr_eq(reported.callback_arg, said);
	ck_assert_reported("a callback raised", -EIO);
}
END_TEST

START_TEST(without_a_handler_nobody_is_told)
{
	evtask_loop_set_exception_handler(loop, NULL, NULL);
	call_soon(raise_in_callback, NULL);
	spawn(raise_code, (void *)-EIO);
	run_dry();
}
END_TEST

START_TEST(a_program_reports_through_the_handler_too)
{
	struct evtask_loop_stats stats;
	struct evtask_report report = { .message = "hello" };

	evtask_loop_call_exception_handler(loop, &report);
	ck_assert_reported("hello", 0);
	evtask_loop_get_stats(loop, &stats);
	ck_assert_uint_eq(stats.reports, 1);
}
END_TEST

static void
report_and_raise(struct evtask_loop *l, const struct evtask_report *report,
    void *arg)
{
	(void)l, (void)arg;
	say("told%d", evtask_error_code(report->error));
	(void)!evtask_raise(-EPIPE, "the handler fails");
}

static void
raise_io(void *arg)
{
	(void)!evtask_raise(-EIO, "%s", (char *)arg);
}

static int
drop_and_raise(void *arg)
{
	struct evtask_future *f;
	int r = evtask_future_new(NULL, &f);

	(void)!evtask_raise(-EIO, "%s", (char *)arg);
	ck_assert_int_eq(r, 0);
	evtask_set_exception(f, evtask_error_new(-ENOENT, NULL, NULL));
	evtask_future_unref(f);
	return -EIO;
}

START_TEST(a_handler_that_raises_breaks_nothing)
{
	struct evtask_error *e;
	struct evtask *task;

	evtask_loop_set_exception_handler(loop, report_and_raise, NULL);
	ck_assert_int_eq(evtask_call_soon(loop, raise_io, "a", NULL), 0);
	ck_assert_int_eq(evtask_call_soon(loop, say_arg, "next", NULL), 0);
	run_dry();
	ck_assert_said("told-5 next");
	/* Nor does it take away what the task has raised itself. */
	task = start(drop_and_raise, "mine");
	run_dry();
	ck_assert_said("told-2");
	ck_assert_int_eq(evtask_exception(task, &e), 0);
	ck_assert_str_eq(evtask_error_message(e), "mine");
	evtask_unref(task);
}
END_TEST

START_TEST(the_handler_is_asked_for)
{
	void *arg = NULL;

	evtask_loop_set_exception_handler(loop, report_and_raise, &arg);
	ck_assert(evtask_loop_get_exception_handler(loop, &arg) ==
	    report_and_raise);
	ck_assert_ptr_eq(arg, &arg);
	ck_assert(evtask_loop_get_exception_handler(loop, NULL) ==
	    report_and_raise);
}
END_TEST

CORE_SUITE("report",
    what_a_callback_raises_is_reported_and_the_turn_goes_on,
    without_a_handler_nobody_is_told,
    a_program_reports_through_the_handler_too,
    a_handler_that_raises_breaks_nothing,
    the_handler_is_asked_for)
