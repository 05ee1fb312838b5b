/* Pacing: a task that writes more than its log keeps waits for its readers. */
#include <errno.h>
#include <sys/socket.h>
#include "lib/console/subscription.h"
#include "tests/console_fixture.h"

#define LOG_BYTES (64 << 10)
#define LINES 20000 /* more than the log and the socket hold */

static int fd;
static int written;

static int
run_flood(void *arg)
{
	char line[128];
	int r = 0;

	for (written = 0; written < LINES && r == 0; written++) {
		snprintf(line, sizeof(line), "%0100d\n", written);
		r = evtask_job_log(arg, EVTASK_JOB_OUT, line, 101);
		if (r == 0)
			r = evtask_job_drain(arg);
	}
	return r;
}

static const struct evtask_coroutine flood_row = {
	.name = "flood", .summary = "write much", .fn = run_flood,
};

static void
set_up(void)
{
	console_set_up();
	console->log_bytes = LOG_BYTES;
	ck_assert_int_eq(evtask_console_add(console, &flood_row), 0);
	fd = client_new();
}

static const char *
flood(const char *params, const char *path)
{
	char all[200];

	snprintf(all, sizeof(all), "{\"coroutine\":\"flood\",\"name\":\"f\"%s}",
	    params);
	return answer(fd, "task.create", all, path);
}

static bool
is_done(void)
{
	return registry_find_name(&console->registry, "f")->done;
}

/* The task stands still: it has not written all, and writes nothing more. */
static void
assert_held(void)
{
	int before;

	do {
		before = written;
		turns(200);
	} while (written != before);
	ck_assert_int_lt(before, LINES);
	turns(200);
	ck_assert_int_eq(written, before);
	ck_assert(!is_done());
}

static void
assert_let_go(void)
{
	turns(50);
	ck_assert_int_eq(written, LINES);
	ck_assert(is_done());
}

/* Reads on from that line to the end: every line, once, in order. */
static void
assert_all_from(int client, int line)
{
	struct json_object *m;

	for (; line < LINES; line++) {
		m = next(client);
		ck_assert_str_eq(member(m, "method"), "event");
		ck_assert_int_eq(atoi(member(m, "params.data.line.text")),
		    line);
		json_object_put(m);
	}
	m = next(client);
	ck_assert_str_eq(member(m, "method"), "event.end");
	json_object_put(m);
}

START_TEST(a_pacer_from_creation_gets_every_line_however_late_it_reads)
{
	ck_assert_str_eq(flood(",\"follow\":true,\"pace\":true",
	    "result.sub"), "1");
	assert_held();
	assert_all_from(fd, 0);
	ck_assert(is_done());
}
END_TEST

START_TEST(a_pacer_of_task_logs_gets_every_line_after_its_answer)
{
	flood(",\"follow\":true,\"pace\":true", "");
	answer(fd, "task.logs", "{\"task\":\"f\",\"follow\":true,"
	    "\"pace\":true,\"limit\":1,\"after\":\"5\"}", "");
	ck_assert_str_eq(answer(fd, "sub.close", "{\"sub\":1}",
	    "result.sub"), "1");
	ck_assert_int_eq(console->sessions.subscriptions, 1);
	assert_held();
}
END_TEST

START_TEST(who_follows_and_does_not_pace_holds_nobody)
{
	flood(",\"follow\":true", "");
	assert_let_go();
}
END_TEST

START_TEST(who_paces_and_does_not_follow_holds_nobody)
{
	ck_assert_str_eq(flood(",\"pace\":true", "result.sub"), "(none)");
	assert_let_go();
}
END_TEST

START_TEST(a_pacer_that_is_closed_lets_go)
{
	flood(",\"follow\":true,\"pace\":true", "");
	assert_held();
	subscription_free(TAILQ_FIRST(&TAILQ_FIRST(
	    &console->sessions.list)->subscriptions));
	assert_let_go();
}
END_TEST

START_TEST(a_pacer_that_vanishes_lets_go)
{
	flood(",\"follow\":true,\"pace\":true", "");
	assert_held();
	shutdown(fd, SHUT_RDWR);
	assert_let_go();
}
END_TEST

/* As of a pager that shows a page: the task waits as at a pipe. */
START_TEST(a_pacer_may_stop_to_read_for_as_long_as_it_likes)
{
	struct json_object *m;
	int line, n;

	flood(",\"follow\":true,\"pace\":true", "");
	assert_held();
	n = written;
	advance(86400000000);
	assert_held();
	ck_assert_int_eq(written, n);
	ck_assert_uint_eq(console->sessions.count, 1);
	for (line = 0; line < n; line++) {
		m = next(fd);
		ck_assert_str_eq(member(m, "method"), "event");
		json_object_put(m);
	}
	ck_assert_int_gt(written, n);
}
END_TEST

START_TEST(of_two_pacers_the_slower_counts)
{
	struct json_object *m;
	int other = client_new(), line;

	flood(",\"follow\":true,\"pace\":true", "");
	answer(other, "task.logs", "{\"task\":\"f\",\"follow\":true,"
	    "\"pace\":true,\"limit\":1}", "");
	assert_held();
	for (line = 0; line < written; line++) {
		m = next(fd);
		json_object_put(m);
	}
	assert_held(); /* by the other, that has read nothing */
	shutdown(other, SHUT_RDWR);
	assert_all_from(fd, line);
	ck_assert(is_done());
}
END_TEST

