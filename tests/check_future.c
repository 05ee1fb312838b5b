/* Futures: settled once; whoever waits is told, in order, and never at once. */
#include "tests/core.h"

START_TEST(a_new_future_is_pending)
{
	struct evtask_future *f = new_future();

	ck_assert(!evtask_done(f));
	ck_assert(!evtask_cancelled(f));
	ck_assert_int_eq(evtask_result(f, NULL), -EINPROGRESS);
	ck_assert_int_eq(evtask_exception(f, NULL), -EINPROGRESS);
	ck_assert_ptr_null(evtask_cancellation(f));
	ck_assert_ptr_null(evtask_from_future(f));
	evtask_future_unref(f);
}
END_TEST

START_TEST(a_result_is_kept)
{
	struct evtask_future *f = new_future();
	struct evtask_value v;
	struct evtask_error *e;

	ck_assert_int_eq(evtask_set_result(f, evtask_value_int(42)), 0);
	ck_assert(evtask_done(f));
	ck_assert(!evtask_cancelled(f));
	ck_assert_int_eq(evtask_result(f, &v), 0);
	ck_assert_int_eq(v.u.i, 42);
	ck_assert_int_eq(evtask_exception(f, &e), 0);
	ck_assert_ptr_null(e);
	evtask_future_unref(f);
}
END_TEST

START_TEST(an_exception_is_kept)
{
	struct evtask_future *f = new_future();
	struct evtask_value v = evtask_value_int(7);
	struct evtask_error *e;

	ck_assert_int_eq(evtask_set_exception(f,
	    evtask_error_new(-EIO, NULL, "broken")), 0);
	ck_assert(evtask_done(f));
	ck_assert_int_eq(evtask_result(f, &v), -EIO);
	ck_assert_int_eq(v.u.i, 7);
	ck_assert_int_eq(evtask_exception(f, &e), 0);
	ck_assert_str_eq(evtask_error_message(e), "broken");
	ck_assert_ptr_null(evtask_cancellation(f));
	evtask_future_unref(f);
}
END_TEST

START_TEST(a_future_is_settled_once)
{
	struct evtask_future *f = new_future();
	struct evtask_value text, v;

	ck_assert_int_eq(evtask_set_result(f, evtask_value_int(1)), 0);
	/* What is refused is let go all the same: nothing leaks. */
	ck_assert_int_eq(evtask_value_string("late", &text), 0);
	ck_assert_int_eq(evtask_set_result(f, text), -EALREADY);
	ck_assert_int_eq(evtask_set_exception(f,
	    evtask_error_new(-EIO, NULL, "late")), -EALREADY);
	ck_assert_int_eq(evtask_cancel(f, "late"), 0);
	ck_assert_int_eq(evtask_result(f, &v), 0);
	ck_assert_int_eq(v.u.i, 1);
	evtask_future_unref(f);
}
END_TEST

START_TEST(a_cancelled_future_keeps_its_words_for_everybody)
{
	struct evtask_future *f = new_future();
	unsigned int line = __LINE__ + 1;
	int r = evtask_cancel(f, "maintenance");

	ck_assert_int_eq(r, 1);
	ck_assert(evtask_done(f));
	ck_assert(evtask_cancelled(f));
	ck_assert_int_eq(evtask_result(f, NULL), -ECANCELED);
	ck_assert_int_eq(evtask_exception(f, NULL), -ECANCELED);
	for (int i = 0; i < 2; i++)
		ck_assert_str_eq(evtask_error_message(evtask_cancellation(f)),
		    "maintenance");
	ck_assert_uint_eq(evtask_error_site(evtask_cancellation(f))->line,
	    line);
	ck_assert_int_eq(evtask_cancel(f, "again"), 0);
	ck_assert_str_eq(evtask_error_message(evtask_cancellation(f)),
	    "maintenance");
	evtask_future_unref(f);
}
END_TEST

