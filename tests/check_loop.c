/* The loop: its turns, its clocks, its ends, and life under another's base. */
#include "tests/core.h"

#include <event2/event.h>
#include <fcntl.h>
#include <sys/eventfd.h>
#include <unistd.h>

static void
call_soon(evtask_callback_fn fn, void *arg)
{
	ck_assert_int_eq(evtask_call_soon(loop, fn, arg, NULL), 0);
}

static void
call_later(int64_t delay_us, evtask_callback_fn fn, void *arg)
{
	ck_assert_int_eq(evtask_call_later(loop, delay_us, fn, arg, NULL), 0);
}

static void
stop(void *arg)
{
	(void)arg;
	evtask_loop_stop(loop);
}

/* Turns. */

static void
say_and_call_soon(void *arg)
{
	say("%s", (char *)arg);
	call_soon(say_arg, "next");
}

START_TEST(what_a_turn_queues_runs_in_the_next)
{
	call_soon(say_and_call_soon, "a");
	call_soon(say_arg, "b");
	run_turns(1);
	ck_assert_said("a b");
	run_turns(1);
	ck_assert_said("next");
}
END_TEST

/* Called by the base itself, and not as a callback of the loop. */
static void
replace_timer(evutil_socket_t fd, short what, void *arg)
{
	struct evtask_handle *handle = arg;

	(void)fd, (void)what;
	evtask_handle_cancel(handle);
	evtask_handle_unref(handle);
	call_later(1000, stop, NULL);
}

START_TEST(virtual_time_goes_to_the_timer_that_is_first_after_polling)
{
	struct evtask_handle *handle;
	int64_t began_us = evtask_loop_time_us(loop);
	int fds[2];

	ck_assert_int_eq(pipe2(fds, O_NONBLOCK | O_CLOEXEC), 0);
	ck_assert_int_eq(write(fds[1], "x", 1), 1);
	ck_assert_int_eq(evtask_call_later(loop, 9000, say_arg, "late",
	    &handle), 0);
	ck_assert_int_eq(event_base_once(evtask_loop_event_base(loop), fds[0],
	    EV_READ, replace_timer, handle, NULL), 0);
	ck_assert_int_eq(evtask_loop_run_forever(loop), 0);
	ck_assert_int_eq(evtask_loop_time_us(loop), began_us + 1000);
	ck_assert_said("");
	close(fds[0]);
	close(fds[1]);
}
END_TEST

START_TEST(what_was_ready_comes_before_io_and_io_before_timers)
{
	int fds[2];
	uint64_t one = 1;

	ck_assert_int_eq(pipe2(fds, O_NONBLOCK | O_CLOEXEC), 0);
	ck_assert_int_eq(evtask_loop_add_reader(loop, fds[0], say_arg, "io"),
	    0);
	ck_assert_int_eq(write(fds[1], &one, sizeof one), sizeof one);
	call_later(0, say_arg, "timer");
	call_soon(say_arg, "ready");
	run_turns(1);
	ck_assert_said("ready io timer");
	ck_assert_int_eq(evtask_loop_remove_reader(loop, fds[0]), 1);
	close(fds[0]);
	close(fds[1]);
}
END_TEST

START_TEST(stop_finishes_the_turn)
{
	call_soon(say_arg, "a");
	call_soon(stop, NULL);
	call_soon(say_arg, "b");
	call_soon(say_and_call_soon, "c");
	ck_assert_int_eq(evtask_loop_run_forever(loop), 0);
	ck_assert_said("a b c");
	run_dry();
	ck_assert_said("next");
}
END_TEST

START_TEST(stopped_before_it_runs_a_loop_makes_one_turn)
{
	call_soon(say_and_call_soon, "a");
	evtask_loop_stop(loop);
	ck_assert_int_eq(evtask_loop_run_forever(loop), 0);
	ck_assert_said("a");
	run_dry();
	ck_assert_said("next");
}
END_TEST

START_TEST(stopped_with_nothing_to_do_a_loop_returns)
{
	evtask_loop_stop(loop);
	ck_assert_int_eq(evtask_loop_run_forever(loop), 0);
}
END_TEST

