/*
 * check_reaper.c - daemon/reaper.c: orphans are reaped, commands are not.
 */
#include "daemon/reaper.h"

#include <evtask/evtask.h>

#include "children.h"

static struct evtask_loop *loop;

static void
setup(void)
{
	ck_assert_int_eq(evtask_loop_new(NULL, &loop), 0);
	ck_assert_int_eq(reaper_start(loop), 0);
}

static void
teardown(void)
{
	reaper_stop(loop);
	ck_assert_int_eq(evtask_loop_free(loop), 0);
	while (waitpid(-1, NULL, 0) > 0)
		;
}

static void
run_turn(void)
{
	evtask_loop_stop(loop);
	ck_assert_int_eq(evtask_loop_run_forever(loop), 0);
}

static void
tick(void *arg)
{
}

/* A turn that waits for what may come, a little. */
static void
run_slow_turn(void)
{
	ck_assert_int_eq(evtask_call_later(loop, 1000, tick, NULL, NULL), 0);
	run_turn();
}

/* A command whose first process has been reaped, and its orphan, adopted. */
static struct proc
adopt(const char *script)
{
	struct spawn_child child = start_script(script, NULL);
	struct proc orphan = read_proc(child.ends.out);
	struct proc_stat stat;

	reap(&child);
	spawn_child_release(&child);
	ck_assert_int_eq(proc_read(orphan.pid, &stat), 0);
	ck_assert_int_eq(stat.parent, getpid());
	return orphan;
}

START_TEST(an_orphan_becomes_ours_and_is_reaped)
{
	struct proc orphan = adopt("sleep 1000 & echo $!");
	struct proc_stat stat;

	ck_assert_int_eq(proc_signal(&orphan, SIGKILL), 0);
	while (proc_read(orphan.pid, &stat) == 0)
		run_slow_turn();
}
END_TEST

/* In a helper thread, as evtaskd spawns. */
static int
spawn_work(void *arg)
{
	*(struct spawn_child *)arg = start_script("exit 3", NULL);
	return 0;
}

static int
spawn_and_wait_late(void *arg)
{
	struct spawn_child *child = arg;
	struct evtask_exit exit;
	struct proc_stat stat;
	int r = evtask_to_thread(spawn_work, child, NULL);

	if (r < 0)
		return r;
	do
		r = evtask_sleep(1000); /* SIGCHLD comes, nobody waits yet */
	while (r == 0 && proc_read(child->pid, &stat) == 0 &&
	    !proc_ended(&stat));
	if (r == 0)
		r = evtask_sleep(1000);
	if (r == 0)
		r = evtask_process_wait(child->pid, &exit);
	return r < 0 ? r : evtask_return(evtask_value_int(exit.code));
}

/* A command of this thread, and behind it an orphan: one of the two is seen
 * first, and both end as they should. */
START_TEST(an_orphan_behind_a_command_is_reaped_when_that_is)
{
	struct spawn_child command = start_script("exec sleep 1000", NULL);
	struct reaper_command spared;
	struct proc_stat stat;
	struct proc orphan;
	int status;

	reaper_spare(&spared, command.pid);
	orphan = adopt("sleep 1000 & echo $!");
	ck_assert_int_eq(kill(command.pid, SIGKILL), 0);
	while (proc_read(command.pid, &stat) == 0 && !proc_ended(&stat))
		run_slow_turn();
	ck_assert_int_eq(proc_signal(&orphan, SIGKILL), 0);
	while (proc_read(orphan.pid, &stat) == 0 && !proc_ended(&stat))
		run_slow_turn();
	run_slow_turn();
	ck_assert_int_eq(waitpid(command.pid, &status, WNOHANG), command.pid);
	ck_assert(WIFSIGNALED(status));
	reaper_forget(&spared);
	ck_assert_int_eq(proc_read(orphan.pid, &stat), -ESRCH);
	reaper_forget(&spared); /* again is no harm */
	spawn_child_release(&command);
}
END_TEST

START_TEST(a_command_is_left_to_who_waits_for_it)
{
	struct spawn_child child;
	struct evtask_value value;
	struct evtask *task;

	ck_assert_int_eq(evtask_loop_create_task(loop, spawn_and_wait_late,
	    &child, NULL, &task), 0);
	ck_assert_int_eq(evtask_loop_run_until_complete(loop, task), 0);
	ck_assert_int_eq(evtask_result(task, &value), 0);
	ck_assert_int_eq(value.u.i, 3);
	evtask_unref(task);
	spawn_child_release(&child);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("reaper");
	TCase *tc = tcase_create("reaper");

	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, an_orphan_becomes_ours_and_is_reaped);
	tcase_add_test(tc, an_orphan_behind_a_command_is_reaped_when_that_is);
	tcase_add_test(tc, a_command_is_left_to_who_waits_for_it);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
