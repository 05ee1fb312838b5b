/* Handles: promised calls, in order, taken back, and from other threads. */
#include "tests/core.h"

#include <pthread.h>

static struct evtask_handle *
call_soon(void *words)
{
	struct evtask_handle *handle;

	ck_assert_int_eq(evtask_call_soon(loop, say_arg, words, &handle), 0);
	return handle;
}

static struct evtask_handle *
call_at(int64_t deadline_us, void *words)
{
	struct evtask_handle *handle;

	ck_assert_int_eq(evtask_call_at(loop, deadline_us, say_arg, words,
	    &handle), 0);
	return handle;
}

START_TEST(calls_are_made_in_order_and_never_at_once)
{
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(evtask_call_soon(loop, say_arg,
		    (char *[]){ "a", "b", "c" }[i], NULL), 0);
	ck_assert_said("");
	run_dry();
	ck_assert_said("a b c");
}
END_TEST

START_TEST(a_call_is_made_once)
{
	struct evtask_handle *handle = call_soon("once");

	run_dry();
	run_dry();
	ck_assert_said("once");
	evtask_handle_unref(handle);
}
END_TEST

START_TEST(dropping_the_handle_does_not_cancel)
{
	evtask_handle_unref(call_soon("soon"));
	evtask_handle_unref(call_at(1, "later"));
	evtask_handle_unref(NULL);
	run_dry();
	ck_assert_said("soon later");
}
END_TEST

START_TEST(a_cancelled_call_is_never_made)
{
	struct evtask_handle *soon = call_soon("never");
	struct evtask_handle *later = call_at(SECOND, "never");

	ck_assert(!evtask_handle_cancelled(soon));
	evtask_handle_cancel(soon);
	evtask_handle_cancel(later);
	evtask_handle_cancel(later);
	ck_assert(evtask_handle_cancelled(soon));
	ck_assert(evtask_handle_cancelled(later));
	run_dry();
	ck_assert_said("");
	ck_assert_int_eq(evtask_loop_time_us(loop), 0);
	evtask_handle_unref(soon);
	evtask_handle_unref(later);
}
END_TEST

static struct evtask_handle *victim;

static void
cancel_victim(void *arg)
{
	(void)arg;
	evtask_handle_cancel(victim);
}

START_TEST(a_call_can_be_cancelled_within_its_own_turn)
{
	ck_assert_int_eq(evtask_call_soon(loop, cancel_victim, NULL, NULL), 0);
	victim = call_soon("never");
	run_dry();
	ck_assert_said("");
	evtask_handle_unref(victim);
}
END_TEST

START_TEST(a_timer_that_is_due_can_be_cancelled_within_its_turn)
{
	ck_assert_int_eq(evtask_call_at(loop, 5, cancel_victim, NULL, NULL),
	    0);
	victim = call_at(5, "never");
	run_dry();
	ck_assert_said("");
	evtask_handle_unref(victim);
}
END_TEST

static void
cancel_itself(void *arg)
{
	evtask_handle_cancel(victim);
	evtask_handle_unref(victim);
	say_arg(arg);
}

START_TEST(a_call_that_is_being_made_can_be_cancelled_to_no_effect)
{
	ck_assert_int_eq(evtask_call_soon(loop, cancel_itself, "made",
	    &victim), 0);
	run_dry();
	ck_assert_said("made");
}
END_TEST

START_TEST(cancelling_after_the_call_has_no_effect)
{
	struct evtask_handle *handle = call_soon("made");

	run_dry();
	evtask_handle_cancel(handle);
	run_dry();
	ck_assert_said("made");
	evtask_handle_unref(handle);
}
END_TEST

START_TEST(a_handle_is_kept_by_reference)
{
	struct evtask_handle *handle = call_soon("a");

	ck_assert_ptr_eq(evtask_handle_ref(handle), handle);
	evtask_handle_unref(handle);
	run_dry();
	ck_assert(!evtask_handle_cancelled(handle));
	evtask_handle_unref(handle);
	ck_assert_said("a");
}
END_TEST

START_TEST(timers_fire_by_deadline_whatever_the_order_of_setting)
{
	evtask_handle_unref(call_at(30, "c"));
	evtask_handle_unref(call_at(10, "a"));
	evtask_handle_unref(call_at(20, "b"));
	run_dry();
	ck_assert_said("a b c");
	ck_assert_int_eq(evtask_loop_time_us(loop), 30);
}
END_TEST

