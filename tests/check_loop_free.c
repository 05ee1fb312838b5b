/* A loop is freed: its tasks are unwound, and what others hold stays good. */
#include "tests/calls.h"

static struct evtask_loop *other;

static int
say_that_it_is_refused(void *arg)
{
	int r = evtask_sleep(EVTASK_FOREVER);

	say("%s%d", (char *)arg, r);
	/* Every further wait is refused, of whatever kind. */
	ck_assert_int_eq(evtask_sleep(0), -ECANCELED);
	ck_assert_int_eq(evtask_sleep(SECOND), -ECANCELED);
	ck_assert_int_eq(evtask_await(evtask_current_task()), -ECANCELED);
	return r;
}

START_TEST(pending_tasks_are_unwound_oldest_first)
{
	struct evtask *a = start(say_that_it_is_refused, "a");
	struct evtask *b = start(say_that_it_is_refused, "b");
	struct evtask *unborn;

	run_turns(1);
	unborn = start(say_that_it_is_refused, "unborn");
	replace_loop(NULL);
	ck_assert_said("a-125 b-125");
	ck_assert(evtask_cancelled(a));
	ck_assert(evtask_cancelled(b));
	ck_assert(evtask_cancelled(unborn));
	evtask_unref(a);
	evtask_unref(b);
	evtask_unref(unborn);
}
END_TEST

static int
return_all_the_same(void *arg)
{
	(void)!evtask_sleep(EVTASK_FOREVER);
	return (int)(intptr_t)arg;
}

START_TEST(an_unwound_task_ends_cancelled_whatever_it_returns)
{
	struct evtask *well = start(return_all_the_same, NULL);
	struct evtask *badly = start(return_all_the_same, (void *)-EIO);

	spawn(return_all_the_same, (void *)-EIO);
	run_turns(1);
	replace_loop(NULL);
	ck_assert(evtask_cancelled(well));
	ck_assert(evtask_cancelled(badly));
	evtask_unref(well);
	evtask_unref(badly);
	ck_assert_uint_eq(reported.n, 0);
}
END_TEST

static int
await_child_and_say(void *arg)
{
	int r = evtask_await((struct evtask *)arg);

	say("parent%d", r);
	return r;
}

START_TEST(tasks_that_wait_for_each_other_are_unwound)
{
	struct evtask *child = start(say_that_it_is_refused, "child");
	struct evtask *parent = start(await_child_and_say, child);

	run_turns(1);
	replace_loop(NULL);
	ck_assert_said("child-125 parent-125");
	evtask_unref(child);
	evtask_unref(parent);
}
END_TEST

static int
create_while_unwinding(void *arg)
{
	int r = evtask_sleep(EVTASK_FOREVER);

	(void)arg;
	ck_assert_int_eq(evtask_create(return_at_once, NULL, NULL, NULL),
	    -EINVAL);
	ck_assert_int_eq(evtask_call_soon(NULL, say_arg, "never", NULL),
	    -EINVAL);
	ck_assert_int_eq(evtask_loop_free(evtask_get_running_loop()), -EBUSY);
	return r;
}

START_TEST(a_task_that_is_unwound_cannot_begin_anything)
{
	spawn(create_while_unwinding, NULL);
	run_turns(1);
	replace_loop(NULL);
}
END_TEST

static int
never_end(void *arg)
{
	(void)arg;
	while (evtask_sleep(EVTASK_FOREVER) != 0)
		;
	return 0;
}

START_TEST(a_task_that_will_not_end_is_given_up_and_reported)
{
	struct evtask *task = start(never_end, NULL);
	struct evtask_info info;

	run_turns(1);
	replace_loop(NULL);
	ck_assert_reported("a task did not end when its loop was freed",
	    -EBUSY);
	ck_assert(!evtask_done(task));
	ck_assert_int_eq(evtask_get_info(task, &info), 0);
	ck_assert_uint_eq(info.stack_used, 0);
	evtask_unref(task);
}
END_TEST

