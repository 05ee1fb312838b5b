/* Tasks: made, run, ended, and let go of, in every order these can come. */
#include "tests/core.h"

#include <sys/resource.h>

/* AddressSanitizer asks: that there is no memory is an answer, not the end. */
const char *__asan_default_options(void);
const char *
__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

static int freed;	/* how often arg_free was called */

static void
count_free(void *arg)
{
	ck_assert_ptr_eq(arg, &freed);
	freed++;
}

static const struct evtask_options freeing = { .arg_free = count_free };
static const struct evtask_options eager = { .eager = true };

/* Each says its name, then yields, twice. */
static int
say_and_yield(void *arg)
{
	for (int i = 0; i < 2; i++) {
		int r;

		say("%s%d", (char *)arg, i);
		r = evtask_sleep(0);
		if (r < 0)
			return r;
	}
	return 0;
}

static int
say_once(void *arg)
{
	say("%s", (char *)arg);
	return 0;
}

/* Creating. */

START_TEST(creating_never_runs_the_body)
{
	spawn(say_once, "ran");
	ck_assert_said("");
	run_dry();
	ck_assert_said("ran");
}
END_TEST

START_TASK_TEST(creating_in_a_task_never_runs_the_body)
{
	ck_assert_int_eq(evtask_create(say_once, "ran", NULL, NULL), 0);
	ck_assert_said("");
	ck_assert_int_eq(evtask_sleep(0), 0);
	ck_assert_said("ran");
	return 0;
}

START_TASK_TEST(awaiting_what_is_done_does_not_let_others_run)
{
	struct evtask_future *f = new_future();

	ck_assert_int_eq(evtask_create(say_once, "ran", NULL, NULL), 0);
	evtask_set_result(f, evtask_value_none());
	ck_assert_int_eq(evtask_await(f), 0);
	ck_assert_said("");
	evtask_future_unref(f);
	ck_assert_int_eq(evtask_sleep(0), 0);
	ck_assert_said("ran");
	return 0;
}

START_TEST(tasks_run_in_the_order_of_creation)
{
	spawn(say_and_yield, "a");
	spawn(say_and_yield, "b");
	spawn(say_and_yield, "c");
	run_dry();
	ck_assert_said("a0 b0 c0 a1 b1 c1");
}
END_TEST

static void
create_in_callback(void *arg)
{
	ck_assert_int_eq(evtask_create(say_once, arg, NULL, NULL), 0);
	ck_assert_said("");
}

START_TEST(a_callback_creates_tasks_too)
{
	ck_assert_int_eq(evtask_call_soon(loop, create_in_callback, "ran",
	    NULL), 0);
	run_turns(1);
	ck_assert_said("");
	run_turns(1);
	ck_assert_said("ran");
}
END_TEST

static int
create_ten_levels(void *arg)
{
	intptr_t level = (intptr_t)arg;

	if (level < 10)
		ck_assert_int_eq(evtask_create(create_ten_levels,
		    (void *)(level + 1), NULL, NULL), 0);
	say("%d", (int)level);
	return 0;
}

START_TEST(a_task_that_creates_outlives_or_not_as_it_likes)
{
	spawn(create_ten_levels, NULL);
	run_dry();
	ck_assert_said("0 1 2 3 4 5 6 7 8 9 10");
}
END_TEST

START_TEST(the_arguments_reach_the_body)
{
	struct evtask_value v;
	struct evtask *task = start(sleep_seconds, (void *)3600);

	run_dry();
	ck_assert_int_eq(evtask_result(task, &v), 0);
	ck_assert_ptr_null(v.type);
	ck_assert_int_eq(evtask_loop_time_us(loop), 3600 * SECOND);
	evtask_unref(task);
}
END_TEST

/* Ending. */

static int
return_text(void *arg)
{
	struct evtask_value v;

	ck_assert_int_eq(evtask_value_string(arg, &v), 0);
	return evtask_return(v);
}

