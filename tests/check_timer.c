/* Timers in memory of one's own: started, moved, stopped, and gone. */
#include "tests/core.h"

static struct evtask_timer timers[4];

static void
make(int i, const char *word)
{
	evtask_timer_init(&timers[i], loop, say_arg, (void *)word);
}

static void
arm(int i, int64_t deadline_us)
{
	ck_assert_int_eq(evtask_timer_call_at(&timers[i], deadline_us), 0);
}

START_TEST(a_timer_is_called_once_when_its_time_has_come)
{
	make(0, "a");
	ck_assert(!evtask_timer_active(&timers[0]));
	ck_assert_int_eq(evtask_timer_when_us(&timers[0]), EVTASK_FOREVER);
	arm(0, SECOND);
	ck_assert(evtask_timer_active(&timers[0]));
	ck_assert_int_eq(evtask_timer_when_us(&timers[0]), SECOND);
	run_dry();
	ck_assert_said("a");
	ck_assert_int_eq(evtask_loop_time_us(loop), SECOND);
	ck_assert(!evtask_timer_active(&timers[0]));
}
END_TEST

START_TEST(timers_and_handles_are_called_by_deadline_and_then_in_order)
{
	for (int i = 0; i < 3; i++)
		make(i, (const char *[]){ "a", "b", "c" }[i]);
	arm(2, 2);
	arm(0, 1);
	ck_assert_int_eq(evtask_call_at(loop, 1, say_arg, "handle", NULL), 0);
	arm(1, 1);
	run_dry();
	ck_assert_said("a handle b c");
}
END_TEST

START_TEST(a_delay_counts_from_the_call)
{
	make(0, "a");
	make(1, "b");
	arm(0, SECOND);
	run_dry();
	ck_assert_int_eq(evtask_timer_call_later(&timers[1], SECOND), 0);
	ck_assert_int_eq(evtask_timer_when_us(&timers[1]), 2 * SECOND);
	run_dry();
	ck_assert_said("a b");
}
END_TEST

START_TEST(started_while_active_it_is_moved)
{
	make(0, "moved");
	make(1, "b");
	arm(0, 1);
	arm(1, 2);
	arm(0, 3);
	run_dry();
	ck_assert_said("b moved");
	arm(0, 9);
	arm(1, 8);
	arm(0, 7);
	run_dry();
	ck_assert_said("moved b");
	ck_assert_int_eq(evtask_loop_time_us(loop), 8);
}
END_TEST

static void
move_other(void *other)
{
	say("first");
	ck_assert_int_eq(evtask_timer_call_later(other, SECOND), 0);
}

START_TEST(one_that_is_due_can_still_be_moved)
{
	evtask_timer_init(&timers[0], loop, move_other, &timers[1]);
	make(1, "moved");
	arm(0, 0);
	arm(1, 0);
	run_turns(1);
	ck_assert_said("first");
	ck_assert(evtask_timer_active(&timers[1]));
	run_dry();
	ck_assert_said("moved");
	ck_assert_int_eq(evtask_loop_time_us(loop), SECOND);
}
END_TEST

static void
stop_other(void *other)
{
	say("first");
	evtask_timer_stop(other);
}

START_TEST(a_stopped_timer_is_never_called)
{
	make(0, "never");
	arm(0, SECOND);
	evtask_timer_stop(&timers[0]);
	evtask_timer_stop(&timers[0]);
	evtask_timer_stop(NULL);
	ck_assert(!evtask_timer_active(&timers[0]));
	run_dry();
	ck_assert_said("");
	ck_assert_int_eq(evtask_loop_time_us(loop), 0);

	evtask_timer_init(&timers[1], loop, stop_other, &timers[0]);
	arm(1, 1);
	arm(0, 1);
	run_dry();
	ck_assert_said("first");
	arm(0, 2);		/* stopped is not gone */
	run_dry();
	ck_assert_said("never");
}
END_TEST

static int left;

static void
again(void *timer)
{
	say("%d", left);
	ck_assert(!evtask_timer_active(timer));
	if (--left > 0)
		ck_assert_int_eq(evtask_timer_call_later(timer, SECOND), 0);
}

START_TEST(a_callback_may_start_its_timer_again)
{
	left = 3;
	evtask_timer_init(&timers[0], loop, again, &timers[0]);
	arm(0, SECOND);
	run_dry();
	ck_assert_said("3 2 1");
	ck_assert_int_eq(evtask_loop_time_us(loop), 3 * SECOND);
}
END_TEST

static void
free_it(void *timer)
{
	free(timer);
	say("freed");
}

START_TEST(a_callback_may_free_the_memory_of_its_timer)
{
	struct evtask_timer *timer = malloc(sizeof *timer);

	evtask_timer_init(timer, loop, free_it, timer);
	ck_assert_int_eq(evtask_timer_call_later(timer, 1), 0);
	run_dry();
	ck_assert_said("freed");
}
END_TEST

START_TEST(a_past_deadline_is_due_in_the_next_turn_and_for_ever_never)
{
	make(0, "past");
	make(1, "never");
	arm(0, -5);
	arm(1, EVTASK_FOREVER);
	ck_assert_said("");
	run_dry();
	ck_assert_said("past");
	ck_assert(evtask_timer_active(&timers[1]));
	evtask_timer_stop(&timers[1]);
}
END_TEST

