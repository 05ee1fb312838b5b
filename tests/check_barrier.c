/*
 * Barriers: nobody passes before all have come.
 */
#include "tests/core.h"

static struct evtask_barrier *barrier;

static void
new_barrier(int parties)
{
	ck_assert_int_eq(evtask_barrier_new("start", parties, &barrier), 0);
	ck_assert_int_eq(evtask_barrier_parties(barrier), parties);
}

static int
pass(void *arg)
{
	int r = evtask_barrier_wait(barrier);

	say("%s%d", (char *)arg, r);
	return r;
}

START_TEST(the_last_one_does_not_wait_and_all_have_their_number)
{
	new_barrier(3);
	spawn(pass, "a");
	spawn(pass, "b");
	run_turns(2);
	ck_assert_said("");
	ck_assert_int_eq(evtask_barrier_waiting(barrier), 2);
	spawn(pass, "c");
	run_dry();
	ck_assert_said("c2 a0 b1");
	ck_assert_int_eq(evtask_barrier_waiting(barrier), 0);
	evtask_barrier_free(barrier);
}
END_TEST

START_TEST(it_fills_again_and_again)
{
	new_barrier(2);
	spawn(pass, "a");
	spawn(pass, "b");
	spawn(pass, "c");
	spawn(pass, "d");
	run_dry();
	ck_assert_said("b1 a0 d1 c0");
	evtask_barrier_free(barrier);
}
END_TEST

START_TEST(one_party_alone_never_waits)
{
	new_barrier(1);
	spawn(pass, "a");
	run_turns(1);
	ck_assert_said("a0");
	evtask_barrier_free(barrier);
}
END_TEST

START_TEST(who_is_cancelled_leaves_its_place_to_another)
{
	struct evtask *a;

	new_barrier(2);
	a = start(pass, "a");
	run_turns(1);
	evtask_cancel(a, NULL);
	run_dry();
	ck_assert_said("a-125");
	ck_assert_int_eq(evtask_barrier_waiting(barrier), 0);
	spawn(pass, "b");
	run_dry();
	ck_assert_said("");
	spawn(pass, "c");
	run_dry();
	ck_assert_said("c1 b0");
	evtask_unref(a);
	evtask_barrier_free(barrier);
}
END_TEST

static int
abort_it(void *arg)
{
	(void)arg;
	return evtask_barrier_abort(barrier);
}

static int
reset_it(void *arg)
{
	(void)arg;
	return evtask_barrier_reset(barrier);
}

START_TEST(abort_breaks_it_for_those_inside_and_those_to_come)
{
	struct evtask *a;
	struct evtask_error *error;

	new_barrier(2);
	a = start(pass, "a");
	run_turns(1);
	spawn(abort_it, NULL);
	run_dry();
	ck_assert_said("a-32");
	ck_assert(evtask_barrier_broken(barrier));
	ck_assert_int_eq(evtask_exception(a, &error), 0);
	ck_assert_str_eq(evtask_error_type(error), "BrokenBarrier");
	evtask_unref(a);
	a = start(pass, "b");
	run_dry();
	ck_assert_said("b-32");
	ck_assert_int_eq(outcome(a), -EPIPE);
	evtask_unref(a);
	spawn(reset_it, NULL);
	spawn(pass, "c");
	spawn(pass, "d");
	run_dry();
	ck_assert_said("d1 c0");
	evtask_barrier_free(barrier);
}
END_TEST

START_TEST(reset_breaks_the_wait_of_those_inside_only)
{
	struct evtask *a;

	new_barrier(2);
	a = start(pass, "a");
	run_turns(1);
	spawn(reset_it, NULL);
	spawn(pass, "b");
	spawn(pass, "c");
	run_dry();
	ck_assert_said("a-32 c1 b0");
	ck_assert_int_eq(outcome(a), -EPIPE);
	evtask_unref(a);
	evtask_barrier_free(barrier);
}
END_TEST

START_TEST(bad_calls_change_nothing)
{
	ck_assert_int_eq(evtask_barrier_new(NULL, 0, &barrier), -EINVAL);
	ck_assert_int_eq(evtask_barrier_new(NULL, INT64_MAX, &barrier),
	    -EINVAL);
	new_barrier(1);
	ck_assert_int_eq(evtask_barrier_wait(barrier), -EINVAL);
	ck_assert_int_eq(evtask_barrier_abort(barrier), -EINVAL);
	ck_assert_int_eq(evtask_barrier_reset(barrier), -EINVAL);
	ck_assert(!evtask_barrier_broken(barrier));
	evtask_barrier_free(barrier);
	evtask_barrier_free(NULL);
}
END_TEST

CORE_SUITE("barrier",
    the_last_one_does_not_wait_and_all_have_their_number,
    it_fills_again_and_again,
    one_party_alone_never_waits,
    who_is_cancelled_leaves_its_place_to_another,
    abort_breaks_it_for_those_inside_and_those_to_come,
    reset_breaks_the_wait_of_those_inside_only,
    bad_calls_change_nothing)
