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
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include "screen.h"
#include "suite.h"

#define PATIENCE_MS 20000 /* with sanitizers, on a machine that is busy */

static char folder[] = "/tmp/evtask-repl.XXXXXX";
static char socket_path[64];
static pid_t daemon_pid, prompt_pid;
static int tty = -1;
static struct screen screen;

static void
build_path(char path[512], const char *program)
{
	const char *top = getenv("top_builddir");

	snprintf(path, 512, "%s/%s", top != NULL ? top : ".", program);
}

static int64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void
start_daemon(void)
{
	char program[512], option[128];
	int64_t deadline = now_ms() + PATIENCE_MS;
	int fd;

	build_path(program, "evtaskd");
	snprintf(option, sizeof(option), "--socket=%s", socket_path);
	daemon_pid = fork();
	if (daemon_pid == 0) {
		fd = open("/dev/null", O_RDWR);
		dup2(fd, 0);
		dup2(fd, 1);
		dup2(fd, 2);
		execl(program, program, option, NULL);
		_exit(127);
	}
	while ((fd = evtask_ctl_connect(socket_path)) < 0) {
		ck_assert_msg(now_ms() < deadline, "evtaskd does not start");
		poll(NULL, 0, 2);
	}
	close(fd);
}

static void
kill_daemon(void)
{
	if (daemon_pid == 0)
		return;
	kill(daemon_pid, SIGKILL);
	waitpid(daemon_pid, NULL, 0);
	daemon_pid = 0;
}

/* The prompt, on a terminal of that kind. */
static void
start_prompt(const char *term)
{
	struct winsize size = { SCREEN_ROWS, SCREEN_COLUMNS, 0, 0 };
	char program[512];

	build_path(program, "evtask");
	screen_init(&screen);
	prompt_pid = forkpty(&tty, NULL, NULL, &size);
	if (prompt_pid == 0) {
		setenv("TERM", term, 1);
		setenv("HOME", folder, 1);
		setenv("LC_ALL", "C.UTF-8", 1);
		setenv("EVTASK_SOCKET", socket_path, 1);
		setenv("INPUTRC", "/dev/null", 1);
		unsetenv("XDG_STATE_HOME");
		unsetenv("NO_COLOR");
		execl(program, program, NULL);
		_exit(127);
	}
	ck_assert_int_gt(prompt_pid, 0);
}

/* Reads what has been written; false when the terminal is gone or idle. */
static bool
read_some(int timeout_ms)
{
	struct pollfd pfd = { tty, POLLIN, 0 };
	char bytes[4096];
	ssize_t n;

	if (poll(&pfd, 1, timeout_ms) <= 0)
		return false;
	n = read(tty, bytes, sizeof(bytes));
	if (n <= 0)
		return false;
	screen_feed(&screen, bytes, (size_t)n);
	return true;
}

/* Waits until the screen has that text. */
static void
expect(const char *text)
{
	int64_t deadline = now_ms() + PATIENCE_MS;

	while (strstr(screen_text(&screen), text) == NULL) {
		ck_assert_msg(now_ms() < deadline, "\"%s\" does not come; the "
		    "screen is:\n%s", text, screen_text(&screen));
		read_some(50);
	}
}

/* Waits until the cursor's row is that text, and the cursor in that column. */
static void
expect_line(const char *text, int column)
{
	int64_t deadline = now_ms() + PATIENCE_MS;

	while (strcmp(screen_row(&screen, screen.row), text) != 0 ||
	    screen.column != column) {
		ck_assert_msg(now_ms() < deadline, "the line is not \"%s\" "
		    "with the cursor at %d; it is at %d, the screen is:\n%s",
		    text, column, screen.column, screen_text(&screen));
		read_some(50);
	}
}

/* Waits until the cursor's row is that text, and the cursor behind it. */
static void
expect_typed(const char *text)
{
	expect_line(text, (int)strlen(text));
}

