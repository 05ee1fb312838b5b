/*
 * check_oob.c - lib/console/oob*.c and stall.c: who blocks the loop, said while
 * it is blocked. The task that blocks it is the client that asks.
 */
#include "lib/console/oob.h"

#include <errno.h>
#include <evtask/ctl.h>
#include <evtask/evtask.h>
#include <evtask/inspect_watchdog.h>
#include <json-c/json.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/console/console.h"
#include "lib/console/oob_text.h"
#include "lib/console/stall.h"
#include "suite.h"

#define NAME "gr\xc3\xb6\xc3\x9f\"e"

enum { PATIENCE_MS = 30000 };

static char directory[64], path[96];
static struct evtask_loop *loop;
static struct evtask_console *console;
static struct json_object *answers[8];	/* of the blocking task's questions */

/* The watchdog's thread has seen that the task blocks the loop: on a machine
 * that stands still others block it, too. */
static atomic_bool noticed;

static void
on_stalled(const struct evtask_stall *stall, void *arg)
{
	if (strcmp(stall->look.name, NAME) == 0)
		noticed = true;
}

static void
start_console(int64_t stall_us)
{
	struct evtask_console_options options = {
		.socket_path = path, .stall_us = stall_us,
		.stalled = on_stalled,
	};

	ck_assert_int_eq(evtask_console_start(loop, &options, &console, NULL),
	    0);
}

static void
setup(void)
{
	noticed = false;
	snprintf(directory, sizeof(directory), "/tmp/check-oob-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/s", directory);
	ck_assert_int_eq(evtask_loop_new(NULL, &loop), 0);
}

static void
teardown(void)
{
	size_t i;

	for (i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		json_object_put(answers[i]);
		answers[i] = NULL;
	}
	evtask_console_stop(console);
	console = NULL;
	ck_assert_int_eq(evtask_loop_free(loop), 0);
	ck_assert_int_eq(rmdir(directory), 0);	/* nothing is left */
}

static int
connect_to_oob(void)
{
	int fd = evtask_ctl_connect(evtask_console_oob_path(console));

	ck_assert_int_ge(fd, 0);
	return fd;
}

/* One line; "" when the connection has ended. */
static void
read_line(int fd, char *line, size_t size)
{
	struct pollfd readable = { .fd = fd, .events = POLLIN };
	size_t used = 0;
	int r;

	while (used + 1 < size) {
		do	/* the watchdog's signal is for this very thread */
			r = poll(&readable, 1, PATIENCE_MS);
		while (r < 0 && errno == EINTR);
		ck_assert_int_eq(r, 1);
		if (recv(fd, line + used, 1, 0) <= 0 || line[used] == '\n')
			break;
		used++;
	}
	line[used] = '\0';
}

static struct json_object *
ask_line(int fd, const char *line)
{
	static char answer[1 << 20];
	struct json_object *o;

	ck_assert_int_eq(send(fd, line, strlen(line), MSG_NOSIGNAL),
	    strlen(line));
	read_line(fd, answer, sizeof(answer));
	o = json_tokener_parse(answer);
	ck_assert_msg(o != NULL, "no JSON: %s", answer);
	return o;
}

static struct json_object *
ask(int fd, const char *method)
{
	char line[256];

	snprintf(line, sizeof(line), "{\"jsonrpc\":\"2.0\",\"id\":\"%s\","
	    "\"method\":\"%s\",\"params\":{}}\n", method, method);
	return ask_line(fd, line);
}

static const char *
text_at(struct json_object *o, const char *pointer)
{
	struct json_object *found = NULL;

	return json_pointer_get(o, pointer, &found) == 0 && found != NULL
	    ? json_object_get_string(found) : "(none)";
}

/* Blocks the loop until that is noticed, and asks meanwhile. */
static __attribute__((__noinline__)) int
my_blocker(void *arg)
{
	const char *const *methods = arg;
	int fd = connect_to_oob();
	struct json_object *status = NULL;
	size_t i;

	do {
		json_object_put(status);
		status = ask(fd, "loop.status");
	} while (strcmp(text_at(status, "/result/state"), "blocked") != 0);
	json_object_put(status);
	for (i = 0; methods[i] != NULL; i++)
		answers[i] = ask(fd, methods[i]);
	close(fd);
	return 0;
}

static void
run_named(evtask_fn fn, void *arg)
{
	struct evtask_options options = { .name = NAME };
	struct evtask *task;

	ck_assert_int_eq(evtask_loop_create_task(loop, fn, arg, &options,
	    &task), 0);
	ck_assert_int_eq(evtask_loop_run_until_complete(loop, task), 0);
	evtask_unref(task);
}

static void
block_and_ask(const char *const *methods)
{
	run_named(my_blocker, (void *)methods);
}