START_TEST(a_task_returns_a_value)
{
	struct evtask *task = start(return_text, "hello");
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

/* Handles. */

START_TEST(a_handle_dropped_early_does_not_stop_the_task)
{
	evtask_unref(start(say_and_yield, "a"));
	run_dry();
	ck_assert_said("a0 a1");
}
END_TEST

static int
drop_my_own_handle(void *arg)
{
	evtask_unref(*(struct evtask **)arg);
	say("%d", evtask_sleep(SECOND));
	return 0;
}

START_TEST(a_task_may_drop_its_own_last_handle)
{
	struct evtask *task;

	task = start(drop_my_own_handle, &task);
	run_dry();
	ck_assert_said("0");
}
END_TEST

START_TEST(a_handle_is_good_long_after_the_end)
{
	struct evtask *task = start(return_text, "kept");
	struct evtask_value v;

	for (int i = 0; i < 100; i++)
		spawn(return_at_once, NULL);
	run_dry();
	ck_assert_int_eq(evtask_result(task, &v), 0);
	ck_assert_str_eq(evtask_value_text(v), "kept");
	ck_assert_ptr_eq(evtask_ref(task), task);
	evtask_unref(task);
	ck_assert_int_eq(evtask_result(task, &v), 0);
	evtask_unref(task);
	evtask_unref(NULL);
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
	struct rlimit before, none;

	if (RUNNING_ON_VALGRIND) {	/* it needs address space itself */
		run_dry();
		evtask_unref(task);
		return;
	}
	ck_assert_int_eq(getrlimit(RLIMIT_AS, &before), 0);
	none = before;
	none.rlim_cur = 0;
	ck_assert_int_eq(setrlimit(RLIMIT_AS, &none), 0);
	run_turns(1);
	ck_assert_int_eq(setrlimit(RLIMIT_AS, &before), 0);
	ck_assert_int_eq(outcome(task), -ENOMEM);
	ck_assert_int_eq(freed, 1);
	evtask_unref(task);
}
END_TEST

/* Names and numbers. */

START_TEST(a_task_not_named_is_called_by_its_number)
{
	struct evtask *task = start(return_at_once, NULL);
	char name[64];

	snprintf(name, sizeof name, "Task-%" PRIu64, evtask_id(task));
	ck_assert_str_eq(evtask_get_name(task), name);
	ck_assert_ptr_eq(evtask_get_name(task), evtask_get_name(task));
	run_dry();
	evtask_unref(task);
}
END_TEST

START_TEST(numbers_count_up)
{
	struct evtask *a = start(return_at_once, NULL);
	struct evtask *b = start(return_at_once, NULL);

	ck_assert_uint_ge(evtask_id(a), 1);
	ck_assert_uint_eq(evtask_id(b), evtask_id(a) + 1);
	run_dry();
	evtask_unref(a);
	evtask_unref(b);
}
END_TEST

START_TEST(a_name_is_copied_and_can_be_changed)
{
	char name[] = "crawl";
	struct evtask_options options = { .name = name };
	struct evtask *task;

	ck_assert_int_eq(evtask_loop_create_task(loop, return_at_once, NULL,
	    &options, &task), 0);
	name[0] = '?';
	ck_assert_str_eq(evtask_get_name(task), "crawl");
	ck_assert_int_eq(evtask_set_name(task, "nap"), 0);
	ck_assert_str_eq(evtask_get_name(task), "nap");
	ck_assert_int_eq(evtask_set_name(task, evtask_get_name(task)), 0);
	ck_assert_str_eq(evtask_get_name(task), "nap");
	ck_assert_int_eq(evtask_set_name(task, NULL), -EINVAL);
	ck_assert_str_eq(evtask_get_name(task), "nap");
	run_dry();
	ck_assert_str_eq(evtask_get_name(task), "nap");
	evtask_unref(task);
}
END_TEST

/* Who runs, and who there is. */

static void
say_whether_a_task_runs(void *arg)
{
	(void)arg;
	say(evtask_current_task() != NULL ? "task" : "none");
	say(evtask_get_running_loop() == loop ? "loop" : "none");
}

static int
look_at_myself(void *arg)
{
	struct evtask *self = *(struct evtask **)arg;

	ck_assert_ptr_eq(evtask_current_task(), self);
	ck_assert_int_eq(evtask_sleep(0), 0);
	ck_assert_ptr_eq(evtask_current_task(), self);
	return 0;
}

START_TEST(the_current_task_is_the_one_that_runs)
{
	struct evtask *a, *b;

	ck_assert_ptr_null(evtask_current_task());
	a = start(look_at_myself, &a);
	b = start(look_at_myself, &b);
	ck_assert_int_eq(evtask_call_soon(loop, say_whether_a_task_runs, NULL,
	    NULL), 0);
	run_dry();
	ck_assert_said("none loop");
	ck_assert_ptr_null(evtask_current_task());
	ck_assert_ptr_null(evtask_get_running_loop());
	ck_assert_int_eq(outcome(a), 0);
	ck_assert_int_eq(outcome(b), 0);
	evtask_unref(a);
	evtask_unref(b);
}
END_TEST

START_TEST(all_tasks_are_those_pending_oldest_first)
{
	struct evtask *a = start(sleep_seconds, (void *)2);
	struct evtask *b = start(sleep_seconds, (void *)1);
	struct evtask *c = start(sleep_seconds, (void *)3);
	struct evtask *all[4] = { NULL };

	ck_assert_uint_eq(evtask_all_tasks(loop, NULL, 0), 3);
	ck_assert_uint_eq(evtask_all_tasks(loop, all, 2), 3);
	ck_assert_ptr_eq(all[0], a);
	ck_assert_ptr_eq(all[1], b);
	ck_assert_ptr_null(all[2]);
	ck_assert_int_eq(evtask_loop_run_until_complete(loop, b), 0);
	ck_assert_uint_eq(evtask_all_tasks(loop, all, 4), 2);
	ck_assert_ptr_eq(all[0], a);
	ck_assert_ptr_eq(all[1], c);
	run_dry();
	ck_assert_uint_eq(evtask_all_tasks(loop, all, 4), 0);
	ck_assert_uint_eq(evtask_all_tasks(NULL, all, 4), 0);
	evtask_unref(a);
	evtask_unref(b);
	evtask_unref(c);
}
END_TEST

/* Awaiting tasks. */

static int
await_and_return(void *arg)
{
	struct evtask_value v;
	int r = evtask_await_result((struct evtask *)arg, &v);

	if (r < 0)
		return r;
	return evtask_return(evtask_value_ref(v));
}

START_TEST(ten_awaiters_get_the_same_object)
{
	struct evtask *child = start(return_text, "shared"), *tasks[10];
	struct evtask_value v, first;

	for (int i = 0; i < 10; i++)
		tasks[i] = start(await_and_return, child);
	run_dry();
	evtask_unref(child);
	ck_assert_int_eq(evtask_result(tasks[0], &first), 0);
	for (int i = 0; i < 10; i++) {
		ck_assert_int_eq(evtask_result(tasks[i], &v), 0);
		ck_assert_ptr_eq(v.u.s, first.u.s);
	}
	for (int i = 0; i < 10; i++)
		evtask_unref(tasks[i]);
}
END_TEST

START_TEST(an_error_travels_up_a_chain_of_awaits)
{
	struct evtask *a = start(raise_code, (void *)-EIO);
	struct evtask *b = start(await_future, a);
	struct evtask *c = start(await_future, b);
	struct evtask_error *e;

	run_dry();
	ck_assert_int_eq(evtask_exception(c, &e), 0);
	ck_assert_str_eq(evtask_error_site(e)->func, "raise_code");
	evtask_unref(a);
	evtask_unref(b);
	evtask_unref(c);
}
END_TEST

static int
await_myself(void *arg)
{
	(void)arg;
	return evtask_await(evtask_current_task());
}

START_TEST(a_task_cannot_await_itself)
{
	struct evtask *task = start(await_myself, NULL);
	struct evtask_error *e;

	run_dry();
	ck_assert_int_eq(evtask_exception(task, &e), 0);
	ck_assert_int_eq(evtask_error_code(e), -EDEADLK);
	ck_assert_str_eq(evtask_error_type(e), "Runtime");
	evtask_unref(task);
}
END_TEST

static int
await_by_address(void *arg)
{
	return evtask_await(*(struct evtask **)arg);
}

START_TEST(an_await_that_closes_a_circle_is_refused)
{
	struct evtask *a, *b, *c;
	struct evtask_error *e;

	a = start(await_by_address, &b);
	b = start(await_by_address, &c);
	c = start(await_by_address, &a);
	run_dry();
	ck_assert_int_eq(evtask_exception(c, &e), 0);
	ck_assert_int_eq(evtask_error_code(e), -EDEADLK);
	/* The others go on: who they waited for has ended. */
	ck_assert_int_eq(outcome(a), 0);
	ck_assert_int_eq(outcome(b), 0);
	evtask_unref(a);
	evtask_unref(b);
	evtask_unref(c);
}
END_TEST

START_TEST(a_future_of_another_loop_is_refused)
{
	struct evtask_loop *other = new_loop(EVTASK_CLOCK_VIRTUAL);
	struct evtask_future *foreign;
	struct evtask_error *e;
	struct evtask *task;

	ck_assert_int_eq(evtask_future_new(other, &foreign), 0);
	task = start(await_future, foreign);
	run_dry();
	ck_assert_int_eq(evtask_exception(task, &e), 0);
	ck_assert_int_eq(evtask_error_code(e), -EXDEV);
	ck_assert_str_eq(evtask_error_type(e), "Runtime");
	evtask_unref(task);
	ck_assert(!evtask_done(foreign));
	evtask_future_unref(foreign);
	ck_assert_int_eq(evtask_loop_free(other), 0);
}
END_TEST

/* Awaited. */

/* Created and awaited, it takes one turn, and what awaited it the next. */
static void
await_one(void)
{
	uint64_t turn = turns();
	struct evtask *task;

	ck_assert_int_eq(evtask_create(return_at_once, NULL, NULL, &task), 0);
	ck_assert_int_eq(evtask_await(task), 0);
	ck_assert_uint_eq(turns(), turn + 2);
	evtask_unref(task);
}

START_TASK_TEST(who_awaits_goes_on_a_turn_later_though_nobody_else_is_ready)
{
	static const struct evtask_observer nothing;

	await_one();
	(void)evtask_loop_set_observer(loop, &nothing, NULL);
	await_one();
	(void)evtask_loop_set_observer(loop, NULL, NULL);
	return 0;
}

START_TASK_TEST(who_awaits_comes_after_those_who_are_ready)
{
	struct evtask *task;

	ck_assert_int_eq(evtask_create(return_at_once, NULL, NULL, &task), 0);
	ck_assert_int_eq(evtask_create(say_once, "b", NULL, NULL), 0);
	ck_assert_int_eq(evtask_await(task), 0);
	ck_assert_said("b");
	evtask_unref(task);
	return 0;
}

static int
await_another(void *arg)
{
	int r = evtask_await((struct evtask *)arg);

	say(r == 0 ? "awaited" : "interrupted");
	return r;
}

START_TASK_TEST(all_who_await_go_on_in_the_order_in_which_they_came)
{
	struct evtask *task, *other;

	ck_assert_int_eq(evtask_create(return_at_once, NULL, NULL, &task), 0);
	ck_assert_int_eq(evtask_create(await_another, task, &eager, &other),
	    0);
	ck_assert_int_eq(evtask_await(task), 0);
	ck_assert_said("awaited");
	ck_assert_int_eq(evtask_await(other), 0);
	evtask_unref(other);
	evtask_unref(task);
	return 0;
}

static void
set_flag(void *arg)
{
	*(bool *)arg = true;
}

START_TASK_TEST(those_who_create_and_await_for_ever_let_others_in)
{
	bool flag = false;

	ck_assert_int_eq(evtask_call_soon_threadsafe(loop, set_flag, &flag),
	    0);
	while (!flag) {
		struct evtask *task;

		ck_assert_int_eq(evtask_create(return_at_once, NULL, NULL,
		    &task), 0);
		ck_assert_int_eq(evtask_await(task), 0);
		evtask_unref(task);
	}
	return 0;
}

/* Eager. */

START_TASK_TEST(an_eager_task_runs_at_once_to_its_first_wait)
{
	struct evtask *self = evtask_current_task(), *task;

	ck_assert_int_eq(evtask_create(say_and_yield, "a", &eager, &task), 0);
	say("created");
	ck_assert_ptr_eq(evtask_current_task(), self);
	ck_assert_int_eq(evtask_await(task), 0);
	ck_assert_said("a0 created a1");
	evtask_unref(task);
	return 0;
}

START_TASK_TEST(an_eager_task_that_does_not_wait_is_done_at_birth)
{
	struct evtask *task;
	struct evtask_value v;
	uint64_t turn = turns();

	ck_assert_int_eq(evtask_create(return_text, "x", &eager, &task), 0);
	ck_assert(evtask_done(task));
	ck_assert_uint_eq(turns(), turn);
	ck_assert_uint_eq(evtask_all_tasks(NULL, NULL, 0), 1);
	ck_assert_int_eq(evtask_result(task, &v), 0);
	ck_assert_str_eq(evtask_value_text(v), "x");
	evtask_unref(task);
	return 0;
}

START_TASK_TEST(an_eager_error_is_kept_and_not_the_creators)
{
	struct evtask *task;

	ck_assert_int_eq(evtask_create(raise_code, (void *)-EIO, &eager,
	    &task), 0);
	ck_assert_ptr_null(evtask_raised());
	ck_assert_int_eq(outcome(task), -EIO);
	evtask_unref(task);
	return 0;
}

START_TASK_TEST(a_detached_eager_error_is_reported)
{
	ck_assert_int_eq(evtask_create(raise_code, (void *)-EIO, &eager,
	    NULL), 0);
	ck_assert_uint_eq(reported.n, 1);
	ck_assert_int_eq(reported.code, -EIO);
	reported.n = 0;
	return 0;
}

START_TASK_TEST(callbacks_of_an_eager_task_run_in_the_next_turn)
{
	struct evtask *task;

	ck_assert_int_eq(evtask_create(return_at_once, NULL, &eager, &task),
	    0);
	ck_assert_int_eq(evtask_add_done_callback(task, say_done, "told"),
	    0);
	evtask_unref(task);
	ck_assert_said("");
	ck_assert_int_eq(evtask_sleep(0), 0);
	ck_assert_said("told");
	return 0;
}

static int
create_eagerly_inside(void *arg)
{
	intptr_t depth = (intptr_t)arg;

	if (depth > 0)
		ck_assert_int_eq(evtask_create(create_eagerly_inside,
		    (void *)(depth - 1), &eager, NULL), 0);
	say("%d", (int)depth);
	ck_assert_int_eq(evtask_sleep(0), 0);
	say("%d", (int)depth);
	return 0;
}

START_TEST(eager_tasks_nest)
{
	spawn(create_eagerly_inside, (void *)3);
	run_dry();
	ck_assert_said("0 1 2 3 0 1 2 3");
}
END_TEST

static int
list_tasks_while_eager(void *arg)
{
	struct evtask *all[2];

	(void)arg;
	ck_assert_int_eq(evtask_create(sleep_seconds, (void *)1, NULL, NULL),
	    0);
	ck_assert_uint_eq(evtask_all_tasks(NULL, all, 2), 3);
	ck_assert_ptr_eq(all[1], evtask_current_task());
	return evtask_sleep(0);
}

START_TASK_TEST(an_eager_task_is_among_all_tasks_while_it_runs)
{
	ck_assert_int_eq(evtask_create(list_tasks_while_eager, NULL, &eager,
	    NULL), 0);
	return 0;
}

static void
create_eagerly_in_callback(void *arg)
{
	ck_assert_int_eq(evtask_create(say_and_yield, arg, &eager, NULL), 0);
	say("created");
	ck_assert_ptr_null(evtask_current_task());
}

START_TEST(a_callback_creates_eager_tasks_too)
{
	ck_assert_int_eq(evtask_call_soon(loop, create_eagerly_in_callback,
	    "a", NULL), 0);
	run_dry();
	ck_assert_said("a0 created a1");
}
END_TEST

START_TEST(outside_a_running_loop_nothing_is_eager)
{
	ck_assert_int_eq(evtask_loop_create_task(loop, say_once, "ran",
	    &eager, NULL), 0);
	ck_assert_said("");
	run_dry();
	ck_assert_said("ran");
}
END_TEST

START_TASK_TEST(an_eager_task_without_a_stack_starts_from_the_queue)
{
	struct rlimit before, none;
	struct evtask *task[80];
	int r = 0, n = 0;

	if (RUNNING_ON_VALGRIND)
		return 0;
	/* The stacks of the first slab, then what cannot be had. */
	for (; n < 63; n++)
		ck_assert_int_eq(evtask_create(sleep_for_ever, NULL, &eager,
		    &task[n]), 0);
	ck_assert_int_eq(getrlimit(RLIMIT_AS, &before), 0);
	none = before;
	none.rlim_cur = 0;
	ck_assert_int_eq(setrlimit(RLIMIT_AS, &none), 0);
	r = evtask_create(say_and_yield, "a", &eager, &task[n]);
	ck_assert_int_eq(setrlimit(RLIMIT_AS, &before), 0);
	ck_assert_int_eq(r, 0);
	ck_assert_said("");
	/* By the time it runs there is one. */
	ck_assert_int_eq(evtask_await(task[n]), 0);
	ck_assert_said("a0 a1");
	evtask_unref(task[n]);
	while (n-- > 0) {
		ck_assert_int_eq(evtask_cancel(task[n], NULL), 1);
		evtask_unref(task[n]);
	}
	return 0;
}

/* Stacks. */

START_TEST(finished_stacks_are_used_again)
{
	struct evtask_loop_stats stats;

	for (int round = 0; round < 100; round++) {
		for (int i = 0; i < 10; i++)
			spawn(say_once, "");
		run_dry();
		said[0] = '\0';
	}
	evtask_loop_get_stats(loop, &stats);
	ck_assert_uint_eq(stats.tasks_created, 1000);
	ck_assert_uint_le(stats.stacks, 64);
}
END_TEST

START_TEST(a_task_has_no_stack_before_it_runs)
{
	struct evtask_loop_stats stats;

	for (int i = 0; i < 1000; i++)
		evtask_unref(start(return_at_once, NULL));
	evtask_loop_get_stats(loop, &stats);
	ck_assert_uint_eq(stats.stacks, 0);
	/* Each that ends hands its stack to the next. */
	run_dry();
	evtask_loop_get_stats(loop, &stats);
	ck_assert_uint_le(stats.stacks, 64);
}
END_TEST

START_TEST(ten_thousand_tasks_sleep_and_wake_in_order)
{
	struct evtask *last = NULL;

	for (int i = 0; i < (SANITIZED ? 1000 : 10000); i++) {
		evtask_unref(last);
		last = start(sleep_seconds, (void *)(intptr_t)(i % 100 + 1));
	}
	run_dry();
	ck_assert_int_eq(outcome(last), 0);
	ck_assert_int_eq(evtask_loop_time_us(loop), 100 * SECOND);
	evtask_unref(last);
}
END_TEST

START_TEST(a_task_that_is_not_shown_takes_no_number_of_the_others)
{
	struct evtask_options hidden = { .internal = true };
	struct evtask *first, *second, *third;

	ck_assert_int_eq(evtask_loop_create_task(loop, return_text, (void *)"", NULL,
	    &first), 0);
	ck_assert_int_eq(evtask_loop_create_task(loop, return_text, (void *)"", &hidden,
	    &second), 0);
	ck_assert_int_eq(evtask_loop_create_task(loop, return_text, (void *)"", NULL,
	    &third), 0);
	ck_assert_uint_eq(evtask_id(third), evtask_id(first) + 1);
	ck_assert_uint_gt(evtask_id(second), evtask_id(third));
	run_dry();
	evtask_unref(first);
	evtask_unref(second);
	evtask_unref(third);
}
END_TEST

CORE_SUITE("task",
    a_task_that_is_not_shown_takes_no_number_of_the_others,
    creating_never_runs_the_body,
    creating_in_a_task_never_runs_the_body,
    awaiting_what_is_done_does_not_let_others_run,
    tasks_run_in_the_order_of_creation,
    a_callback_creates_tasks_too,
    a_task_that_creates_outlives_or_not_as_it_likes,
    the_arguments_reach_the_body,
    a_task_returns_a_value,
    a_positive_number_returned_is_success,
    a_task_raises,
    raising_ecanceled_by_hand_ends_a_task_as_cancelled,
    a_handle_dropped_early_does_not_stop_the_task,
    a_task_may_drop_its_own_last_handle,
    a_handle_is_good_long_after_the_end,
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
    a_task_without_a_stack_fails_and_frees_its_argument,
    a_task_not_named_is_called_by_its_number,
    numbers_count_up,
    a_name_is_copied_and_can_be_changed,
    the_current_task_is_the_one_that_runs,
    all_tasks_are_those_pending_oldest_first,
    ten_awaiters_get_the_same_object,
    an_error_travels_up_a_chain_of_awaits,
    a_task_cannot_await_itself,
    an_await_that_closes_a_circle_is_refused,
    a_future_of_another_loop_is_refused,
    who_awaits_goes_on_a_turn_later_though_nobody_else_is_ready,
    who_awaits_comes_after_those_who_are_ready,
    all_who_await_go_on_in_the_order_in_which_they_came,
    those_who_create_and_await_for_ever_let_others_in,
    an_eager_task_runs_at_once_to_its_first_wait,
    an_eager_task_that_does_not_wait_is_done_at_birth,
    an_eager_error_is_kept_and_not_the_creators,
    a_detached_eager_error_is_reported,
    callbacks_of_an_eager_task_run_in_the_next_turn,
    eager_tasks_nest,
    an_eager_task_is_among_all_tasks_while_it_runs,
    a_callback_creates_eager_tasks_too,
    outside_a_running_loop_nothing_is_eager,
    an_eager_task_without_a_stack_starts_from_the_queue,
    finished_stacks_are_used_again,
    a_task_has_no_stack_before_it_runs,
    ten_thousand_tasks_sleep_and_wake_in_order)
