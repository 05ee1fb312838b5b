/* Eager tasks, which run at once to their first wait. */
#include "tests/address_space.h"
#include "tests/core.h"

static const struct evtask_options eager = { .eager = true };

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

	ck_assert_int_eq(evtask_create(return_words, "x", &eager, &task), 0);
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
	struct rlimit before;
	struct evtask *task[80];
	int r = 0, n = 0;

	if (RUNNING_ON_VALGRIND)
		return 0;
	/* The stacks of the first slab, then what cannot be had. */
	for (; n < 63; n++)
		ck_assert_int_eq(evtask_create(sleep_for_ever, NULL, &eager,
		    &task[n]), 0);
	before = address_space_take();
	r = evtask_create(say_and_yield, "a", &eager, &task[n]);
	address_space_give(before);
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

CORE_SUITE("eager",
    an_eager_task_runs_at_once_to_its_first_wait,
    an_eager_task_that_does_not_wait_is_done_at_birth,
    an_eager_error_is_kept_and_not_the_creators,
    a_detached_eager_error_is_reported,
    callbacks_of_an_eager_task_run_in_the_next_turn,
    eager_tasks_nest,
    an_eager_task_is_among_all_tasks_while_it_runs,
    a_callback_creates_eager_tasks_too,
    outside_a_running_loop_nothing_is_eager,
    an_eager_task_without_a_stack_starts_from_the_queue)
