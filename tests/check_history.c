/*
 * check_history.c - cli/history.c: which lines are kept, and where.
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "tty.h"
#include "suite.h"

static void
assert_history(const char *expected)
{
	char path[128], text[512] = "";
	FILE *file;

	snprintf(path, sizeof(path), "%s/.local/state/evtask/history",
	    folder);
	file = fopen(path, "r");
	ck_assert_ptr_nonnull(file);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	ck_assert_str_eq(text, expected);
}

START_TEST(a_secret_is_not_kept)
{
	type("create http url=http://me:pw@x/ \r");
	expect_prompt();
	type("create x api_token=abc\r");
	expect_prompt();
	type("create x headers.Authorization=abc\r");
	expect_prompt();
	type("create x --password abc\r");
	expect_prompt();
	type("create x name=http://x/@y:z\r");
	expect_prompt();
	type("ping\r");
	expect("pong");
	expect_prompt();
	assert_history("create x name=http://x/@y:z\nping\n");
}
END_TEST

START_TEST(of_equal_lines_the_newest_is_remembered)
{
	enter("ping");
	enter("version");
	enter("ping");
	assert_history("ping\nversion\nping\n");
	type("\033[A\033[A\033[A#");
	expect_typed("evtask> version#");
	end_prompt();
	start_prompt("xterm");
	expect_prompt();
	type("\033[A\033[A\033[A#");
	expect_typed("evtask> version#");
}
END_TEST

START_TEST(a_full_disk_is_told_once)
{
	char path[128];

	home_path(path, ".local/state/evtask/history");
	ck_assert_int_eq(symlink("/dev/full", path), 0);
	type("ping\r");
	expect("* the history cannot be kept: /tmp/");
	expect("pong");
	expect_prompt();
	type("version\r");
	expect("evtaskd 0");
	expect_prompt();
	type("\033[A");
	expect_typed("evtask> version");
	ck_assert_ptr_eq(strstr(strstr(screen_text(&screen), "cannot be") + 1,
	    "cannot be"), NULL);
}
END_TEST

START_TEST(without_a_home_it_is_a_prompt_nevertheless)
{
	end_prompt();
	no_home = true;
	start_prompt("xterm");
	no_home = false;
	expect_prompt();
	type("ping\r");
	expect("pong");
	expect_prompt();
	ck_assert_ptr_null(strstr(screen_text(&screen), "history"));
	type("\033[A");
	expect_typed("evtask> ping");
}
END_TEST

START_TEST(lines_are_kept_but_for_those_that_begin_with_a_blank)
{
	char path[128], text[256] = "";
	struct stat st;
	FILE *file;

	type("ping\r");
	expect("pong");
	expect_prompt();
	type(" show secret\r");
	expect("no task secret");
	expect_prompt();
	type("version\r");
	expect("evtaskd 0");
	expect_prompt();
	snprintf(path, sizeof(path), "%s/.local/state/evtask/history",
	    folder);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_int_eq(st.st_mode & 0777, 0600);
	file = fopen(path, "r");
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	ck_assert_str_eq(text, "ping\nversion\n");

	end_prompt();
	start_prompt("xterm");
	expect_prompt();
	type("\033[A");
	expect_typed("evtask> version");
	type("\033[A");
	expect_typed("evtask> ping");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("history");
	TCase *tc = tcase_create("history");

	tcase_set_timeout(tc, 120);
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc,
	    lines_are_kept_but_for_those_that_begin_with_a_blank);
	tcase_add_test(tc, a_secret_is_not_kept);
	tcase_add_test(tc, of_equal_lines_the_newest_is_remembered);
	tcase_add_test(tc, a_full_disk_is_told_once);
	tcase_add_test(tc, without_a_home_it_is_a_prompt_nevertheless);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
