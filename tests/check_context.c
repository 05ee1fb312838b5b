/*
 * Context variables: what a task sets, its later children see, and nobody
 * else.
 */
#include "tests/core.h"

static const struct evtask_var var = { "colour" }, other = { "size" };

static void
set(int64_t i)
{
	ck_assert_int_eq(evtask_var_set(&var, evtask_value_int(i)), 0);
}

static int64_t
get(void)
{
	struct evtask_value value;

	return evtask_var_get(&var, &value) == 0 ? value.u.i : -1;
}

static int
say_it(void *arg)
{
	(void)arg;
	say("%" PRId64, get());
	return 0;
}

static int
set_five(void *arg)
{
	(void)arg;
	set(5);
	return 0;
}

START_TASK_TEST(a_variable_never_set_has_no_value)
{
	struct evtask_value value;

	ck_assert_int_eq(evtask_var_get(&var, &value), -ENOENT);
	ck_assert_ptr_null(evtask_get_context(evtask_current_task()));
	set(1);
	ck_assert_int_eq(get(), 1);
	ck_assert_int_eq(evtask_var_get(&other, NULL), -ENOENT);
	return 0;
}

START_TASK_TEST(a_child_has_what_was_set_when_it_was_created)
{
	set(1);
	ck_assert_int_eq(evtask_create(say_it, NULL, NULL, NULL), 0);
	set(2);
	ck_assert_int_eq(evtask_create(say_it, NULL, NULL, NULL), 0);
	(void)!evtask_sleep(0);
	ck_assert_said("1 2");
	return 0;
}

START_TASK_TEST(what_a_child_sets_stays_with_it)
{
	struct evtask_options eager = { .eager = true };

	set(1);
	ck_assert_int_eq(evtask_create(set_five, NULL, NULL, NULL), 0);
	ck_assert_int_eq(evtask_create(set_five, NULL, &eager, NULL), 0);
	(void)!evtask_sleep(0);
	ck_assert_int_eq(get(), 1);
	return 0;
}

START_TASK_TEST(a_context_that_is_given_is_shared)
{
	struct evtask_options options = { 0 };

	ck_assert_int_eq(evtask_context_copy(&options.context), 0);
	ck_assert_int_eq(evtask_create(set_five, NULL, &options, NULL), 0);
	ck_assert_int_eq(evtask_create(say_it, NULL, &options, NULL), 0);
	(void)!evtask_sleep(0);
	ck_assert_said("5");
	ck_assert_int_eq(get(), -1);
	evtask_context_unref(options.context);
	return 0;
}

static void
callback(void *arg)
{
	say("%" PRId64, get());
	if (arg != NULL)
		set(9);
}

static void
done_callback(struct evtask_future *f, void *arg)
{
	(void)f;
	callback(arg);
}

START_TASK_TEST(a_callback_runs_in_the_context_that_registered_it)
{
	struct evtask_future *f = new_future();

	set(1);
	ck_assert_int_eq(evtask_call_soon(NULL, callback, f, NULL), 0);
	ck_assert_int_eq(evtask_call_later(NULL, SECOND, callback, NULL, NULL),
	    0);
	ck_assert_int_eq(evtask_add_done_callback(f, done_callback, NULL), 0);
	set(2);
	ck_assert_int_eq(evtask_add_done_callback(f, done_callback, f), 0);
	evtask_set_result(f, evtask_value_none());
	set(3);
	(void)!evtask_sleep(2 * SECOND);
	ck_assert_said("1 1 2 1");
	ck_assert_int_eq(get(), 3);
	evtask_future_unref(f);
	return 0;
}

static void
create_from_callback(void *arg)
{
	(void)arg;
	set(4);
	ck_assert_int_eq(evtask_create(say_it, NULL, NULL, NULL), 0);
}