START_TEST(a_cancellation_without_words_has_none)
{
	struct evtask_future *f = new_future();

	ck_assert_int_eq(evtask_cancel(f, NULL), 1);
	ck_assert_str_eq(evtask_error_message(evtask_cancellation(f)), "");
	evtask_future_unref(f);
}
END_TEST

START_TEST(callbacks_run_in_order_and_never_at_once)
{
	struct evtask_future *f = new_future();

	ck_assert_int_eq(evtask_add_done_callback(f, say_done, "a"), 0);
	ck_assert_int_eq(evtask_add_done_callback(f, say_done, "b"), 0);
	ck_assert_int_eq(evtask_add_done_callback(f, say_done, "a"), 0);
	evtask_set_result(f, evtask_value_none());
	ck_assert_said("");
	run_turns(1);
	ck_assert_said("a b a");
	run_dry();
	ck_assert_said("");
	evtask_future_unref(f);
}
END_TEST

START_TEST(a_callback_is_called_however_the_future_is_settled)
{
	struct evtask_future *fs[3] = {
		new_future(), new_future(), new_future(),
	};
	static const char *const names[] = { "result", "error", "cancel" };

	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(evtask_add_done_callback(fs[i], say_done,
		    (void *)names[i]), 0);
	evtask_set_result(fs[0], evtask_value_none());
	evtask_set_exception(fs[1], evtask_error_new(-EIO, NULL, NULL));
	evtask_cancel(fs[2], NULL);
	run_dry();
	ck_assert_said("result error cancel");
	ck_assert_int_eq(outcome(fs[1]), -EIO);
	for (int i = 0; i < 3; i++)
		evtask_future_unref(fs[i]);
}
END_TEST

START_TEST(a_callback_added_late_runs_in_the_next_turn)
{
	struct evtask_future *f = new_future();

	evtask_set_result(f, evtask_value_none());
	ck_assert_int_eq(evtask_add_done_callback(f, say_done, "late"), 0);
	ck_assert_said("");
	run_turns(1);
	ck_assert_said("late");
	evtask_future_unref(f);
}
END_TEST

START_TEST(removing_a_callback_takes_back_every_copy)
{
	struct evtask_future *f = new_future();
	char a[] = "a";

	ck_assert_int_eq(evtask_add_done_callback(f, say_done, a), 0);
	ck_assert_int_eq(evtask_add_done_callback(f, say_done, "b"), 0);
	ck_assert_int_eq(evtask_add_done_callback(f, say_done, a), 0);
	ck_assert_int_eq(evtask_remove_done_callback(f, say_done, a), 2);
	ck_assert_int_eq(evtask_remove_done_callback(f, say_done, a), 0);
	evtask_set_result(f, evtask_value_none());
	run_dry();
	ck_assert_said("b");
	evtask_future_unref(f);
}
END_TEST

START_TEST(a_callback_already_scheduled_is_not_taken_back)
{
	struct evtask_future *f = new_future();
	char a[] = "a";

	ck_assert_int_eq(evtask_add_done_callback(f, say_done, a), 0);
	evtask_set_result(f, evtask_value_none());
	ck_assert_int_eq(evtask_remove_done_callback(f, say_done, a), 0);
	run_dry();
	ck_assert_said("a");
	evtask_future_unref(f);
}
END_TEST

START_TEST(removing_leaves_tasks_that_wait_alone)
{
	struct evtask_future *f = new_future();
	struct evtask *task = start(await_future, f);

	run_turns(1);
	ck_assert_int_eq(evtask_remove_done_callback(f, say_done, NULL), 0);
	evtask_set_result(f, evtask_value_none());
	run_dry();
	ck_assert_int_eq(outcome(task), 0);
	evtask_unref(task);
	evtask_future_unref(f);
}
END_TEST

static void
drop_in_callback(struct evtask_future *f, void *arg)
{
	evtask_future_unref(f);	/* the last but the library's */
	say("%s %d", (char *)arg, evtask_done(f));
}