static void
say_running(void *arg)
{
	(void)arg;
	say("%d", evtask_loop_is_running(loop));
	ck_assert_ptr_eq(evtask_get_running_loop(), loop);
}

START_TEST(a_loop_knows_whether_it_runs)
{
	ck_assert(!evtask_loop_is_running(loop));
	ck_assert_ptr_null(evtask_get_running_loop());
	call_soon(say_running, NULL);
	run_dry();
	ck_assert_said("1");
	ck_assert(!evtask_loop_is_running(loop));
	ck_assert_ptr_null(evtask_get_running_loop());
}
END_TEST

static int left;	/* callbacks that a busy loop still queues */

static void
keep_busy(void *arg)
{
	(void)arg;
	if (--left > 0)
		call_soon(keep_busy, NULL);
}

START_TEST(a_busy_loop_looks_at_its_descriptors_too)
{
	int fd = eventfd(1, EFD_NONBLOCK | EFD_CLOEXEC);

	ck_assert_int_eq(evtask_loop_add_reader(loop, fd, stop, NULL), 0);
	left = 1000000;
	call_soon(keep_busy, NULL);
	ck_assert_int_eq(evtask_loop_run_forever(loop), 0);
	ck_assert_int_gt(left, 0);
	left = 0;
	ck_assert_int_eq(evtask_loop_remove_reader(loop, fd), 1);
	run_dry();
	close(fd);
}
END_TEST

START_TEST(a_busy_loop_looks_at_its_clock_too)
{
	replace_loop(new_loop(EVTASK_CLOCK_MONOTONIC));
	call_later(1000, stop, NULL);
	left = INT32_MAX;
	call_soon(keep_busy, NULL);
	ck_assert_int_eq(evtask_loop_run_forever(loop), 0);
	ck_assert_int_gt(left, 0);
	left = 0;
	run_turns(2);
}
END_TEST

/* Runs. */

START_TEST(a_run_ends_when_what_it_waits_for_is_done)
{
	struct evtask *task = start(sleep_seconds, (void *)5);
	struct evtask *other = start(sleep_seconds, (void *)9);

	ck_assert_int_eq(evtask_loop_run_until_complete(loop, task), 0);
	ck_assert(evtask_done(task));
	ck_assert(!evtask_done(other));
	ck_assert_int_eq(evtask_loop_time_us(loop), 5 * SECOND);
	run_dry();
	evtask_unref(task);
	evtask_unref(other);
}
END_TEST

static void
settle_and_call_soon(void *arg)
{
	evtask_set_result(arg, evtask_value_none());
	call_soon(say_arg, "same turn as the stop");
}

START_TEST(the_turn_in_which_a_run_notices_is_finished)
{
	struct evtask_future *f = new_future();

	call_soon(settle_and_call_soon, f);
	ck_assert_int_eq(evtask_loop_run_until_complete(loop, f), 0);
	ck_assert_said("same turn as the stop");
	evtask_future_unref(f);
}
END_TEST

START_TEST(a_run_for_what_is_done_makes_one_turn)
{
	struct evtask_future *f = new_future();

	evtask_set_result(f, evtask_value_none());
	call_soon(say_and_call_soon, "a");
	ck_assert_int_eq(evtask_loop_run_until_complete(loop, f), 0);
	ck_assert_said("a");
	run_dry();
	ck_assert_said("next");
	evtask_future_unref(f);
}
END_TEST

START_TEST(a_run_that_is_stopped_early_says_so)
{
	struct evtask *task = start(sleep_seconds, (void *)5);

	call_soon(stop, NULL);
	ck_assert_int_eq(evtask_loop_run_until_complete(loop, task), -EINTR);
	ck_assert(!evtask_done(task));
	run_dry();
	ck_assert_int_eq(outcome(task), 0);
	evtask_unref(task);
}
END_TEST

START_TEST(a_run_that_can_never_end_says_so)
{
	struct evtask_future *f = new_future();

	ck_assert_int_eq(evtask_loop_run_until_complete(loop, f), -EDEADLK);
	/* And leaves nothing behind that would stop another. */
	evtask_set_result(f, evtask_value_none());
	call_soon(say_and_call_soon, "a");
	run_dry();
	ck_assert_said("a next");
	evtask_future_unref(f);
}
END_TEST