START_TASK_TEST(a_task_of_a_callback_has_what_that_set)
{
	ck_assert_int_eq(evtask_call_soon(NULL, create_from_callback, NULL,
	    NULL), 0);
	ck_assert_int_eq(evtask_call_soon(NULL, callback, NULL, NULL), 0);
	(void)!evtask_sleep(SECOND);
	ck_assert_said("-1 4");
	return 0;
}

START_TASK_TEST(values_are_released_with_the_last_context)
{
	struct evtask_value value;

	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(evtask_value_format(&value, "text %d", i), 0);
		ck_assert_int_eq(evtask_var_set(&var, value), 0);
		ck_assert_int_eq(evtask_value_string("more", &value), 0);
		ck_assert_int_eq(evtask_var_set(&other, value), 0);
		ck_assert_int_eq(evtask_create(return_at_once, NULL, NULL,
		    NULL), 0);
	}
	ck_assert_int_eq(evtask_var_get(&var, &value), 0);
	ck_assert_str_eq(evtask_value_text(value), "text 2");
	return 0;	/* LeakSanitizer looks for the rest */
}

START_TEST(outside_the_loop_there_is_no_context)
{
	struct evtask_context *context;
	struct evtask_value value;

	ck_assert_int_eq(evtask_var_set(&var, evtask_value_int(1)), -EINVAL);
	ck_assert_int_eq(evtask_var_get(&var, &value), -EINVAL);
	ck_assert_int_eq(evtask_context_copy(&context), -EINVAL);
	evtask_context_unref(NULL);
}
END_TEST

static void
say_it_in_handler(struct evtask_loop *l, const struct evtask_report *report,
    void *arg)
{
	(void)l, (void)report;
	(void)say_it(arg);
}

static void
set_and_raise(void *arg)
{
	set((intptr_t)arg);
	(void)!evtask_raise(-EIO, "on purpose");
}

static int
set_and_fail(void *arg)
{
	set((intptr_t)arg);
	return -EIO;
}

START_TEST(the_exception_handler_runs_in_the_context_of_who_failed)
{
	evtask_loop_set_exception_handler(loop, say_it_in_handler, NULL);
	ck_assert_int_eq(evtask_call_soon(loop, set_and_raise, (void *)3,
	    NULL), 0);
	run_dry();
	spawn(set_and_fail, (void *)4);
	run_dry();
	ck_assert_said("3 4");
}
END_TEST

static void
say_it_in_callback(void *arg)
{
	(void)say_it(arg);
	set(9);
}

START_TASK_TEST(a_callback_may_share_a_context_that_is_given)
{
	struct evtask_context *context;
	struct evtask_handle *handle;

	set(1);
	ck_assert_int_eq(evtask_context_copy(&context), 0);
	set(2);
	ck_assert_int_eq(evtask_call_soon(NULL, say_it_in_callback, NULL,
	    &handle), 0);
	ck_assert_ptr_ne(evtask_handle_get_context(handle), context);
	evtask_handle_set_context(handle, context);
	ck_assert_ptr_eq(evtask_handle_get_context(handle), context);
	(void)!evtask_sleep(0);
	/* Once called it has none any more, and takes none. */
	ck_assert_ptr_null(evtask_handle_get_context(handle));
	evtask_handle_set_context(handle, context);
	ck_assert_ptr_null(evtask_handle_get_context(handle));
	evtask_handle_set_context(NULL, context);
	ck_assert_ptr_null(evtask_handle_get_context(NULL));
	ck_assert_said("1");
	ck_assert_int_eq(get(), 2);
	evtask_handle_unref(handle);
	evtask_context_unref(context);
	return 0;
}

CORE_SUITE("context",
    a_variable_never_set_has_no_value,
    a_child_has_what_was_set_when_it_was_created,
    what_a_child_sets_stays_with_it,
    a_context_that_is_given_is_shared,
    a_callback_runs_in_the_context_that_registered_it,
    a_task_of_a_callback_has_what_that_set,
    values_are_released_with_the_last_context,
    outside_the_loop_there_is_no_context,
    the_exception_handler_runs_in_the_context_of_who_failed,
    a_callback_may_share_a_context_that_is_given)
