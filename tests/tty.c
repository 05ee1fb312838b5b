/*
 * tty.c - evtask on a terminal of its own, against a daemon of its own.
 */
#include "tty.h"

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
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include "suite.h"

char folder[] = "/tmp/evtask-tty.XXXXXX";
char socket_path[64];
pid_t daemon_pid, prompt_pid;
int tty = -1;
bool no_home;
struct screen screen;

void
build_path(char path[512], const char *program)
{
	const char *top = getenv("top_builddir");

	snprintf(path, 512, "%s/%s", top != NULL ? top : ".", program);
}

void
home_path(char path[128], const char *name)
{
	char *slash;

	snprintf(path, 128, "%s/%s", folder, name);
	for (slash = path + strlen(folder) + 1;
	    (slash = strchr(slash, '/')) != NULL; slash++) {
		*slash = '\0';
		ck_assert_int_eq(mkdir(path, 0700), 0);
		*slash = '/';
	}
}

int64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void
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

void
kill_daemon(void)
{
	if (daemon_pid == 0)
		return;
	kill(daemon_pid, SIGKILL);
	waitpid(daemon_pid, NULL, 0);
	daemon_pid = 0;
}

/* A verb, or with NULL the prompt, on a terminal of that kind. */
void
start_evtask(const char *term, int columns, const char *verb)
{
	struct winsize size = { SCREEN_ROWS, (unsigned short)columns, 0, 0 };
	char program[512];

	build_path(program, "evtask");
	screen_init(&screen);
	screen.columns = columns;
	prompt_pid = forkpty(&tty, NULL, NULL, &size);
	if (prompt_pid == 0) {
		setenv("TERM", term, 1);
		setenv("HOME", folder, 1);
		if (no_home)
			unsetenv("HOME");
		setenv("LC_ALL", "C.UTF-8", 1);
		setenv("EVTASK_SOCKET", socket_path, 1);
		setenv("INPUTRC", "/dev/null", 0);
		unsetenv("XDG_STATE_HOME");
		unsetenv("XDG_CONFIG_HOME");
		unsetenv("PAGER");
		unsetenv("NO_COLOR");
		execl(program, program, verb, NULL);
		_exit(127);
	}
	ck_assert_int_gt(prompt_pid, 0);
}

void
start_prompt_of(const char *term, int columns)
{
	start_evtask(term, columns, NULL);
}

void
start_prompt(const char *term)
{
	start_prompt_of(term, SCREEN_COLUMNS);
}

/* Reads what has been written; false when the terminal is gone or idle. */
bool
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
void
expect(const char *text)
{
	int64_t deadline = now_ms() + PATIENCE_MS;

	while (strstr(screen_text(&screen), text) == NULL) {
		ck_assert_msg(now_ms() < deadline, "\"%s\" does not come; the "
		    "screen is:\n%s", text, screen_text(&screen));
		read_some(50);
	}
}

void
expect_no(const char *text)
{
	int64_t deadline = now_ms() + PATIENCE_MS;

	while (strstr(screen_text(&screen), text) != NULL) {
		ck_assert_msg(now_ms() < deadline, "\"%s\" does not go; the "
		    "screen is:\n%s", text, screen_text(&screen));
		read_some(50);
	}
}

/*
 * How wide the counts are in the prompt of a row: " 3w 1f" of "evtask 3w 1f>".
 * They come when the server has answered, before or after what is typed.
 */
static size_t
width_of_counts(const char *row)
{
	size_t n;

	if (strncmp(row, "evtask ", 7) != 0)
		return 0;
	n = strspn(row + 6, " 0123456789rwf");
	return row[6 + n] == '>' ? n : 0;
}

bool
row_is(const char *text, int *ret_column)
{
	const char *row = screen_row(&screen, screen.row);
	size_t n = strncmp(text, "evtask>", 7) == 0 ? width_of_counts(row) : 0;

	*ret_column = screen.column - (int)n;
	return n == 0 ? strcmp(row, text) == 0 :
	    strcmp(row + 6 + n, text + 6) == 0;
}

const char *
row_above(int n)
{
	return screen_row(&screen, screen.row - n);
}

/* Waits until the cursor's row is that text, and the cursor in that column. */
void
expect_line(const char *text, int column)
{
	int64_t deadline = now_ms() + PATIENCE_MS;
	int at;

	while (!row_is(text, &at) || at != column) {
		ck_assert_msg(now_ms() < deadline, "the line is not \"%s\" "
		    "with the cursor at %d; it is at %d, the screen is:\n%s",
		    text, column, at, screen_text(&screen));
		read_some(50);
	}
}