START_TEST(a_callback_may_drop_the_last_handle)
{
	struct evtask_future *f = new_future();

	ck_assert_int_eq(evtask_add_done_callback(f, drop_in_callback,
	    "dropped"), 0);
	evtask_set_result(f, evtask_value_none());
	run_dry();
	ck_assert_said("dropped 1");
}
END_TEST

static void
add_another(struct evtask_future *f, void *arg)
{
	say("first");
	ck_assert_int_eq(evtask_add_done_callback(f, say_done, arg), 0);
}

START_TEST(a_callback_may_add_another)
{
	struct evtask_future *f = new_future();

	ck_assert_int_eq(evtask_add_done_callback(f, add_another, "second"),
	    0);
	evtask_set_result(f, evtask_value_none());
	run_turns(1);
	ck_assert_said("first");
	run_turns(1);
	ck_assert_said("second");
	evtask_future_unref(f);
}
END_TEST

static void
raise_done(struct evtask_future *f, void *arg)
{
	(void)f, (void)arg;
	(void)!evtask_raise(-EIO, "from a callback");
}

START_TEST(what_a_done_callback_raises_is_reported_and_the_rest_run)
{
	struct evtask_future *f = new_future();

	ck_assert_int_eq(evtask_add_done_callback(f, raise_done, said), 0);
	ck_assert_int_eq(evtask_add_done_callback(f, say_done, "rest"), 0);
	evtask_set_result(f, evtask_value_none());
	run_dry();
	ck_assert_said("rest");
	ck_assert_ptr_eq(reported.callback_arg, said);
	ck_assert_reported("a callback raised", -EIO);
	evtask_future_unref(f);
}
END_TEST

START_TEST(a_pending_future_that_is_dropped_forgets_its_callbacks)
{
	struct evtask_future *f = new_future();

	ck_assert_int_eq(evtask_add_done_callback(f, say_done, "never"), 0);
	evtask_future_unref(f);
	run_dry();
	ck_assert_said("");
}
END_TEST

START_TEST(an_exception_nobody_looked_at_is_reported_when_dropped)
{
	struct evtask_future *f = new_future();

	evtask_set_exception(f, evtask_error_new(-EIO, NULL, NULL));
	ck_assert_uint_eq(reported.n, 0);
	evtask_future_unref(f);
	ck_assert_ptr_eq(reported.future, f);
	ck_assert_reported("an exception was never retrieved", -EIO);
}
END_TEST

static void
look_at_result(struct evtask_future *f)
{
	ck_assert_int_eq(evtask_result(f, NULL), -EIO);
}

static void
look_at_exception(struct evtask_future *f)
{
	ck_assert_int_eq(evtask_exception(f, NULL), 0);
}

static void
look_by_cancelling(struct evtask_future *f)
{
	ck_assert_int_eq(evtask_cancel(f, NULL), 0);
}

static void
look_by_awaiting(struct evtask_future *f)
{
	struct evtask *task = start(await_future, f);

	run_dry();
	ck_assert_int_eq(outcome(task), -EIO);
	evtask_unref(task);
}

static void
look_by_gathering(struct evtask_future *f)
{
	union evtask_awaitable fs[] = { AWAITABLE(f) };
	struct evtask_future *all;

	ck_assert_int_eq(evtask_gather(fs, 1, true, &all), 0);
	run_dry();
	evtask_future_unref(all);
}

START_TEST(an_exception_somebody_looked_at_is_not_reported)
{
	static void (*const looks[])(struct evtask_future *f) = {
		look_at_result, look_at_exception, look_by_cancelling,
		look_by_awaiting, look_by_gathering,
	};

	for (size_t i = 0; i < COUNT(looks); i++) {
		struct evtask_future *f = new_future();

		evtask_set_exception(f, evtask_error_new(-EIO, NULL, NULL));
		looks[i](f);
		evtask_future_unref(f);
		ck_assert_msg(reported.n == 0, "look %zu", i);
	}
}
END_TEST