START_TEST(a_run_keeps_what_it_waits_for)
{
	struct evtask_future *f = new_future();

	call_soon(settle_and_call_soon, f);
	ck_assert_int_eq(evtask_loop_run_until_complete(loop, f), 0);
	evtask_future_unref(f);
	said[0] = '\0';
}
END_TEST

static struct evtask_loop *other;

static void
run_nested(void *arg)
{
	struct evtask_future *f = arg;

	ck_assert_int_eq(evtask_loop_run_forever(loop), -EBUSY);
	ck_assert_int_eq(evtask_loop_run_until_complete(loop, f), -EBUSY);
	ck_assert_int_eq(evtask_loop_run_forever(other), -EBUSY);
	ck_assert_int_eq(evtask_run(return_at_once, NULL, NULL, NULL, NULL),
	    -EBUSY);
	ck_assert_int_eq(evtask_loop_free(loop), -EBUSY);
	say("refused");
}

static int
run_nested_in_task(void *arg)
{
	run_nested(arg);
	return 0;
}

START_TEST(a_loop_inside_a_running_loop_is_refused)
{
	struct evtask_future *f = new_future();

	other = new_loop(EVTASK_CLOCK_VIRTUAL);
	call_soon(run_nested, f);
	spawn(run_nested_in_task, f);
	run_dry();
	ck_assert_said("refused refused");
	ck_assert_int_eq(evtask_loop_free(other), 0);
	evtask_future_unref(f);
}
END_TEST

START_TEST(a_future_of_another_loop_is_not_run_for)
{
	struct evtask_future *f;

	other = new_loop(EVTASK_CLOCK_VIRTUAL);
	ck_assert_int_eq(evtask_future_new(other, &f), 0);
	ck_assert_int_eq(evtask_loop_run_until_complete(loop, f), -EXDEV);
	evtask_future_unref(f);
	ck_assert_int_eq(evtask_loop_free(other), 0);
}
END_TEST

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

/* Telling. */

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

/* Being freed. */

static int
say_that_it_is_refused(void *arg)
{
	int r = evtask_sleep(EVTASK_FOREVER);

	say("%s%d", (char *)arg, r);
	/* Every further wait is refused, of whatever kind. */
	ck_assert_int_eq(evtask_sleep(0), -ECANCELED);
	ck_assert_int_eq(evtask_sleep(SECOND), -ECANCELED);
	ck_assert_int_eq(evtask_await(evtask_current_task()), -ECANCELED);
	return r;
}

START_TEST(pending_tasks_are_unwound_oldest_first)
{
	struct evtask *a = start(say_that_it_is_refused, "a");
	struct evtask *b = start(say_that_it_is_refused, "b");
	struct evtask *unborn;

	run_turns(1);
	unborn = start(say_that_it_is_refused, "unborn");
	replace_loop(NULL);
	ck_assert_said("a-125 b-125");
	ck_assert(evtask_cancelled(a));
	ck_assert(evtask_cancelled(b));
	ck_assert(evtask_cancelled(unborn));
	evtask_unref(a);
	evtask_unref(b);
	evtask_unref(unborn);
}
END_TEST

static int
return_all_the_same(void *arg)
{
	(void)!evtask_sleep(EVTASK_FOREVER);
	return (int)(intptr_t)arg;
}

START_TEST(an_unwound_task_ends_cancelled_whatever_it_returns)
{
	struct evtask *well = start(return_all_the_same, NULL);
	struct evtask *badly = start(return_all_the_same, (void *)-EIO);

	spawn(return_all_the_same, (void *)-EIO);
	run_turns(1);
	replace_loop(NULL);
	ck_assert(evtask_cancelled(well));
	ck_assert(evtask_cancelled(badly));
	evtask_unref(well);
	evtask_unref(badly);
	ck_assert_uint_eq(reported.n, 0);
}
END_TEST

static int
await_child_and_say(void *arg)
{
	int r = evtask_await((struct evtask *)arg);

	say("parent%d", r);
	return r;
}

