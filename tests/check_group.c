/*
 * Task groups: no task outlives its group, and no error is lost.
 */
#include "tests/core.h"

static struct evtask_group group;

static void
enter(void)
{
	ck_assert_int_eq(evtask_group_enter(&group), 0);
}

static void
add(evtask_fn fn, void *arg)
{
	ck_assert_int_eq(evtask_group_create_task(&group, fn, arg, NULL,
	    NULL), 0);
}

/* Says how its sleep of so many seconds ended. */
static int
nap(void *arg)
{
	int r = evtask_sleep((int64_t)(intptr_t)arg * SECOND);

	say("nap%d", r);
	return r;
}

static int
fail_after_a_second(void *arg)
{
	int r = evtask_sleep(SECOND);

	return r < 0 ? r : raise_code(arg);
}

/* Leaves the group; says its errors. */
static int
leave(int r)
{
	struct evtask_error *error;
	struct evtask_error *const *errors;
	size_t n;

	r = evtask_group_exit(&group, r);
	if (r == 0)
		return 0;
	error = evtask_catch(r);
	errors = evtask_error_errors(error, &n);
	if (r != -ECANCELED)
		ck_assert_str_eq(evtask_error_type(error), "Group");
	for (size_t i = 0; i < n; i++)
		say("%d", evtask_error_code(errors[i]));
	evtask_error_unref(error);
	return r;
}

START_TASK_TEST(leaving_waits_for_all)
{
	enter();
	add(nap, (void *)1);
	add(nap, (void *)2);
	ck_assert_int_eq(leave(0), 0);
	ck_assert_said("nap0 nap0");
	ck_assert_int_eq(evtask_loop_time_us(loop), 2 * SECOND);
	return 0;
}

START_TASK_TEST(an_empty_group_takes_no_turn)
{
	uint64_t before = turns();

	enter();
	ck_assert_int_eq(leave(0), 0);
	ck_assert_uint_eq(turns(), before);
	return 0;
}

static int
add_another(void *arg)
{
	(void)arg;
	add(nap, (void *)3);
	return 0;
}

START_TASK_TEST(tasks_of_the_group_may_add_to_it)
{
	enter();
	add(add_another, NULL);
	ck_assert_int_eq(leave(0), 0);
	ck_assert_said("nap0");
	return 0;
}

START_TASK_TEST(a_failure_cancels_the_others_and_the_body)
{
	enter();
	add(nap, (void *)9);
	add(fail_after_a_second, (void *)-EIO);
	ck_assert_int_eq(leave(nap((void *)9)), -EIO);
	ck_assert_said("nap-125 nap-125 -5");
	ck_assert_int_eq(evtask_cancelling(evtask_current_task()), 0);
	ck_assert_int_eq(evtask_loop_time_us(loop), SECOND);
	return 0;
}

START_TASK_TEST(a_failure_while_leaving_cancels_the_others)
{
	enter();
	add(nap, (void *)9);
	add(fail_after_a_second, (void *)-EIO);
	ck_assert_int_eq(leave(0), -EIO);
	ck_assert_said("nap-125 -5");
	ck_assert_int_eq(evtask_cancelling(evtask_current_task()), 0);
	return 0;
}

START_TASK_TEST(all_errors_are_told_that_of_the_body_last)
{
	enter();
	add(fail_after_a_second, (void *)-EIO);
	add(fail_after_a_second, (void *)-ENOENT);
	ck_assert_int_eq(evtask_sleep(9 * SECOND), -ECANCELED);
	ck_assert_int_eq(leave(evtask_raise(-EDOM, "mine")), -EIO);
	ck_assert_said("-5 -2 -33");
	return 0;
}

START_TASK_TEST(a_body_that_raises_cancels_its_tasks)
{
	enter();
	add(nap, (void *)9);
	(void)!evtask_sleep(0);
	ck_assert_int_eq(leave(evtask_raise(-EDOM, "mine")), -EDOM);
	ck_assert_said("nap-125 -33");
	return 0;
}

START_TASK_TEST(a_task_that_ends_cancelled_is_no_failure)
{
	struct evtask *task;

	enter();
	ck_assert_int_eq(evtask_group_create_task(&group, nap, (void *)9,
	    NULL, &task), 0);
	add(nap, (void *)1);
	(void)!evtask_sleep(0);
	evtask_cancel(task, NULL);
	ck_assert_int_eq(leave(0), 0);
	ck_assert_said("nap-125 nap0");
	evtask_unref(task);
	return 0;
}

static int
hold_a_group(void *arg)
{
	int r;

	enter();
	add(nap, (void *)9);
	if (arg != NULL)
		add(arg, NULL);
	r = leave(0);
	say("left%d", r);
	return r < 0 ? r : evtask_sleep(0);
}

