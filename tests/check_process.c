/* Children: waited for without a thread, reaped once, and left alone. */
#include "tests/core.h"

#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* A shell that runs script; it ends when told so by its standard input. */
static pid_t
spawn_shell(const char *script)
{
	char *argv[] = { "sh", "-c", (char *)script, NULL };
	pid_t pid;

	ck_assert_int_eq(posix_spawn(&pid, "/bin/sh", NULL, NULL, argv,
	    environ), 0);
	return pid;
}

/* Where there are none SIGCHLD must do: on old systems, and under Valgrind,
 * which thereby runs these tests the other way. */
static bool
has_pidfds(void)
{
#ifdef SYS_pidfd_open
	int fd = (int)syscall(SYS_pidfd_open, getpid(), 0);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
#else
	return false;
#endif
}

static pid_t child;
static struct evtask_exit how;

static int
wait_and_say(void *arg)
{
	int r = evtask_process_wait(child, &how);

	(void)arg;
	if (r == 0)
		say("code %d signal %d", how.code, how.signo);
	else
		say("r%d", r);
	return r;
}

START_TEST(a_child_that_exits_says_its_code)
{
	child = spawn_shell("exit 7");
	spawn(wait_and_say, NULL);
	run_dry();
	ck_assert_said("code 7 signal -1");
	ck_assert(!how.core_dumped);
	ck_assert_int_gt(how.rusage.ru_maxrss, 0);
}
END_TEST

START_TEST(a_child_that_is_killed_says_by_what)
{
	child = spawn_shell("kill -KILL $$");
	spawn(wait_and_say, NULL);
	run_dry();
	ck_assert_said("code -1 signal 9");
}
END_TEST

START_TEST(a_child_that_ended_before_is_reaped_at_once)
{
	siginfo_t info;

	child = spawn_shell("exit 3");
	/* It has ended, and is left for the task to reap. */
	ck_assert_int_eq(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT),
	    0);
	spawn(wait_and_say, NULL);
	run_turns(1);
	ck_assert_said("code 3 signal -1");
}
END_TEST

START_TEST(a_child_is_reaped_once)
{
	struct evtask *again;

	child = spawn_shell("exit 0");
	spawn(wait_and_say, NULL);
	run_dry();
	ck_assert_said("code 0 signal -1");
	ck_assert_int_eq(waitpid(child, NULL, WNOHANG), -1);
	again = start(wait_and_say, NULL);
	run_dry();
	ck_assert_said("r-10");		/* ECHILD */
	ck_assert_int_eq(outcome(again), -ECHILD);
	evtask_unref(again);
}
END_TEST

START_TEST(a_process_that_is_no_child_is_said_to_be_none)
{
	struct evtask *task;

	child = 1;
	task = start(wait_and_say, NULL);
	run_dry();
	ck_assert_said("r-10");
	ck_assert_int_eq(outcome(task), -ECHILD);
	evtask_unref(task);
}
END_TEST

START_TEST(a_cancelled_wait_leaves_the_child_alone)
{
	struct evtask *task;

	child = spawn_shell("exec sleep 1000");
	task = start(wait_and_say, NULL);
	run_turns(1);
	evtask_cancel(task, NULL);
	run_turns(2);
	ck_assert_said("r-125");
	ck_assert(evtask_cancelled(task));
	evtask_unref(task);
	/* It lives, and somebody else may wait for it. */
	ck_assert_int_eq(kill(child, 0), 0);
	spawn(wait_and_say, NULL);
	run_turns(1);
	ck_assert_int_eq(kill(child, SIGTERM), 0);
	run_dry();
	ck_assert_said("code -1 signal 15");
}
END_TEST

START_TEST(a_wait_that_is_unwound_leaves_the_child_alone)
{
	child = spawn_shell("exec sleep 1000");
	spawn(wait_and_say, NULL);
	run_turns(1);
	replace_loop(NULL);
	ck_assert_said("r-125");
	ck_assert_int_eq(kill(child, SIGKILL), 0);
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
}
END_TEST

