/*
 * check_repl.c - cli/repl.c: the prompt on a terminal of its own, against a
 * daemon of its own: lines, the keys that end them, and what is run first.
 */
#include <evtask/ctl.h>
#include <json-c/json.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include "tty.h"
#include "suite.h"

static void
write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	ck_assert_ptr_nonnull(file);
	ck_assert_int_ge(fputs(text, file), 0);
	ck_assert_int_eq(fclose(file), 0);
}

START_TEST(a_verb_prints_and_the_prompt_comes_back)
{
	type("create sleep delay=1h --name nap\r");
	expect("--name nap\n1\nevtask 1w>\n");
	type("show na\r");
	expect("coroutine   sleep");
	expect_prompt();
	type("lst\r");
	expect("there is no verb lst; did you mean list?");
	expect_prompt();
}
END_TEST

/* A shell would show it in $?; a prompt has no such place. */
START_TEST(of_several_tasks_each_has_its_turn)
{
	create("nap", "3600", false);
	create("siesta", "3600", false);
	type("result nap siesta\r");
	expect("==> nap <==\nnap: task 1 is not done yet; wait for it with "
	    "\"wait 1\"\n\n==> siesta <==\nsiesta: task 2 is not");
}
END_TEST

START_TEST(how_a_command_failed_is_said)
{
	type("run -- sh -c 'exit 3'\r");
	expect("task 1 exited with 3\nevtask>");
	type("run -- sh -c 'kill -9 $$'\r");
	expect("task 2 was ended by SIGKILL\nevtask>");
	type("run true\r");
	expect("run true\nevtask>");
}
END_TEST

/* In a script that is no output; a person would wonder. */
START_TEST(that_nothing_was_raised_is_said)
{
	create("quick", "0", true);
	type("exception quick\r");
	expect("\nit has raised nothing\n");
	expect_prompt();
}
END_TEST

/* More of them than a page of the server's has. */
START_TEST(an_exact_name_wins_over_any_number_of_longer_ones)
{
	char name[16];
	int i;

	for (i = 0; i < 1001; i++) {
		snprintf(name, sizeof(name), "nap-%d", i);
		create(name, "3600", false);
	}
	create("nap", "3600", false);
	type("show nap\r");
	expect("task        1002  nap\n");
	expect_prompt();
	type("show nap-\r");
	expect("nap- may be nap-0, nap-1, nap-10, nap-100 or another;");
}
END_TEST

START_TEST(ctrl_c_ends_a_wait_and_leaves_the_task)
{
	struct json_object *result;

	create("nap", "3600", false);
	type("wait nap\r");
	await_count("deferred");
	press(CTRL('C'));
	expect("interrupted");
	expect_prompt();
	result = ask("task.get", "{\"task\":\"nap\"}");
	ck_assert_str_eq(evtask_ctl_get_text(evtask_ctl_get(result, "task"),
	    "state", ""), "waiting");
	ck_assert_ptr_null(evtask_ctl_get(evtask_ctl_get(result, "task"),
	    "cancel"));
	json_object_put(result);
	type("ping\r");
	expect("pong");
}
END_TEST

START_TEST(ctrl_c_ends_the_logs_of_several_and_leaves_the_tasks)
{
	struct json_object *stats;

	type("create exec --name a -- sh -c 'echo x; exec sleep 999'\r");
	expect("\n1\n");
	type("create exec --name b -- sh -c 'echo y; exec sleep 999'\r");
	expect("\n2\n");
	type("logs -f a b\r");
	expect("==> a <==\nx\n");
	expect("==> b <==\ny\n");
	press(CTRL('C'));
	expect("^C\ninterrupted");
	expect_prompt();
	stats = ask("daemon.stats", "{}");
	ck_assert_int_eq(evtask_ctl_get_int(evtask_ctl_get(stats, "tasks"),
	    "live", 0), 2);
	json_object_put(stats);
	type("ping\r");
	expect("pong");
}
END_TEST

START_TEST(ctrl_c_leaves_a_line_and_begins_another)
{
	type("half a line");
	expect_typed("evtask> half a line");
	press(CTRL('C'));
	expect_prompt();
	ck_assert_str_eq(row_above(1), "evtask> half a line^C");
	press(CTRL('R'));
	expect("(reverse-i-search)");
	press(CTRL('C'));
	expect_prompt();
	type("ping\r");
	expect("pong");
}
END_TEST