START_TEST(tasks_that_wait_for_each_other_are_unwound)
{
	struct evtask *child = start(say_that_it_is_refused, "child");
	struct evtask *parent = start(await_child_and_say, child);

	run_turns(1);
	replace_loop(NULL);
	ck_assert_said("child-125 parent-125");
	evtask_unref(child);
	evtask_unref(parent);
}
END_TEST

static int
create_while_unwinding(void *arg)
{
	int r = evtask_sleep(EVTASK_FOREVER);

	(void)arg;
	ck_assert_int_eq(evtask_create(return_at_once, NULL, NULL, NULL),
	    -EINVAL);
	ck_assert_int_eq(evtask_call_soon(NULL, say_arg, "never", NULL),
	    -EINVAL);
	ck_assert_int_eq(evtask_loop_free(evtask_get_running_loop()), -EBUSY);
	return r;
}

START_TEST(a_task_that_is_unwound_cannot_begin_anything)
{
	spawn(create_while_unwinding, NULL);
	run_turns(1);
	replace_loop(NULL);
}
END_TEST

static int
never_end(void *arg)
{
	(void)arg;
	while (evtask_sleep(EVTASK_FOREVER) != 0)
		;
	return 0;
}

START_TEST(a_task_that_will_not_end_is_given_up_and_reported)
{
	struct evtask *task = start(never_end, NULL);
	struct evtask_info info;

	run_turns(1);
	replace_loop(NULL);
	ck_assert_reported("a task did not end when its loop was freed",
	    -EBUSY);
	ck_assert(!evtask_done(task));
	ck_assert_int_eq(evtask_get_info(task, &info), 0);
	ck_assert_uint_eq(info.stack_used, 0);
	evtask_unref(task);
}
END_TEST

START_TEST(handles_timers_and_callbacks_are_dropped)
{
	struct evtask_future *f = new_future(), *g = new_future();

	call_soon(say_arg, "never");
	call_later(1, say_arg, "never");
	ck_assert_int_eq(evtask_call_soon_threadsafe(loop, say_arg, "never"),
	    0);
	ck_assert_int_eq(evtask_add_done_callback(f, say_done, "never"), 0);
	ck_assert_int_eq(evtask_add_done_callback(g, say_done, "never"), 0);
	evtask_set_result(f, evtask_value_none());
	replace_loop(NULL);
	evtask_set_result(g, evtask_value_none());
	ck_assert_said("");
	evtask_future_unref(f);
	evtask_future_unref(g);
}
END_TEST

START_TEST(what_is_still_held_can_be_asked_after_the_loop_is_gone)
{
	struct evtask *done = start(return_at_once, NULL);
	struct evtask *failed = start(raise_code, (void *)-EIO);
	struct evtask *unseen = start(raise_code, (void *)-EIO);
	struct evtask_future *pending = new_future(), *gather;
	union evtask_awaitable fs[] = { AWAITABLE(pending) };
	struct evtask_handle *handle;
	struct evtask_info info;

	run_dry();
	ck_assert_int_eq(evtask_gather(fs, 1, false, &gather), 0);
	ck_assert_int_eq(evtask_call_later(loop, SECOND, say_arg, "never",
	    &handle), 0);
	replace_loop(NULL);
	ck_assert_int_eq(outcome(done), 0);
	ck_assert_int_eq(outcome(failed), -EIO);
	ck_assert_int_eq(evtask_set_name(done, "renamed"), 0);
	ck_assert_int_eq(evtask_get_info(done, &info), 0);
	ck_assert_int_eq(info.outcome, EVTASK_OUTCOME_RETURNED);
	ck_assert_int_eq(evtask_add_done_callback(pending, say_done, "never"),
	    -EINVAL);
	ck_assert_int_eq(evtask_cancel(pending, NULL), 1);
	ck_assert(evtask_cancelled(pending));
	evtask_unref(done);
	evtask_unref(failed);
	evtask_unref(unseen);
	evtask_future_unref(gather);
	evtask_future_unref(pending);
	evtask_handle_cancel(handle);
	evtask_handle_unref(handle);
}
END_TEST

START_TEST(no_loop_is_freed_at_once)
{
	ck_assert_int_eq(evtask_loop_free(NULL), 0);
}
END_TEST

