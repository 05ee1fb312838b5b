/*
 * Locks: first come, first served, and nothing is lost when somebody leaves.
 */
#include "tests/core.h"

static struct evtask_lock *lock;

static struct evtask_lock *
new_lock(void)
{
	ck_assert_int_eq(evtask_lock_new("door", &lock), 0);
	return lock;
}

/* Takes the lock, says so, keeps it for a second, and says when it is back. */
static int
hold(void *arg)
{
	int r = evtask_lock_acquire(lock);

	if (r < 0) {
		say("%s%d", (char *)arg, r);
		return r;
	}
	say("%s", (char *)arg);
	r = evtask_sleep(SECOND);
	ck_assert_int_eq(evtask_lock_release(lock), 0);
	return r;
}

START_TASK_TEST(a_free_lock_is_taken_without_a_wait)
{
	uint64_t before = turns();

	new_lock();
	ck_assert(!evtask_lock_locked(lock));
	ck_assert_int_eq(evtask_lock_acquire(lock), 0);
	ck_assert(evtask_lock_locked(lock));
	ck_assert_int_eq(evtask_lock_release(lock), 0);
	ck_assert(!evtask_lock_locked(lock));
	ck_assert_uint_eq(turns(), before);
	evtask_lock_free(lock);
	return 0;
}

START_TEST(those_who_wait_get_it_in_the_order_in_which_they_came)
{
	new_lock();
	spawn(hold, "a");
	spawn(hold, "b");
	spawn(hold, "c");
	run_dry();
	ck_assert_said("a b c");
	ck_assert_int_eq(evtask_loop_time_us(loop), 3 * SECOND);
	evtask_lock_free(lock);
}
END_TEST

static int
release_and_take_again(void *arg)
{
	int r = hold(arg);

	if (r == 0)
		r = evtask_lock_acquire(lock);
	say("%s2", (char *)arg);
	(void)evtask_lock_release(lock);
	return r;
}

START_TEST(who_releases_it_stands_behind_those_who_wait)
{
	new_lock();
	spawn(release_and_take_again, "a");
	spawn(hold, "b");
	run_dry();
	ck_assert_said("a b a2");
	evtask_lock_free(lock);
}
END_TEST

START_TASK_TEST(a_free_lock_cannot_be_released)
{
	new_lock();
	ck_assert_int_eq(evtask_lock_release(lock), -EPERM);
	ck_assert(!evtask_lock_locked(lock));
	evtask_lock_free(lock);
	return 0;
}

START_TEST(who_is_cancelled_while_waiting_leaves_the_line)
{
	struct evtask *b;

	new_lock();
	spawn(hold, "a");
	b = start(hold, "b");
	spawn(hold, "c");
	run_turns(1);
	evtask_cancel(b, NULL);
	run_dry();
	ck_assert_said("a b-125 c");
	ck_assert_int_eq(evtask_loop_time_us(loop), 2 * SECOND);
	evtask_unref(b);
	evtask_lock_free(lock);
}
END_TEST

START_TASK_TEST(who_is_cancelled_with_its_turn_in_hand_passes_it_on)
{
	struct evtask *a, *b;

	new_lock();
	ck_assert_int_eq(evtask_lock_acquire(lock), 0);
	a = start(hold, "a");
	b = start(hold, "b");
	(void)!evtask_sleep(0);
	ck_assert_int_eq(evtask_lock_release(lock), 0);
	evtask_cancel(a, NULL);
	ck_assert_int_eq(evtask_await(b), 0);
	ck_assert_said("a-125 b");
	evtask_unref(a);
	evtask_unref(b);
	evtask_lock_free(lock);
	return 0;
}