/* Waits until the prompt has ended, and with which exit code. */
static int
await_end(void)
{
	int64_t deadline = now_ms() + PATIENCE_MS;
	int status;

	while (waitpid(prompt_pid, &status, WNOHANG) == 0) {
		ck_assert_msg(now_ms() < deadline, "the prompt does not end; "
		    "the screen is:\n%s", screen_text(&screen));
		if (!read_some(20)) /* at once, when it has let go of it */
			poll(NULL, 0, 5);
	}
	prompt_pid = 0;
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

START_TEST(ctrl_d_leaves_and_the_terminal_is_as_it_was)
{
	struct termios before, after;
	int spare;

	end_prompt();
	ck_assert_int_eq(openpty(&tty, &spare, NULL, NULL, NULL), 0);
	ck_assert_int_eq(tcgetattr(tty, &before), 0);
	close(spare);
	close(tty);
	start_prompt("xterm");
	expect_prompt();
	press(CTRL('D'));
	ck_assert_int_eq(await_end(), 0);
	ck_assert_int_eq(tcgetattr(tty, &after), 0);
	ck_assert_uint_eq(after.c_lflag, before.c_lflag);
	ck_assert_uint_eq(after.c_iflag, before.c_iflag);
	ck_assert_int_eq(memcmp(after.c_cc, before.c_cc, NCCS), 0);
	close(tty);
}
END_TEST

/* Whatever it is: a line, a key of readline's, the end. */
START_TEST(what_is_typed_while_a_verb_runs_waits_for_the_next_line)
{
	create("nap", "3600", false);
	type("wait nap\r");
	await_count("deferred");
	type("ping\rshow x");
	press(CTRL('A'));
	type("# ");
	json_object_put(ask("task.cancel", "{\"tasks\":[\"nap\"]}"));
	expect("nap cancelled\nevtask> ping\npong");
	expect_line("evtask> # show x", 10);
	ck_assert_ptr_null(strstr(screen_text(&screen), "^A"));
}
END_TEST

START_TEST(a_ctrl_d_while_a_verb_runs_leaves_after_it)
{
	create("nap", "3600", false);
	type("wait nap\r");
	await_count("deferred");
	press(CTRL('D'));
	json_object_put(ask("task.cancel", "{\"tasks\":[\"nap\"]}"));
	ck_assert_int_eq(await_end(), 0);
	close(tty);
}
END_TEST

START_TEST(a_window_that_changes_keeps_the_line)
{
	struct winsize size = { SCREEN_ROWS, SCREEN_COLUMNS, 0, 0 };

	end_prompt();
	start_prompt_of("xterm", 40);
	expect_prompt();
	type("send somebody 1234567890 1234567890 1234567890");
	expect_typed("890 1234567890");
	screen.columns = SCREEN_COLUMNS;
	ck_assert_int_eq(ioctl(tty, TIOCSWINSZ, &size), 0);
	expect_typed("evtask> send somebody 1234567890 1234567890 "
	    "1234567890");
	type("!");
	expect_typed("evtask> send somebody 1234567890 1234567890 "
	    "1234567890!");
	await_count("subscriptions");
	create("quick", "0", true);
	expect("* quick (1) returned after");
	expect_typed("evtask> send somebody 1234567890 1234567890 "
	    "1234567890!");
}
END_TEST

START_TEST(a_second_ctrl_c_offers_to_cancel)
{
	create("nap", "3600", false);
	type("wait nap\r");
	await_count("deferred");
	press(CTRL('C'));
	expect("^C\ninterrupted; Ctrl-C again offers to cancel");
	expect_prompt();
	press(CTRL('C'));
	expect_typed("evtask 1w> cancel nap");
	press(CTRL('C')); /* it is an offer */
	expect_prompt();
	json_object_put(ask("task.get", "{\"task\":\"nap\"}"));
	ck_assert_ptr_null(strstr(screen_text(&screen), "asked to stop"));
	await_whether("deferred", false);
	type("wait nap\r");
	expect("1w> wait nap\n");
	await_count("deferred");
	press(CTRL('C'));
	expect("1w> wait nap\n^C\ninterrupted; Ctrl-C again offers to cancel\n"
	    "evtask 1w>");
	press(CTRL('C'));
	expect_typed("evtask 1w> cancel nap");
	type("\r");
	expect("task 1 is asked to stop");
}
END_TEST

START_TEST(what_a_line_makes_is_offered_too)
{
	type("create sleep delay=1h -w\r");
	await_count("deferred");
	press(CTRL('C'));
	expect("^C\ninterrupted; Ctrl-C again offers to cancel");
	expect_prompt();
	press(CTRL('C'));
	expect_typed("evtask 1w> cancel 1");
	type("\r");
	expect("task 1 is asked to stop");
	await_whether("deferred", false);
	type("run sh -c 'echo it runs; sleep 3600'\r");
	expect("\nit runs\n");
	press(CTRL('Z'));
	expect("you will be told when 2 is done");
	type("cancel 2\r");
	expect("* Task-2 (2) cancelled");
}
END_TEST

/* What comes up to that word is not shown. */
static void
drop_until(const char *word)
{
	char bytes[1024] = "";
	size_t size = 0;
	struct pollfd unread = { .fd = tty, .events = POLLIN };

	while (strstr(bytes, word) == NULL) {
		ck_assert_int_eq(poll(&unread, 1, PATIENCE_MS), 1);
		ck_assert_int_eq(read(tty, bytes + size, 1), 1);
		bytes[++size] = '\0';
		ck_assert_uint_lt(size, sizeof(bytes) - 1);
	}
}

/* As it may: with Ctrl-C a terminal drops what it has yet to show. */
START_TEST(an_offer_is_whole_though_the_terminal_has_dropped_the_prompt)
{
	type("create sleep delay=1h -w\r");
	await_count("deferred");
	kill(daemon_pid, SIGSTOP);
	press(CTRL('C'));
	expect("interrupted; Ctrl-C again offers to cancel");
	expect_prompt();
	kill(daemon_pid, SIGCONT);
	drop_until("1w");
	press(CTRL('C'));
	expect_typed("evtask 1w> cancel 1");
}
END_TEST

START_TEST(ctrl_z_turns_a_wait_into_a_notice)
{
	char name[16];

	create("nap", "3600", false);
	type("wait nap\r");
	await_count("deferred");
	press(CTRL('Z'));
	expect("^Z\nyou will be told when nap is done");
	expect_prompt();
	/* Even among so many that not each is told. */
	for (int i = 0; i < 9; i++) {
		snprintf(name, sizeof(name), "b%d", i);
		create(name, "0", true);
	}
	json_object_put(ask("task.cancel", "{\"tasks\":[\"nap\"]}"));
	expect("* nap (1) cancelled after");
}
END_TEST

START_TEST(a_hundred_lines_pasted_are_a_hundred_lines_run)
{
	char line[64];

	for (int i = 0; i < 100; i++) {
		snprintf(line, sizeof(line),
		    "create sleep delay=1h --name p%d\r", i);
		type(line);
	}
	expect("--name p99\n100\nevtask 100w>");
}
END_TEST

START_TEST(a_paste_in_brackets_waits_for_enter_and_is_run_line_by_line)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/inputrc", folder);
	write_file(path, "set enable-bracketed-paste on\n");
	end_prompt();
	setenv("INPUTRC", path, 1);
	start_prompt("xterm");
	unsetenv("INPUTRC");
	expect_prompt();
	type("\033[200~create sleep delay=1h --name a\r"
	    "create sleep delay=1h --name b\r\033[201~");
	expect("name b");
	ck_assert_ptr_null(strstr(screen_text(&screen), "\n1\n"));
	type("\r");
	expect("> create sleep delay=1h --name b\n2\nevtask 2w>");
}
END_TEST

