/* Tasks: made, named, listed and let go of, in every order these can come. */
#include "tests/core.h"

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
	struct evtask *task = start(return_words, "kept");
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

	ck_assert_int_eq(evtask_loop_create_task(loop, return_words,
	    (void *)"", NULL, &first), 0);
	ck_assert_int_eq(evtask_loop_create_task(loop, return_words,
	    (void *)"", &hidden, &second), 0);
	ck_assert_int_eq(evtask_loop_create_task(loop, return_words,
	    (void *)"", NULL, &third), 0);
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
    a_handle_dropped_early_does_not_stop_the_task,
    a_task_may_drop_its_own_last_handle,
    a_handle_is_good_long_after_the_end,
    a_task_not_named_is_called_by_its_number,
    numbers_count_up,
    a_name_is_copied_and_can_be_changed,
    the_current_task_is_the_one_that_runs,
    all_tasks_are_those_pending_oldest_first,
    finished_stacks_are_used_again,
    a_task_has_no_stack_before_it_runs,
    ten_thousand_tasks_sleep_and_wake_in_order)