START_TEST(a_blocked_loop_is_told_of_with_who_and_where)
{
	static const char *const methods[] = { "loop.status", "loop.stack",
		NULL };
	struct json_object *frames = NULL;
	bool found = false;
	size_t i;

	start_console(30000);
	block_and_ask(methods);
	ck_assert_str_eq(text_at(answers[0], "/id"), "loop.status");
	ck_assert_str_eq(text_at(answers[0], "/result/task/name"),
	    NAME);
	ck_assert_str_eq(text_at(answers[0], "/result/created_at/func"),
	    "run_named");
	ck_assert_str_eq(text_at(answers[0], "/result/threshold_us"), "30000");
	ck_assert_int_eq(json_pointer_get(answers[1], "/result/frames",
	    &frames), 0);
	for (i = 0; i < json_object_array_length(frames); i++)
		found |= strcmp(text_at(json_object_array_get_idx(frames, i),
		    "/func"), "my_blocker") == 0;
	ck_assert_msg(found, "%s", json_object_to_json_string(answers[1]));
}
END_TEST

START_TEST(what_was_recorded_is_had_meanwhile)
{
	static const char *const methods[] = { "trace.snapshot", NULL };
	struct json_object *records = NULL, *last;

	start_console(30000);
	block_and_ask(methods);
	ck_assert_int_eq(json_pointer_get(answers[0], "/result/records",
	    &records), 0);
	ck_assert_uint_gt(json_object_array_length(records), 1);
	last = json_object_array_get_idx(records,
	    json_object_array_length(records) - 1);
	ck_assert_str_eq(text_at(last, "/type"), "runs");
}
END_TEST

START_TEST(everything_else_is_refused_with_what_the_loop_does)
{
	static const char *const methods[] = { "task.list", "no.such", NULL };

	start_console(30000);
	block_and_ask(methods);
	ck_assert_str_eq(text_at(answers[0], "/error/data/name"),
	    "NotOutOfBand");
	ck_assert_str_eq(text_at(answers[0], "/error/data/state"), "blocked");
	ck_assert_ptr_nonnull(strstr(text_at(answers[0], "/error/data/hint"),
	    "loop.status"));
	ck_assert_str_eq(text_at(answers[1], "/error/data/name"),
	    "NotOutOfBand");
}
END_TEST

static int
my_stall(void *arg)
{
	while (!noticed)
		(void)poll(NULL, 0, 1);
	return 0;
}

/* Whether the ring of events has the task's: its name, and behind it where it
 * stood, unless that was not to be had in time. */
static bool
has_told_of_the_stall(void)
{
	struct ring_cursor at = ring_after(&console->ring, 0);
	const struct ring_record *record;

	for (; (record = ring_at(&console->ring, &at)) != NULL;
	    ring_skip(&at, record))
		if (record->type == EVENT_STALL &&
		    strcspn(record->text, "\n") == strlen(NAME) &&
		    strncmp(record->text, NAME, strlen(NAME)) == 0)
			return true;
	return false;
}

/* Turns until it has, which it will. */
static void
await_stall(void)
{
	int64_t deadline_us = evtask_loop_time_us(loop) + PATIENCE_MS * 1000;

	while (!has_told_of_the_stall()) {
		ck_assert_int_lt(evtask_loop_time_us(loop), deadline_us);
		(void)poll(NULL, 0, 1);
		evtask_loop_stop(loop);
		ck_assert_int_eq(evtask_loop_run_forever(loop), 0);
	}
}

START_TEST(a_stall_that_is_over_is_an_event_and_is_kept)
{
	struct json_object *stalls;
	size_t i, n = 0;

	start_console(30000);
	run_named(my_stall, NULL);
	await_stall();
	stalls = stalls_render(console);
	for (i = 0; i < json_object_array_length(stalls); i++)
		n += strcmp(text_at(json_object_array_get_idx(stalls, i),
		    "/task/name"), NAME) == 0;
	ck_assert_uint_eq(n, 1);
	json_object_put(stalls);
}
END_TEST

/* It answers still. */
static void
assert_asleep(int fd)
{
	struct json_object *o = ask(fd, "loop.status");

	ck_assert_str_eq(text_at(o, "/result/state"), "asleep");
	json_object_put(o);
}

START_TEST(a_loop_that_is_not_run_sleeps)
{
	struct json_object *o;
	int fd;

	start_console(0);
	fd = connect_to_oob();
	o = ask(fd, "loop.status");
	ck_assert_str_eq(text_at(o, "/result/state"), "asleep");
	ck_assert_str_eq(text_at(o, "/result/task"), "(none)");
	json_object_put(o);
	o = ask(fd, "loop.stack");
	ck_assert_str_eq(text_at(o, "/result/frames"), "[ ]");
	json_object_put(o);
	close(fd);
}
END_TEST

/* The members of an answer are those that the schema promises. */
static void
check_members(int fd, const char *method)
{
	struct json_object *o = ask(fd, method), *result;
	const struct evtask_ctl_method *row = evtask_ctl_methods();
	const struct evtask_ctl_field *field;
	size_t n = 0;

	while (strcmp(row->name, method) != 0)
		row++;
	ck_assert_int_eq(json_pointer_get(o, "/result", &result), 0);
	for (field = row->result; field->name != NULL; field++, n++)
		ck_assert_msg(json_object_object_get_ex(result, field->name,
		    NULL), "%s lacks %s", method, field->name);
	ck_assert_int_eq(json_object_object_length(result), n);
	json_object_put(o);
}