START_TEST(json_goes_on_in_the_next_line)
{
	type("call task.list limit=1 fields:=[\"name\",\r");
	expect_line("...", 4);
	type("\"state\"]\r");
	expect("{\"tasks\":[],\"total\":0,");
	expect_prompt();
	type("send x 'a\r");
	expect_line("...", 4);
	press(CTRL('C'));
	expect_prompt();
	type("show \"a\r");
	expect_line("...", 4);
	press(CTRL('D'));
	expect_prompt();
	type("pi\\\rng\r");
	expect("pong");
	expect_prompt();
	type("\033[A");
	expect_typed("evtask> ping");
}
END_TEST

START_TEST(wide_characters_take_their_room)
{
	create("\346\274\242\345\255\227-nap", "3600", false); /* two wide */
	type("show \346\274\242");
	tab_until_at("evtask> show \346\274\242\345\255\227-nap", 22);
	create("quick", "0", true);
	expect("* quick (2) returned after");
	expect_line("evtask 1w> show \346\274\242\345\255\227-nap", 25);
	type("\r");
	expect("task        1  \346\274\242\345\255\227-nap");
	type("list --sort id\r");
	expect("ID  NAME      COROUTINE  STATE ");
	expect(" 1  \346\274\242\345\255\227-nap  sleep      waiting ");
}
END_TEST

