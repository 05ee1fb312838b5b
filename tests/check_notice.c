/*
 * check_notice.c - cli/notice.c, news.c, counts.c: what happens is told above
 * the line, and leaves the line as it was.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include "tty.h"
#include "suite.h"

START_TEST(a_notice_while_typing_keeps_the_line)
{
	type("show somebody");
	expect_typed("evtask> show somebody");
	create("quick", "0", true);
	expect("* quick (1) returned after");
	expect_typed("evtask> show somebody");
	ck_assert_ptr_nonnull(strstr(row_above(1), "* quick (1)"));
	type("!");
	expect_typed("evtask> show somebody!");
}
END_TEST

START_TEST(a_notice_says_how_a_command_failed)
{
	type("create exec --name bad -- sh -c 'exit 3'\r");
	expect("* bad (1) returned (exit 3) after");
	type("list\r");
	expect("exit 3, ");
	expect_prompt();
	type("show bad\r");
	expect("state       done: returned, exit 3\n");
}
END_TEST

START_TEST(a_notice_leaves_the_cursor_where_it_was)
{
	type("show somebody");
	press(CTRL('A'));
	type("\033[C\033[C");
	expect_line("evtask> show somebody", 10);
	create("quick", "0", true);
	expect("* quick (1) returned after");
	expect_line("evtask> show somebody", 10);
}
END_TEST

START_TEST(a_notice_keeps_a_line_that_is_wrapped)
{
	type("send somebody 1234567890 1234567890 1234567890 1234567890 end");
	expect_typed("67890 end");
	create("quick", "0", true);
	expect("* quick (1) returned after");
	expect_typed("67890 end");
	ck_assert_str_eq(row_above(1), "evtask> send somebody 1234567890 "
	    "1234567890 1234567890 12345");
	ck_assert_ptr_nonnull(strstr(row_above(2), "* quick (1)"));
}
END_TEST

START_TEST(a_notice_waits_for_the_end_of_a_search)
{
	type("show somebody\r");
	expect("no task somebody");
	expect_prompt();
	press(CTRL('R'));
	type("show");
	expect("(reverse-i-search)`show': show somebody");
	create("quick", "0", true);
	json_object_put(ask("task.get", "{\"task\":\"quick\"}"));
	type(" s");
	expect("(reverse-i-search)`show s': show somebody");
	ck_assert_ptr_null(strstr(screen_text(&screen), "* quick"));
	press(CTRL('G'));
	expect("* quick (1) returned after");
	expect_prompt();
}
END_TEST

START_TEST(a_notice_waits_for_the_end_of_a_count)
{
	type("\033" "3");
	expect("(arg: 3)");
	create("quick", "0", true);
	json_object_put(ask("task.get", "{\"task\":\"quick\"}"));
	type("0");
	expect("(arg: 30)");
	ck_assert_ptr_null(strstr(screen_text(&screen), "* quick"));
	type("x");
	expect("* quick (1) returned after");
	expect_typed("evtask> xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
}
END_TEST

START_TEST(of_a_burst_only_the_first_are_told_one_by_one)
{
	char name[16];

	type("half a line");
	expect_typed("evtask> half a line");
	for (int i = 0; i < 9; i++) {
		snprintf(name, sizeof(name), "b%d", i);
		create(name, "0.3", false);
	}
	expect("more tasks ended");
	expect_typed("evtask> half a line");
	ck_assert_ptr_nonnull(strstr(screen_text(&screen), "* b0 (1)"));
	ck_assert_ptr_null(strstr(screen_text(&screen), "* b8 (9)"));
}
END_TEST

START_TEST(a_wait_needs_no_notice_of_its_task)
{
	create("short", "1.5", false);
	type("wait short\r");
	expect("short returned");
	expect_prompt();
	create("other", "0", true);
	expect("* other (2) returned");
	ck_assert_ptr_null(strstr(screen_text(&screen), "* short"));
}
END_TEST

START_TEST(a_notice_keeps_the_hint)
{
	type("show ");
	expect_hint("TASK...");
	create("quick", "0", true);
	expect("* quick (1) returned after");
	expect_line("evtask> show", 13);
	expect_hint("TASK...");
}
END_TEST

START_TEST(a_notice_after_a_list_of_candidates_keeps_the_line)
{
	type("wait --m\t\t");
	expect("first_error");
	expect_line("evtask> wait --mode", 20);
	create("quick", "0", true);
	expect("* quick (1) returned after");
	expect_line("evtask> wait --mode", 20);
	type("all");
	expect_typed("evtask> wait --mode all");
}
END_TEST

START_TEST(the_prompt_counts)
{
	create("one", "3600", false);
	create("two", "3600", false);
	json_object_put(ask("task.create", "{\"coroutine\":\"exec\",\"args\":"
	    "{\"argv\":[\"/no/such\"]},\"wait\":true}"));
	expect("raised");
	type("\r");
	expect_line("evtask 2w 1f>", 14);
}
END_TEST

START_TEST(a_notice_in_a_line_that_goes_on_keeps_both_of_its_rows)
{
	type("call task.list limit=1 fields:=[\"name\",\r");
	expect_line("...", 4);
	type("\"sta");
	expect_line("... \"sta", 8);
	create("quick", "0", true);
	expect("* quick (1) returned after");
	expect_line("... \"sta", 8);
	type("te\"]\r");
	expect("{\"tasks\":[{\"id\":1,\"name\":\"quick\","
	    "\"state\":\"done\"}],");
	expect_prompt();
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("notice");
	TCase *tc = tcase_create("notice");

	tcase_set_timeout(tc, 120);
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, a_notice_while_typing_keeps_the_line);
	tcase_add_test(tc, a_notice_says_how_a_command_failed);
	tcase_add_test(tc, a_notice_leaves_the_cursor_where_it_was);
	tcase_add_test(tc, a_notice_keeps_a_line_that_is_wrapped);
	tcase_add_test(tc, a_notice_waits_for_the_end_of_a_search);
	tcase_add_test(tc, a_notice_waits_for_the_end_of_a_count);
	tcase_add_test(tc, of_a_burst_only_the_first_are_told_one_by_one);
	tcase_add_test(tc, a_wait_needs_no_notice_of_its_task);
	tcase_add_test(tc, a_notice_keeps_the_hint);
	tcase_add_test(tc, a_notice_after_a_list_of_candidates_keeps_the_line);
	tcase_add_test(tc, the_prompt_counts);
	tcase_add_test(tc,
	    a_notice_in_a_line_that_goes_on_keeps_both_of_its_rows);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
