/* Errors: what they say, what caused them, and where they are remembered. */
#include "core/error.h"

#include "tests/core.h"

START_TEST(an_error_says_what_it_was_told)
{
	struct evtask_error *e =
	    evtask_error_new(-ENOENT, "NoRoute", "no route to %s", "here");

	ck_assert_int_eq(evtask_error_code(e), -ENOENT);
	ck_assert_str_eq(evtask_error_type(e), "NoRoute");
	ck_assert_str_eq(evtask_error_message(e), "no route to here");
	ck_assert_ptr_null(evtask_error_cause(e));
	evtask_error_unref(e);
}
END_TEST

START_TEST(an_error_knows_where_it_was_made)
{
	unsigned int line = __LINE__ + 1;
	struct evtask_error *e = evtask_error_new(-EIO, NULL, NULL);

	ck_assert_uint_eq(evtask_error_site(e)->line, line);
	ck_assert_str_eq(evtask_error_site(e)->file, __FILE__);
	ck_assert_str_eq(evtask_error_site(e)->func, __func__);
	evtask_error_unref(e);
}
END_TEST

START_TEST(a_type_not_named_goes_by_the_code)
{
	static const struct {
		int code;
		const char *type, *message;
	} rows[] = {
		{ -ECANCELED, "Cancelled", "" },
		{ -ETIMEDOUT, "Timeout", "Connection timed out" },
		{ -ENOENT, "OSError", "No such file or directory" },
		{ -ENOMEM, "OSError", "Cannot allocate memory" },
		{ -139, "OSError", "unknown error" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct evtask_error *e = evtask_error_new(rows[i].code, NULL,
		    NULL);

		ck_assert_str_eq(evtask_error_type(e), rows[i].type);
		ck_assert_str_eq(evtask_error_message(e), rows[i].message);
		evtask_error_unref(e);
	}
}
END_TEST

START_TEST(type_and_message_are_copies)
{
	char type[] = "Mine", words[] = "words";
	struct evtask_error *e = evtask_error_new(-EIO, type, "%s", words);

	type[0] = words[0] = '?';
	ck_assert_str_eq(evtask_error_type(e), "Mine");
	ck_assert_str_eq(evtask_error_message(e), "words");
	evtask_error_unref(e);
}
END_TEST

START_TEST(a_code_that_is_not_negative_is_refused)
{
	static const int codes[] = { 0, 5, INT32_MAX };

	for (size_t i = 0; i < COUNT(codes); i++) {
		struct evtask_error *e = evtask_error_new(codes[i], NULL, "x");

		ck_assert_int_eq(evtask_error_code(e), -EINVAL);
		evtask_error_unref(e);
		ck_assert_int_eq(evtask_error_code(error_of_code(codes[i])),
		    -EINVAL);
	}
}
END_TEST

START_TEST(every_errno_has_an_error_that_needs_no_memory)
{
	for (int code = -1; code >= -133; code--) {
		struct evtask_error *e = error_of_code(code);

		ck_assert_int_eq(evtask_error_code(e), code);
		ck_assert_ptr_eq(error_of_code(code), e);
		evtask_error_unref(e);	/* not counted */
		evtask_error_unref(evtask_error_ref(e));
		ck_assert_int_eq(evtask_error_code(e), code);
		ck_assert_ptr_null(evtask_error_site(e));
		ck_assert_ptr_null(evtask_error_cause(e));
	}
	ck_assert_int_eq(evtask_error_code(error_of_code(-4095)), -EINVAL);
	ck_assert_int_eq(evtask_error_code(error_of_code(INT32_MIN)), -EINVAL);
}
END_TEST

START_TEST(a_reference_keeps_an_error)
{
	struct evtask_error *e = evtask_error_new(-EIO, NULL, "kept");

	ck_assert_ptr_eq(evtask_error_ref(e), e);
	evtask_error_unref(e);
	ck_assert_str_eq(evtask_error_message(e), "kept");
	evtask_error_unref(e);
	evtask_error_unref(NULL);
}
END_TEST

START_TEST(outside_the_loop_raising_is_only_its_code)
{
	ck_assert_int_eq(evtask_raise(-EIO, "nobody remembers"), -EIO);
	ck_assert_int_eq(evtask_raise(3, "not negative"), -EINVAL);
	ck_assert_ptr_null(evtask_raised());
}
END_TEST

START_TEST(outside_the_loop_catching_makes_an_error_of_the_code)
{
	struct evtask_error *e = evtask_catch(-EPIPE);

	ck_assert_int_eq(evtask_error_code(e), -EPIPE);
	ck_assert_str_eq(evtask_error_message(e), "Broken pipe");
	evtask_error_unref(e);
}
END_TEST

START_TASK_TEST(raising_is_remembered_until_it_is_caught)
{
	struct evtask_error *e;

	ck_assert_ptr_null(evtask_raised());
	ck_assert_int_eq(evtask_raise_as("NoRoute", -EHOSTUNREACH, "to %d",
	    7), -EHOSTUNREACH);
	ck_assert_str_eq(evtask_error_message(evtask_raised()), "to 7");
	e = evtask_catch(-EHOSTUNREACH);
	ck_assert_str_eq(evtask_error_type(e), "NoRoute");
	ck_assert_ptr_null(evtask_raised());
	evtask_error_unref(e);
	return 0;
}

START_TASK_TEST(what_was_raised_before_becomes_the_cause)
{
	struct evtask_error *e;

	ck_assert_int_eq(evtask_raise(-ENOENT, "first"), -ENOENT);
	ck_assert_int_eq(evtask_raise(-EIO, "second"), -EIO);
	ck_assert_int_eq(evtask_raise(-EPIPE, "third"), -EPIPE);
	e = evtask_catch(-EPIPE);
	ck_assert_str_eq(evtask_error_message(e), "third");
	ck_assert_str_eq(evtask_error_message(evtask_error_cause(e)),
	    "second");
	ck_assert_str_eq(evtask_error_message(evtask_error_cause(
	    evtask_error_cause(e))), "first");
	evtask_error_unref(e);
	return 0;
}

START_TASK_TEST(a_chain_of_a_million_causes_is_let_go_without_recursion)
{
	int raised = 0;

	for (int i = 0; i < 1000000; i++)
		raised += evtask_raise(-EIO, NULL) == -EIO;
	ck_assert_int_eq(raised, 1000000);
	evtask_error_unref(evtask_catch(-EIO));
	return 0;
}

START_TASK_TEST(catching_another_code_lets_the_remembered_one_go)
{
	struct evtask_error *e;

	ck_assert_int_eq(evtask_raise(-ENOENT, "old"), -ENOENT);
	e = evtask_catch(-EIO);
	ck_assert_int_eq(evtask_error_code(e), -EIO);
	ck_assert_str_ne(evtask_error_message(e), "old");
	ck_assert_ptr_null(evtask_raised());
	evtask_error_unref(e);
	return 0;
}

START_TASK_TEST(a_code_that_is_not_negative_raises_einval)
{
	struct evtask_error *e;

	ck_assert_int_eq(evtask_raise(0, "zero"), -EINVAL);
	e = evtask_catch(-EINVAL);
	ck_assert_str_eq(evtask_error_message(e), "zero");
	evtask_error_unref(e);
	return 0;
}

START_TASK_TEST(raising_an_error_hands_it_on)
{
	struct evtask_error *e = evtask_error_new(-EIO, "Mine", "words");

	ck_assert_int_eq(evtask_raise_error(e), -EIO);
	ck_assert_ptr_eq(evtask_raised(), e);
	evtask_error_unref(evtask_catch(-EIO));
	return 0;
}

static int
raise_and_yield(void *arg)
{
	int code = (int)(intptr_t)arg, r = evtask_raise(code, "of %d", code);

	if (evtask_sleep(0) < 0)
		return -EPROTO;
	ck_assert_int_eq(evtask_error_code(evtask_raised()), code);
	return r;
}

START_TEST(each_task_remembers_its_own)
{
	struct evtask *a = start(raise_and_yield, (void *)-EIO);
	struct evtask *b = start(raise_and_yield, (void *)-EPIPE);
	struct evtask_error *e;

	run_dry();
	ck_assert_int_eq(evtask_exception(a, &e), 0);
	ck_assert_str_eq(evtask_error_message(e), "of -5");
	ck_assert_int_eq(evtask_exception(b, &e), 0);
	ck_assert_str_eq(evtask_error_message(e), "of -32");
	evtask_unref(a);
	evtask_unref(b);
}
END_TEST

static int
return_bare_code(void *arg)
{
	return (int)(intptr_t)arg;
}

START_TEST(a_bare_code_returned_is_an_oserror)
{
	struct evtask *task = start(return_bare_code, (void *)-EACCES);
	struct evtask_error *e;

	run_dry();
	ck_assert_int_eq(evtask_exception(task, &e), 0);
	ck_assert_int_eq(evtask_error_code(e), -EACCES);
	ck_assert_str_eq(evtask_error_type(e), "OSError");
	ck_assert_str_eq(evtask_error_message(e), "Permission denied");
	evtask_unref(task);
}
END_TEST

static int
raise_one_return_another(void *arg)
{
	(void)arg;
	(void)!evtask_raise(-EIO, "not this");
	return -EACCES;
}

START_TEST(another_code_returned_is_not_what_was_raised)
{
	struct evtask *task = start(raise_one_return_another, NULL);
	struct evtask_error *e;

	run_dry();
	ck_assert_int_eq(evtask_exception(task, &e), 0);
	ck_assert_str_eq(evtask_error_message(e), "Permission denied");
	evtask_unref(task);
}
END_TEST

static int
raise_and_return_well(void *arg)
{
	(void)arg;
	(void)!evtask_raise(-EIO, "handled");
	return 0;
}

START_TEST(what_was_raised_and_not_returned_is_forgotten)
{
	struct evtask *task = start(raise_and_return_well, NULL);

	run_dry();
	ck_assert_int_eq(outcome(task), 0);
	evtask_unref(task);
}
END_TEST

static void
raise_in_callback(void *arg)
{
	(void)!evtask_raise(-EIO, "from a callback");
	ck_assert_ptr_null(evtask_current_task());
	say("%s", evtask_error_message(evtask_raised()));
	if (arg != NULL)
		evtask_error_unref(evtask_catch(-EIO));
}

START_TEST(what_a_callback_raises_is_reported)
{
	ck_assert_int_eq(evtask_call_soon(loop, raise_in_callback, NULL,
	    NULL), 0);
	run_dry();
	ck_assert_said("from a callback");
	ck_assert_reported("a callback raised", -EIO);
}
END_TEST

START_TEST(what_a_callback_catches_is_not_reported)
{
	ck_assert_int_eq(evtask_call_soon(loop, raise_in_callback, said,
	    NULL), 0);
	run_dry();
	ck_assert_uint_eq(reported.n, 0);
}
END_TEST

CORE_SUITE("error",
    an_error_says_what_it_was_told,
    an_error_knows_where_it_was_made,
    a_type_not_named_goes_by_the_code,
    type_and_message_are_copies,
    a_code_that_is_not_negative_is_refused,
    every_errno_has_an_error_that_needs_no_memory,
    a_reference_keeps_an_error,
    outside_the_loop_raising_is_only_its_code,
    outside_the_loop_catching_makes_an_error_of_the_code,
    raising_is_remembered_until_it_is_caught,
    what_was_raised_before_becomes_the_cause,
    a_chain_of_a_million_causes_is_let_go_without_recursion,
    catching_another_code_lets_the_remembered_one_go,
    a_code_that_is_not_negative_raises_einval,
    raising_an_error_hands_it_on,
    each_task_remembers_its_own,
    a_bare_code_returned_is_an_oserror,
    another_code_returned_is_not_what_was_raised,
    what_was_raised_and_not_returned_is_forgotten,
    what_a_callback_raises_is_reported,
    what_a_callback_catches_is_not_reported)
