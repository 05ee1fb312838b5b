/* The loop: its turns, its runs, and what it counts. */
#include "tests/calls.h"

#include <event2/event.h>
#include <fcntl.h>
#include <sys/eventfd.h>
#include <unistd.h>

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

/* Gives way so many times; and is slow about it: 20 us each time. */
static int
give_way(void *arg)
{
	int r = 0;

	for (intptr_t i = 0; i < (intptr_t)arg && r == 0; i++)
		r = evtask_sleep(0);
	return r;
}

static int
give_way_rested(void *arg)
{
	int r = evtask_sleep(1000);

	return r < 0 ? r : give_way(arg);
}

static int
give_way_slowly(void *arg)
{
	int r = 0;

	for (intptr_t i = 0; i < (intptr_t)arg && r == 0; i++) {
		int64_t until_us = evtask_loop_time_us(loop) + 20;

		while (evtask_loop_time_us(loop) < until_us)
			;
		r = evtask_sleep(0);
	}
	return r;
}

/* How often the loop polls while a task does that so many times. */
static uint64_t
polls_during(evtask_fn fn, intptr_t times)
{
	struct evtask_loop_stats before, after;
	struct evtask *task = start(fn, (void *)times);

	evtask_loop_get_stats(loop, &before);
	ck_assert_int_eq(evtask_loop_run_until_complete(loop, task), 0);
	evtask_loop_get_stats(loop, &after);
	evtask_unref(task);
	return after.polls - before.polls;
}

/* On the virtual clock nothing takes time; each look is a poll. */
START_TEST(while_all_is_swift_a_loop_looks_each_256_handles)
{
	uint64_t polls;

	polls_during(give_way, 1024);
	polls = polls_during(give_way, 10 * 256);
	ck_assert_uint_ge(polls, 9);
	ck_assert_uint_le(polls, 12);
}
END_TEST

/* Looks after 64, 128 and 256; without having rested they were each 256. */
START_TEST(after_it_was_idle_a_loop_looks_each_64_handles_at_first)
{
	polls_during(give_way, 1024);
	ck_assert_uint_ge(polls_during(give_way_rested, 64 + 128 + 256),
	    1 + 3);
}
END_TEST

START_TEST(as_soon_as_it_is_slow_a_loop_looks_each_64_handles)
{
	replace_loop(new_loop(EVTASK_CLOCK_MONOTONIC));
	polls_during(give_way, 1024);
	ck_assert_uint_ge(polls_during(give_way_slowly, 256 + 8 * 64), 8);
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
    while_all_is_swift_a_loop_looks_each_256_handles,
    after_it_was_idle_a_loop_looks_each_64_handles_at_first,
    as_soon_as_it_is_slow_a_loop_looks_each_64_handles,
    a_run_ends_when_what_it_waits_for_is_done,
    the_turn_in_which_a_run_notices_is_finished,
    a_run_for_what_is_done_makes_one_turn,
    a_run_that_is_stopped_early_says_so,
    a_run_that_can_never_end_says_so,
    a_run_keeps_what_it_waits_for,
    a_loop_inside_a_running_loop_is_refused,
    a_future_of_another_loop_is_not_run_for,
    a_stack_size_beyond_reason_is_refused,
    a_loop_counts_what_it_does)