START_TASK_TEST(cancelled_while_leaving_it_cancels_its_tasks)
{
	struct evtask *holder = start(hold_a_group, NULL);

	(void)!evtask_sleep(0);
	(void)!evtask_sleep(0);
	evtask_cancel(holder, NULL);
	(void)!evtask_await(holder);
	ck_assert_said("nap-125 left-125");
	ck_assert(evtask_cancelled(holder));
	evtask_unref(holder);
	return 0;
}

static int
fail_when_cancelled(void *arg)
{
	(void)arg;
	(void)!evtask_sleep(9 * SECOND);
	return evtask_raise(-EIO, "while cleaning up");
}

static int
next_wait(void *arg)
{
	int r;

	enter();
	add(fail_when_cancelled, arg);
	ck_assert_int_eq(leave(0), -EIO);
	ck_assert_int_eq(evtask_cancelling(evtask_current_task()), 1);
	r = evtask_sleep(SECOND);
	say("next%d", r);
	return r;
}

START_TASK_TEST(an_error_beside_a_cancellation_keeps_it_for_the_next_wait)
{
	struct evtask *holder = start(next_wait, NULL);

	(void)!evtask_sleep(0);
	(void)!evtask_sleep(0);
	evtask_cancel(holder, "stop");
	(void)!evtask_await(holder);
	ck_assert_said("-5 next-125");
	ck_assert_str_eq(evtask_error_message(evtask_cancellation(holder)),
	    "stop");
	evtask_unref(holder);
	return 0;
}

START_TASK_TEST(a_second_cancel_while_leaving_is_counted_and_not_passed_on)
{
	struct evtask *holder = start(hold_a_group, NULL);

	(void)!evtask_sleep(0);
	(void)!evtask_sleep(0);
	evtask_cancel(holder, NULL);
	evtask_cancel(holder, NULL);
	(void)!evtask_await(holder);
	ck_assert_said("nap-125 left-125");
	ck_assert_int_eq(evtask_cancelling(holder), 2);
	evtask_unref(holder);
	return 0;
}

START_TASK_TEST(a_group_that_shuts_down_or_was_left_takes_no_more)
{
	enter();
	add(fail_after_a_second, (void *)-EIO);
	(void)!evtask_sleep(2 * SECOND);	/* it is aborting now */
	ck_assert_int_eq(evtask_group_create_task(&group, nap, NULL, NULL,
	    NULL), -EPERM);
	ck_assert_int_eq(leave(0), -EIO);
	ck_assert_int_eq(evtask_group_create_task(&group, nap, NULL, NULL,
	    NULL), -EPERM);
	ck_assert_said("-5");
	return 0;
}

START_TASK_TEST(an_eager_failure_is_told_a_turn_later)
{
	struct evtask_options eager = { .eager = true };

	enter();
	ck_assert_int_eq(evtask_group_create_task(&group, raise_code,
	    (void *)-EIO, &eager, NULL), 0);
	add(nap, (void *)1);		/* it is not aborting yet */
	ck_assert_int_eq(leave(0), -EIO);
	ck_assert_said("-5");
	return 0;
}

/* Ending early. */

static int
cancel_it(void *arg)
{
	int r = evtask_sleep((int64_t)(intptr_t)arg * SECOND);

	evtask_group_cancel(&group);
	evtask_group_cancel(&group);
	return r;
}

START_TASK_TEST(a_group_can_be_ended_early_and_silently)
{
	enter();
	add(nap, (void *)9);
	add(cancel_it, (void *)1);
	ck_assert_int_eq(leave(nap((void *)9)), 0);
	ck_assert_said("nap-125 nap-125");
	ck_assert_int_eq(evtask_cancelling(evtask_current_task()), 0);
	ck_assert_int_eq(evtask_loop_time_us(loop), SECOND);
	evtask_group_cancel(&group);	/* it was left: nothing */
	ck_assert_int_eq(evtask_sleep(0), 0);
	return 0;
}

START_TASK_TEST(ended_early_while_leaving_it_ends)
{
	enter();
	add(nap, (void *)9);
	add(cancel_it, (void *)1);
	ck_assert_int_eq(leave(0), 0);
	ck_assert_said("nap-125");
	ck_assert_int_eq(evtask_cancelling(evtask_current_task()), 0);
	return 0;
}

START_TASK_TEST(the_body_may_end_it_itself)
{
	enter();
	add(nap, (void *)9);
	evtask_group_cancel(&group);
	ck_assert_int_eq(leave(evtask_sleep(SECOND)), 0);
	ck_assert_said("");		/* its task never began */
	ck_assert_int_eq(evtask_sleep(0), 0);
	enter();
	evtask_group_cancel(&group);
	ck_assert_int_eq(leave(0), 0);	/* with no wait in between */
	ck_assert_int_eq(evtask_sleep(0), 0);
	return 0;
}