START_TASK_TEST(a_newcomer_takes_a_free_lock_when_all_who_wait_are_leaving)
{
	struct evtask *a;

	new_lock();
	ck_assert_int_eq(evtask_lock_acquire(lock), 0);
	a = start(hold, "a");
	(void)!evtask_sleep(0);
	evtask_cancel(a, NULL);
	ck_assert_int_eq(evtask_lock_release(lock), 0);
	ck_assert_int_eq(evtask_lock_acquire(lock), 0);
	(void)!evtask_await(a);
	ck_assert_said("a-125");
	ck_assert_int_eq(evtask_lock_release(lock), 0);
	evtask_unref(a);
	evtask_lock_free(lock);
	return 0;
}

START_TASK_TEST(a_request_made_before_is_answered_at_the_lock)
{
	new_lock();
	ck_assert_int_eq(evtask_lock_acquire(lock), 0);
	evtask_cancel(evtask_current_task(), NULL);
	ck_assert_int_eq(evtask_lock_acquire(lock), -ECANCELED);
	evtask_uncancel(evtask_current_task());
	ck_assert_int_eq(evtask_lock_release(lock), 0);
	evtask_lock_free(lock);
	return 0;
}

START_TASK_TEST(who_waits_says_for_what_and_for_whom)
{
	struct evtask_wait_info wait;
	struct evtask *a, *b;

	new_lock();
	a = start(hold, "a");
	b = start(hold, "b");
	(void)!evtask_sleep(0);
	ck_assert_int_eq(evtask_get_wait(b, &wait), 1);
	ck_assert_str_eq(wait.op, "lock.acquire");
	ck_assert_str_eq(wait.type, "lock");
	ck_assert_str_eq(wait.name, "door");
	ck_assert_ptr_eq(wait.owner, a);
	ck_assert_str_eq(wait.site->func, "hold");
	(void)!evtask_await(b);
	ck_assert_said("a b");
	evtask_unref(a);
	evtask_unref(b);
	evtask_lock_free(lock);
	return 0;
}

START_TASK_TEST(an_owner_that_is_gone_is_nobody)
{
	struct evtask_wait_info wait;
	struct evtask *b;

	new_lock();
	ck_assert_int_eq(evtask_create(return_at_once, NULL, NULL, NULL), 0);
	ck_assert_int_eq(evtask_lock_acquire(lock), 0);
	b = start(hold, "b");
	(void)!evtask_sleep(0);
	ck_assert_int_eq(evtask_lock_release(lock), 0);
	/* Given to b, but not taken yet. */
	ck_assert_int_eq(evtask_get_wait(b, &wait), 0);
	(void)!evtask_await(b);
	ck_assert_said("b");
	evtask_unref(b);
	evtask_lock_free(lock);
	return 0;
}

START_TEST(outside_a_task_it_cannot_be_taken)
{
	new_lock();
	ck_assert_int_eq(evtask_lock_acquire(lock), -EINVAL);
	ck_assert(!evtask_lock_locked(lock));
	evtask_lock_free(lock);
	evtask_lock_free(NULL);
}
END_TEST

START_TEST(those_who_wait_are_unwound_with_their_loop)
{
	new_lock();
	spawn(hold, "a");
	spawn(hold, "b");
	run_turns(1);
	replace_loop(new_loop(EVTASK_CLOCK_VIRTUAL));
	ck_assert_said("a b-125");
	evtask_lock_free(lock);
}
END_TEST

CORE_SUITE("lock",
    a_free_lock_is_taken_without_a_wait,
    those_who_wait_get_it_in_the_order_in_which_they_came,
    who_releases_it_stands_behind_those_who_wait,
    a_free_lock_cannot_be_released,
    who_is_cancelled_while_waiting_leaves_the_line,
    who_is_cancelled_with_its_turn_in_hand_passes_it_on,
    a_newcomer_takes_a_free_lock_when_all_who_wait_are_leaving,
    a_request_made_before_is_answered_at_the_lock,
    who_waits_says_for_what_and_for_whom,
    an_owner_that_is_gone_is_nobody,
    outside_a_task_it_cannot_be_taken,
    those_who_wait_are_unwound_with_their_loop)
