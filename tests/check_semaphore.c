/*
 * Semaphores: so many at once, in order, and no unit is ever lost.
 */
#include "tests/core.h"

static struct evtask_semaphore *sem;

static void
new_semaphore(int64_t units, bool bounded)
{
	ck_assert_int_eq(evtask_semaphore_new("pool", units, bounded, &sem),
	    0);
}

static int
hold(void *arg)
{
	int r = evtask_semaphore_acquire(sem);

	if (r < 0) {
		say("%s%d", (char *)arg, r);
		return r;
	}
	say("%s", (char *)arg);
	r = evtask_sleep(SECOND);
	ck_assert_int_eq(evtask_semaphore_release(sem), 0);
	return r;
}

START_TEST(as_many_as_there_are_units_go_in_together)
{
	new_semaphore(2, false);
	spawn(hold, "a");
	spawn(hold, "b");
	spawn(hold, "c");
	run_turns(1);
	ck_assert_said("a b");
	ck_assert(evtask_semaphore_locked(sem));
	run_dry();
	ck_assert_said("c");
	ck_assert_int_eq(evtask_loop_time_us(loop), 2 * SECOND);
	ck_assert(!evtask_semaphore_locked(sem));
	evtask_semaphore_free(sem);
}
END_TEST

START_TASK_TEST(a_newcomer_stands_behind_those_who_wait)
{
	struct evtask *a;

	new_semaphore(0, false);
	a = start(hold, "a");
	(void)!evtask_sleep(0);
	ck_assert_int_eq(evtask_semaphore_release(sem), 0);
	ck_assert_int_eq(evtask_semaphore_release(sem), 0);
	ck_assert(evtask_semaphore_locked(sem));
	ck_assert_int_eq(evtask_semaphore_acquire(sem), 0);
	say("me");
	(void)!evtask_await(a);
	ck_assert_said("a me");
	evtask_unref(a);
	evtask_semaphore_free(sem);
	return 0;
}

START_TASK_TEST(a_unit_given_to_one_who_is_cancelled_goes_to_the_next)
{
	struct evtask *a, *b;

	new_semaphore(0, false);
	a = start(hold, "a");
	b = start(hold, "b");
	(void)!evtask_sleep(0);
	ck_assert_int_eq(evtask_semaphore_release(sem), 0);
	evtask_cancel(a, NULL);
	(void)!evtask_await(b);
	ck_assert_said("a-125 b");
	ck_assert_int_eq(evtask_semaphore_acquire(sem), 0);
	evtask_unref(a);
	evtask_unref(b);
	evtask_semaphore_free(sem);
	return 0;
}

START_TASK_TEST(who_is_cancelled_before_takes_no_unit)
{
	struct evtask *a;

	new_semaphore(0, false);
	a = start(hold, "a");
	(void)!evtask_sleep(0);
	evtask_cancel(a, NULL);
	(void)!evtask_await(a);
	ck_assert_said("a-125");
	ck_assert_int_eq(evtask_semaphore_release(sem), 0);
	ck_assert(!evtask_semaphore_locked(sem));
	evtask_unref(a);
	evtask_semaphore_free(sem);
	return 0;
}

START_TEST(a_bounded_one_takes_no_more_than_it_had)
{
	new_semaphore(1, true);
	ck_assert_int_eq(evtask_semaphore_release(sem), -EOVERFLOW);
	evtask_semaphore_free(sem);
	new_semaphore(1, false);
	ck_assert_int_eq(evtask_semaphore_release(sem), 0);
	evtask_semaphore_free(sem);
	evtask_semaphore_free(NULL);
}
END_TEST

START_TEST(bad_calls_change_nothing)
{
	ck_assert_int_eq(evtask_semaphore_new(NULL, -1, false, &sem), -EINVAL);
	new_semaphore(1, false);
	ck_assert_int_eq(evtask_semaphore_acquire(sem), -EINVAL);
	ck_assert(!evtask_semaphore_locked(sem));
	evtask_semaphore_free(sem);
}
END_TEST

CORE_SUITE("semaphore",
    as_many_as_there_are_units_go_in_together,
    a_newcomer_stands_behind_those_who_wait,
    a_unit_given_to_one_who_is_cancelled_goes_to_the_next,
    who_is_cancelled_before_takes_no_unit,
    a_bounded_one_takes_no_more_than_it_had,
    bad_calls_change_nothing)