static void
raise_it(void *arg)
{
	(void)arg;
	ck_assert_int_eq(evtask_raise(-EPROTO, "as a timer"), -EPROTO);
}

START_TEST(what_a_timer_raises_is_reported)
{
	evtask_timer_init(&timers[0], loop, raise_it, timers);
	arm(0, 1);
	run_dry();
	ck_assert_ptr_eq(reported.callback_arg, timers);
	ck_assert_reported("a callback raised", -EPROTO);
}
END_TEST

START_TEST(the_end_of_the_loop_stops_its_timers)
{
	make(0, "never");
	make(1, "never");
	make(2, "never");
	arm(0, 1);
	arm(1, -1);
	arm(2, EVTASK_FOREVER);
	replace_loop(NULL);
	for (int i = 0; i < 3; i++) {
		ck_assert(!evtask_timer_active(&timers[i]));
		evtask_timer_stop(&timers[i]);
	}
	ck_assert_said("");
}
END_TEST

START_TASK_TEST(without_a_loop_the_running_one_is_meant)
{
	evtask_timer_init(&timers[0], NULL, say_arg, "running");
	ck_assert_int_eq(evtask_timer_call_later(&timers[0], 1), 0);
	ck_assert_int_eq(evtask_sleep(2), 0);
	ck_assert_said("running");
	return 0;
}

/* A random course: each call starts, moves and stops others. On the virtual
 * clock, with no delay of 0, the next call is the earliest of a naive list. */

enum { CROWD = 300, CALLS = 4000 };

static struct one {
	struct evtask_timer timer;
	int64_t when_us;
	long order;		/* 0: not active */
} crowd[CROWD];
static long starts, calls;

static const struct one *
earliest(void)
{
	const struct one *first = NULL;

	for (const struct one *one = crowd; one < crowd + CROWD; one++)
		if (one->order > 0 && (first == NULL ||
		    one->when_us < first->when_us ||
		    (one->when_us == first->when_us &&
		    one->order < first->order)))
			first = one;
	return first;
}

static void
start_or_stop(struct one *one)
{
	int64_t delay_us = 1 + rand() % 50;

	if (rand() % 3 == 0) {
		evtask_timer_stop(&one->timer);
		one->order = 0;
	} else if (evtask_timer_call_later(&one->timer, delay_us) == 0) {
		one->when_us = evtask_loop_time_us(loop) + delay_us;
		one->order = ++starts;
	}
	ck_assert(evtask_timer_active(&one->timer) == (one->order > 0));
}

static void
play(void *arg)
{
	struct one *one = arg;

	ck_assert_ptr_eq(one, earliest());
	ck_assert_int_eq(evtask_loop_time_us(loop), one->when_us);
	ck_assert(!evtask_timer_active(&one->timer));
	one->order = 0;
	if (++calls > CALLS)
		return;
	for (int i = rand() % 5; i >= 0; i--)
		start_or_stop(&crowd[rand() % CROWD]);
	if (calls % 500 == 0)
		for (int i = 0; i < CROWD; i++)
			start_or_stop(&crowd[i]);
}

START_TEST(calls_that_start_and_stop_others_come_in_order)
{
	for (unsigned int seed = 0; seed < 10; seed++) {
		srand(seed);
		starts = calls = 0;
		for (struct one *one = crowd; one < crowd + CROWD; one++) {
			evtask_timer_init(&one->timer, loop, play, one);
			start_or_stop(one);
		}
		run_dry();
		ck_assert_ptr_null(earliest());
		ck_assert_int_gt(calls, CALLS);
	}
}
END_TEST

START_TEST(a_timer_without_loop_or_function_is_refused)
{
	evtask_timer_init(&timers[0], NULL, say_arg, NULL);
	ck_assert_int_eq(evtask_timer_call_at(&timers[0], 1), -EINVAL);
	ck_assert_int_eq(evtask_timer_call_later(&timers[0], 1), -EINVAL);
	evtask_timer_init(&timers[0], loop, NULL, NULL);
	ck_assert_int_eq(evtask_timer_call_at(&timers[0], 1), -EINVAL);
	ck_assert_int_eq(evtask_timer_call_at(NULL, 1), -EINVAL);
	ck_assert(!evtask_timer_active(&timers[0]));
}
END_TEST

CORE_SUITE("timer",
    a_timer_is_called_once_when_its_time_has_come,
    timers_and_handles_are_called_by_deadline_and_then_in_order,
    a_delay_counts_from_the_call,
    started_while_active_it_is_moved,
    one_that_is_due_can_still_be_moved,
    a_stopped_timer_is_never_called,
    a_callback_may_start_its_timer_again,
    a_callback_may_free_the_memory_of_its_timer,
    a_past_deadline_is_due_in_the_next_turn_and_for_ever_never,
    what_a_timer_raises_is_reported,
    the_end_of_the_loop_stops_its_timers,
    without_a_loop_the_running_one_is_meant,
    calls_that_start_and_stop_others_come_in_order,
    a_timer_without_loop_or_function_is_refused)
