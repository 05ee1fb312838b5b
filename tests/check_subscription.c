/* Subscriptions: events once and in order, lag to the event, followed logs. */
#include <unistd.h>
#include "tests/console_fixture.h"

static int fd;

static void
set_up(void)
{
	console_set_up();
	fd = client_new();
}

static void
assert_event(const char *type, const char *path, const char *value)
{
	struct json_object *m = next(fd);

	ck_assert_str_eq(member(m, "method"), "event");
	ck_assert_str_eq(member(m, "params.type"), type);
	ck_assert_str_eq(member(m, path), value);
	json_object_put(m);
}

static void
assert_notice(const char *method, const char *path, const char *value)
{
	struct json_object *m = next(fd);

	ck_assert_str_eq(member(m, "method"), method);
	ck_assert_str_eq(member(m, path), value);
	json_object_put(m);
}

/* Says that many lines in one task, from another client. */
static void
say(const char *name, const char *text, int times, int linger)
{
	char params[200];
	int other = client_new();

	sprintf(params, "{\"coroutine\":\"say\",\"name\":\"%s\",\"args\":"
	    "{\"text\":\"%s\",\"times\":%d,\"linger\":%d}}", name, text,
	    times, linger);
	ck_assert_str_eq(answer(other, "task.create", params,
	    "result.created"), "true");
}

START_TEST(the_life_of_a_task_is_told_in_order)
{
	struct evtask *task;

	answer(fd, "sub.open", "{\"types\":[\"task.created\",\"task.started\","
	    "\"task.cancel_requested\",\"task.renamed\",\"task.done\","
	    "\"task.forgotten\"]}", "");
	task = own_task("t", 1000000);
	turns(3);
	evtask_set_name(task, "u");
	evtask_cancel(task, "enough");
	turns(3);
	assert_event("task.created", "params.data.task.name", "t");
	assert_event("task.started", "params.data", "{ }");
	assert_event("task.renamed", "params.data.previous", "t");
	assert_event("task.cancel_requested", "params.data.message", "enough");
	assert_event("task.done", "params.data.outcome", "cancelled");
	answer(client_new(), "task.forget", "{\"tasks\":[\"u\"]}", "");
	assert_event("task.forgotten", "params.data", "{ }");
	ck_assert(client_is_silent(fd));
}
END_TEST

START_TEST(waits_are_told_to_those_who_ask_and_observed_only_then)
{
	ck_assert_uint_eq(console->waiting_subs, 0);
	answer(fd, "sub.open", "{\"types\":[\"task.waiting\"]}", "");
	ck_assert_uint_eq(console->waiting_subs, 1);
	own_task("t", 1000000);
	assert_event("task.waiting", "params.data.wait.op", "sleep");
	answer(fd, "sub.close", "{\"sub\":1}", "");
	ck_assert_uint_eq(console->waiting_subs, 0);
}
END_TEST

START_TEST(list_then_subscribe_since_misses_nothing_and_repeats_nothing)
{
	struct json_object *list;
	char params[100];

	own_task("before", 1000000);
	list = ask(fd, "task.list", "{}");
	ck_assert_str_eq(member(list, "result.total"), "1");
	own_task("between", 1000000);
	sprintf(params, "{\"types\":[\"task.created\"],\"since\":%s}",
	    member(list, "result.seq"));
	json_object_put(list);
	answer(fd, "sub.open", params, "");
	own_task("after", 1000000);
	assert_event("task.created", "params.data.task.name", "between");
	assert_event("task.created", "params.data.task.name", "after");
	ck_assert(client_is_silent(fd));
}
END_TEST

START_TEST(a_filter_by_tasks_leaves_the_others_out)
{
	own_task("a", 2000000);
	own_task("b", 1000000);
	answer(fd, "sub.open", "{\"types\":[\"task.done\"],"
	    "\"tasks\":[\"a\"]}", "");
	advance(3000000);
	assert_event("task.done", "params.task", "1");
	ck_assert(client_is_silent(fd));
}
END_TEST