static void
expect_prompt(void)
{
	expect_line("evtask>", 8);
}

static void
type(const char *keys)
{
	ck_assert_int_eq(write(tty, keys, strlen(keys)), (int)strlen(keys));
}

static void
press(char key)
{
	ck_assert_int_eq(write(tty, &key, 1), 1);
}

/* Asks the daemon, beside the prompt. The result is to be put. */
static struct json_object *
ask(const char *method, const char *params)
{
	struct json_object *result, *error = NULL;
	int r = evtask_ctl_call(socket_path, method,
	    json_tokener_parse(params), 10000000, &result, &error);

	ck_assert_msg(r == 0, "%s: %s", method, error != NULL ?
	    json_object_to_json_string(error) : strerror(-r));
	return result;
}

static void
create(const char *name, const char *delay, bool wait)
{
	char params[256];

	snprintf(params, sizeof(params), "{\"coroutine\":\"sleep\",\"args\":"
	    "{\"delay\":%s},\"name\":\"%s\",\"wait\":%s}", delay, name,
	    wait ? "true" : "false");
	json_object_put(ask("task.create", params));
}

/* Waits until the daemon counts one of those. */
static void
await_count(const char *what)
{
	int64_t deadline = now_ms() + PATIENCE_MS, n = 0;
	struct json_object *stats;

	while (n == 0) {
		ck_assert_msg(now_ms() < deadline, "no %s", what);
		stats = ask("daemon.stats", "{}");
		n = evtask_ctl_get_int(stats, what, 0);
		json_object_put(stats);
	}
}

static void
set_up(void)
{
	strcpy(folder, "/tmp/evtask-repl.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(socket_path, sizeof(socket_path), "%s/s", folder);
	start_daemon();
	start_prompt("xterm");
	expect_prompt();
	await_count("subscriptions");
}

static void
end_prompt(void)
{
	if (prompt_pid == 0)
		return;
	kill(prompt_pid, SIGKILL);
	waitpid(prompt_pid, NULL, 0);
	prompt_pid = 0;
	close(tty);
}

static void
tear_down(void)
{
	char command[128];

	end_prompt();
	kill_daemon();
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	ck_assert_int_eq(system(command), 0);
}

/* Tab, until the prompt has heard of the task that it is to complete. */
static void
tab_until(const char *text)
{
	int64_t deadline = now_ms() + PATIENCE_MS;

	while (strcmp(screen_row(&screen, screen.row), text) != 0) {
		ck_assert_msg(now_ms() < deadline, "Tab does not complete; "
		    "the screen is:\n%s", screen_text(&screen));
		type("\t");
		read_some(50);
	}
	expect_line(text, (int)strlen(text) + 1);
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
	expect("--name nap\n1\nevtask>\n");
	type("show na\r");
	expect("coroutine   sleep");
	expect_prompt();
	type("lst\r");
	expect("there is no verb lst; did you mean list?");
	expect_prompt();
}
END_TEST

/* A shell would show it in $?; a prompt has no such place. */
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
	tcase_add_test(tc, ctrl_c_leaves_a_line_and_begins_another);
	tcase_add_test(tc, a_wait_needs_no_notice_of_its_task);
	tcase_add_test(tc, a_server_that_goes_and_comes_back_is_told);
	tcase_add_test(tc, a_server_that_goes_ends_a_wait);
	tcase_add_test(tc, without_a_server_the_prompt_waits_for_one);
	tcase_add_test(tc, ctrl_d_leaves_and_the_terminal_is_as_it_was);
	tcase_add_test(tc,
	    what_is_typed_while_a_verb_runs_waits_for_the_next_line);
	tcase_add_test(tc, a_ctrl_d_while_a_verb_runs_leaves_after_it);
	tcase_add_test(tc,
	    lines_are_kept_but_for_those_that_begin_with_a_blank);
	tcase_add_test(tc, a_dumb_terminal_will_do);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