static int
free_another_loop(void *arg)
{
	(void)arg;
	ck_assert_int_eq(evtask_loop_free(other), 0);
	ck_assert_ptr_eq(evtask_get_running_loop(), loop);
	ck_assert_ptr_nonnull(evtask_current_task());
	return evtask_sleep(0);
}

START_TEST(a_task_may_free_another_loop_and_its_tasks)
{
	struct evtask *theirs, *ours;

	other = new_loop(EVTASK_CLOCK_VIRTUAL);
	ck_assert_int_eq(evtask_loop_create_task(other, say_that_it_is_refused,
	    "theirs", NULL, &theirs), 0);
	evtask_loop_stop(other);
	ck_assert_int_eq(evtask_loop_run_forever(other), 0);
	ours = start(free_another_loop, NULL);
	run_dry();
	ck_assert_said("theirs-125");
	ck_assert_int_eq(outcome(ours), 0);
	evtask_unref(theirs);
	evtask_unref(ours);
}
END_TEST

/* Under another's base. */

static struct event_base *base;

static void
host_setup(void)
{
	struct evtask_loop_options options = {
		.stack_size_bytes = 256 * 1024,
	};
	struct evtask_loop *l;

	base = event_base_new();
	options.base = base;
	ck_assert_int_eq(evtask_loop_new(&options, &l), 0);
	evtask_loop_set_exception_handler(l, on_report, NULL);
	replace_loop(l);
}

static void
host_teardown(void)
{
	replace_loop(NULL);
	event_base_free(base);
}

static void
break_dispatch(void *arg)
{
	(void)arg;
	event_base_loopbreak(base);
}

static int
sleep_thrice(void *arg)
{
	for (int i = 0; i < 3; i++) {
		int r = evtask_sleep(1000);

		if (r < 0)
			return r;
		say("%s%d", (char *)arg, i);
	}
	break_dispatch(NULL);
	return 0;
}

START_TEST(a_host_that_dispatches_its_base_runs_the_loop)
{
	host_setup();
	ck_assert_ptr_eq(evtask_loop_event_base(loop), base);
	spawn(sleep_thrice, "a");
	event_base_dispatch(base);
	ck_assert_said("a0 a1 a2");
	ck_assert(!evtask_loop_is_running(loop));
	host_teardown();
}
END_TEST

static void
say_and_create(evutil_socket_t fd, short what, void *arg)
{
	(void)fd, (void)what;
	say("event");
	ck_assert_ptr_null(evtask_get_running_loop());
	spawn(sleep_thrice, arg);
}

START_TEST(an_event_of_the_host_wakes_the_loop)
{
	struct timeval soon = { 0, 1000 };

	host_setup();
	ck_assert_int_eq(event_base_once(base, -1, EV_TIMEOUT, say_and_create,
	    "a", &soon), 0);
	event_base_dispatch(base);
	ck_assert_said("event a0 a1 a2");
	host_teardown();
}
END_TEST

static void
set_result(evutil_socket_t fd, short what, void *arg)
{
	(void)fd, (void)what;
	evtask_set_result(arg, evtask_value_none());
}

static int
await_and_break(void *arg)
{
	int r = evtask_await((struct evtask_future *)arg);

	say("woken");
	break_dispatch(NULL);
	return r;
}

START_TEST(an_event_of_the_host_settles_what_a_task_awaits)
{
	struct timeval soon = { 0, 1000 };
	struct evtask_future *f;

	host_setup();
	f = new_future();
	spawn(await_and_break, f);
	ck_assert_int_eq(event_base_once(base, -1, EV_TIMEOUT, set_result, f,
	    &soon), 0);
	event_base_dispatch(base);
	ck_assert_said("woken");
	evtask_future_unref(f);
	host_teardown();
}
END_TEST

static void
call_sooner(void *arg)
{
	say("%s", (char *)arg);
	call_later(1000, break_dispatch, NULL);
}

START_TEST(a_timer_before_the_one_waited_for_is_not_missed)
{
	host_setup();
	call_later(3600 * SECOND, say_arg, "never");
	call_later(1000, call_sooner, "soon");
	event_base_dispatch(base);
	ck_assert_said("soon");
	host_teardown();
}
END_TEST

static void
call_sooner_event(evutil_socket_t fd, short what, void *arg)
{
	(void)fd, (void)what;
	call_sooner(arg);
}

