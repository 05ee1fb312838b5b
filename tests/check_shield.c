/*
 * Shields: what is inside goes on, whoever stops waiting for it.
 */
#include "tests/core.h"

static struct evtask_future *
shield_of(union evtask_awaitable f)
{
	struct evtask_future *shield;

	ck_assert_int_eq(evtask_shield(f, &shield), 0);
	return shield;
}

START_TASK_TEST(it_comes_to_what_is_inside_comes_to)
{
	struct evtask_future *f = new_future(), *shield = shield_of(f);
	struct evtask_value value;

	evtask_set_result(f, evtask_value_int(7));
	ck_assert_int_eq(evtask_await_result(shield, &value), 0);
	ck_assert_int_eq(value.u.i, 7);
	evtask_future_unref(shield);
	evtask_future_unref(f);

	f = new_future();
	shield = shield_of(f);
	evtask_set_exception(f, evtask_error_new(-ENOENT, NULL, "none"));
	ck_assert_int_eq(evtask_await_result(shield, &value), -ENOENT);
	evtask_error_unref(evtask_catch(-ENOENT));
	evtask_future_unref(shield);
	evtask_future_unref(f);	/* it has been seen: nothing is reported */
	return 0;
}

START_TASK_TEST(it_is_what_is_inside_when_that_is_done)
{
	struct evtask_future *f = new_future(), *shield;

	evtask_set_result(f, evtask_value_none());
	shield = shield_of(f);
	ck_assert_ptr_eq(shield, f);
	evtask_future_unref(shield);
	evtask_future_unref(f);
	return 0;
}

START_TASK_TEST(cancelling_it_leaves_what_is_inside_alone)
{
	struct evtask *task = start(sleep_seconds, (void *)1);
	struct evtask_future *shield = shield_of(task);

	(void)!evtask_sleep(0);
	ck_assert_int_eq(evtask_cancel(shield, "never mind"), 1);
	ck_assert(evtask_cancelled(shield));
	ck_assert_int_eq(evtask_await_result(task, NULL), 0);
	ck_assert_int_eq(evtask_cancelling(task), 0);
	evtask_future_unref(shield);
	evtask_unref(task);
	return 0;
}

static int
await_shield(void *arg)
{
	struct evtask_future *shield = shield_of(AWAITABLE(arg));
	int r = evtask_await_result(shield, NULL);

	evtask_future_unref(shield);
	say("%d", r);
	return r;
}

START_TASK_TEST(who_awaits_it_can_be_cancelled_alone)
{
	struct evtask *inside = start(sleep_seconds, (void *)5);
	struct evtask *outside = start(await_shield, inside);

	(void)!evtask_sleep(0);
	evtask_cancel(outside, NULL);
	ck_assert_int_eq(evtask_await(outside), 0);
	ck_assert_said("-125");
	ck_assert(!evtask_done(inside));
	ck_assert_int_eq(evtask_await_result(inside, NULL), 0);
	evtask_unref(outside);
	evtask_unref(inside);
	return 0;
}

START_TASK_TEST(it_is_cancelled_when_what_is_inside_is)
{
	struct evtask *task = start(sleep_for_ever, NULL);
	struct evtask_future *shield = shield_of(task);

	(void)!evtask_sleep(0);
	evtask_cancel(task, "from inside");
	ck_assert_int_eq(evtask_await(shield), 0);
	ck_assert(evtask_cancelled(shield));
	ck_assert_str_eq(evtask_error_message(evtask_cancellation(shield)),
	    "from inside");
	evtask_future_unref(shield);
	evtask_unref(task);
	return 0;
}

START_TASK_TEST(a_late_failure_is_reported_once_however_many_shields)
{
	struct evtask_future *f = new_future();
	struct evtask_future *a = shield_of(f), *b = shield_of(f);

	evtask_cancel(a, NULL);
	evtask_cancel(b, NULL);
	(void)!evtask_sleep(0);
	evtask_set_exception(f, evtask_error_new(-EIO, NULL, "late"));
	(void)!evtask_sleep(0);
	ck_assert_ptr_eq(reported.future, f);
	ck_assert_reported("a task raised after its shield was cancelled",
	    -EIO);
	evtask_future_unref(a);
	evtask_future_unref(b);
	evtask_future_unref(f);
	return 0;
}

START_TASK_TEST(a_late_success_is_nobodys_business)
{
	struct evtask_future *f = new_future(), *shield = shield_of(f);

	evtask_cancel(shield, NULL);
	(void)!evtask_sleep(0);
	evtask_set_result(f, evtask_value_none());
	(void)!evtask_sleep(0);
	evtask_future_unref(shield);
	evtask_future_unref(f);
	return 0;
}

START_TEST(it_holds_what_is_inside_and_goes_with_the_loop)
{
	struct evtask_future *f = new_future(), *shield = shield_of(f);

	evtask_future_unref(f);
	evtask_future_unref(shield);
	f = new_future();
	shield = shield_of(f);
	evtask_future_unref(f);
	replace_loop(new_loop(EVTASK_CLOCK_VIRTUAL));
	ck_assert(!evtask_done(shield));
	evtask_future_unref(shield);
	ck_assert_int_eq(evtask_shield(AWAITABLE(NULL), &f), -EINVAL);
}
END_TEST

enum { DEEP = 200000 };

START_TEST(shields_within_shields_are_let_go_without_recursion)
{
	struct evtask_future *f = new_future(), *inner = f, *outer;

	evtask_future_ref(f);
	for (int i = 0; i < DEEP; i++) {
		outer = shield_of(inner);
		evtask_future_unref(inner);
		inner = outer;
	}
	evtask_set_result(f, evtask_value_int(7));
	evtask_future_unref(f);
	run_dry();
	ck_assert_int_eq(outcome(inner), 0);
	evtask_future_unref(inner);
}
END_TEST

CORE_SUITE("shield",
    it_comes_to_what_is_inside_comes_to,
    it_is_what_is_inside_when_that_is_done,
    cancelling_it_leaves_what_is_inside_alone,
    who_awaits_it_can_be_cancelled_alone,
    it_is_cancelled_when_what_is_inside_is,
    a_late_failure_is_reported_once_however_many_shields,
    a_late_success_is_nobodys_business,
    it_holds_what_is_inside_and_goes_with_the_loop,
    shields_within_shields_are_let_go_without_recursion)