static void
keep_the_future(struct evtask_loop *l, const struct evtask_report *report,
    void *arg)
{
	(void)l;
	*(struct evtask_future **)arg = evtask_future_ref(report->future);
}

START_TEST(the_handler_may_keep_a_future_that_is_reported)
{
	struct evtask_future *f = new_future(), *kept = NULL;

	evtask_loop_set_exception_handler(loop, keep_the_future, &kept);
	evtask_set_exception(f, evtask_error_new(-EIO, NULL, NULL));
	evtask_future_unref(f);
	ck_assert_ptr_eq(kept, f);
	ck_assert_int_eq(outcome(kept), -EIO);
	evtask_future_unref(kept);
}
END_TEST

START_TASK_TEST(awaiting_a_done_future_does_not_suspend)
{
	struct evtask_future *f = new_future();
	uint64_t turn = turns();

	evtask_set_result(f, evtask_value_int(3));
	ck_assert_int_eq(evtask_await(f), 0);
	ck_assert_uint_eq(turns(), turn);
	evtask_future_unref(f);
	return 0;
}

START_TASK_TEST(awaiting_the_result_of_a_done_future_hands_it_over)
{
	struct evtask_future *f = new_future();
	struct evtask_value v;

	evtask_set_result(f, evtask_value_int(3));
	ck_assert_int_eq(evtask_await_result(f, &v), 0);
	ck_assert_int_eq(v.u.i, 3);
	ck_assert_int_eq(evtask_await_result(f, NULL), 0);
	evtask_future_unref(f);
	return 0;
}

START_TASK_TEST(awaiting_a_failed_future_is_no_failure_of_the_wait)
{
	struct evtask_future *f = new_future();

	evtask_set_exception(f, evtask_error_new(-EIO, NULL, "broken"));
	ck_assert_int_eq(evtask_await(f), 0);
	ck_assert_ptr_null(evtask_raised());
	ck_assert_int_eq(evtask_await_result(f, NULL), -EIO);
	ck_assert_str_eq(evtask_error_message(evtask_raised()), "broken");
	evtask_error_unref(evtask_catch(-EIO));
	evtask_future_unref(f);
	return 0;
}

START_TASK_TEST(awaiting_a_cancelled_future_is_no_cancellation_of_the_task)
{
	struct evtask_future *f = new_future();

	evtask_cancel(f, "words");
	ck_assert_int_eq(evtask_await(f), 0);
	ck_assert_int_eq(evtask_await_result(f, NULL), -ECANCELED);
	ck_assert_str_eq(evtask_error_message(evtask_raised()), "words");
	evtask_error_unref(evtask_catch(-ECANCELED));
	ck_assert_int_eq(evtask_cancelling(evtask_current_task()), 0);
	evtask_future_unref(f);
	return 0;
}

static int
await_and_say(void *arg)
{
	struct evtask_future *f = arg;
	struct evtask_value v;
	int r = evtask_await_result(f, &v);

	if (r == 0)
		say("%s%" PRIi64, evtask_get_name(evtask_current_task()),
		    v.u.i);
	return r;
}

static void
spawn_named(evtask_fn fn, void *arg, const char *name)
{
	struct evtask_options options = { .name = name };

	ck_assert_int_eq(evtask_loop_create_task(loop, fn, arg, &options,
	    NULL), 0);
}

START_TEST(tasks_and_callbacks_are_woken_in_the_order_in_which_they_came)
{
	struct evtask_future *f = new_future();

	spawn_named(await_and_say, f, "a");
	run_turns(1);
	ck_assert_int_eq(evtask_add_done_callback(f, say_done, "callback"),
	    0);
	spawn_named(await_and_say, f, "b");
	run_turns(1);
	evtask_set_result(f, evtask_value_int(1));
	ck_assert_said("");
	run_turns(1);
	ck_assert_said("a1 callback b1");
	evtask_future_unref(f);
}
END_TEST

