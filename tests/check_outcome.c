/* What comes of a task: a value, an error, or that nobody looked; and its
 * argument, which is freed once, whatever becomes of it. */
#include "tests/address_space.h"
#include "tests/core.h"

static int freed;	/* how often arg_free was called */

static void
count_free(void *arg)
{
	ck_assert_ptr_eq(arg, &freed);
	freed++;
}

static const struct evtask_options freeing = { .arg_free = count_free };

/* Ending. */

START_TEST(a_task_returns_a_value)
{
	struct evtask *task = start(return_words, "hello");
	struct evtask_value v;

	ck_assert_int_eq(evtask_result(task, &v), -EINPROGRESS);
	run_dry();
	ck_assert(evtask_done(task));
	ck_assert(!evtask_cancelled(task));
	ck_assert_int_eq(evtask_result(task, &v), 0);
	ck_assert_str_eq(evtask_value_text(v), "hello");
	evtask_unref(task);
}
END_TEST

static int
return_positive(void *arg)
{
	(void)arg;
	return 42;
}

START_TEST(a_positive_number_returned_is_success)
{
	struct evtask *task = start(return_positive, NULL);

	run_dry();
	ck_assert_int_eq(outcome(task), 0);
	evtask_unref(task);
}
END_TEST

START_TEST(a_task_raises)
{
	struct evtask *task = start(raise_code, (void *)-EIO);
	struct evtask_error *e;

	run_dry();
	ck_assert(!evtask_cancelled(task));
	ck_assert_int_eq(evtask_result(task, NULL), -EIO);
	ck_assert_int_eq(evtask_exception(task, &e), 0);
	ck_assert_str_eq(evtask_error_message(e), "raised on purpose");
	ck_assert_str_eq(evtask_error_site(e)->func, "raise_code");
	evtask_unref(task);
}
END_TEST

START_TEST(raising_ecanceled_by_hand_ends_a_task_as_cancelled)
{
	struct evtask *task = start(raise_code, (void *)-ECANCELED);

	run_dry();
	ck_assert(evtask_cancelled(task));
	ck_assert_int_eq(evtask_cancelling(task), 0);
	ck_assert_str_eq(evtask_error_message(evtask_cancellation(task)),
	    "raised on purpose");
	evtask_unref(task);
}
END_TEST

/* Failing unseen. */

START_TEST(a_detached_task_that_fails_is_reported_as_it_ends)
{
	spawn(raise_code, (void *)-EIO);
	ck_assert_uint_eq(reported.n, 0);
	run_turns(1);
	ck_assert_reported("a detached task raised", -EIO);
	ck_assert_ptr_nonnull(reported.task);
}
END_TEST

START_TEST(a_failure_with_a_handle_is_reported_when_that_is_dropped)
{
	struct evtask *task = start(raise_code, (void *)-EIO);

	run_dry();
	ck_assert_uint_eq(reported.n, 0);
	evtask_unref(task);
	ck_assert_ptr_eq(reported.task, task);
	ck_assert_reported("an exception was never retrieved", -EIO);
}
END_TEST

START_TEST(a_failure_that_is_looked_at_is_not_reported)
{
	struct evtask *task = start(raise_code, (void *)-EIO);

	run_dry();
	ck_assert_int_eq(outcome(task), -EIO);
	evtask_unref(task);
}
END_TEST

START_TEST(a_failure_that_is_awaited_is_not_reported)
{
	struct evtask *child = start(raise_code, (void *)-EIO);
	struct evtask *parent = start(await_future, child);

	run_dry();
	evtask_unref(child);
	ck_assert_int_eq(outcome(parent), -EIO);
	evtask_unref(parent);
}
END_TEST

START_TEST(a_cancelled_task_is_not_reported)
{
	struct evtask *task = start(sleep_for_ever, NULL);

	run_turns(1);
	ck_assert_int_eq(evtask_cancel(task, NULL), 1);
	evtask_unref(task);
	run_dry();
}
END_TEST

START_TEST(a_failed_task_with_a_callback_only_is_reported_after_it)
{
	struct evtask *task = start(raise_code, (void *)-EIO);

	ck_assert_int_eq(evtask_add_done_callback(task, say_done, "told"),
	    0);
	evtask_unref(task);
	run_dry();
	ck_assert_said("told");
	ck_assert_reported("an exception was never retrieved", -EIO);
}
END_TEST

static int
raise_instead_of_cancelled(void *arg)
{
	int r = evtask_sleep(EVTASK_FOREVER);

	(void)arg;
	return r == -ECANCELED ? evtask_raise(-EIO, "cleaning up") : r;
}