START_TEST(a_filter_ends_when_the_last_of_its_tasks_is_forgotten)
{
	int other = client_new();

	own_task("a", 1000000);
	own_task("b", 1000000);
	answer(fd, "sub.open", "{\"types\":[\"task.done\"],"
	    "\"tasks\":[\"a\",\"b\",\"b\"]}", "");
	advance(3000000);
	json_object_put(next(fd));
	json_object_put(next(fd));
	answer(other, "task.forget", "{\"tasks\":[\"a\"]}", "");
	ck_assert(client_is_silent(fd));
	answer(other, "task.forget", "{\"tasks\":[\"b\"]}", "");
	assert_notice("event.end", "params.reason", "forgotten");
	ck_assert_uint_eq(console->sessions.subscriptions, 0);
}
END_TEST

START_TEST(closing_is_the_end_of_its_events)
{
	answer(fd, "sub.open", "{\"types\":[\"task.created\"]}", "");
	answer(fd, "sub.open", "{\"types\":[\"task.done\"]}", "");
	ck_assert_str_eq(answer(fd, "sub.close", "{\"sub\":1}", "result.sub"),
	    "1");
	own_task("t", 1000000);
	advance(2000000);
	assert_event("task.done", "params.sub", "2");
	ck_assert(client_is_silent(fd));
	ck_assert_str_eq(answer(fd, "sub.close", "{\"sub\":1}",
	    "error.data.name"), "SubscriptionNotFound");
}
END_TEST

START_TEST(another_connection_cannot_close_it)
{
	answer(fd, "sub.open", "{\"types\":[\"task.created\"]}", "");
	ck_assert_str_eq(answer(client_new(), "sub.close", "{\"sub\":1}",
	    "error.data.name"), "SubscriptionNotFound");
}
END_TEST

START_TEST(there_are_sixteen_to_a_connection_follows_included)
{
	int i;

	own_task("t", 9000000);
	for (i = 0; i < SESSION_SUBSCRIPTIONS_MAX - 1; i++)
		answer(fd, "sub.open", "{\"types\":[\"task.created\"]}", "");
	answer(fd, "task.logs", "{\"task\":\"t\",\"follow\":true}", "");
	ck_assert_str_eq(answer(fd, "sub.open",
	    "{\"types\":[\"task.created\"]}", "error.data.what"),
	    "subscriptions");
	ck_assert_str_eq(answer(fd, "task.logs",
	    "{\"task\":\"t\",\"follow\":true}", "error.data.name"),
	    "LimitExceeded");
	ck_assert_str_eq(answer(fd, "task.logs", "{\"task\":\"t\"}",
	    "result.sub"), "null");
}
END_TEST

/* Events of the ring that a client who has stopped reading cannot take. */
static void
flood(int tasks)
{
	char name[130];
	int i;

	memset(name, 'n', 100);
	for (i = 0; i < tasks; i++) {
		sprintf(name + 100, "%d", i);
		own_task(name, 0);
		if (i % 500 == 0)
			turns(2);
	}
	turns(4);
}

START_TEST(a_reader_that_was_overtaken_is_told_exactly_what_it_lost)
{
	uint64_t expected = 1, seq;
	struct json_object *m;
	bool lagged = false;

	answer(fd, "sub.open", "{\"types\":[\"task.created\","
	    "\"task.started\",\"task.done\",\"task.forgotten\"]}", "");
	flood(20000);
	while (expected <= console->ring.seq) {
		m = next(fd);
		if (strcmp(member(m, "method"), "event.lag") == 0) {
			lagged = true;
			ck_assert_uint_eq(strtoull(member(m,
			    "params.from_seq"), NULL, 10), expected);
			seq = strtoull(member(m, "params.to_seq"), NULL, 10);
			ck_assert_uint_eq(strtoull(member(m,
			    "params.dropped"), NULL, 10), seq - expected + 1);
		} else {
			seq = strtoull(member(m, "params.seq"), NULL, 10);
			ck_assert_uint_eq(seq, expected);
		}
		expected = seq + 1;
		json_object_put(m);
	}
	ck_assert(lagged);
}
END_TEST

