/* Requests that are answered later, and how they end. */
#include "tests/console_fixture.h"

static int fd;

static void
set_up(void)
{
	console_set_up();
	fd = client_new();
}

/* The next message is the reply to that id, and its member is that. */
static void
assert_next(int id, const char *path, const char *value)
{
	struct json_object *m = next(fd);

	ck_assert_int_eq(atoi(member(m, "id")), id);
	ck_assert_str_eq(member(m, path), value);
	json_object_put(m);
}

START_TEST(a_wait_for_all_is_answered_when_the_last_is_done)
{
	own_task("a", 1000000);
	own_task("b", 2000000);
	ask_later(fd, 1, "task.wait", "{\"tasks\":[\"b\",\"a\"]}");
	advance(1500000);
	ck_assert(client_is_silent(fd));
	advance(1000000);
	assert_next(1, "result.done.1.name", "a");
}
END_TEST

START_TEST(a_wait_for_any_is_answered_by_the_first)
{
	struct json_object *m;

	own_task("a", 1000000);
	own_task("b", 2000000);
	ask_later(fd, 1, "task.wait",
	    "{\"tasks\":[\"b\",\"a\"],\"mode\":\"any\"}");
	advance(1500000);
	m = next(fd);
	ck_assert_str_eq(member(m, "result.done.0.name"), "a");
	ck_assert_str_eq(member(m, "result.pending.0.name"), "b");
	json_object_put(m);
}
END_TEST

START_TEST(a_wait_for_the_first_error_goes_on_over_successes)
{
	int other = client_new();

	own_task("a", 1000000);
	own_task("b", 9000000);
	answer(other, "task.create", "{\"coroutine\":\"trap\",\"name\":\"c\"}",
	    "");
	ask_later(fd, 1, "task.wait", "{\"tasks\":[\"a\",\"b\",\"c\"],"
	    "\"mode\":\"first_error\"}");
	advance(1500000);
	ck_assert(client_is_silent(fd));
	answer(other, "task.cancel", "{\"tasks\":[\"c\"]}", "");
	advance(10000);
	/* As in asyncio, cancelled is not failed. */
	ck_assert(client_is_silent(fd));
	answer(other, "task.create", "{\"coroutine\":\"fail\",\"name\":\"d\"}",
	    "");
	ask_later(fd, 2, "task.wait", "{\"tasks\":[\"b\",\"d\"],"
	    "\"mode\":\"first_error\"}");
	assert_next(2, "result.done.0.outcome", "raised");
}
END_TEST

START_TEST(a_wait_of_what_is_done_is_answered_in_order)
{
	own_task("a", 1000);
	advance(2000);
	ask_later(fd, 1, "task.wait", "{\"tasks\":[\"a\"]}");
	ask_later(fd, 2, "rpc.ping", "{}");
	assert_next(1, "result.done.0.state", "done");
	assert_next(2, "error", "(none)");
}
END_TEST

START_TEST(later_requests_overtake_a_wait)
{
	own_task("a", 1000000);
	ask_later(fd, 1, "task.wait", "{\"tasks\":[\"a\"]}");
	ask_later(fd, 2, "rpc.ping", "{}");
	assert_next(2, "error", "(none)");
	advance(1500000);
	assert_next(1, "result.done.0.name", "a");
}
END_TEST

START_TEST(the_same_task_may_be_named_twice)
{
	struct json_object *m;

	own_task("a", 1000000);
	ask_later(fd, 1, "task.wait", "{\"tasks\":[\"a\",\"a\"]}");
	advance(1500000);
	m = next(fd);
	ck_assert_str_eq(member(m, "result.done.1.name"), "a");
	json_object_put(m);
}
END_TEST

START_TEST(a_timeout_answers_with_what_is_done_and_touches_no_task)
{
	struct evtask *b = own_task("b", 9000000);
	struct json_object *m;

	own_task("a", 1000000);
	ask_later(fd, 1, "task.wait", "{\"tasks\":[\"a\",\"b\"],"
	    "\"timeout_us\":2000000}");
	advance(2500000);
	m = next(fd);
	ck_assert_str_eq(member(m, "result.timed_out"), "true");
	ck_assert_str_eq(member(m, "result.done.0.name"), "a");
	ck_assert_str_eq(member(m, "result.pending.0.name"), "b");
	json_object_put(m);
	ck_assert_int_eq(evtask_cancelling(b), 0);
	ck_assert_uint_eq(console->sessions.deferred, 0);
}
END_TEST

START_TEST(a_timeout_of_nothing_looks_and_does_not_wait)
{
	own_task("a", 1000000);
	ck_assert_str_eq(answer(fd, "task.wait", "{\"tasks\":[\"a\"],"
	    "\"timeout_us\":0}", "result.timed_out"), "true");
}
END_TEST