START_TEST(inputrc_knows_evtask)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/inputrc", folder);
	write_file(path, "$if evtask\n\"\\C-xp\": \"ping\"\n"
	    "$else\n\"\\C-xp\": \"version\"\n$endif\n");
	end_prompt();
	setenv("INPUTRC", path, 1);
	start_prompt("xterm");
	unsetenv("INPUTRC");
	expect_prompt();
	type("\030p");
	expect_typed("evtask> ping");
}
END_TEST

START_TEST(the_start_up_file_is_run_first_and_may_set_options)
{
	char path[128];

	home_path(path, ".config/evtask/startup");
	write_file(path, "# mine\nversion\n-o tsv\nfrobnicate\n");
	end_prompt();
	create("nap", "3600", false);
	start_prompt("xterm");
	expect("startup:4: there is n");
	expect_prompt();
	ck_assert_ptr_nonnull(strstr(screen_text(&screen), "evtaskd 0"));
	type("list --columns name,state\r");
	expect("nap     waiting");
	type("-o table\r");
	expect_prompt();
	type("list --columns name,state\r");
	expect("NAME  STATE");
}
END_TEST

START_TEST(what_is_longer_than_the_window_is_paged)
{
	crowd(50);
	setenv("EVTASK_PAGER", "while read -r l; do echo \"<$l>\"; done | "
	    "tail -1; echo paged", 1);
	end_prompt();
	start_prompt("xterm");
	unsetenv("EVTASK_PAGER");
	expect("50w>");
	type("list -o id\r");
	expect("<50>\npaged\nevtask 50w>");
	type("list -o id --limit 3\r");
	expect("--limit 3\n1\n2\n3\nevtask 50w>");
	type("list -o id --no-pager\r");
	expect("49\n50\nevtask 50w>");
	/* The terminal was lent, and came back. */
	press(CTRL('A'));
	type("# x");
	expect_line("evtask 50w> # x", 15);
}
END_TEST

START_TEST(a_dumb_terminal_will_do)
{
	end_prompt();
	start_prompt("dumb");
	expect_prompt();
	type("ping\r");
	expect("pong");
	type("quit\r");
	while (read_some(1000))
		;
	ck_assert_ptr_null(strchr(screen_text(&screen), '\033'));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("repl");
	TCase *tc = tcase_create("repl");

	tcase_set_timeout(tc, 120);
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, a_verb_prints_and_the_prompt_comes_back);
	tcase_add_test(tc, of_several_tasks_each_has_its_turn);
	tcase_add_test(tc, how_a_command_failed_is_said);
	tcase_add_test(tc, that_nothing_was_raised_is_said);
	tcase_add_test(tc, an_exact_name_wins_over_any_number_of_longer_ones);
	tcase_add_test(tc, ctrl_c_ends_a_wait_and_leaves_the_task);
	tcase_add_test(tc,
	    ctrl_c_ends_the_logs_of_several_and_leaves_the_tasks);
	tcase_add_test(tc, ctrl_c_leaves_a_line_and_begins_another);
	tcase_add_test(tc, ctrl_d_leaves_and_the_terminal_is_as_it_was);
	tcase_add_test(tc,
	    what_is_typed_while_a_verb_runs_waits_for_the_next_line);
	tcase_add_test(tc, a_ctrl_d_while_a_verb_runs_leaves_after_it);
	tcase_add_test(tc, a_dumb_terminal_will_do);
	tcase_add_test(tc, a_window_that_changes_keeps_the_line);
	tcase_add_test(tc, a_second_ctrl_c_offers_to_cancel);
	tcase_add_test(tc, what_a_line_makes_is_offered_too);
	tcase_add_test(tc,
	    an_offer_is_whole_though_the_terminal_has_dropped_the_prompt);
	tcase_add_test(tc, ctrl_z_turns_a_wait_into_a_notice);
	tcase_add_test(tc, a_hundred_lines_pasted_are_a_hundred_lines_run);
	tcase_add_test(tc,
	    a_paste_in_brackets_waits_for_enter_and_is_run_line_by_line);
	tcase_add_test(tc, json_goes_on_in_the_next_line);
	tcase_add_test(tc, wide_characters_take_their_room);
	tcase_add_test(tc, inputrc_knows_evtask);
	tcase_add_test(tc, the_start_up_file_is_run_first_and_may_set_options);
	tcase_add_test(tc, what_is_longer_than_the_window_is_paged);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