START_TEST(a_task_that_is_held_can_be_cancelled)
{
	int other = client_new();

	flood(",\"follow\":true,\"pace\":true", "");
	assert_held();
	answer(other, "task.cancel", "{\"tasks\":[\"f\"],\"wait\":true}", "");
	ck_assert_str_eq(answer(other, "task.result", "{\"task\":\"f\"}",
	    "result.outcome"), "cancelled");
}
END_TEST

START_TEST(others_are_answered_while_a_task_is_held)
{
	flood(",\"follow\":true,\"pace\":true", "");
	assert_held();
	ck_assert_str_eq(answer(client_new(), "rpc.ping", "{}", "error"),
	    "(none)");
}
END_TEST

START_TEST(a_console_that_ends_lets_go)
{
	flood(",\"follow\":true,\"pace\":true", "");
	assert_held();
	console_stop_now();
	turns(50);
	ck_assert_int_eq(written, LINES);
}
END_TEST

START_TEST(a_viewer_may_follow_but_not_pace)
{
	int viewer = client_of_role(EVTASK_CTL_VIEWER);

	own_task("t", 1000000);
	ck_assert_str_eq(answer(viewer, "task.logs", "{\"task\":\"t\","
	    "\"follow\":true,\"pace\":true}", "error.data.name"),
	    "PermissionDenied");
	ck_assert_uint_eq(console->sessions.subscriptions, 0);
	ck_assert_str_eq(answer(viewer, "task.logs", "{\"task\":\"t\","
	    "\"follow\":true}", "result.sub"), "1");
}
END_TEST

START_TEST(following_a_creation_that_waits_is_refused_and_makes_nothing)
{
	ck_assert_str_eq(flood(",\"follow\":true,\"wait\":true",
	    "error.data.path"), "follow");
	ck_assert_uint_eq(console->registry.created, 0);
	ck_assert_uint_eq(console->sessions.subscriptions, 0);
}
END_TEST

START_TEST(a_key_that_names_a_task_already_follows_that_one)
{
	answer(fd, "task.create", "{\"coroutine\":\"say\",\"key\":\"k\","
	    "\"args\":{\"text\":\"hi\\n\"},\"wait\":true}", "");
	ck_assert_str_eq(answer(fd, "task.create", "{\"coroutine\":\"say\","
	    "\"key\":\"k\",\"args\":{\"text\":\"hi\\n\"},\"follow\":true}",
	    "result.created"), "false");
	json_object_put(next(fd)); /* the line; then its end */
	turns(5);
	ck_assert_uint_eq(console->sessions.subscriptions, 0);
}
END_TEST

START_TEST(a_task_refused_for_its_name_leaves_no_subscription)
{
	own_task("f", 1000000);
	ck_assert_str_eq(flood(",\"follow\":true", "error.data.name"),
	    "NameInUse");
	ck_assert_uint_eq(console->sessions.subscriptions, 0);
}
END_TEST

START_TEST(a_log_that_is_paced_is_not_dropped_when_its_task_is_done)
{
	console->done_log_bytes = 1;
	console->log_bytes = 8 << 20;
	flood(",\"follow\":true,\"pace\":true", "");
	turns(50);
	ck_assert(is_done());
	assert_all_from(fd, 0);
}
END_TEST

START_TEST(outside_of_a_task_there_is_nothing_to_hold)
{
	struct evtask_job *job;

	flood(",\"follow\":true,\"pace\":true", "");
	assert_held();
	job = registry_find_name(&console->registry, "f")->job;
	ck_assert_int_eq(evtask_job_drain(job), -EINVAL);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("pace");
	TCase *tc = tcase_create("pace");

	tcase_set_timeout(tc, 120);
	tcase_add_checked_fixture(tc, set_up, console_tear_down);
	tcase_add_test(tc,
	    a_pacer_from_creation_gets_every_line_however_late_it_reads);
	tcase_add_test(tc,
	    a_pacer_of_task_logs_gets_every_line_after_its_answer);
	tcase_add_test(tc, who_follows_and_does_not_pace_holds_nobody);
	tcase_add_test(tc, who_paces_and_does_not_follow_holds_nobody);
	tcase_add_test(tc, a_pacer_that_is_closed_lets_go);
	tcase_add_test(tc, a_pacer_that_vanishes_lets_go);
	tcase_add_test(tc,
	    a_pacer_may_stop_to_read_for_as_long_as_it_likes);
	tcase_add_test(tc, of_two_pacers_the_slower_counts);
	tcase_add_test(tc, a_task_that_is_held_can_be_cancelled);
	tcase_add_test(tc, others_are_answered_while_a_task_is_held);
	tcase_add_test(tc, a_console_that_ends_lets_go);
	tcase_add_test(tc, a_viewer_may_follow_but_not_pace);
	tcase_add_test(tc,
	    following_a_creation_that_waits_is_refused_and_makes_nothing);
	tcase_add_test(tc,
	    a_key_that_names_a_task_already_follows_that_one);
	tcase_add_test(tc, a_task_refused_for_its_name_leaves_no_subscription);
	tcase_add_test(tc,
	    a_log_that_is_paced_is_not_dropped_when_its_task_is_done);
	tcase_add_test(tc, outside_of_a_task_there_is_nothing_to_hold);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