START_TEST(answers_have_the_members_of_the_schema)
{
	int fd;

	start_console(0);
	fd = connect_to_oob();
	check_members(fd, "loop.status");
	check_members(fd, "loop.stack");
	check_members(fd, "trace.snapshot");
	close(fd);
}
END_TEST

static const struct {
	const char *line, *error;
} bad[] = {
	{ "nonsense\n", "ParseError" },
	{ "{\"id\":1,\n", "ParseError" },
	{ "{\"id\":1}}\n", "ParseError" },
	{ "[]\n", "ParseError" },
	{ "{}\n", "InvalidRequest" },
	{ "{\"jsonrpc\":\"2.0\",\"method\":\"loop.status\"}\n",
	    "InvalidRequest" },
	{ "{\"jsonrpc\":\"2.0\",\"id\":\"\\q\",\"method\":\"loop.status\"}\n",
	    "InvalidRequest" },
	{ "{\"jsonrpc\":\"1\",\"id\":1,\"method\":\"loop.status\"}\n",
	    "InvalidRequest" },
	{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"trace.snapshot\","
	  "\"params\":{\"limit\":0}}\n", "InvalidParams" },
	{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"trace.snapshot\","
	  "\"params\":{\"limits\":1}}\n", "InvalidParams" },
	{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"trace.snapshot\","
	  "\"params\":{\"after\":-1}}\n", "InvalidParams" },
};

START_TEST(what_is_no_request_is_refused_and_the_next_is_answered)
{
	struct json_object *o;
	size_t i;
	int fd;

	start_console(0);
	fd = connect_to_oob();
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		o = ask_line(fd, bad[i].line);
		ck_assert_msg(strcmp(text_at(o, "/error/data/name"),
		    bad[i].error) == 0, "%s: %s", bad[i].line,
		    json_object_to_json_string(o));
		json_object_put(o);
	}
	assert_asleep(fd);
	close(fd);
}
END_TEST

START_TEST(a_line_that_is_too_long_is_passed_over)
{
	char line[3 * 4096];
	struct json_object *o;
	int fd;

	start_console(0);
	fd = connect_to_oob();
	memset(line, 'x', sizeof(line));
	line[sizeof(line) - 2] = '\n';
	line[sizeof(line) - 1] = '\0';
	o = ask_line(fd, line);
	ck_assert_str_eq(text_at(o, "/error/data/name"), "FrameTooLarge");
	json_object_put(o);
	assert_asleep(fd);
	close(fd);
}
END_TEST

START_TEST(it_stands_beside_the_socket_for_the_same_people)
{
	struct stat control, oob;
	char expected[128];

	start_console(0);
	snprintf(expected, sizeof(expected), "%s.oob", path);
	ck_assert_str_eq(evtask_console_oob_path(console), expected);
	ck_assert_int_eq(stat(path, &control), 0);
	ck_assert_int_eq(stat(expected, &oob), 0);
	ck_assert_uint_eq(control.st_mode, oob.st_mode);
}
END_TEST

START_TEST(without_a_watchdog_there_is_none)
{
	start_console(-1);
	ck_assert_str_eq(evtask_console_oob_path(console), "");
}
END_TEST

START_TEST(more_clients_than_there_is_room_for_are_hung_up_on)
{
	int fds[9], i;
	char line[64];
	struct json_object *o;

	start_console(0);
	for (i = 0; i < 8; i++) {
		fds[i] = connect_to_oob();
		json_object_put(ask(fds[i], "loop.status"));
	}
	fds[8] = connect_to_oob();
	read_line(fds[8], line, sizeof(line));
	ck_assert_str_eq(line, "");
	close(fds[8]);
	o = ask(fds[0], "loop.status");
	ck_assert_str_eq(text_at(o, "/result/state"), "asleep");
	json_object_put(o);
	for (i = 0; i < 8; i++)
		close(fds[i]);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("oob");
	TCase *tc = tcase_create("oob");

	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, a_blocked_loop_is_told_of_with_who_and_where);
	tcase_add_test(tc, what_was_recorded_is_had_meanwhile);
	tcase_add_test(tc, everything_else_is_refused_with_what_the_loop_does);
	tcase_add_test(tc, a_stall_that_is_over_is_an_event_and_is_kept);
	tcase_add_test(tc, a_loop_that_is_not_run_sleeps);
	tcase_add_test(tc, answers_have_the_members_of_the_schema);
	tcase_add_test(tc,
	    what_is_no_request_is_refused_and_the_next_is_answered);
	tcase_add_test(tc, a_line_that_is_too_long_is_passed_over);
	tcase_add_test(tc, it_stands_beside_the_socket_for_the_same_people);
	tcase_add_test(tc, without_a_watchdog_there_is_none);
	tcase_add_test(tc, more_clients_than_there_is_room_for_are_hung_up_on);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