START_TEST(a_future_lives_while_it_is_awaited)
{
	struct evtask_future *f = new_future();

	spawn_named(await_and_say, f, "a");
	run_turns(1);
	evtask_set_result(f, evtask_value_int(5));
	run_dry();
	ck_assert_said("a5");
	evtask_future_unref(f);
}
END_TEST

static int
await_and_drop(void *arg)
{
	struct evtask_future *f = arg;
	int r = evtask_await(f);

	say("woken %d", evtask_done(f));
	evtask_future_unref(f);
	return r;
}

START_TEST(the_awaiter_may_hold_the_only_handle)
{
	struct evtask_future *f = new_future();

	spawn(await_and_drop, f);
	run_turns(1);
	evtask_set_result(f, evtask_value_none());
	run_dry();
	ck_assert_said("woken 1");
}
END_TEST

START_TEST(a_future_of_the_running_loop_needs_no_loop_named)
{
	struct evtask_future *f = NULL;

	ck_assert_int_eq(evtask_future_new(NULL, &f), -EINVAL);
	ck_assert_ptr_null(f);
}
END_TEST

START_TASK_TEST(in_a_task_the_loop_is_the_running_one)
{
	struct evtask_future *f;

	ck_assert_int_eq(evtask_future_new(NULL, &f), 0);
	evtask_future_unref(f);
	return 0;
}

START_TEST(a_task_is_a_future_and_back)
{
	struct evtask *task = start(return_at_once, NULL);

	ck_assert_ptr_eq(evtask_from_future(evtask_as_future(task)), task);
	ck_assert_ptr_null(evtask_as_future(NULL));
	run_dry();
	evtask_unref(task);
}
END_TEST

START_TEST(a_task_settles_itself)
{
	struct evtask *task = start(return_at_once, NULL);
	struct evtask_future *f = evtask_as_future(task);

	ck_assert_int_eq(evtask_set_result(f, evtask_value_none()), -EPERM);
	ck_assert_int_eq(evtask_set_exception(f,
	    evtask_error_new(-EIO, NULL, NULL)), -EPERM);
	ck_assert(!evtask_done(task));
	run_dry();
	ck_assert_int_eq(evtask_set_result(f, evtask_value_none()), -EPERM);
	ck_assert_int_eq(outcome(task), 0);
	evtask_unref(task);
}
END_TEST

CORE_SUITE("future",
    a_new_future_is_pending,
    a_result_is_kept,
    an_exception_is_kept,
    a_future_is_settled_once,
    a_cancelled_future_keeps_its_words_for_everybody,
    a_cancellation_without_words_has_none,
    callbacks_run_in_order_and_never_at_once,
    a_callback_is_called_however_the_future_is_settled,
    a_callback_added_late_runs_in_the_next_turn,
    removing_a_callback_takes_back_every_copy,
    a_callback_already_scheduled_is_not_taken_back,
    removing_leaves_tasks_that_wait_alone,
    a_callback_may_drop_the_last_handle,
    a_callback_may_add_another,
    what_a_done_callback_raises_is_reported_and_the_rest_run,
    a_pending_future_that_is_dropped_forgets_its_callbacks,
    an_exception_nobody_looked_at_is_reported_when_dropped,
    an_exception_somebody_looked_at_is_not_reported,
    the_handler_may_keep_a_future_that_is_reported,
    awaiting_a_done_future_does_not_suspend,
    awaiting_the_result_of_a_done_future_hands_it_over,
    awaiting_a_failed_future_is_no_failure_of_the_wait,
    awaiting_a_cancelled_future_is_no_cancellation_of_the_task,
    tasks_and_callbacks_are_woken_in_the_order_in_which_they_came,
    a_future_lives_while_it_is_awaited,
    the_awaiter_may_hold_the_only_handle,
    a_future_of_the_running_loop_needs_no_loop_named,
    in_a_task_the_loop_is_the_running_one,
    a_task_is_a_future_and_back,
    a_task_settles_itself)
