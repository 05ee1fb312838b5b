/* Awaits that go round in a circle: refused, or allowed and still ended by a
 * cancellation. */
#include "tests/core.h"

static struct evtask *ring[12];

static int
await_by_address(void *arg)
{
	return evtask_await_result(*(struct evtask **)arg, NULL);
}

/* ring[i] awaits ring[i + 1], the last one the first. */
static void
start_ring(size_t n)
{
	char name[24];

	for (size_t i = 0; i < n; i++) {
		ring[i] = start(await_by_address, &ring[(i + 1) % n]);
		snprintf(name, sizeof name, "t%zu", i);
		ck_assert_int_eq(evtask_set_name(ring[i], name), 0);
	}
}

static void
drop_ring(size_t n)
{
	for (size_t i = 0; i < n; i++)
		evtask_unref(ring[i]);
}

static void
allow_cycles(void)
{
	struct evtask_loop_options options = {
		.clock = EVTASK_CLOCK_VIRTUAL, .allow_cycles = true,
	};
	struct evtask_loop *l;

	ck_assert_int_eq(evtask_loop_new(&options, &l), 0);
	evtask_loop_set_exception_handler(l, on_report, NULL);
	replace_loop(l);
}

START_TEST(the_refusal_names_the_circle)
{
	struct evtask_error *e;

	start_ring(3);
	run_dry();
	ck_assert_int_eq(evtask_exception(ring[2], &e), 0);
	ck_assert_int_eq(evtask_error_code(e), -EDEADLK);
	ck_assert_str_eq(evtask_error_message(e),
	    "task t2 cannot await one that waits for it: t0 -> t1 -> t2");
	for (size_t i = 0; i < 2; i++)
		ck_assert_int_eq(outcome(ring[i]), -EDEADLK);
	drop_ring(3);
}
END_TEST

START_TEST(of_a_long_circle_the_first_are_named)
{
	struct evtask_error *e;

	start_ring(12);
	run_dry();
	ck_assert_int_eq(evtask_exception(ring[11], &e), 0);
	ck_assert_str_eq(evtask_error_message(e),
	    "task t11 cannot await one that waits for it: t0 -> t1 -> t2 -> "
	    "t3 -> t4 -> t5 -> t6 -> t7 -> 3 more -> t11");
	for (size_t i = 0; i < 11; i++)
		ck_assert_int_eq(outcome(ring[i]), -EDEADLK);
	drop_ring(12);
}
END_TEST

START_TEST(long_names_are_cut)
{
	char name[300];
	struct evtask_error *e;

	memset(name, 'x', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	start_ring(12);
	for (size_t i = 0; i < 12; i++)
		ck_assert_int_eq(evtask_set_name(ring[i], name), 0);
	run_dry();
	ck_assert_int_eq(evtask_exception(ring[11], &e), 0);
	ck_assert_uint_lt(strlen(evtask_error_message(e)), 550);
	for (size_t i = 0; i < 11; i++)
		ck_assert_int_eq(outcome(ring[i]), -EDEADLK);
	drop_ring(12);
}
END_TEST

START_TEST(allowed_a_circle_hangs)
{
	allow_cycles();
	start_ring(3);
	run_dry();
	for (size_t i = 0; i < 3; i++)
		ck_assert(!evtask_done(ring[i]));
	replace_loop(NULL);	/* unwound, like any that wait */
	drop_ring(3);
}
END_TEST

START_TEST(a_cancel_goes_round_once_and_ends_every_task_of_the_circle)
{
	allow_cycles();
	start_ring(12);
	run_dry();
	ck_assert_int_eq(evtask_cancel(ring[5], "enough"), 1);
	for (size_t i = 0; i < 12; i++)
		ck_assert_int_eq(evtask_cancelling(ring[i]), 1);
	run_dry();
	for (size_t i = 0; i < 12; i++) {
		ck_assert(evtask_cancelled(ring[i]));
		ck_assert_str_eq(evtask_error_message(
		    evtask_cancellation(ring[i])), "enough");
	}
	drop_ring(12);
}
END_TEST

START_TEST(a_circle_is_cancelled_from_outside_and_twice)
{
	struct evtask *outside;

	allow_cycles();
	start_ring(2);
	outside = start(await_future, ring[0]);
	run_dry();
	ck_assert_int_eq(evtask_cancel(outside, NULL), 1);
	ck_assert_int_eq(evtask_cancel(outside, NULL), 1);
	run_dry();
	ck_assert(evtask_cancelled(outside));
	ck_assert(evtask_cancelled(ring[0]));
	ck_assert(evtask_cancelled(ring[1]));
	evtask_unref(outside);
	drop_ring(2);
}
END_TEST

/* The request came before the await that closes the circle. */
static int
cancel_myself_and_close(void *arg)
{
	int r;

	evtask_cancel(evtask_current_task(), NULL);
	r = evtask_await(*(struct evtask **)arg);
	say("r%d", r);
	return r;
}

START_TEST(who_closes_a_circle_with_a_request_at_hand_is_interrupted)
{
	allow_cycles();
	ring[0] = start(await_by_address, &ring[1]);
	ring[1] = start(cancel_myself_and_close, &ring[0]);
	run_dry();
	ck_assert_said("r-125");
	ck_assert(evtask_cancelled(ring[0]));
	ck_assert(evtask_cancelled(ring[1]));
	drop_ring(2);
}
END_TEST

START_TEST(of_oneself_nobody_waits_even_then)
{
	allow_cycles();
	start_ring(1);
	run_dry();
	ck_assert_int_eq(outcome(ring[0]), -EDEADLK);
	drop_ring(1);
}
END_TEST

/* Through a gather a circle is not refused: another child may end it. */
START_TEST(a_circle_through_a_gather_is_broken_by_a_cancel)
{
	struct evtask_future *all;
	struct evtask *inside = start(await_by_address, &all);

	ck_assert_int_eq(evtask_gather((union evtask_awaitable[]){
	    AWAITABLE(inside) }, 1, true, &all), 0);
	run_dry();
	ck_assert_int_eq(evtask_cancel(inside, NULL), 1);
	run_dry();
	ck_assert(evtask_cancelled(inside));
	ck_assert_int_eq(outcome(all), -ECANCELED);
	evtask_unref(inside);
	evtask_future_unref(all);
}
END_TEST

CORE_SUITE("cycle",
    the_refusal_names_the_circle,
    of_a_long_circle_the_first_are_named,
    long_names_are_cut,
    allowed_a_circle_hangs,
    a_cancel_goes_round_once_and_ends_every_task_of_the_circle,
    a_circle_is_cancelled_from_outside_and_twice,
    who_closes_a_circle_with_a_request_at_hand_is_interrupted,
    of_oneself_nobody_waits_even_then,
    a_circle_through_a_gather_is_broken_by_a_cancel)
