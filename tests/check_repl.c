/*
 * check_repl.c - cli/repl.c, notice.c, keeper.c, history.c: the prompt on a
 * terminal of its own, against a daemon of its own. What is asserted is the
 * screen, as a person would see it. Nothing sleeps: each step waits for the
 * screen to show what it must.
 */
#include <errno.h>
#include <evtask/ctl.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include "tty.h"
#include "suite.h"

/* Makes so many tasks that sleep: nap-1, nap-2 ... */
static void
crowd(int n)
{
	char line[256];
	int fd = evtask_ctl_connect(socket_path), answered = 0;
	FILE *file;

	ck_assert_int_ge(fd, 0);
	fcntl(fd, F_SETFL, 0);
	file = fdopen(fd, "r");
	for (int i = 1; i <= n; i++) {
		snprintf(line, sizeof(line), "{\"jsonrpc\":\"2.0\",\"id\":%d,"
		    "\"method\":\"task.create\",\"params\":{\"coroutine\":"
		    "\"sleep\",\"args\":{\"delay\":3600},\"name\":"
		    "\"nap-%d\"}}\n", i, i);
		ck_assert_int_eq(write(fd, line, strlen(line)),
		    (int)strlen(line));
		while (i - answered >= 100 || (i == n && answered < n)) {
			char *answer = NULL;
			size_t room = 0;

			ck_assert_int_gt(getline(&answer, &room, file), 0);
			free(answer);
			answered++;
		}
	}
	fclose(file);
}

static void
write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	ck_assert_ptr_nonnull(file);
	ck_assert_int_ge(fputs(text, file), 0);
	ck_assert_int_eq(fclose(file), 0);
}

/* Tab, until the prompt has heard of the task that it is to complete. */
static void
tab_until_at(const char *text, int column)
{
	int64_t deadline = now_ms() + PATIENCE_MS;
	int at;

	while (!row_is(text, &at)) {
		ck_assert_msg(now_ms() < deadline, "Tab does not complete; "
		    "the screen is:\n%s", screen_text(&screen));
		type("\t");
		read_some(50);
	}
	expect_line(text, column);
}

static void
tab_until(const char *text)
{
	tab_until_at(text, (int)strlen(text) + 1);
}