START_TASK_TEST(an_eager_task_may_end_it_before_it_waits)
{
	struct evtask_options eager = { .eager = true };

	enter();
	ck_assert_int_eq(evtask_group_create_task(&group, cancel_it,
	    (void *)-1, &eager, NULL), 0);
	ck_assert_int_eq(leave(0), 0);
	return 0;
}

static int
ended_and_cancelled(void *arg)
{
	(void)arg;
	enter();
	add(cancel_it, (void *)1);
	return leave(evtask_sleep(9 * SECOND));
}

START_TASK_TEST(ending_it_does_not_swallow_a_cancellation_from_outside)
{
	struct evtask *holder = start(ended_and_cancelled, NULL);

	(void)!evtask_sleep(SECOND);	/* both in one turn */
	evtask_cancel(holder, NULL);
	(void)!evtask_await(holder);
	ck_assert(evtask_cancelled(holder));
	ck_assert_int_eq(evtask_cancelling(holder), 1);
	evtask_unref(holder);
	return 0;
}

START_TASK_TEST(an_error_beside_the_early_end_is_told)
{
	enter();
	add(fail_when_cancelled, NULL);
	add(cancel_it, (void *)1);
	ck_assert_int_eq(leave(0), -EIO);
	ck_assert_said("-5");
	return 0;
}

/* The rest. */

START_TASK_TEST(who_waits_for_its_tasks_is_known)
{
	struct evtask *holder, *all[3], *waiting = NULL;
	struct evtask_wait_info wait;

	holder = start(hold_a_group, NULL);
	(void)!evtask_sleep(0);
	(void)!evtask_sleep(0);
	ck_assert_int_eq(evtask_get_wait(holder, &wait), 1);
	ck_assert_str_eq(wait.op, "group.exit");
	ck_assert_str_eq(wait.name, "1");
	ck_assert_uint_eq(evtask_all_tasks(NULL, all, 3), 3);
	ck_assert_uint_eq(evtask_awaited_by(all[2], &waiting, 1), 1);
	ck_assert_ptr_eq(waiting, holder);
	(void)!evtask_await(holder);
	ck_assert_said("nap0 left0");
	evtask_unref(holder);
	return 0;
}

START_TEST(a_group_is_unwound_with_its_loop)
{
	spawn(hold_a_group, sleep_for_ever);
	run_turns(3);
	replace_loop(new_loop(EVTASK_CLOCK_VIRTUAL));
	ck_assert_said("left-125 nap-125");
}
END_TEST

START_TEST(outside_a_task_there_is_no_group)
{
	ck_assert_int_eq(evtask_group_enter(&group), -EINVAL);
}
END_TEST

static int
leave_anothers(void *arg)
{
	(void)arg;
	say("%d", evtask_group_exit(&group, 0));
	return 0;
}

START_TASK_TEST(only_who_entered_it_leaves_it)
{
	enter();
	add(leave_anothers, NULL);
	ck_assert_int_eq(leave(0), 0);
	ck_assert_int_eq(evtask_group_exit(&group, 0), -EINVAL);
	ck_assert_said("-22");
	return 0;
}

static int
cancel_the_group_and_wait(void *arg)
{
	evtask_group_cancel(&group);
	return nap(arg);
}

START_TASK_TEST(an_eager_task_that_ends_the_group_is_cancelled_itself)
{
	struct evtask_options eager = { .eager = true };

	enter();
	ck_assert_int_eq(evtask_group_create_task(&group,
	    cancel_the_group_and_wait, (void *)9, &eager, NULL), 0);
	ck_assert_int_eq(leave(0), 0);
	ck_assert_said("nap-125");
	ck_assert_int_eq(evtask_loop_time_us(loop), 0);
	return 0;
}

CORE_SUITE("group",
    leaving_waits_for_all,
    an_empty_group_takes_no_turn,
    tasks_of_the_group_may_add_to_it,
    a_failure_cancels_the_others_and_the_body,
    a_failure_while_leaving_cancels_the_others,
    all_errors_are_told_that_of_the_body_last,
    a_body_that_raises_cancels_its_tasks,
    a_task_that_ends_cancelled_is_no_failure,
    cancelled_while_leaving_it_cancels_its_tasks,
    an_error_beside_a_cancellation_keeps_it_for_the_next_wait,
    a_second_cancel_while_leaving_is_counted_and_not_passed_on,
    a_group_that_shuts_down_or_was_left_takes_no_more,
    an_eager_failure_is_told_a_turn_later,
    a_group_can_be_ended_early_and_silently,
    ended_early_while_leaving_it_ends,
    the_body_may_end_it_itself,
    an_eager_task_may_end_it_before_it_waits,
    ending_it_does_not_swallow_a_cancellation_from_outside,
    an_error_beside_the_early_end_is_told,
    who_waits_for_its_tasks_is_known,
    a_group_is_unwound_with_its_loop,
    outside_a_task_there_is_no_group,
    only_who_entered_it_leaves_it,
    an_eager_task_that_ends_the_group_is_cancelled_itself)
