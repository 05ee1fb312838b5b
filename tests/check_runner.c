/* Runners: several main coroutines on one loop, and what Ctrl-C does. */
#include "tests/core.h"

#include <signal.h>

static struct evtask_runner *runner;

static struct evtask_runner *
new_runner(bool sigint)
{
	struct evtask_runner_options options = {
		.loop = {
			.clock = EVTASK_CLOCK_VIRTUAL,
			.stack_size_bytes = 256 * 1024,
		},
		.sigint = sigint,
	};

	ck_assert_int_eq(evtask_runner_new(&options, &runner), 0);
	evtask_loop_set_exception_handler(evtask_runner_get_loop(runner),
	    on_report, NULL);
	return runner;
}

#define run(fn, arg) evtask_runner_run(runner, (fn), (arg), NULL, NULL, NULL)

START_TEST(each_run_returns_what_its_main_came_to)
{
	struct evtask_error *e = NULL;
	struct evtask_value v;

	new_runner(false);
	ck_assert_int_eq(evtask_runner_run(runner, return_words, "first", NULL,
	    &v, &e), 0);
	ck_assert_str_eq(evtask_value_text(v), "first");
	ck_assert_ptr_null(e);
	evtask_value_unref(v);
	ck_assert_int_eq(evtask_runner_run(runner, raise_code, (void *)-EIO,
	    NULL, NULL, &e), -EIO);
	ck_assert_str_eq(evtask_error_message(e), "raised on purpose");
	evtask_error_unref(e);
	ck_assert_int_eq(run(return_at_once, NULL), 0);
	evtask_runner_free(runner);
}
END_TEST

static const struct evtask_var var = { "var" };

static int
set_var(void *arg)
{
	return evtask_var_set(&var, evtask_value_literal(arg));
}

static int
say_var(void *arg)
{
	struct evtask_value v;

	(void)arg;
	if (evtask_var_get(&var, &v) == 0)
		say("%s", evtask_value_text(v));
	else
		say("none");
	return 0;
}

START_TEST(runs_share_their_context)
{
	new_runner(false);
	ck_assert_int_eq(run(say_var, NULL), 0);
	ck_assert_int_eq(run(set_var, "set"), 0);
	ck_assert_int_eq(run(say_var, NULL), 0);
	ck_assert_said("none set");
	evtask_runner_free(runner);
}
END_TEST

static struct evtask_context *own;

static int
copy_context(void *arg)
{
	(void)arg;
	return evtask_context_copy(&own);
}

START_TEST(a_run_may_have_a_context_and_a_name_of_its_own)
{
	struct evtask_options options = { .name = "main" };

	new_runner(false);
	ck_assert_int_eq(run(copy_context, NULL), 0);
	ck_assert_int_eq(run(set_var, "set"), 0);
	options.context = own;
	ck_assert_int_eq(evtask_runner_run(runner, say_var, NULL, &options,
	    NULL, NULL), 0);
	ck_assert_said("none");
	evtask_context_unref(own);
	evtask_runner_free(runner);
}
END_TEST

static int
leave_one_behind(void *arg)
{
	return evtask_create(say_how_it_ends, arg, NULL, NULL);
}

START_TEST(what_is_left_goes_on_and_is_cancelled_at_the_close)
{
	new_runner(false);
	ck_assert_int_eq(run(leave_one_behind, "a"), 0);
	ck_assert_int_eq(run(leave_one_behind, "b"), 0);
	ck_assert_said("");
	ck_assert_int_eq(evtask_runner_close(runner), 0);
	ck_assert_said("a-125 b-125 a cleaned up b cleaned up");
	evtask_runner_free(runner);
}
END_TEST

static int
close_it(void *arg)
{
	(void)arg;
	ck_assert_int_eq(evtask_runner_close(runner), -EBUSY);
	ck_assert_int_eq(run(return_at_once, NULL), -EBUSY);
	ck_assert_ptr_eq(evtask_runner_get_loop(runner),
	    evtask_get_running_loop());
	return 0;
}

START_TEST(a_closed_runner_runs_no_more_and_may_be_closed_again)
{
	new_runner(false);
	ck_assert_int_eq(run(close_it, NULL), 0);
	ck_assert_int_eq(evtask_runner_close(runner), 0);
	ck_assert_int_eq(evtask_runner_close(runner), 0);
	ck_assert_ptr_null(evtask_runner_get_loop(runner));
	ck_assert_int_eq(run(return_at_once, NULL), -EINVAL);
	evtask_runner_free(runner);
}
END_TEST

START_TEST(misuse_is_refused)
{
	struct evtask_runner_options too_big = {
		.loop.stack_size_bytes = SIZE_MAX,
	};

	ck_assert_int_eq(evtask_runner_new(NULL, NULL), -EINVAL);
	ck_assert_int_eq(evtask_runner_new(&too_big, &runner), -EINVAL);
	ck_assert_int_eq(evtask_runner_run(NULL, return_at_once, NULL, NULL,
	    NULL, NULL), -EINVAL);
	ck_assert_ptr_null(evtask_runner_get_loop(NULL));
	ck_assert_int_eq(evtask_runner_close(NULL), 0);
	evtask_runner_free(NULL);
	ck_assert_int_eq(evtask_runner_new(NULL, &runner), 0);
	ck_assert_int_eq(run(NULL, NULL), -EINVAL);
	evtask_runner_free(runner);
}
END_TEST

static int
stop_the_loop(void *arg)
{
	(void)arg;
	evtask_loop_stop(evtask_get_running_loop());
	return evtask_sleep(EVTASK_FOREVER);
}