/* The row above the cursor's. */
static const char *
row_above(int n)
{
	return screen_row(&screen, screen.row - n);
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

START_TEST(a_server_that_goes_and_comes_back_is_told)
{
	type("half a line");
	expect_typed("evtask> half a line");
	kill_daemon();
	expect("* the server has gone; waiting for it to come back");
	expect_typed("no server> half a line");
	press(CTRL('U'));
	type("ping\r");
	expect("no server; it is being tried again and again");
	type("typed meanwhile");
	start_daemon();
	expect("* connected again: the server was started anew");
	expect_typed("evtask> typed meanwhile");
	press(CTRL('U'));
	type("ping\r");
	expect("pong");
}
END_TEST

START_TEST(a_server_that_goes_ends_a_wait)
{
	create("nap", "3600", false);
	type("wait nap\r");
	await_count("deferred");
	kill_daemon();
	expect("the connection is lost");
	expect_line("no server>", 11);
}
END_TEST

START_TEST(what_has_a_key_is_sent_again)
{
	type("create sleep delay=1h -n nap --key once -w\r");
	await_count("deferred");
	kill_daemon();
	expect("the connection is lost; it is asked again, by its key");
	start_daemon();
	await_count("deferred");
	press(CTRL('C'));
	expect("interrupted; Ctrl-C again offers to cancel");
	expect("* connected again");
	type("cancel nap\r");
	expect("task 1 is asked to stop");
}
END_TEST

START_TEST(without_a_server_the_prompt_waits_for_one)
{
	end_prompt();
	kill_daemon();
	start_prompt("xterm");
	expect("the server of");
	expect_line("no server>", 11);
	start_daemon();
	expect("* connected again");
	expect_prompt();
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

/* Waits until the row of the cursor has that hint behind its text. */
static void
expect_hint(const char *hint)
{
	int64_t deadline = now_ms() + PATIENCE_MS;

	while (strcmp(screen_hint(&screen, screen.row), hint) != 0) {
		ck_assert_msg(now_ms() < deadline, "the hint is not \"%s\" "
		    "but \"%s\"", hint, screen_hint(&screen, screen.row));
		read_some(50);
	}
}

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
	expect("{\"tasks\":[{\"id\":1,\"name\":\"quick\",\"state\":\"done\"}],");
	expect_prompt();
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

	snprintf(path, sizeof(path), "%s/.local", folder);
	ck_assert_int_eq(mkdir(path, 0700), 0);
	strcat(path, "/state");
	ck_assert_int_eq(mkdir(path, 0700), 0);
	strcat(path, "/evtask");
	ck_assert_int_eq(mkdir(path, 0700), 0);
	strcat(path, "/history");
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

	snprintf(path, sizeof(path), "%s/.config", folder);
	ck_assert_int_eq(mkdir(path, 0700), 0);
	strcat(path, "/evtask");
	ck_assert_int_eq(mkdir(path, 0700), 0);
	strcat(path, "/startup");
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

/* What a server of another day answers. */
struct day {
	const char *method;	/* NULL: any other, and the last */
	const char *answer;	/* NULL: it depends on the request */
	const char *(*answer_to)(struct json_object *params);
};

#define NOT_FOUND "\"error\":{\"code\":-32601,\"message\":\"it is gone\"," \
    "\"data\":{\"name\":\"MethodNotFound\"}}"

/* One that is of a later level than anybody knows. */
static const struct day tomorrow[] = {
	{ "rpc.hello", "\"result\":{\"server\":\"evtaskd\",\"api\":{"
	    "\"level\":99,\"compatible\":7,\"new\":true},"
	    "\"instance\":\"i\"}", NULL },
	{ "rpc.ping", "\"result\":{\"what\":[\"is\",\"new\"]}", NULL },
	{ NULL, NOT_FOUND, NULL },
};

/* One that is of the days before loops were watched for stalls: it refuses
 * what it does not know, and tells of an end at once. */
static const char *
open_as_yesterday(struct json_object *params)
{
	const char *types = json_object_to_json_string_ext(evtask_ctl_get(
	    params, "types"), JSON_C_TO_STRING_PLAIN);

	if (strcmp(types, "[\"task.done\",\"daemon.shutdown\"]") != 0)
		return "\"error\":{\"code\":-32602,\"message\":\"types/4 must "
		    "be an event\",\"data\":{\"name\":\"InvalidParams\"}}";
	return "\"result\":{\"sub\":1,\"seq\":1}}\n{\"jsonrpc\":\"2.0\","
	    "\"method\":\"event\",\"params\":{\"sub\":1,\"seq\":2,"
	    "\"ts_us\":2000000,\"type\":\"task.done\",\"task\":1,\"data\":{"
	    "\"outcome\":\"returned\"}}";
}

static const struct day yesterday[] = {
	{ "rpc.hello", "\"result\":{\"server\":\"evtaskd\",\"api\":{"
	    "\"level\":1,\"compatible\":1},\"instance\":\"i\"}", NULL },
	{ "rpc.ping", "\"result\":{}", NULL },
	{ "rpc.discover", "\"result\":{\"methods\":[],\"x-events\":[{\"name\":"
	    "\"task.done\"},{\"name\":\"daemon.shutdown\"}]}", NULL },
	{ "coroutine.list", "\"result\":{\"coroutines\":[],\"next\":null}",
	    NULL },
	{ "task.list", "\"result\":{\"tasks\":[{\"id\":1,\"name\":\"elder\","
	    "\"state\":\"waiting\",\"created_us\":1000000}],\"next\":null,"
	    "\"seq\":1}", NULL },
	{ "sub.open", NULL, open_as_yesterday },
	{ NULL, NOT_FOUND, NULL },
};

static void
serve_day(const struct day *days)
{
	const struct day *day;
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0), client;
	struct json_object *request;
	char line[8192];
	FILE *in, *out;

	strcpy(name.sun_path, socket_path);
	if (bind(fd, (struct sockaddr *)&name, sizeof(name)) < 0 ||
	    listen(fd, 5) < 0)
		_exit(1);
	client = accept(fd, NULL, NULL);
	in = fdopen(client, "r");
	out = fdopen(dup(client), "w");
	while (fgets(line, sizeof(line), in) != NULL) {
		request = json_tokener_parse(line);
		for (day = days; day->method != NULL && strcmp(day->method,
		    evtask_ctl_get_text(request, "method", "")) != 0; day++)
			;
		fprintf(out, "{\"jsonrpc\":\"2.0\",\"id\":%lld,%s}\n",
		    (long long)evtask_ctl_get_int(request, "id", 0),
		    day->answer != NULL ? day->answer : day->answer_to(
		    evtask_ctl_get(request, "params")));
		fflush(out);
		json_object_put(request);
	}
	_exit(0);
}

static void
meet(const struct day *days)
{
	end_prompt();
	kill_daemon();
	unlink(socket_path);
	daemon_pid = fork();
	if (daemon_pid == 0)
		serve_day(days);
	start_prompt("xterm");
}

START_TEST(a_server_of_an_earlier_day_is_asked_for_what_it_has)
{
	meet(yesterday);
	expect("* elder (1) returned after 1");
	type("ping\r");
	expect("pong");
}
END_TEST

START_TEST(a_server_of_a_later_level_is_told_and_used_as_far_as_it_goes)
{
	meet(tomorrow);
	expect_prompt();
	expect("* the server speaks the protocol from level 7 on, and");
	type("ping\r");
	expect("pong");
	expect_prompt();
	type("stats\r");
	expect("it is gone");
	expect_prompt();
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
	tcase_add_test(tc,
	    an_exact_name_wins_over_any_number_of_longer_ones);
	tcase_add_test(tc, a_notice_while_typing_keeps_the_line);
	tcase_add_test(tc, a_notice_says_how_a_command_failed);
	tcase_add_test(tc, a_notice_leaves_the_cursor_where_it_was);
	tcase_add_test(tc, a_notice_keeps_a_line_that_is_wrapped);
	tcase_add_test(tc, a_notice_waits_for_the_end_of_a_search);
	tcase_add_test(tc, a_notice_waits_for_the_end_of_a_count);
	tcase_add_test(tc, of_a_burst_only_the_first_are_told_one_by_one);
	tcase_add_test(tc, tab_completes_verbs_and_tasks);
	tcase_add_test(tc, tab_shows_what_there_is_with_words);
	tcase_add_test(tc, tab_quotes_a_name_with_a_blank);
	tcase_add_test(tc, ctrl_c_ends_a_wait_and_leaves_the_task);
	tcase_add_test(tc,
	    ctrl_c_ends_the_logs_of_several_and_leaves_the_tasks);
	tcase_add_test(tc, ctrl_c_leaves_a_line_and_begins_another);
	tcase_add_test(tc, a_wait_needs_no_notice_of_its_task);
	tcase_add_test(tc, a_server_that_goes_and_comes_back_is_told);
	tcase_add_test(tc, a_server_that_goes_ends_a_wait);
	tcase_add_test(tc, what_has_a_key_is_sent_again);
	tcase_add_test(tc, without_a_server_the_prompt_waits_for_one);
	tcase_add_test(tc, ctrl_d_leaves_and_the_terminal_is_as_it_was);
	tcase_add_test(tc,
	    what_is_typed_while_a_verb_runs_waits_for_the_next_line);
	tcase_add_test(tc, a_ctrl_d_while_a_verb_runs_leaves_after_it);
	tcase_add_test(tc,
	    lines_are_kept_but_for_those_that_begin_with_a_blank);
	tcase_add_test(tc, a_dumb_terminal_will_do);
	tcase_add_test(tc, a_hint_says_what_may_follow);
	tcase_add_test(tc, a_hint_is_gone_before_the_line_is_run);
	tcase_add_test(tc, a_notice_keeps_the_hint);
	tcase_add_test(tc, a_notice_after_a_list_of_candidates_keeps_the_line);
	tcase_add_test(tc, the_prompt_counts);
	tcase_add_test(tc, a_window_that_changes_keeps_the_line);
	tcase_add_test(tc, a_second_ctrl_c_offers_to_cancel);
	tcase_add_test(tc, what_a_line_makes_is_offered_too);
	tcase_add_test(tc, ctrl_z_turns_a_wait_into_a_notice);
	tcase_add_test(tc, tab_among_10000_names_shows_a_few);
	tcase_add_test(tc,
	    tab_shows_more_than_the_screen_has_rows_side_by_side);
	tcase_add_test(tc, a_hundred_lines_pasted_are_a_hundred_lines_run);
	tcase_add_test(tc,
	    a_paste_in_brackets_waits_for_enter_and_is_run_line_by_line);
	tcase_add_test(tc, json_goes_on_in_the_next_line);
	tcase_add_test(tc,
	    a_notice_in_a_line_that_goes_on_keeps_both_of_its_rows);
	tcase_add_test(tc, wide_characters_take_their_room);
	tcase_add_test(tc, a_secret_is_not_kept);
	tcase_add_test(tc, of_equal_lines_the_newest_is_remembered);
	tcase_add_test(tc, a_full_disk_is_told_once);
	tcase_add_test(tc, without_a_home_it_is_a_prompt_nevertheless);
	tcase_add_test(tc, inputrc_knows_evtask);
	tcase_add_test(tc, the_start_up_file_is_run_first_and_may_set_options);
	tcase_add_test(tc, what_is_longer_than_the_window_is_paged);
	tcase_add_test(tc,
	    a_server_of_a_later_level_is_told_and_used_as_far_as_it_goes);
	tcase_add_test(tc, a_server_of_an_earlier_day_is_asked_for_what_it_has);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
