/*
 * check_top.c - cli/top.c, top_screen.c, canvas.c, watch.c: the live views, on
 * a terminal.
 */
#include <evtask/ctl.h>
#include <json-c/json.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "tty.h"
#include "suite.h"

static void
set_up_top(void)
{
	set_up();
	create("one", "3600", false);
	create("two", "3600", false);
	create("three", "7200", false);
	type("top\r");
	expect("> ");
	expect("q quit");
}

START_TEST(tasks_and_what_they_wait_for_are_shown)
{
	expect("3 tasks  busy ");
	expect("resumes/s  ready ");
	expect("tasks, sorted by BUSY");
	expect("ID  NAME ");
	expect("one ");
	expect("three ");
	expect("timer");
	type("q");
	expect_prompt();
	expect_no("sorted by"); /* what stood there before stands there */
}
END_TEST

START_TEST(keys_sort)
{
	type("i");
	expect("sorted by ID");
	expect(">   1  one");
	type("n");
	expect("sorted by NAME");
	type("\033[H");
	expect(">   1  one");
	type("\033[B");
	expect(">   3  three");
	type("\033[B");
	expect(">   2  two");
	type("k");
	expect(">   3  three");
	type("\033[F");
	expect(">   2  two");
	type("r");
	expect("sorted by RES/S");
	type("l");
	expect("sorted by READY");
	type("w");
	expect("sorted by WAITS");
}
END_TEST

START_TEST(the_row_that_is_chosen_stays_so)
{
	type("n\033[F");
	expect(">   2  two");
	type("i");
	expect("sorted by ID");
	expect(">   2  two");
	type("n");
	expect("sorted by NAME");
	expect(">   2  two");
}
END_TEST

START_TEST(tasks_are_grouped)
{
	type("g");
	expect("by coroutine, sorted by");
	expect(">   3  sleep");
	type("\r");
	expect("tasks of sleep");
	expect("two");
	type("\033");
	expect("by coroutine");
	type("g");
	expect("by site");
	expect(">   3  ");
	type("c");
	expect("choose a task");
	type("g");
	expect("tasks, sorted");
}
END_TEST

START_TEST(enter_shows_all_of_a_task_its_stack_and_its_log)
{
	json_object_put(ask("task.create", "{\"coroutine\":\"exec\",\"args\":{"
	    "\"shell\":\"seq 20; echo hello from the log; exec sleep 3600\"},"
	    "\"name\":\"zzz\"}"));
	expect("zzz");
	type("n\033[F");
	expect(">   4  zzz");
	type("\r");
	expect("coroutine   exec");
	expect("state       waiting");
	expect("Escape back");
	type("\033[F");
	expect("#0 ");
	expect("14\n15\n16\n17\n18\n19\n20\nhello from the log\n");
	expect_no("coroutine   exec");
	type("\033[H");
	expect("coroutine   exec");
	expect("#0 ");
	type("\033");
	expect("sorted by NAME");
}
END_TEST

START_TEST(a_task_is_cancelled_once_one_says_yes)
{
	struct json_object *result;

	type("n\033[Hc");
	expect("cancel one(1)? y n");
	type("n");
	expect("Enter  c cancel");
	result = ask("task.get", "{\"task\":1}");
	ck_assert_ptr_null(evtask_ctl_get(evtask_ctl_get(result, "task"),
	    "cancel"));
	json_object_put(result);
	type("c");
	expect("cancel one(1)? y n");
	type("y");
	expect("task 1 is asked to stop");
	json_object_put(ask("task.wait", "{\"tasks\":[1]}"));
	expect("2 tasks ");
	expect_no("1  one");
}
END_TEST

START_TEST(it_lives_but_for_a_pause)
{
	create("late", "3600", false);
	expect("4 tasks ");
	expect("late");
	type("p");
	expect("PAUSED");
	create("later", "3600", false);
	type("i");
	expect("sorted by ID");
	type("n");
	expect("sorted by NAME"); /* what was drawn before that is whole */
	ck_assert_ptr_null(strstr(screen_text(&screen), "later"));
	type(" ");
	expect_no("PAUSED");
	expect("later");
}
END_TEST

START_TEST(ctrl_c_leaves_it)
{
	press(3);
	expect_no("sorted by");
	expect_prompt();
	type("ping\r");
	expect("pong");
}
END_TEST

START_TEST(a_server_that_goes_ends_it)
{
	kill_daemon();
	expect_no("sorted by");
	expect("the server has gone");
}
END_TEST

START_TEST(the_recorder_is_on_only_while_one_looks)
{
	type("q");
	expect_prompt();
	type("trace stop\r");
	expect_prompt();
	type("top\r");
	expect("q quit");
	json_object_put(ask("trace.snapshot", "{\"limit\":1}"));
	type("q");
	expect_prompt();
	type("trace save -\r");
	expect("nothing is recorded");
	type("trace save\r");
	expect("a trace is not for reading: \"trace save FILE\"");
}
END_TEST

START_TEST(from_the_shell_it_is_the_same)
{
	int status;

	end_prompt();
	start_evtask("xterm", SCREEN_COLUMNS, "top");
	expect("3 tasks  busy ");
	press(26); /* nobody could continue it: it is not stopped */
	type("i");
	expect(">   1  one");
	type("q");
	while (read_some(PATIENCE_MS))
		;
	ck_assert_int_eq(waitpid(prompt_pid, &status, 0), prompt_pid);
	prompt_pid = 0;
	ck_assert_int_eq(status, 0);
}
END_TEST

START_TEST(a_verb_is_watched_until_q)
{
	type("q");
	expect_prompt();
	type("watch -n 1h list --live\r");
	expect("every 1h00m, q quits  list --live");
	expect("three ");
	create("late", "3600", false);
	type("x ");	/* what is no key of it, and: now */
	expect("late");
	type("q");
	expect_no("q quits");
	expect_prompt();
	expect_no("interrupted");
}
END_TEST

START_TEST(many_tasks_are_scrolled)
{
	char name[32];

	for (int i = 0; i < 30; i++) {
		snprintf(name, sizeof(name), "many-%02d", i);
		create(name, "3600", false);
	}
	expect("33 tasks");
	type("i\033[H");
	expect("sorted by ID");
	expect(">   1  one");
	expect_no("many-29");
	type("\033[F");
	expect("many-29");
	expect_no(" one ");
	type("\033[5~\033[5~\033[5~");
	expect(">   1  one");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("top");
	TCase *tc = tcase_create("top");

	tcase_set_timeout(tc, 120);
	tcase_add_checked_fixture(tc, set_up_top, tear_down);
	tcase_add_test(tc, tasks_and_what_they_wait_for_are_shown);
	tcase_add_test(tc, keys_sort);
	tcase_add_test(tc, the_row_that_is_chosen_stays_so);
	tcase_add_test(tc, tasks_are_grouped);
	tcase_add_test(tc,
	    enter_shows_all_of_a_task_its_stack_and_its_log);
	tcase_add_test(tc, a_task_is_cancelled_once_one_says_yes);
	tcase_add_test(tc, it_lives_but_for_a_pause);
	tcase_add_test(tc, ctrl_c_leaves_it);
	tcase_add_test(tc, a_server_that_goes_ends_it);
	tcase_add_test(tc, the_recorder_is_on_only_while_one_looks);
	tcase_add_test(tc, from_the_shell_it_is_the_same);
	tcase_add_test(tc, a_verb_is_watched_until_q);
	tcase_add_test(tc, many_tasks_are_scrolled);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