START_TEST(a_run_that_is_stopped_leaves_its_main_to_the_close)
{
	struct evtask_error *e;

	new_runner(false);
	ck_assert_int_eq(evtask_runner_run(runner, stop_the_loop, NULL, NULL,
	    NULL, &e), -EINTR);
	ck_assert_str_eq(evtask_error_type(e), "OSError");
	evtask_error_unref(e);
	ck_assert_uint_eq(evtask_all_tasks(evtask_runner_get_loop(runner),
	    NULL, 0), 1);
	evtask_runner_free(runner);
}
END_TEST

/* Ctrl-C. */

static void
interrupt(void *arg)
{
	(void)arg;
	raise(SIGINT);
}

static int
sleep_and_say(void *arg)
{
	int r;

	(void)!evtask_call_later(NULL, SECOND, interrupt, NULL, NULL);
	r = evtask_sleep(EVTASK_FOREVER);
	say("r%d", r);
	return arg != NULL ? 0 : r;
}

START_TEST(the_first_interrupt_cancels_the_main_task)
{
	struct evtask_error *e;

	new_runner(true);
	ck_assert_int_eq(evtask_runner_run(runner, sleep_and_say, NULL, NULL,
	    NULL, &e), -EINTR);
	ck_assert_said("r-125");
	ck_assert_str_eq(evtask_error_type(e), "KeyboardInterrupt");
	ck_assert_int_eq(evtask_error_code(e), -EINTR);
	evtask_error_unref(e);
	/* Each run counts anew. */
	ck_assert_int_eq(run(sleep_and_say, NULL), -EINTR);
	ck_assert_said("r-125");
	evtask_runner_free(runner);
}
END_TEST

START_TEST(a_main_that_swallows_the_interrupt_returns)
{
	new_runner(true);
	ck_assert_int_eq(run(sleep_and_say, said), 0);
	ck_assert_said("r-125");
	evtask_runner_free(runner);
}
END_TEST

static int
clean_up_for_ever(void *arg)
{
	int r;

	(void)arg;
	(void)!evtask_call_later(NULL, SECOND, interrupt, NULL, NULL);
	(void)!evtask_call_later(NULL, 2 * SECOND, interrupt, NULL, NULL);
	r = evtask_sleep(EVTASK_FOREVER);
	say("r%d", r);
	r = evtask_sleep(EVTASK_FOREVER);
	say("again r%d", r);
	return r;
}

START_TEST(the_second_interrupt_ends_the_run_at_once)
{
	struct evtask_error *e;

	new_runner(true);
	ck_assert_int_eq(evtask_runner_run(runner, clean_up_for_ever, NULL,
	    NULL, NULL, &e), -EINTR);
	ck_assert_said("r-125");
	ck_assert_int_eq(evtask_loop_time_us(evtask_runner_get_loop(runner)),
	    2 * SECOND);
	ck_assert_str_eq(evtask_error_type(e), "KeyboardInterrupt");
	evtask_error_unref(e);
	ck_assert_int_eq(evtask_runner_close(runner), 0);
	ck_assert_said("again r-125");
	evtask_runner_free(runner);
}
END_TEST

static int
cancel_myself_too(void *arg)
{
	int r;

	(void)!evtask_call_later(NULL, SECOND, interrupt, NULL, NULL);
	r = evtask_sleep(EVTASK_FOREVER);
	evtask_cancel(evtask_current_task(), "mine");
	(void)arg;
	return r;
}

START_TEST(who_was_cancelled_by_others_too_is_cancelled)
{
	new_runner(true);
	ck_assert_int_eq(run(cancel_myself_too, NULL), -ECANCELED);
	evtask_runner_free(runner);
}
END_TEST

static int
who_asked(void *arg)
{
	struct evtask_info info;
	int r;

	(void)!evtask_call_later(NULL, SECOND, interrupt, NULL, NULL);
	r = evtask_sleep(EVTASK_FOREVER);
	ck_assert_int_eq(evtask_get_info(evtask_current_task(), &info), 0);
	ck_assert_str_eq(info.cancel_message, "interrupted by SIGINT");
	ck_assert_str_eq(info.cancelled_at->func, arg);
	return r;
}

START_TEST(an_interrupt_says_who_it_was)
{
	new_runner(true);
	ck_assert_int_eq(run(who_asked, (void *)__func__), -EINTR);
	evtask_runner_free(runner);
}
END_TEST

static void
leave_it(int signo)
{
	(void)signo;
}

static int
look_at_handler(void *arg)
{
	struct sigaction action;

	sigaction(SIGINT, NULL, &action);
	*(bool *)arg = action.sa_handler != leave_it;
	return 0;
}

START_TEST(the_signal_is_handled_during_a_run_and_only_if_asked_for)
{
	bool handled;

	signal(SIGINT, leave_it);
	new_runner(true);
	ck_assert_int_eq(run(look_at_handler, &handled), 0);
	ck_assert(handled);
	look_at_handler(&handled);
	ck_assert(!handled);
	evtask_runner_free(runner);

	new_runner(false);
	ck_assert_int_eq(run(look_at_handler, &handled), 0);
	ck_assert(!handled);
	evtask_runner_free(runner);
}
END_TEST

CORE_SUITE("runner",
    each_run_returns_what_its_main_came_to,
    runs_share_their_context,
    a_run_may_have_a_context_and_a_name_of_its_own,
    what_is_left_goes_on_and_is_cancelled_at_the_close,
    a_closed_runner_runs_no_more_and_may_be_closed_again,
    misuse_is_refused,
    a_run_that_is_stopped_leaves_its_main_to_the_close,
    the_first_interrupt_cancels_the_main_task,
    a_main_that_swallows_the_interrupt_returns,
    the_second_interrupt_ends_the_run_at_once,
    who_was_cancelled_by_others_too_is_cancelled,
    an_interrupt_says_who_it_was,
    the_signal_is_handled_during_a_run_and_only_if_asked_for)