START_TEST(a_reader_that_has_stopped_costs_nothing_more)
{
	struct session *session = TAILQ_LAST(&console->sessions.list,
	    session_list);

	answer(fd, "sub.open", "{\"types\":[\"task.created\","
	    "\"task.done\"]}", "");
	flood(5000);
	ck_assert_uint_lt(session_pending_bytes(session),
	    SESSION_EVENTS_AHEAD + (8 << 10));
	ck_assert_str_eq(answer(client_new(), "rpc.ping", "{}", "error"),
	    "(none)");
}
END_TEST

START_TEST(lines_are_events_with_numbers_of_their_own)
{
	struct json_object *m;
	uint64_t first;

	answer(fd, "sub.open", "{\"types\":[\"task.log\"]}", "");
	say("s", "one\\ntwo\\n", 1, 0);
	m = next(fd);
	ck_assert_str_eq(member(m, "params.data.line.text"), "one");
	first = strtoull(member(m, "params.seq"), NULL, 10);
	json_object_put(m);
	m = next(fd);
	ck_assert_str_eq(member(m, "params.data.line.text"), "two");
	ck_assert_uint_eq(strtoull(member(m, "params.seq"), NULL, 10),
	    first + 1);
	json_object_put(m);
}
END_TEST

START_TEST(lines_that_the_log_no_longer_keeps_are_a_lag)
{
	struct json_object *m;

	say("s", "one\\ntwo\\n", 1, 0);
	turns(5);
	job_log_drop(&registry_find_name(&console->registry, "s")->job->log);
	answer(fd, "sub.open", "{\"types\":[\"task.log\"],\"since\":0}", "");
	m = next(fd);
	ck_assert_str_eq(member(m, "method"), "event.lag");
	ck_assert_str_eq(member(m, "params.dropped"), "2");
	json_object_put(m);
	ck_assert(client_is_silent(fd));
}
END_TEST

START_TEST(a_followed_log_goes_on_after_the_answer_and_ends_with_its_task)
{
	say("s", "hello\\n", 3, 5);
	turns(5);
	ck_assert_str_eq(answer(fd, "task.logs", "{\"task\":\"s\","
	    "\"follow\":true,\"limit\":2}", "result.next"), "2");
	assert_event("task.log", "params.data.line.text", "hello");
	ck_assert(client_is_silent(fd));
	advance(6000000);
	assert_notice("event.end", "params.reason", "done");
	ck_assert_uint_eq(console->sessions.subscriptions, 0);
}
END_TEST

START_TEST(a_followed_log_of_a_done_task_is_read_to_its_end)
{
	say("s", "x\\n", 5, 0);
	advance(1000);
	answer(fd, "task.logs",
	    "{\"task\":\"s\",\"follow\":true,\"limit\":4}", "");
	assert_event("task.log", "params.data.line.text", "x");
	assert_notice("event.end", "params.reason", "done");
}
END_TEST

START_TEST(a_prompt_is_seen_though_no_newline_comes)
{
	say("s", "Password: ", 1, 60);
	turns(5);
	answer(fd, "task.logs", "{\"task\":\"s\",\"follow\":true}", "");
	ck_assert(client_is_silent(fd));
	advance(JOB_PROMPT_US + 1);
	assert_event("task.log", "params.data.line.partial", "true");
}
END_TEST

START_TEST(a_followed_log_loses_nothing_kept_though_the_ring_goes_round)
{
	int i;

	say("s", "line\\n", 20000, 5);
	turns(3);
	answer(fd, "task.logs",
	    "{\"task\":\"s\",\"follow\":true,\"limit\":1}", "");
	flood(10000);
	for (i = 1; i < 20000; i++)
		assert_event("task.log", "params.data.line.text", "line");
	advance(6000000);
	assert_notice("event.end", "params.reason", "done");
}
END_TEST