START_TEST(equal_deadlines_fire_in_the_order_of_setting)
{
	static char words[10][2];

	for (int i = 0; i < 10; i++) {
		words[i][0] = (char)('0' + i);
		evtask_handle_unref(call_at(7, words[i]));
	}
	run_dry();
	ck_assert_said("0 1 2 3 4 5 6 7 8 9");
}
END_TEST

START_TEST(a_past_deadline_is_due_in_the_next_turn_and_never_at_once)
{
	ck_assert_int_eq(evtask_call_later(loop, -5, say_arg, "past", NULL),
	    0);
	ck_assert_int_eq(evtask_call_later(loop, 0, say_arg, "now", NULL), 0);
	ck_assert_int_eq(evtask_call_at(loop, INT64_MIN, say_arg,
	    "long past", NULL), 0);
	ck_assert_said("");
	run_turns(1);
	ck_assert_said("long past past now");
	ck_assert_int_eq(evtask_loop_time_us(loop), 0);
}
END_TEST

static void
say_time(void *arg)
{
	(void)arg;
	say("%" PRIi64, evtask_loop_time_us(loop));
}

static void
call_later_again(void *arg)
{
	say_time(arg);
	ck_assert_int_eq(evtask_call_later(NULL, 100, say_time, NULL, NULL),
	    0);
}

START_TEST(a_delay_counts_from_the_call)
{
	ck_assert_int_eq(evtask_call_later(loop, 50, call_later_again, NULL,
	    NULL), 0);
	run_dry();
	ck_assert_said("50 150");
}
END_TEST

START_TEST(a_delay_beyond_the_end_of_time_never_passes)
{
	struct evtask_handle *handle;
	int64_t when;

	ck_assert_int_eq(evtask_call_at(loop, 10, say_arg, "a", NULL), 0);
	run_dry();
	ck_assert_int_eq(evtask_call_later(loop, INT64_MAX - 5, say_arg,
	    "never", &handle), 0);
	ck_assert_int_eq(evtask_handle_when_us(handle, &when), 0);
	ck_assert_int_eq(when, EVTASK_FOREVER);
	run_dry();
	ck_assert_said("a");
	evtask_handle_cancel(handle);
	evtask_handle_unref(handle);
}
END_TEST

START_TEST(a_timer_knows_its_deadline)
{
	struct evtask_handle *handle = call_at(42, "a");
	struct evtask_handle *soon = call_soon("b");
	int64_t when = -1;

	ck_assert_int_eq(evtask_handle_when_us(soon, &when), -EINVAL);
	ck_assert_int_eq(when, -1);
	ck_assert_int_eq(evtask_handle_when_us(handle, &when), 0);
	ck_assert_int_eq(when, 42);
	run_dry();
	ck_assert_int_eq(evtask_handle_when_us(handle, &when), 0);
	ck_assert_int_eq(when, 42);
	evtask_handle_unref(handle);
	evtask_handle_unref(soon);
	said[0] = '\0';
}
END_TEST

START_TEST(ten_thousand_timers_half_of_them_cancelled)
{
	static struct evtask_handle *handles[10000];
	struct evtask_loop_stats stats;

	for (int i = 0; i < 10000; i++)
		ck_assert_int_eq(evtask_call_at(loop, (i * 7919) % 1000 + 1,
		    say_arg, "", &handles[i]), 0);
	for (int i = 0; i < 10000; i += 2)
		evtask_handle_cancel(handles[i]);
	evtask_loop_get_stats(loop, &stats);
	ck_assert_uint_eq(stats.timers_pending, 5000);
	for (int i = 1; i < 10000; i += 2)
		evtask_handle_cancel(handles[i]);
	run_dry();
	for (int i = 0; i < 10000; i++)
		evtask_handle_unref(handles[i]);
	ck_assert_said("");
}
END_TEST

/* From other threads. The virtual clock would end the run for want of work
 * before they have called: the system's clock blocks. */

enum { THREADS = 4, CALLS = 2000 };

struct caller {
	pthread_t thread;
	struct evtask_loop *loop;
	int next;		/* the loop's: the number that must come */
	struct call {
		struct caller *caller;
		int number;
	} calls[CALLS];
};