START_TEST(handles_timers_and_callbacks_are_dropped)
{
	struct evtask_future *f = new_future(), *g = new_future();

	call_soon(say_arg, "never");
	call_later(1, say_arg, "never");
	ck_assert_int_eq(evtask_call_soon_threadsafe(loop, say_arg, "never"),
	    0);
	ck_assert_int_eq(evtask_add_done_callback(f, say_done, "never"), 0);
	ck_assert_int_eq(evtask_add_done_callback(g, say_done, "never"), 0);
	evtask_set_result(f, evtask_value_none());
	replace_loop(NULL);
	evtask_set_result(g, evtask_value_none());
	ck_assert_said("");
	evtask_future_unref(f);
	evtask_future_unref(g);
}
END_TEST

START_TEST(what_is_still_held_can_be_asked_after_the_loop_is_gone)
{
	struct evtask *done = start(return_at_once, NULL);
	struct evtask *failed = start(raise_code, (void *)-EIO);
	struct evtask *unseen = start(raise_code, (void *)-EIO);
	struct evtask_future *pending = new_future(), *gather;
	union evtask_awaitable fs[] = { AWAITABLE(pending) };
	struct evtask_handle *handle;
	struct evtask_info info;

	run_dry();
	ck_assert_int_eq(evtask_gather(fs, 1, false, &gather), 0);
	ck_assert_int_eq(evtask_call_later(loop, SECOND, say_arg, "never",
	    &handle), 0);
	replace_loop(NULL);
	ck_assert_int_eq(outcome(done), 0);
	ck_assert_int_eq(outcome(failed), -EIO);
	ck_assert_int_eq(evtask_set_name(done, "renamed"), 0);
	ck_assert_int_eq(evtask_get_info(done, &info), 0);
	ck_assert_int_eq(info.outcome, EVTASK_OUTCOME_RETURNED);
	ck_assert_int_eq(evtask_add_done_callback(pending, say_done, "never"),
	    -EINVAL);
	ck_assert_int_eq(evtask_cancel(pending, NULL), 1);
	ck_assert(evtask_cancelled(pending));
	evtask_unref(done);
	evtask_unref(failed);
	evtask_unref(unseen);
	evtask_future_unref(gather);
	evtask_future_unref(pending);
	evtask_handle_cancel(handle);
	evtask_handle_unref(handle);
}
END_TEST

START_TEST(no_loop_is_freed_at_once)
{
	ck_assert_int_eq(evtask_loop_free(NULL), 0);
}
END_TEST

static int
free_another_loop(void *arg)
{
	(void)arg;
	ck_assert_int_eq(evtask_loop_free(other), 0);
	ck_assert_ptr_eq(evtask_get_running_loop(), loop);
	ck_assert_ptr_nonnull(evtask_current_task());
	return evtask_sleep(0);
}

START_TEST(a_task_may_free_another_loop_and_its_tasks)
{
	struct evtask *theirs, *ours;

	other = new_loop(EVTASK_CLOCK_VIRTUAL);
	ck_assert_int_eq(evtask_loop_create_task(other, say_that_it_is_refused,
	    "theirs", NULL, &theirs), 0);
	evtask_loop_stop(other);
	ck_assert_int_eq(evtask_loop_run_forever(other), 0);
	ours = start(free_another_loop, NULL);
	run_dry();
	ck_assert_said("theirs-125");
	ck_assert_int_eq(outcome(ours), 0);
	evtask_unref(theirs);
	evtask_unref(ours);
}
END_TEST

CORE_SUITE("loop_free",
    pending_tasks_are_unwound_oldest_first,
    an_unwound_task_ends_cancelled_whatever_it_returns,
    tasks_that_wait_for_each_other_are_unwound,
    a_task_that_is_unwound_cannot_begin_anything,
    a_task_that_will_not_end_is_given_up_and_reported,
    handles_timers_and_callbacks_are_dropped,
    what_is_still_held_can_be_asked_after_the_loop_is_gone,
    no_loop_is_freed_at_once,
    a_task_may_free_another_loop_and_its_tasks)
