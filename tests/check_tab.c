/*
 * check_tab.c - cli/tab.c, ghost.c: what Tab finds and how it is shown, and
 * what stands behind the line in grey.
 */
#include <string.h>
#include <termios.h>
#include "tty.h"
#include "suite.h"

static void
tab_until(const char *text)
{
	tab_until_at(text, (int)strlen(text) + 1);
}

START_TEST(tab_completes_verbs_and_tasks)
{
	create("napping", "3600", false);
	type("canc\t");
	expect_line("evtask> cancel", 15);
	type("nap");
	tab_until("evtask> cancel napping");
}
END_TEST

START_TEST(tab_shows_what_there_is_with_words)
{
	type("wait --m\t");
	expect_line("evtask> wait --mode", 20);
	type("\t");
	expect("first_error");
	expect_line("evtask> wait --mode", 20);
	press(CTRL('U'));
	type("create \t");
	expect("exec");
	expect("run a command");
	expect_line("evtask> create", 15);
	type("sl\td\t");
	expect_typed("evtask> create sleep delay=");
}
END_TEST

START_TEST(tab_quotes_a_name_with_a_blank)
{
	create("my nap", "3600", false);
	type("show my");
	tab_until("evtask> show \"my nap\"");
	type("\r");
	expect("task        1  my nap");
}
END_TEST

START_TEST(a_hint_says_what_may_follow)
{
	type("wait ");
	expect_hint("TASK... [options]");
	expect_line("evtask> wait", 13);
	type("n");
	expect_typed("evtask> wait n");
	expect_hint("");
	press(CTRL('U'));
	type("create sleep ");
	expect_hint("delay=DURATION [result=ANYTHING] [-- "
	    "\342\200\246");
	type("delay=");
	expect_hint("DURATION");
	type("1h --timeout ");
	expect_hint("DURATION");
	type("\033[D");
	expect_line("evtask> create sleep delay=1h --timeout", 39);
	expect_hint("");
	press(CTRL('U'));
	type("ping\r");
	expect("pong");
}
END_TEST

START_TEST(a_hint_is_gone_before_the_line_is_run)
{
	type("list ");
	expect_hint("[NAME] [options]");
	type("\r");
	expect("evtask> list\nno tasks\nevtask>");
	for (int row = 0; row < SCREEN_ROWS; row++)
		ck_assert_str_eq(screen_hint(&screen, row), "");
}
END_TEST

START_TEST(tab_among_10000_names_shows_a_few)
{
	end_prompt();
	await_whether("subscriptions", false);
	crowd(10000);
	start_prompt("xterm");
	expect("10000w>");
	await_count("subscriptions"); /* it has learned what there is */
	type("show n\t");
	expect_typed("evtask 10000w> show nap-");
	type("\t");
	expect("... and 9980 more");
	expect_typed("evtask 10000w> show nap-");
	expect("nap-1  ");
	expect("sleep, ");
	type("9999\t");
	expect_line("evtask 10000w> show nap-9999", 29);
}
END_TEST

START_TEST(tab_shows_more_than_the_screen_has_rows_side_by_side)
{
	press('\t');
	expect("\n  call");
	expect("  why\n");
	expect_prompt();
	ck_assert_ptr_null(strstr(screen_text(&screen), "more"));
	/* There is no room for words. */
	ck_assert_ptr_null(strstr(screen_text(&screen), "ask tasks to stop"));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("tab");
	TCase *tc = tcase_create("tab");

	tcase_set_timeout(tc, 120);
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, tab_completes_verbs_and_tasks);
	tcase_add_test(tc, tab_shows_what_there_is_with_words);
	tcase_add_test(tc, tab_quotes_a_name_with_a_blank);
	tcase_add_test(tc, a_hint_says_what_may_follow);
	tcase_add_test(tc, a_hint_is_gone_before_the_line_is_run);
	tcase_add_test(tc, tab_among_10000_names_shows_a_few);
	tcase_add_test(tc,
	    tab_shows_more_than_the_screen_has_rows_side_by_side);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
