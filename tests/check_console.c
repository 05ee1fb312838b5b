/* The console's beginning and end, and what the program says to it. */
#include <errno.h>
#include <event2/event.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "lib/core/loop.h"
#include "tests/console_fixture.h"

START_TEST(a_client_at_the_socket_is_answered)
{
	int fd = client_connect();

	ck_assert_str_eq(answer(fd, "rpc.hello", "{}", "result.server"),
	    "evtask");
}
END_TEST

START_TEST(socket_path_is_where_it_listens)
{
	ck_assert_str_eq(evtask_console_socket_path(console), socket_path);
}
END_TEST

START_TEST(stopping_removes_the_socket_and_its_lock)
{
	struct stat there;
	char lock[128];

	snprintf(lock, sizeof(lock), "%s.lock", socket_path);
	ck_assert_int_eq(lstat(socket_path, &there), 0);
	console_stop_now();
	ck_assert_int_eq(lstat(socket_path, &there), -1);
	ck_assert_int_eq(lstat(lock, &there), -1);
}
END_TEST

START_TEST(stopping_ends_waits_and_subscriptions_and_says_so)
{
	int fd = client_new();
	struct json_object *m;

	answer(fd, "task.create", "{\"coroutine\":\"nap\",\"name\":\"n\","
	    "\"args\":{\"delay\":9}}", "");
	answer(fd, "sub.open", "{\"types\":[\"task.done\"]}", "");
	ask_later(fd, 5, "task.wait", "{\"tasks\":[\"n\"]}");
	turns(5);
	console_stop_now();
	m = next(fd);
	ck_assert_str_eq(member(m, "error.data.name"), "ShuttingDown");
	json_object_put(m);
	m = next(fd);
	ck_assert_str_eq(member(m, "method"), "event.end");
	ck_assert_str_eq(member(m, "params.reason"), "shutdown");
	json_object_put(m);
	ck_assert_ptr_null(client_line(fd));
}
END_TEST

START_TEST(tasks_outlive_the_console_that_made_them)
{
	int fd = client_new();

	answer(fd, "task.create", "{\"coroutine\":\"say\",\"args\":"
	    "{\"text\":\"a\\n\",\"linger\":5}}", "");
	turns(3);
	console_stop_now();
	ck_assert_uint_eq(evtask_all_tasks(loop, NULL, 0), 1);
	advance(6000000);
	ck_assert_uint_eq(evtask_all_tasks(loop, NULL, 0), 0);
}
END_TEST

START_TEST(nothing_is_observed_any_more_though_somebody_watched_waits)
{
	int fd = client_new();

	answer(fd, "task.create", "{\"coroutine\":\"nap\",\"args\":"
	    "{\"delay\":60}}", "");
	answer(fd, "sub.open", "{\"types\":[\"task.waiting\"]}", "");
	console_stop_now();
	ck_assert_ptr_null(loop->observer);
	advance(61000000); /* the task ends, and nobody is told */
}
END_TEST

static void
let_watch(int rounds)
{
	while (rounds-- > 0) {
		event_active(console->watch, EV_TIMEOUT, 0);
		turn();
	}
}

START_TEST(what_only_waits_is_watched_less_and_less_often)
{
	int fd = client_new();

	answer(fd, "task.create", "{\"coroutine\":\"nap\",\"args\":"
	    "{\"delay\":\"1d\"}}", "");
	ck_assert_int_eq(console->watch_pause_us, 1000000);
	let_watch(3);
	ck_assert_int_gt(console->watch_pause_us, 2000000);
	let_watch(10);
	ck_assert_int_eq(console->watch_pause_us, 64000000);
	answer(fd, "task.create", "{\"coroutine\":\"nap\",\"args\":"
	    "{\"delay\":\"1d\"}}", "");
	ck_assert_int_eq(console->watch_pause_us, 1000000);
}
END_TEST

START_TEST(live_jobs_counts_what_clients_created_and_is_not_done)
{
	int fd = client_new();

	own_task("own", 1000000);
	answer(fd, "task.create", "{\"coroutine\":\"nap\",\"args\":"
	    "{\"delay\":1}}", "");
	ck_assert_uint_eq(evtask_console_live_jobs(console), 1);
	advance(2000000);
	ck_assert_uint_eq(evtask_console_live_jobs(console), 0);
}
END_TEST

START_TEST(an_announced_shutdown_refuses_new_tasks_and_tells_subscribers)
{
	int fd = client_new();
	struct json_object *m;

	answer(fd, "sub.open", "{\"types\":[\"daemon.shutdown\"]}", "");
	evtask_console_announce_shutdown(console, EVTASK_CONSOLE_CANCEL);
	evtask_console_announce_shutdown(console, EVTASK_CONSOLE_CANCEL);
	m = next(fd);
	ck_assert_str_eq(member(m, "params.type"), "daemon.shutdown");
	ck_assert_str_eq(member(m, "params.data.mode"), "cancel");
	json_object_put(m);
	ck_assert(client_is_silent(fd));
	ck_assert_str_eq(answer(fd, "task.create", "{\"coroutine\":\"echo\"}",
	    "error.data.name"), "ShuttingDown");
	ck_assert_uint_eq(evtask_all_tasks(loop, NULL, 0), 0);
}
END_TEST

START_TEST(a_second_console_on_the_socket_is_refused)
{
	struct evtask_console_options options = { .socket_path = socket_path };
	struct evtask_console *other;
	char *message;

	ck_assert_int_eq(evtask_console_start(loop, &options, &other,
	    &message), -EADDRINUSE);
	ck_assert_ptr_nonnull(strstr(message, socket_path));
	free(message);
	ck_assert_str_eq(answer(client_connect(), "rpc.ping", "{}", "error"),
	    "(none)");
}
END_TEST

START_TEST(a_row_must_have_a_name_a_function_and_json_that_parses)
{
	struct evtask_coroutine row = fixture_rows[0];

	ck_assert_int_eq(evtask_console_add(console, &row), -EEXIST);
	row.name = "other";
	row.args_schema = "{";
	ck_assert_int_eq(evtask_console_add(console, &row), -EINVAL);
	row.args_schema = NULL;
	row.example_args = "[]";
	ck_assert_int_eq(evtask_console_add(console, &row), -EINVAL);
	row.example_args = NULL;
	row.fn = NULL;
	ck_assert_int_eq(evtask_console_add(console, &row), -EINVAL);
	ck_assert_str_eq(answer(client_new(), "coroutine.get",
	    "{\"name\":\"other\"}", "error.data.name"), "CoroutineNotFound");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("console");
	TCase *tc = tcase_create("console");

	tcase_add_checked_fixture(tc, console_set_up, console_tear_down);
	tcase_add_test(tc, a_client_at_the_socket_is_answered);
	tcase_add_test(tc, socket_path_is_where_it_listens);
	tcase_add_test(tc, stopping_removes_the_socket_and_its_lock);
	tcase_add_test(tc,
	    stopping_ends_waits_and_subscriptions_and_says_so);
	tcase_add_test(tc, tasks_outlive_the_console_that_made_them);
	tcase_add_test(tc,
	    nothing_is_observed_any_more_though_somebody_watched_waits);
	tcase_add_test(tc, what_only_waits_is_watched_less_and_less_often);
	tcase_add_test(tc,
	    live_jobs_counts_what_clients_created_and_is_not_done);
	tcase_add_test(tc,
	    an_announced_shutdown_refuses_new_tasks_and_tells_subscribers);
	tcase_add_test(tc, a_second_console_on_the_socket_is_refused);
	tcase_add_test(tc,
	    a_row_must_have_a_name_a_function_and_json_that_parses);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