START_TEST(rpc_cancel_ends_the_request_and_not_the_task)
{
	struct evtask *a = own_task("a", 1000000);

	ask_later(fd, 1, "task.wait", "{\"tasks\":[\"a\"]}");
	ask_later(fd, 2, "rpc.cancel", "{\"id\":1}");
	assert_next(1, "error.data.name", "RequestCancelled");
	assert_next(2, "result.cancelled", "true");
	ask_later(fd, 3, "rpc.cancel", "{\"id\":1}");
	assert_next(3, "result.cancelled", "false");
	ck_assert_int_eq(evtask_cancelling(a), 0);
	advance(2000000);
	ck_assert(client_is_silent(fd));
}
END_TEST

START_TEST(rpc_cancel_may_be_a_notification)
{
	own_task("a", 1000000);
	ask_later(fd, 1, "task.wait", "{\"tasks\":[\"a\"]}");
	client_send(fd, "{\"jsonrpc\":\"2.0\",\"method\":\"rpc.cancel\","
	    "\"params\":{\"id\":1}}\n");
	assert_next(1, "error.code", "-32800");
	ck_assert(client_is_silent(fd));
}
END_TEST

START_TEST(creating_with_wait_answers_with_the_end)
{
	struct json_object *m;

	ask_later(fd, 1, "task.create", "{\"coroutine\":\"nap\",\"args\":"
	    "{\"delay\":1},\"wait\":true}");
	ck_assert(client_is_silent(fd));
	advance(1500000);
	m = next(fd);
	ck_assert_str_eq(member(m, "result.task.state"), "done");
	ck_assert_str_eq(member(m, "result.created"), "true");
	ck_assert_str_eq(member(m, "result.outcome"), "returned");
	ck_assert_str_eq(member(m, "result.value"), "rested");
	json_object_put(m);
}
END_TEST

START_TEST(cancelling_with_wait_answers_when_all_are_done)
{
	struct json_object *m;

	answer(fd, "task.create",
	    "{\"coroutine\":\"stubborn\",\"name\":\"s\"}", "");
	own_task("a", 9000000);
	turns(3);
	ask_later(fd, 1, "task.cancel", "{\"tasks\":[\"a\",\"s\"],"
	    "\"wait\":true}");
	ck_assert(client_is_silent(fd));
	advance(11000000);
	m = next(fd);
	ck_assert_str_eq(member(m, "result.tasks.0.state"), "done");
	ck_assert_str_eq(member(m, "result.tasks.1.state"), "done");
	ck_assert_str_eq(member(m, "result.tasks.1.requested"), "true");
	json_object_put(m);
}
END_TEST

START_TEST(cancelling_with_wait_and_a_timeout_says_when_time_was_up)
{
	struct json_object *m;

	answer(fd, "task.create",
	    "{\"coroutine\":\"stubborn\",\"name\":\"s\"}", "");
	turns(3);
	ask_later(fd, 1, "task.cancel", "{\"tasks\":[\"s\"],\"wait\":true,"
	    "\"timeout_us\":1000000}");
	advance(2000000);
	m = next(fd);
	ck_assert_str_eq(member(m, "result.timed_out"), "true");
	ck_assert_str_eq(member(m, "result.tasks.0.state"), "waiting");
	json_object_put(m);
}
END_TEST

START_TEST(a_wait_outlives_that_its_done_task_is_forgotten)
{
	int other = client_new();
	struct json_object *m;

	own_task("a", 1000000);
	own_task("b", 3000000);
	ask_later(fd, 1, "task.wait", "{\"tasks\":[\"a\",\"b\"]}");
	advance(2000000);
	ck_assert_str_eq(answer(other, "task.forget", "{\"tasks\":[\"a\"]}",
	    "error"), "(none)");
	advance(2000000);
	m = next(fd);
	ck_assert_str_eq(member(m, "result.done.0.name"), "a");
	ck_assert_str_eq(member(m, "result.done.1.name"), "b");
	json_object_put(m);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("request");
	TCase *tc = tcase_create("request");

	tcase_add_checked_fixture(tc, set_up, console_tear_down);
	tcase_add_test(tc, a_wait_for_all_is_answered_when_the_last_is_done);
	tcase_add_test(tc, a_wait_for_any_is_answered_by_the_first);
	tcase_add_test(tc,
	    a_wait_for_the_first_error_goes_on_over_successes);
	tcase_add_test(tc, a_wait_of_what_is_done_is_answered_in_order);
	tcase_add_test(tc, later_requests_overtake_a_wait);
	tcase_add_test(tc, the_same_task_may_be_named_twice);
	tcase_add_test(tc,
	    a_timeout_answers_with_what_is_done_and_touches_no_task);
	tcase_add_test(tc, a_timeout_of_nothing_looks_and_does_not_wait);
	tcase_add_test(tc, rpc_cancel_ends_the_request_and_not_the_task);
	tcase_add_test(tc, rpc_cancel_may_be_a_notification);
	tcase_add_test(tc, creating_with_wait_answers_with_the_end);
	tcase_add_test(tc, cancelling_with_wait_answers_when_all_are_done);
	tcase_add_test(tc,
	    cancelling_with_wait_and_a_timeout_says_when_time_was_up);
	tcase_add_test(tc, a_wait_outlives_that_its_done_task_is_forgotten);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