static struct caller callers[THREADS];
static int arrived;

static void
arrive(void *arg)
{
	struct call *call = arg;

	ck_assert_ptr_eq(evtask_get_running_loop(), loop);
	ck_assert_int_eq(call->number, call->caller->next++);
	if (++arrived == THREADS * CALLS)
		evtask_loop_stop(loop);
}

static void *
call_many_times(void *arg)
{
	struct caller *caller = arg;

	for (int i = 0; i < CALLS; i++) {
		caller->calls[i] = (struct call){ caller, i };
		ck_assert_int_eq(evtask_call_soon_threadsafe(caller->loop,
		    arrive, &caller->calls[i]), 0);
	}
	return NULL;
}

START_TEST(other_threads_call_in_and_each_keeps_its_order)
{
	replace_loop(new_loop(EVTASK_CLOCK_MONOTONIC));
	arrived = 0;
	for (int i = 0; i < THREADS; i++) {
		callers[i].loop = loop;
		callers[i].next = 0;
		ck_assert_int_eq(pthread_create(&callers[i].thread, NULL,
		    call_many_times, &callers[i]), 0);
	}
	ck_assert_int_eq(evtask_loop_run_forever(loop), 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(callers[i].thread, NULL);
	ck_assert_int_eq(arrived, THREADS * CALLS);
}
END_TEST

static void
settle_from_thread(void *arg)
{
	evtask_set_result(arg, evtask_value_int(7));
}

static void *
call_once(void *arg)
{
	ck_assert_int_eq(evtask_call_soon_threadsafe(loop, settle_from_thread,
	    arg), 0);
	return NULL;
}

START_TEST(a_sleeping_loop_is_woken)
{
	struct evtask_future *f;
	struct evtask_value v;
	pthread_t thread;

	replace_loop(new_loop(EVTASK_CLOCK_MONOTONIC));
	f = new_future();
	ck_assert_int_eq(pthread_create(&thread, NULL, call_once, f), 0);
	ck_assert_int_eq(evtask_loop_run_until_complete(loop, f), 0);
	pthread_join(thread, NULL);
	ck_assert_int_eq(evtask_result(f, &v), 0);
	ck_assert_int_eq(v.u.i, 7);
	evtask_future_unref(f);
}
END_TEST

START_TEST(the_loops_own_thread_may_call_in_too)
{
	ck_assert_int_eq(evtask_call_soon_threadsafe(loop, say_arg, "a"), 0);
	ck_assert_int_eq(evtask_call_soon_threadsafe(loop, say_arg, "b"), 0);
	ck_assert_said("");
	run_turns(1);
	ck_assert_said("a b");
}
END_TEST

START_TEST(calls_that_came_too_late_are_dropped_with_the_loop)
{
	pthread_t thread;
	struct evtask_future *f = new_future();

	ck_assert_int_eq(pthread_create(&thread, NULL, call_once, f), 0);
	pthread_join(thread, NULL);
	replace_loop(NULL);
	ck_assert(!evtask_done(f));
	evtask_future_unref(f);
}
END_TEST

CORE_SUITE("handle",
    calls_are_made_in_order_and_never_at_once,
    a_call_is_made_once,
    dropping_the_handle_does_not_cancel,
    a_cancelled_call_is_never_made,
    a_call_can_be_cancelled_within_its_own_turn,
    a_timer_that_is_due_can_be_cancelled_within_its_turn,
    a_call_that_is_being_made_can_be_cancelled_to_no_effect,
    cancelling_after_the_call_has_no_effect,
    a_handle_is_kept_by_reference,
    timers_fire_by_deadline_whatever_the_order_of_setting,
    equal_deadlines_fire_in_the_order_of_setting,
    a_past_deadline_is_due_in_the_next_turn_and_never_at_once,
    a_delay_counts_from_the_call,
    a_delay_beyond_the_end_of_time_never_passes,
    a_timer_knows_its_deadline,
    ten_thousand_timers_half_of_them_cancelled,
    other_threads_call_in_and_each_keeps_its_order,
    a_sleeping_loop_is_woken,
    the_loops_own_thread_may_call_in_too,
    calls_that_came_too_late_are_dropped_with_the_loop)
