/* Unix signals: callbacks, waits, and nothing installed but what is asked. */
#include "tests/core.h"

#include <signal.h>

static bool
is_default(int signo)
{
	struct sigaction action;

	ck_assert_int_eq(sigaction(signo, NULL, &action), 0);
	return action.sa_handler == SIG_DFL;
}

/* The base wakes up through a pipe of its own: a turn or two later. */
static void
run_until_said(void)
{
	for (int i = 0; i < 10 && said[0] == '\0'; i++)
		run_turns(1);
}

START_TEST(a_handler_is_called_in_a_turn_for_every_signal)
{
	ck_assert_int_eq(evtask_loop_add_signal_handler(loop, SIGUSR1,
	    say_arg, "usr1"), 0);
	for (int i = 0; i < 3; i++) {
		raise(SIGUSR1);
		ck_assert_said("");
		run_until_said();
		ck_assert_said("usr1");
	}
	ck_assert_int_eq(evtask_loop_remove_signal_handler(loop, SIGUSR1), 1);
	ck_assert_int_eq(evtask_loop_remove_signal_handler(loop, SIGUSR1), 0);
	run_dry();
}
END_TEST

START_TEST(a_handler_is_installed_only_while_somebody_asks)
{
	ck_assert(is_default(SIGUSR1));
	ck_assert_int_eq(evtask_loop_add_signal_handler(loop, SIGUSR1,
	    say_arg, ""), 0);
	ck_assert(!is_default(SIGUSR1));
	ck_assert(is_default(SIGUSR2));
	ck_assert(is_default(SIGCHLD));
	ck_assert_int_eq(evtask_loop_remove_signal_handler(loop, SIGUSR1), 1);
	ck_assert(is_default(SIGUSR1));
}
END_TEST

START_TEST(a_second_handler_replaces_the_first)
{
	ck_assert_int_eq(evtask_loop_add_signal_handler(loop, SIGUSR1,
	    say_arg, "one"), 0);
	ck_assert_int_eq(evtask_loop_add_signal_handler(loop, SIGUSR1,
	    say_arg, "two"), 0);
	raise(SIGUSR1);
	run_until_said();
	ck_assert_said("two");
	ck_assert_int_eq(evtask_loop_remove_signal_handler(loop, SIGUSR1), 1);
}
END_TEST

START_TEST(signals_are_told_apart)
{
	ck_assert_int_eq(evtask_loop_add_signal_handler(loop, SIGUSR1,
	    say_arg, "usr1"), 0);
	ck_assert_int_eq(evtask_loop_add_signal_handler(loop, SIGUSR2,
	    say_arg, "usr2"), 0);
	raise(SIGUSR2);
	run_until_said();
	ck_assert_said("usr2");
	ck_assert_int_eq(evtask_loop_remove_signal_handler(loop, SIGUSR1), 1);
	ck_assert_int_eq(evtask_loop_remove_signal_handler(loop, SIGUSR2), 1);
}
END_TEST

START_TEST(handlers_go_with_the_loop)
{
	ck_assert_int_eq(evtask_loop_add_signal_handler(loop, SIGUSR1,
	    say_arg, ""), 0);
	replace_loop(NULL);
	ck_assert(is_default(SIGUSR1));
}
END_TEST

START_TEST(what_cannot_be_handled_is_refused)
{
	static const int signals[] = { 0, -1, SIGKILL, SIGSTOP, 1000 };

	for (size_t i = 0; i < COUNT(signals); i++)
		ck_assert_int_eq(evtask_loop_add_signal_handler(loop,
		    signals[i], say_arg, ""), -EINVAL);
	ck_assert_int_eq(evtask_loop_add_signal_handler(loop, SIGUSR1, NULL,
	    ""), -EINVAL);
	ck_assert_int_eq(evtask_loop_add_signal_handler(NULL, SIGUSR1,
	    say_arg, ""), -EINVAL);
	ck_assert(is_default(SIGUSR1));
	ck_assert_int_eq(evtask_signal_wait(SIGUSR1), -EINVAL);
}
END_TEST

static int
wait_and_say(void *arg)
{
	int r = evtask_signal_wait(SIGUSR1);

	say("%s%d", (char *)arg, r);
	return r;
}

START_TEST(a_task_waits_for_a_signal_once)
{
	struct evtask *task = start(wait_and_say, "r");
	struct evtask_wait_info wait;

	run_turns(1);
	ck_assert_int_eq(evtask_get_wait(task, &wait), 1);
	ck_assert_str_eq(wait.op, "signal.wait");
	ck_assert_str_eq(wait.type, "signal");
	ck_assert_str_eq(wait.name, "USR1");
	raise(SIGUSR1);
	run_dry();
	ck_assert_said("r0");
	ck_assert(is_default(SIGUSR1));
	evtask_unref(task);
}
END_TEST

START_TEST(all_who_wait_for_a_signal_get_it)
{
	spawn(wait_and_say, "a");
	spawn(wait_and_say, "b");
	ck_assert_int_eq(evtask_loop_add_signal_handler(loop, SIGUSR1,
	    say_arg, "handler"), 0);
	run_turns(1);
	raise(SIGUSR1);
	run_until_said();
	run_turns(3);
	ck_assert_ptr_nonnull(strstr(said, "a0"));
	ck_assert_ptr_nonnull(strstr(said, "b0"));
	ck_assert_ptr_nonnull(strstr(said, "handler"));
	said[0] = '\0';
	ck_assert_int_eq(evtask_loop_remove_signal_handler(loop, SIGUSR1), 1);
	run_dry();
}
END_TEST

START_TEST(a_cancelled_wait_leaves_no_handler)
{
	struct evtask *task = start(wait_and_say, "r");

	run_turns(1);
	ck_assert(!is_default(SIGUSR1));
	evtask_cancel(task, NULL);
	run_dry();
	ck_assert_said("r-125");
	ck_assert(is_default(SIGUSR1));
	evtask_unref(task);
}
END_TEST

START_TEST(a_wait_that_is_unwound_leaves_no_handler)
{
	spawn(wait_and_say, "r");
	run_turns(1);
	replace_loop(NULL);
	ck_assert_said("r-125");
	ck_assert(is_default(SIGUSR1));
}
END_TEST

CORE_SUITE("signal",
    a_handler_is_called_in_a_turn_for_every_signal,
    a_handler_is_installed_only_while_somebody_asks,
    a_second_handler_replaces_the_first,
    signals_are_told_apart,
    handlers_go_with_the_loop,
    what_cannot_be_handled_is_refused,
    a_task_waits_for_a_signal_once,
    all_who_wait_for_a_signal_get_it,
    a_cancelled_wait_leaves_no_handler,
    a_wait_that_is_unwound_leaves_no_handler)
