/*
 * check_proc.c - daemon/proc.c: one process, and no other.
 */
#include "daemon/proc.h"

#include "children.h"

START_TEST(a_process_reads_as_it_stands)
{
	struct spawn_child child = start_script("exec sleep 1000", NULL);
	struct proc_stat stat;

	ck_assert_int_eq(proc_read(child.pid, &stat), 0);
	ck_assert_int_eq(stat.proc.pid, child.pid);
	ck_assert_uint_gt(stat.proc.start_ticks, 0);
	ck_assert_int_eq(stat.parent, getpid());
	ck_assert_int_eq(stat.session, child.pid);
	end_children();
	spawn_child_release(&child);
}
END_TEST

START_TEST(a_name_with_parentheses_and_spaces_is_no_riddle)
{
	struct proc_stat before, after;

	ck_assert_int_eq(proc_read(getpid(), &before), 0);
	ck_assert_int_eq(prctl(PR_SET_NAME, "a) R 1 2 ("), 0);
	ck_assert_int_eq(proc_read(getpid(), &after), 0);
	ck_assert(proc_same(&before.proc, &after.proc));
	ck_assert_int_eq(after.parent, getppid());
	ck_assert_int_eq(after.session, getsid(0));
}
END_TEST

START_TEST(no_such_process_is_said_so)
{
	struct spawn_child child = start_script("exit 0", NULL);
	struct proc proc = identify(&child);
	struct proc_stat stat;

	reap(&child);
	ck_assert_int_eq(proc_read(child.pid, &stat), -ESRCH);
	ck_assert_int_eq(proc_signal(&proc, 0), -ESRCH);
	spawn_child_release(&child);
}
END_TEST

START_TEST(a_signal_reaches_the_process)
{
	struct spawn_child child = start_script("echo up; exec sleep 1000",
	    NULL);
	struct proc proc = identify(&child);
	char line[16];

	read_line(child.ends.out, line, sizeof(line));
	ck_assert_int_eq(proc_signal(&proc, SIGUSR1), 0);
	ck_assert_int_eq(WTERMSIG(reap(&child)), SIGUSR1);
	spawn_child_release(&child);
}
END_TEST

START_TEST(a_later_process_of_the_same_number_is_left_alone)
{
	struct spawn_child child = start_script("exec sleep 1000", NULL);
	struct proc proc = identify(&child);
	struct proc earlier = { proc.pid, proc.start_ticks - 1 };

	ck_assert_int_eq(proc_signal(&earlier, SIGKILL), -ESRCH);
	proc_wait_ended(&earlier, CHILD_TIMEOUT_MS);
	ck_assert(lives(&proc));
	end_children();
	spawn_child_release(&child);
}
END_TEST

START_TEST(a_zombie_has_ended_and_keeps_its_number)
{
	struct spawn_child child = start_script("exit 0", NULL);
	struct proc proc = identify(&child);
	struct proc_stat stat;

	proc_wait_ended(&proc, CHILD_TIMEOUT_MS);
	ck_assert_int_eq(proc_read(child.pid, &stat), 0);
	ck_assert(proc_ended(&stat));
	ck_assert(proc_same(&stat.proc, &proc));
	reap(&child);
	spawn_child_release(&child);
}
END_TEST

START_TEST(a_variable_is_found_whole_or_not_at_all)
{
	struct spawn_child child = start_script("echo up; exec sleep 1000",
	    "MARK=abc");
	pid_t pid = child.pid;
	char line[16];

	read_line(child.ends.out, line, sizeof(line));
	ck_assert(proc_has_variable(pid, "MARK=abc"));
	ck_assert(!proc_has_variable(pid, "MARK=ab"));
	ck_assert(!proc_has_variable(pid, "MARK=abcd"));
	ck_assert(!proc_has_variable(pid, "ARK=abc"));
	end_children();
	ck_assert(!proc_has_variable(pid, "MARK=abc"));
	spawn_child_release(&child);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("proc");
	TCase *tc = tcase_create("proc");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, a_process_reads_as_it_stands);
	tcase_add_test(tc, a_name_with_parentheses_and_spaces_is_no_riddle);
	tcase_add_test(tc, no_such_process_is_said_so);
	tcase_add_test(tc, a_signal_reaches_the_process);
	tcase_add_test(tc, a_later_process_of_the_same_number_is_left_alone);
	tcase_add_test(tc, a_zombie_has_ended_and_keeps_its_number);
	tcase_add_test(tc, a_variable_is_found_whole_or_not_at_all);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