/* Asking it to stop does not count as having seen what came of that. */
START_TEST(a_task_that_fails_after_it_was_cancelled_is_reported)
{
	struct evtask *task = start(raise_instead_of_cancelled, NULL);

	run_turns(1);
	ck_assert_int_eq(evtask_cancel(task, NULL), 1);
	evtask_unref(task);
	run_dry();
	ck_assert_reported("a detached task raised", -EIO);
}
END_TEST

/* arg_free: once, whatever becomes of the task. */

static struct evtask *
start_freeing(evtask_fn fn)
{
	struct evtask *task;

	freed = 0;
	ck_assert_int_eq(evtask_loop_create_task(loop, fn, &freed, &freeing,
	    &task), 0);
	return task;
}

START_TEST(the_argument_is_freed_when_the_body_returned)
{
	struct evtask *task = start_freeing(return_at_once);

	ck_assert_int_eq(freed, 0);
	run_dry();
	ck_assert_int_eq(freed, 1);
	evtask_unref(task);
	ck_assert_int_eq(freed, 1);
}
END_TEST

START_TEST(the_argument_is_freed_when_the_body_raised)
{
	struct evtask *task = start_freeing(raise_code);

	run_dry();
	ck_assert_int_eq(freed, 1);
	(void)outcome(task);
	evtask_unref(task);
}
END_TEST

START_TEST(the_argument_is_freed_when_the_body_never_ran)
{
	struct evtask *task = start_freeing(return_at_once);

	evtask_cancel(task, NULL);
	ck_assert_int_eq(freed, 0);
	run_dry();
	ck_assert_int_eq(freed, 1);
	evtask_unref(task);
}
END_TEST

START_TEST(the_argument_is_freed_when_the_loop_is)
{
	struct evtask *parked = start_freeing(sleep_for_ever), *unborn;

	run_turns(1);
	ck_assert_int_eq(evtask_loop_create_task(loop, return_at_once, &freed,
	    &freeing, &unborn), 0);
	replace_loop(NULL);
	ck_assert_int_eq(freed, 2);
	evtask_unref(parked);
	evtask_unref(unborn);
}
END_TEST

START_TEST(the_argument_is_freed_when_an_eager_body_is_done_at_once)
{
	struct evtask_options options = freeing;

	options.eager = true;
	freed = 0;
	spawn(return_at_once, NULL);
	ck_assert_int_eq(evtask_call_soon(loop, say_arg, "", NULL), 0);
	run_dry();
	ck_assert_int_eq(evtask_loop_create_task(loop, return_at_once, &freed,
	    &options, NULL), 0);
	run_dry();
	ck_assert_int_eq(freed, 1);
}
END_TEST

START_TEST(the_argument_stays_the_callers_when_creation_is_refused)
{
	freed = 0;
	ck_assert_int_eq(evtask_loop_create_task(loop, NULL, &freed, &freeing,
	    NULL), -EINVAL);
	ck_assert_int_eq(evtask_create(return_at_once, &freed, &freeing,
	    NULL), -EINVAL);
	ck_assert_int_eq(freed, 0);
}
END_TEST

START_TEST(a_task_without_a_stack_fails_and_frees_its_argument)
{
	struct evtask *task = start_freeing(return_at_once);
	struct rlimit before;

	if (RUNNING_ON_VALGRIND) {	/* it needs address space itself */
		run_dry();
		evtask_unref(task);
		return;
	}
	before = address_space_take();
	run_turns(1);
	address_space_give(before);
	ck_assert_int_eq(outcome(task), -ENOMEM);
	ck_assert_int_eq(freed, 1);
	evtask_unref(task);
}
END_TEST

CORE_SUITE("outcome",
    a_task_returns_a_value,
    a_positive_number_returned_is_success,
    a_task_raises,
    raising_ecanceled_by_hand_ends_a_task_as_cancelled,
    a_detached_task_that_fails_is_reported_as_it_ends,
    a_failure_with_a_handle_is_reported_when_that_is_dropped,
    a_failure_that_is_looked_at_is_not_reported,
    a_failure_that_is_awaited_is_not_reported,
    a_cancelled_task_is_not_reported,
    a_failed_task_with_a_callback_only_is_reported_after_it,
    a_task_that_fails_after_it_was_cancelled_is_reported,
    the_argument_is_freed_when_the_body_returned,
    the_argument_is_freed_when_the_body_raised,
    the_argument_is_freed_when_the_body_never_ran,
    the_argument_is_freed_when_the_loop_is,
    the_argument_is_freed_when_an_eager_body_is_done_at_once,
    the_argument_stays_the_callers_when_creation_is_refused,
    a_task_without_a_stack_fails_and_frees_its_argument)