START_TEST(a_timer_set_from_an_event_of_the_host_is_not_missed)
{
	struct timeval soon = { 0, 1000 };

	host_setup();
	call_later(3600 * SECOND, say_arg, "never");
	ck_assert_int_eq(event_base_once(base, -1, EV_TIMEOUT,
	    call_sooner_event, "soon", &soon), 0);
	event_base_dispatch(base);
	ck_assert_said("soon");
	host_teardown();
}
END_TEST

static void
say_and_break_next(void *arg)
{
	say("%s", (char *)arg);
	call_soon(say_arg, "next");
	call_soon(break_dispatch, NULL);
}

START_TEST(turns_of_a_host_keep_the_rules)
{
	host_setup();
	call_soon(say_and_break_next, "a");
	call_soon(say_arg, "b");
	event_base_dispatch(base);
	ck_assert_said("a b next");
	host_teardown();
}
END_TEST

START_TEST(a_stop_does_not_stop_the_host)
{
	host_setup();
	call_soon(stop, NULL);
	call_later(1000, say_arg, "went on");
	call_later(1000, break_dispatch, NULL);
	event_base_dispatch(base);
	ck_assert_said("went on");
	host_teardown();
}
END_TEST

static void
run_inside_host(void *arg)
{
	ck_assert_int_eq(evtask_loop_run_forever(loop), -EBUSY);
	ck_assert_int_eq(evtask_loop_free(loop), -EBUSY);
	ck_assert_ptr_eq(evtask_get_running_loop(), loop);
	break_dispatch(arg);
}

START_TEST(inside_a_turn_of_the_host_the_loop_is_busy)
{
	host_setup();
	call_soon(run_inside_host, NULL);
	event_base_dispatch(base);
	host_teardown();
}
END_TEST

START_TEST(a_loop_on_a_hosts_base_can_be_run_too_and_then_dispatched)
{
	struct evtask *task;

	host_setup();
	task = start(sleep_seconds, NULL);
	ck_assert_int_eq(evtask_loop_run_until_complete(loop, task), 0);
	evtask_unref(task);
	spawn(sleep_thrice, "a");
	event_base_dispatch(base);
	ck_assert_said("a0 a1 a2");
	host_teardown();
}
END_TEST

START_TEST(two_loops_share_a_hosts_base)
{
	struct evtask_loop *first;

	host_setup();
	first = loop;
	ck_assert_int_eq(evtask_loop_new(&(struct evtask_loop_options){
	    .base = base }, &other), 0);
	ck_assert_int_eq(evtask_call_later(other, 1000, say_arg, "other",
	    NULL), 0);
	ck_assert_int_eq(evtask_call_later(first, 3000, say_arg, "first",
	    NULL), 0);
	call_later(5000, break_dispatch, NULL);
	event_base_dispatch(base);
	ck_assert_said("other first");
	ck_assert_int_eq(evtask_loop_free(other), 0);
	host_teardown();
}
END_TEST

START_TEST(the_hosts_base_stays_the_hosts)
{
	struct timeval now = { 0, 0 };

	host_setup();
	spawn(sleep_thrice, "never");
	replace_loop(NULL);
	ck_assert_int_eq(event_base_get_num_events(base,
	    EVENT_BASE_COUNT_ADDED), 0);
	ck_assert_int_eq(event_base_loopexit(base, &now), 0);
	event_base_dispatch(base);
	event_base_free(base);
}
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
END_TEST

START_TEST(a_stack_size_beyond_reason_is_refused)
{
	static const size_t sizes[] = { SIZE_MAX, SIZE_MAX / 2, SIZE_MAX / 64,
	    SIZE_MAX / 64 + 4096, SIZE_MAX - 4095 };

	for (size_t i = 0; i < COUNT(sizes); i++) {
		struct evtask_loop_options options = {
			.stack_size_bytes = sizes[i],
		};
		struct evtask_loop *l = NULL;

		ck_assert_int_eq(evtask_loop_new(&options, &l), -EINVAL);
		ck_assert_ptr_null(l);
	}
}
END_TEST

/* Counting. */

