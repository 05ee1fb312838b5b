/*
 * Conditions: whoever waits comes back with the lock, whatever happened.
 */
#include "tests/core.h"

static struct evtask_condition *cond;

static void
new_condition(void)
{
	ck_assert_int_eq(evtask_condition_new("news", NULL, &cond), 0);
}

static int
wait_and_say(void *arg)
{
	int r = evtask_condition_acquire(cond);

	if (r < 0) {
		say("%s not even in", (char *)arg);
		return r;
	}
	r = evtask_condition_wait(cond);
	ck_assert(evtask_condition_locked(cond));
	say("%s%d", (char *)arg, r);
	ck_assert_int_eq(evtask_condition_release(cond), 0);
	return r;
}

static void
notify(size_t n)
{
	ck_assert_int_eq(evtask_condition_acquire(cond), 0);
	ck_assert_int_eq(evtask_condition_notify(cond, n), 0);
	ck_assert_int_eq(evtask_condition_release(cond), 0);
}

START_TASK_TEST(as_many_as_are_notified_go_on)
{
	new_condition();
	spawn(wait_and_say, "a");
	spawn(wait_and_say, "b");
	spawn(wait_and_say, "c");
	(void)!evtask_sleep(0);
	notify(0);
	(void)!evtask_sleep(SECOND);
	ck_assert_said("");
	notify(2);
	(void)!evtask_sleep(SECOND);
	ck_assert_said("a0 b0");
	notify(7);
	(void)!evtask_sleep(SECOND);
	ck_assert_said("c0");
	evtask_condition_free(cond);
	return 0;
}

START_TASK_TEST(all_are_notified_one_after_the_other)
{
	new_condition();
	spawn(wait_and_say, "a");
	spawn(wait_and_say, "b");
	(void)!evtask_sleep(0);
	ck_assert_int_eq(evtask_condition_acquire(cond), 0);
	ck_assert_int_eq(evtask_condition_notify_all(cond), 0);
	(void)!evtask_sleep(SECOND);
	ck_assert_said("");		/* the lock is ours still */
	ck_assert_int_eq(evtask_condition_release(cond), 0);
	(void)!evtask_sleep(SECOND);
	ck_assert_said("a0 b0");
	evtask_condition_free(cond);
	return 0;
}

START_TASK_TEST(without_the_lock_nothing_is_done)
{
	new_condition();
	ck_assert_int_eq(evtask_condition_wait(cond), -EPERM);
	ck_assert_int_eq(evtask_condition_notify(cond, 1), -EPERM);
	ck_assert_int_eq(evtask_condition_notify_all(cond), -EPERM);
	ck_assert_int_eq(evtask_condition_release(cond), -EPERM);
	evtask_condition_free(cond);
	return 0;
}

START_TASK_TEST(who_is_cancelled_comes_back_with_the_lock)
{
	struct evtask *a;

	new_condition();
	a = start(wait_and_say, "a");
	(void)!evtask_sleep(0);
	ck_assert_int_eq(evtask_condition_acquire(cond), 0);
	evtask_cancel(a, NULL);
	(void)!evtask_sleep(SECOND);
	ck_assert_said("");
	ck_assert_int_eq(evtask_condition_release(cond), 0);
	(void)!evtask_await(a);
	ck_assert_said("a-125");
	ck_assert(!evtask_condition_locked(cond));
	evtask_unref(a);
	evtask_condition_free(cond);
	return 0;
}

START_TASK_TEST(a_cancel_while_the_lock_is_taken_back_is_kept)
{
	struct evtask *a;

	new_condition();
	a = start(wait_and_say, "a");
	(void)!evtask_sleep(0);
	ck_assert_int_eq(evtask_condition_acquire(cond), 0);
	ck_assert_int_eq(evtask_condition_notify(cond, 1), 0);
	(void)!evtask_sleep(SECOND);	/* it waits for the lock now */
	evtask_cancel(a, "first");
	(void)!evtask_sleep(SECOND);
	evtask_cancel(a, "second");
	(void)!evtask_sleep(SECOND);
	ck_assert_said("");
	ck_assert_int_eq(evtask_condition_release(cond), 0);
	(void)!evtask_await(a);
	ck_assert_said("a-125");
	ck_assert_str_eq(evtask_error_message(evtask_cancellation(a)),
	    "second");
	evtask_unref(a);
	evtask_condition_free(cond);
	return 0;
}

START_TASK_TEST(who_is_notified_and_cancelled_tells_the_next)
{
	struct evtask *a, *b;

	new_condition();
	a = start(wait_and_say, "a");
	b = start(wait_and_say, "b");
	(void)!evtask_sleep(0);
	notify(1);
	evtask_cancel(a, NULL);
	(void)!evtask_await(b);
	ck_assert_said("a-125 b0");
	evtask_unref(a);
	evtask_unref(b);
	evtask_condition_free(cond);
	return 0;
}

START_TASK_TEST(several_share_a_lock)
{
	struct evtask_condition *other;
	struct evtask_lock *lock;

	ck_assert_int_eq(evtask_lock_new(NULL, &lock), 0);
	ck_assert_int_eq(evtask_condition_new(NULL, lock, &cond), 0);
	ck_assert_int_eq(evtask_condition_new(NULL, lock, &other), 0);
	ck_assert_int_eq(evtask_condition_acquire(cond), 0);
	ck_assert(evtask_condition_locked(other));
	ck_assert(evtask_lock_locked(lock));
	ck_assert_int_eq(evtask_condition_release(other), 0);
	evtask_condition_free(cond);
	evtask_condition_free(other);
	evtask_lock_free(lock);
	return 0;
}

START_TEST(who_waits_is_unwound_with_its_loop)
{
	new_condition();
	spawn(wait_and_say, "a");
	run_turns(1);
	ck_assert_int_eq(evtask_loop_free(loop), 0);
	loop = NULL;
	ck_assert_said("a-125");
	evtask_condition_free(cond);
	evtask_condition_free(NULL);
}
END_TEST

CORE_SUITE("condition",
    as_many_as_are_notified_go_on,
    all_are_notified_one_after_the_other,
    without_the_lock_nothing_is_done,
    who_is_cancelled_comes_back_with_the_lock,
    a_cancel_while_the_lock_is_taken_back_is_kept,
    who_is_notified_and_cancelled_tells_the_next,
    several_share_a_lock,
    who_waits_is_unwound_with_its_loop)