static int
wait_for_one(void *arg)
{
	struct evtask_exit exited;
	int r = evtask_process_wait((pid_t)(intptr_t)arg, &exited);

	return r < 0 ? r : evtask_return(evtask_value_int(exited.code));
}

START_TEST(many_children_are_waited_for_at_once)
{
	struct evtask *tasks[20];
	struct evtask_value v;
	char script[32];

	for (int i = 0; i < 20; i++) {
		snprintf(script, sizeof script, "exit %d", i);
		tasks[i] = start(wait_for_one,
		    (void *)(intptr_t)spawn_shell(script));
	}
	run_dry();
	for (int i = 0; i < 20; i++) {
		ck_assert_int_eq(evtask_result(tasks[i], &v), 0);
		ck_assert_int_eq(v.u.i, i);
		evtask_unref(tasks[i]);
	}
}
END_TEST

START_TEST(no_signal_handler_is_installed)
{
	struct sigaction action;

	if (!has_pidfds())
		return;
	child = spawn_shell("exec sleep 1000");
	spawn(wait_and_say, NULL);
	run_turns(1);
	ck_assert_int_eq(sigaction(SIGCHLD, NULL, &action), 0);
	ck_assert_ptr_eq(action.sa_handler, SIG_DFL);
	kill(child, SIGKILL);
	run_dry();
	ck_assert_said("code -1 signal 9");
}
END_TEST

START_TEST(a_wait_says_what_it_waits_for)
{
	struct evtask_wait_info wait;
	struct evtask *task;
	char name[32];

	child = spawn_shell("exec sleep 1000");
	task = start(wait_and_say, NULL);
	run_turns(1);
	ck_assert_int_eq(evtask_get_wait(task, &wait), 1);
	/* Its name may still be ours: a vfork is over before it has one. */
	snprintf(name, sizeof name, "%d ", child);
	ck_assert_str_eq(wait.op, "process.wait");
	ck_assert_str_eq(wait.type, "child");
	ck_assert_int_eq(strncmp(wait.name, name, strlen(name)), 0);
	kill(child, SIGKILL);
	run_dry();
	evtask_unref(task);
	said[0] = '\0';
}
END_TEST

START_TEST(without_descriptors_left_it_says_so_and_the_child_stays)
{
	struct rlimit before, none;
	struct evtask *task;

	if (!has_pidfds())
		return;
	child = spawn_shell("exec sleep 1000");
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = 0;
	task = start(wait_and_say, NULL);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
	run_turns(1);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &before), 0);
	ck_assert_said("r-24");		/* EMFILE */
	ck_assert_int_eq(outcome(task), -EMFILE);
	evtask_unref(task);
	kill(child, SIGKILL);
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
}
END_TEST

static int
misuse(void *arg)
{
	struct evtask_exit exited;

	(void)arg;
	ck_assert_int_eq(evtask_process_wait(0, &exited), -EINVAL);
	ck_assert_int_eq(evtask_process_wait(-1, &exited), -EINVAL);
	ck_assert_int_eq(evtask_process_wait(1, NULL), -EINVAL);
	return 0;
}

START_TEST(misuse_is_refused)
{
	ck_assert_int_eq(evtask_process_wait(1, &how), -EINVAL);
	run_body(misuse);
}
END_TEST

CORE_SUITE("process",
    a_child_that_exits_says_its_code,
    a_child_that_is_killed_says_by_what,
    a_child_that_ended_before_is_reaped_at_once,
    a_child_is_reaped_once,
    a_process_that_is_no_child_is_said_to_be_none,
    a_cancelled_wait_leaves_the_child_alone,
    a_wait_that_is_unwound_leaves_the_child_alone,
    many_children_are_waited_for_at_once,
    no_signal_handler_is_installed,
    a_wait_says_what_it_waits_for,
    without_descriptors_left_it_says_so_and_the_child_stays,
    misuse_is_refused)