START_TEST(a_loop_counts_what_it_does)
{
	struct evtask_loop_stats s;

	spawn(return_at_once, NULL);
	spawn(sleep_seconds, (void *)1);
	call_soon(say_arg, "");
	evtask_loop_get_stats(loop, &s);
	ck_assert_uint_eq(s.turns, 0);
	ck_assert_uint_eq(s.tasks_created, 2);
	ck_assert_uint_eq(s.tasks_pending, 2);
	run_turns(1);
	evtask_loop_get_stats(loop, &s);
	ck_assert_uint_eq(s.turns, 1);
	ck_assert_uint_eq(s.handles, 3);
	ck_assert_uint_eq(s.tasks_done, 1);
	ck_assert_uint_eq(s.tasks_pending, 1);
	ck_assert_uint_eq(s.timers_pending, 1);
	ck_assert_uint_eq(s.stacks - s.stacks_free, 1);
	ck_assert_str_ne(s.stack_guard, "canary");
	run_dry();
	evtask_loop_get_stats(loop, &s);
	ck_assert_uint_eq(s.tasks_done, 2);
	ck_assert_uint_eq(s.timers_pending, 0);
	ck_assert_uint_eq(s.stacks_free, s.stacks);
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

CORE_SUITE("loop",
    what_a_turn_queues_runs_in_the_next,
    what_was_ready_comes_before_io_and_io_before_timers,
    virtual_time_goes_to_the_timer_that_is_first_after_polling,
    stop_finishes_the_turn,
    stopped_before_it_runs_a_loop_makes_one_turn,
    stopped_with_nothing_to_do_a_loop_returns,
    a_loop_knows_whether_it_runs,
    a_busy_loop_looks_at_its_descriptors_too,
    a_busy_loop_looks_at_its_clock_too,
    a_run_ends_when_what_it_waits_for_is_done,
    the_turn_in_which_a_run_notices_is_finished,
    a_run_for_what_is_done_makes_one_turn,
    a_run_that_is_stopped_early_says_so,
    a_run_that_can_never_end_says_so,
    a_run_keeps_what_it_waits_for,
    a_loop_inside_a_running_loop_is_refused,
    a_future_of_another_loop_is_not_run_for,
    the_virtual_clock_starts_at_zero_and_jumps,
    the_virtual_clock_stands_while_something_is_ready,
    the_virtual_clock_does_not_jump_over_io_that_is_there,
    the_system_clock_waits_as_long_as_it_is_told,
    what_comes_never_does_not_come,
    the_idle_handler_makes_something_ready_or_stops,
    the_idle_handler_is_asked_on_the_system_clock_too,
    a_loop_that_watches_a_descriptor_is_not_idle,
    what_a_callback_raises_is_reported_and_the_turn_goes_on,
    without_a_handler_nobody_is_told,
    a_program_reports_through_the_handler_too,
    pending_tasks_are_unwound_oldest_first,
    an_unwound_task_ends_cancelled_whatever_it_returns,
    tasks_that_wait_for_each_other_are_unwound,
    a_task_that_is_unwound_cannot_begin_anything,
    a_task_that_will_not_end_is_given_up_and_reported,
    handles_timers_and_callbacks_are_dropped,
    what_is_still_held_can_be_asked_after_the_loop_is_gone,
    no_loop_is_freed_at_once,
    a_task_may_free_another_loop_and_its_tasks,
    a_host_that_dispatches_its_base_runs_the_loop,
    an_event_of_the_host_wakes_the_loop,
    an_event_of_the_host_settles_what_a_task_awaits,
    a_timer_before_the_one_waited_for_is_not_missed,
    a_timer_set_from_an_event_of_the_host_is_not_missed,
    turns_of_a_host_keep_the_rules,
    a_stop_does_not_stop_the_host,
    inside_a_turn_of_the_host_the_loop_is_busy,
    a_loop_on_a_hosts_base_can_be_run_too_and_then_dispatched,
    two_loops_share_a_hosts_base,
    the_hosts_base_stays_the_hosts,
    the_virtual_clock_needs_a_base_of_its_own,
    a_stack_size_beyond_reason_is_refused,
    a_loop_counts_what_it_does,
    a_handler_that_raises_breaks_nothing,
    the_handler_is_asked_for)
