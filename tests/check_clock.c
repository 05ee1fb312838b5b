/* The clocks of a loop, and what it does when nothing is left to wait for. */
#include "tests/calls.h"

#include <event2/event.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* Clocks. */

START_TEST(the_virtual_clock_starts_at_zero_and_jumps)
{
	ck_assert_int_eq(evtask_loop_time_us(loop), 0);
	call_later(3600 * SECOND, say_arg, "an hour");
	call_later(86400 * SECOND, say_arg, "a day");
	run_dry();
	ck_assert_said("an hour a day");
	ck_assert_int_eq(evtask_loop_time_us(loop), 86400 * SECOND);
}
END_TEST

START_TEST(the_virtual_clock_stands_while_something_is_ready)
{
	left = 1000;
	call_later(1, say_arg, "later");
	call_soon(keep_busy, NULL);
	run_turns(999);
	ck_assert_said("");
	ck_assert_int_eq(evtask_loop_time_us(loop), 0);
	run_dry();
	ck_assert_said("later");
}
END_TEST

START_TEST(the_virtual_clock_does_not_jump_over_io_that_is_there)
{
	int fd = eventfd(1, EFD_NONBLOCK | EFD_CLOEXEC);

	ck_assert_int_eq(evtask_loop_add_reader(loop, fd, stop, NULL), 0);
	call_later(1, say_arg, "later");
	ck_assert_int_eq(evtask_loop_run_forever(loop), 0);
	ck_assert_said("");
	ck_assert_int_eq(evtask_loop_time_us(loop), 0);
	ck_assert_int_eq(evtask_loop_remove_reader(loop, fd), 1);
	run_dry();
	ck_assert_said("later");
	close(fd);
}
END_TEST

START_TEST(the_system_clock_waits_as_long_as_it_is_told)
{
	int64_t before;

	replace_loop(new_loop(EVTASK_CLOCK_MONOTONIC));
	before = evtask_loop_time_us(loop);
	call_later(2000, stop, NULL);
	ck_assert_int_eq(evtask_loop_run_forever(loop), 0);
	ck_assert_int_ge(evtask_loop_time_us(loop) - before, 2000);
}
END_TEST

START_TEST(what_comes_never_does_not_come)
{
	call_later(EVTASK_FOREVER, say_arg, "never");
	ck_assert_int_eq(evtask_call_at(loop, EVTASK_FOREVER, say_arg,
	    "never", NULL), 0);
	call_later(1, say_arg, "soon");
	run_dry();
	ck_assert_said("soon");
	ck_assert_int_eq(evtask_loop_time_us(loop), 1);
	replace_loop(NULL);
}
END_TEST

/* Idleness. */

static int idles;

static void
on_idle(struct evtask_loop *l, void *arg)
{
	ck_assert_ptr_eq(l, loop);
	ck_assert_str_eq(arg, "arg");
	if (++idles < 3)
		call_soon(say_arg, "again");
	else
		evtask_loop_stop(loop);
}

START_TEST(the_idle_handler_makes_something_ready_or_stops)
{
	idles = 0;
	evtask_loop_set_idle_handler(loop, on_idle, "arg");
	call_later(SECOND, say_arg, "timer");
	ck_assert_int_eq(evtask_loop_run_forever(loop), 0);
	ck_assert_said("timer again again");
	ck_assert_int_eq(idles, 3);
	evtask_loop_set_idle_handler(loop, NULL, NULL);
	run_dry();
}
END_TEST

START_TEST(the_idle_handler_is_asked_on_the_system_clock_too)
{
	replace_loop(new_loop(EVTASK_CLOCK_MONOTONIC));
	idles = 0;
	evtask_loop_set_idle_handler(loop, on_idle, "arg");
	ck_assert_int_eq(evtask_loop_run_forever(loop), 0);
	ck_assert_int_eq(idles, 3);
}
END_TEST

START_TEST(a_loop_that_watches_a_descriptor_is_not_idle)
{
	int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);

	idles = 0;
	evtask_loop_set_idle_handler(loop, on_idle, "arg");
	ck_assert_int_eq(evtask_loop_add_reader(loop, fd, stop, NULL), 0);
	ck_assert_int_eq(eventfd_write(fd, 1), 0);
	ck_assert_int_eq(evtask_loop_run_forever(loop), 0);
	ck_assert_int_eq(idles, 0);
	close(fd);
	replace_loop(NULL);
}
END_TEST

END_TEST

START_TEST(the_virtual_clock_needs_a_base_of_its_own)
{
	struct evtask_loop_options options = { .clock = EVTASK_CLOCK_VIRTUAL };
	struct evtask_loop *l = NULL;

	options.base = event_base_new();
	ck_assert_int_eq(evtask_loop_new(&options, &l), -EINVAL);
	ck_assert_ptr_null(l);
	event_base_free(options.base);
}

CORE_SUITE("clock",
    the_virtual_clock_starts_at_zero_and_jumps,
    the_virtual_clock_stands_while_something_is_ready,
    the_virtual_clock_does_not_jump_over_io_that_is_there,
    the_system_clock_waits_as_long_as_it_is_told,
    what_comes_never_does_not_come,
    the_idle_handler_makes_something_ready_or_stops,
    the_idle_handler_is_asked_on_the_system_clock_too,
    a_loop_that_watches_a_descriptor_is_not_idle,
    the_virtual_clock_needs_a_base_of_its_own)