START_TEST(a_follower_too_slow_for_the_log_is_told_how_many_lines_are_gone)
{
	struct json_object *m;
	int lines = 1;

	/* 100,000 lines do not fit into the log. */
	say("s", "line\\n", 10, 5);
	turns(3);
	answer(fd, "task.logs",
	    "{\"task\":\"s\",\"follow\":true,\"limit\":1}", "");
	turns(5);
	for (int i = 0; i < 100000; i++)
		evtask_job_log(registry_find_name(&console->registry, "s")
		    ->job, EVTASK_JOB_OUT, "more\n", 5);
	while (lines < 100010) {
		m = next(fd);
		lines += strcmp(member(m, "method"), "event.lag") == 0
		    ? atoi(member(m, "params.dropped")) : 1;
		json_object_put(m);
	}
	ck_assert_int_eq(lines, 100010);
	ck_assert(client_is_silent(fd));
}
END_TEST

START_TEST(a_followed_stream_leaves_the_other_out)
{
	say("s", "out\\n", 1, 5);
	answer(fd, "task.logs", "{\"task\":\"s\",\"follow\":true,"
	    "\"streams\":[\"stderr\"]}", "");
	ck_assert(client_is_silent(fd));
	evtask_job_log(registry_find_name(&console->registry, "s")->job,
	    EVTASK_JOB_ERR, "err\n", 4);
	assert_event("task.log", "params.data.line.stream", "stderr");
}
END_TEST

START_TEST(a_log_is_followed_to_its_end_though_its_task_is_forgotten)
{
	say("s", "x\\n", 3, 0);
	advance(1000);
	answer(fd, "task.logs",
	    "{\"task\":\"s\",\"follow\":true,\"limit\":1}", "");
	answer(client_new(), "task.forget", "{\"tasks\":[\"s\"]}", "");
	assert_event("task.log", "params.data.line.text", "x");
	assert_event("task.log", "params.data.line.text", "x");
	assert_notice("event.end", "params.reason", "done");
}
END_TEST

START_TEST(the_log_of_a_task_of_the_program_is_empty_and_ends_with_it)
{
	own_task("t", 1000000);
	answer(fd, "task.logs", "{\"task\":\"t\",\"follow\":true}", "");
	ck_assert(client_is_silent(fd));
	advance(2000000);
	assert_notice("event.end", "params.reason", "done");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("subscription");
	TCase *tc = tcase_create("subscription");

	tcase_set_timeout(tc, 120);
	tcase_add_checked_fixture(tc, set_up, console_tear_down);
	tcase_add_test(tc, the_life_of_a_task_is_told_in_order);
	tcase_add_test(tc,
	    waits_are_told_to_those_who_ask_and_observed_only_then);
	tcase_add_test(tc,
	    list_then_subscribe_since_misses_nothing_and_repeats_nothing);
	tcase_add_test(tc, a_filter_by_tasks_leaves_the_others_out);
	tcase_add_test(tc,
	    a_filter_ends_when_the_last_of_its_tasks_is_forgotten);
	tcase_add_test(tc, closing_is_the_end_of_its_events);
	tcase_add_test(tc, another_connection_cannot_close_it);
	tcase_add_test(tc,
	    there_are_sixteen_to_a_connection_follows_included);
	tcase_add_test(tc,
	    a_reader_that_was_overtaken_is_told_exactly_what_it_lost);
	tcase_add_test(tc, a_reader_that_has_stopped_costs_nothing_more);
	tcase_add_test(tc, lines_are_events_with_numbers_of_their_own);
	tcase_add_test(tc, lines_that_the_log_no_longer_keeps_are_a_lag);
	tcase_add_test(tc,
	    a_followed_log_goes_on_after_the_answer_and_ends_with_its_task);
	tcase_add_test(tc, a_followed_log_of_a_done_task_is_read_to_its_end);
	tcase_add_test(tc, a_prompt_is_seen_though_no_newline_comes);
	tcase_add_test(tc,
	    a_followed_log_loses_nothing_kept_though_the_ring_goes_round);
	tcase_add_test(tc,
	    a_follower_too_slow_for_the_log_is_told_how_many_lines_are_gone);
	tcase_add_test(tc, a_followed_stream_leaves_the_other_out);
	tcase_add_test(tc,
	    a_log_is_followed_to_its_end_though_its_task_is_forgotten);
	tcase_add_test(tc,
	    the_log_of_a_task_of_the_program_is_empty_and_ends_with_it);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