/* Waits until the cursor's row is that text, and the cursor behind it. */
void
expect_typed(const char *text)
{
	expect_line(text, (int)strlen(text));
}

/* Waits until the row of the cursor has that hint behind its text. */
void
expect_hint(const char *hint)
{
	int64_t deadline = now_ms() + PATIENCE_MS;

	while (strcmp(screen_hint(&screen, screen.row), hint) != 0) {
		ck_assert_msg(now_ms() < deadline, "the hint is not \"%s\" "
		    "but \"%s\"", hint, screen_hint(&screen, screen.row));
		read_some(50);
	}
}

/* Waits for a prompt, whatever it counts: "evtask>", "evtask 3w 1f>". */
void
expect_prompt(void)
{
	int64_t deadline = now_ms() + PATIENCE_MS;
	const char *row;

	for (;;) {
		row = screen_row(&screen, screen.row);
		if (strncmp(row, "evtask", 6) == 0 &&
		    strchr(row, '>') == row + strlen(row) - 1 &&
		    screen.column == (int)strlen(row) + 1)
			return;
		ck_assert_msg(now_ms() < deadline, "no prompt; the screen "
		    "is:\n%s", screen_text(&screen));
		read_some(50);
	}
}

void
type(const char *keys)
{
	ck_assert_int_eq(write(tty, keys, strlen(keys)), (int)strlen(keys));
}

void
press(char key)
{
	ck_assert_int_eq(write(tty, &key, 1), 1);
}

/* Tab, until the prompt has heard of the task that it is to complete. */
void
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

/* Types a line, enters it, and waits for the prompt below what it prints. */
void
enter(const char *line)
{
	int64_t deadline = now_ms() + PATIENCE_MS;
	int row;

	type(line);
	while (strstr(screen_row(&screen, screen.row), line) == NULL) {
		ck_assert_msg(now_ms() < deadline, "%s is not echoed", line);
		read_some(50);
	}
	row = screen.row;
	type("\r");
	while (screen.row == row) {
		ck_assert_msg(now_ms() < deadline, "%s does not end", line);
		read_some(50);
	}
	expect_prompt();
}

/* Asks the daemon, beside the prompt. The result is to be put. */
struct json_object *
ask(const char *method, const char *params)
{
	struct json_object *result, *error = NULL;
	int r = evtask_ctl_call(socket_path, method,
	    json_tokener_parse(params), 10000000, &result, &error);

	ck_assert_msg(r == 0, "%s: %s", method, error != NULL ?
	    json_object_to_json_string(error) : strerror(-r));
	return result;
}

void
create(const char *name, const char *delay, bool wait)
{
	char params[256];

	snprintf(params, sizeof(params), "{\"coroutine\":\"sleep\",\"args\":"
	    "{\"delay\":%s},\"name\":\"%s\",\"wait\":%s}", delay, name,
	    wait ? "true" : "false");
	json_object_put(ask("task.create", params));
}

/* Makes so many tasks that sleep: nap-1, nap-2 ... */
void
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

/* Waits until the daemon counts one of those; or none. */
void
await_whether(const char *what, bool any)
{
	int64_t deadline = now_ms() + PATIENCE_MS, n = !any;
	struct json_object *stats;

	while ((n > 0) != any) {
		ck_assert_msg(now_ms() < deadline, "no %s", what);
		stats = ask("daemon.stats", "{}");
		n = evtask_ctl_get_int(stats, what, 0);
		json_object_put(stats);
	}
}

void
await_count(const char *what)
{
	await_whether(what, true);
}

void
set_up(void)
{
	strcpy(folder, "/tmp/evtask-tty.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(socket_path, sizeof(socket_path), "%s/s", folder);
	start_daemon();
	start_prompt("xterm");
	expect_prompt();
	await_count("subscriptions");
}

void
end_prompt(void)
{
	if (prompt_pid == 0)
		return;
	kill(prompt_pid, SIGKILL);
	waitpid(prompt_pid, NULL, 0);
	prompt_pid = 0;
	close(tty);
}

void
tear_down(void)
{
	char command[128];

	end_prompt();
	kill_daemon();
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	ck_assert_int_eq(system(command), 0);
}
