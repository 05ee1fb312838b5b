/* The client without I/O: the test is its server. */
#include <errno.h>
#include <evtask/ctl.h>
#include <stdio.h>
#include <string.h>
#include "tests/json.h"
#include "tests/suite.h"

static struct evtask_ctl_client *client;
static char seen[1024]; /* what the callbacks were told, with a "|" each */

static void
say(const char *name, const char *what)
{
	size_t size = strlen(seen);

	snprintf(seen + size, sizeof(seen) - size, "%s:%s|", name, what);
}

/* A callback with a name for an argument. */
static void
on_reply(struct json_object *result, struct json_object *error, void *arg)
{
	say(arg, result != NULL ? at(result, "v", NULL)
	    : at(error, "data", "name"));
}

static void
on_notice(const char *method, struct json_object *params, void *arg)
{
	say(method, at(params, "seq", NULL));
}

static void
set_up(void)
{
	client = evtask_ctl_client_new(on_notice, NULL);
	ck_assert_ptr_nonnull(client);
	seen[0] = '\0';
}

static void
tear_down(void)
{
	evtask_ctl_client_free(client);
}

static int64_t
ask_with(evtask_ctl_reply_fn reply, const char *name)
{
	return evtask_ctl_client_request(client, "rpc.ping", NULL, reply,
	    (char *)name);
}

static int64_t
ask(const char *name)
{
	return ask_with(on_reply, name);
}

static int
feed(const char *bytes)
{
	return evtask_ctl_client_input(client, bytes, strlen(bytes));
}

static int
answer(int64_t id, const char *value)
{
	char line[256];

	snprintf(line, sizeof(line), "{\"jsonrpc\":\"2.0\",\"id\":%lld,"
	    "\"result\":{\"v\":\"%s\"}}\n", (long long)id, value);
	return feed(line);
}

/* What the client wants sent is exactly this; it is then sent. */
static void
expect_output(const char *want)
{
	const char *bytes;
	size_t size;

	bytes = evtask_ctl_client_output(client, &size);
	ck_assert_uint_eq(size, strlen(want));
	ck_assert_int_eq(memcmp(bytes, want, size), 0);
	evtask_ctl_client_sent(client, size);
	ck_assert_ptr_null(evtask_ctl_client_output(client, &size));
}

START_TEST(requests_are_numbered_and_queued)
{
	ck_assert_int_eq(ask("a"), 1);
	ck_assert_int_eq(ask("b"), 2);
	expect_output("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rpc.ping\"}"
	    "\n{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"rpc.ping\"}\n");
	ck_assert_uint_eq(evtask_ctl_client_pending(client), 2);
}
END_TEST

START_TEST(what_is_sent_in_pieces_goes_on_where_it_stopped)
{
	const char *bytes;
	size_t size, rest;

	ask("a");
	evtask_ctl_client_output(client, &size);
	evtask_ctl_client_sent(client, 10);
	bytes = evtask_ctl_client_output(client, &rest);
	ck_assert_uint_eq(rest, size - 10);
	ck_assert_int_eq(memcmp(bytes, ":\"2.0\"", 6), 0);
	ask("b");
	evtask_ctl_client_output(client, &size);
	ck_assert_uint_gt(size, rest);
}
END_TEST

START_TEST(what_is_sent_byte_by_byte_is_all_there)
{
	static const char want[] =
	    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rpc.ping\"}\n"
	    "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"rpc.ping\"}\n";
	const char *bytes;
	size_t size, n;

	ask("a");
	ask("b");
	for (n = 0; (bytes = evtask_ctl_client_output(client, &size)) != NULL;
	    n++) {
		ck_assert_uint_eq(size, sizeof(want) - 1 - n);
		ck_assert_int_eq(*bytes, want[n]);
		evtask_ctl_client_sent(client, 1);
	}
	ck_assert_uint_eq(n, sizeof(want) - 1);
}
END_TEST

START_TEST(replies_find_their_request_in_any_order)
{
	ask("a");
	ask("b");
	ask("c");
	ck_assert_int_eq(answer(3, "3"), 0);
	ck_assert_int_eq(answer(1, "1"), 0);
	ck_assert_int_eq(answer(2, "2"), 0);
	ck_assert_str_eq(seen, "c:3|a:1|b:2|");
	ck_assert_uint_eq(evtask_ctl_client_pending(client), 0);
}
END_TEST

START_TEST(an_error_reply_ends_its_request)
{
	ask("a");
	ck_assert_int_eq(feed("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":"
	    "{\"data\":{\"name\":\"Busy\"}}}\n"), 0);
	ck_assert_str_eq(seen, "a:Busy|");
}
END_TEST

START_TEST(a_reply_to_nobody_is_passed_over)
{
	ask("a");
	ck_assert_int_eq(answer(99, "x"), 0);
	ck_assert_int_eq(feed("{\"jsonrpc\":\"2.0\",\"id\":null,"
	    "\"error\":{}}\n"), 0);
	ck_assert_int_eq(feed("{\"jsonrpc\":\"2.0\",\"id\":\"1\","
	    "\"result\":{}}\n"), 0);
	ck_assert_str_eq(seen, "");
	ck_assert_uint_eq(evtask_ctl_client_pending(client), 1);
}
END_TEST

START_TEST(a_second_reply_is_passed_over)
{
	ask("a");
	ck_assert_int_eq(answer(1, "1"), 0);
	ck_assert_int_eq(answer(1, "2"), 0);
	ck_assert_str_eq(seen, "a:1|");
}
END_TEST

START_TEST(notifications_go_to_their_handler)
{
	ck_assert_int_eq(feed("{\"jsonrpc\":\"2.0\",\"method\":\"event\","
	    "\"params\":{\"seq\":7}}\n{\"jsonrpc\":\"2.0\",\"method\":"
	    "\"event.lag\",\"params\":{\"seq\":8}}\n"), 0);
	ck_assert_str_eq(seen, "event:7|event.lag:8|");
}
END_TEST

START_TEST(a_reply_in_pieces_is_one_reply)
{
	ask("a");
	ck_assert_int_eq(feed("{\"jsonrpc\":\"2.0\",\"id\""), 0);
	ck_assert_str_eq(seen, "");
	ck_assert_int_eq(feed(":1,\"result\":{\"v\":7}}\n"), 0);
	ck_assert_str_eq(seen, "a:7|");
}
END_TEST

START_TEST(what_is_not_the_protocol_is_an_error)
{
	ask("a");
	ck_assert_int_eq(feed("HTTP/1.1 400 Bad Request\r\n"), -EBADMSG);
	ck_assert_str_eq(seen, "");
}
END_TEST

START_TEST(a_lost_connection_ends_every_request_oldest_first)
{
	ask("a");
	ask("b");
	evtask_ctl_client_lost(client, "the server went away");
	ck_assert_str_eq(seen, "a:ConnectionLost|b:ConnectionLost|");
	ck_assert_uint_eq(evtask_ctl_client_pending(client), 0);
}
END_TEST

START_TEST(a_lost_client_takes_nothing_any_more)
{
	size_t size;

	ask("a");
	evtask_ctl_client_lost(client, "gone");
	ck_assert_int_eq(ask("b"), -ENOTCONN);
	ck_assert_int_eq(evtask_ctl_client_cancel(client, 1), -ENOTCONN);
	ck_assert_int_eq(feed("\n"), -ENOTCONN);
	ck_assert_ptr_null(evtask_ctl_client_output(client, &size));
}
END_TEST

START_TEST(cancelling_asks_and_waits_for_the_reply)
{
	int64_t id = ask("a");
	size_t size;

	evtask_ctl_client_output(client, &size);
	evtask_ctl_client_sent(client, size);
	ck_assert_int_eq(evtask_ctl_client_cancel(client, id), 0);
	expect_output("{\"jsonrpc\":\"2.0\",\"method\":\"rpc.cancel\","
	    "\"params\":{\"id\":1}}\n");
	ck_assert_uint_eq(evtask_ctl_client_pending(client), 1);
	ck_assert_int_eq(evtask_ctl_client_cancel(client, 99), -ENOENT);
}
END_TEST

START_TEST(a_request_too_large_is_not_sent)
{
	struct json_object *params = json("{}");
	static char text[EVTASK_CTL_FRAME_MAX];
	size_t size;

	json_object_object_add(params, "task",
	    json_object_new_string_len(text, sizeof(text)));
	ck_assert_int_eq(evtask_ctl_client_request(client, "task.get", params,
	    on_reply, NULL), -E2BIG);
	ck_assert_ptr_null(evtask_ctl_client_output(client, &size));
	ck_assert_int_eq(ask("b"), 1);
}
END_TEST

static void
free_it(struct json_object *result, struct json_object *error, void *arg)
{
	on_reply(result, error, arg);
	evtask_ctl_client_free(client);
	client = NULL;
}

START_TEST(a_callback_may_free_the_client)
{
	ask_with(free_it, "a");
	ask("b");
	ck_assert_int_eq(feed("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n"
	    "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{}}\n"), -ENOTCONN);
	ck_assert_str_eq(seen, "a:(none)|");
}
END_TEST

START_TEST(a_callback_may_free_the_client_that_is_lost)
{
	ask_with(free_it, "a");
	ask("b");
	evtask_ctl_client_lost(client, "gone");
	ck_assert_str_eq(seen, "a:ConnectionLost|");
}
END_TEST

static void
ask_again(struct json_object *result, struct json_object *error, void *arg)
{
	on_reply(result, error, arg);
	ck_assert_int_eq(ask("again"), 2);
}

START_TEST(a_callback_may_ask_again)
{
	ask_with(ask_again, "a");
	ck_assert_int_eq(answer(1, "1"), 0);
	ck_assert_int_eq(answer(2, "2"), 0);
	ck_assert_str_eq(seen, "a:1|again:2|");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("client");
	TCase *tc = tcase_create("client");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, requests_are_numbered_and_queued);
	tcase_add_test(tc, what_is_sent_in_pieces_goes_on_where_it_stopped);
	tcase_add_test(tc, what_is_sent_byte_by_byte_is_all_there);
	tcase_add_test(tc, replies_find_their_request_in_any_order);
	tcase_add_test(tc, an_error_reply_ends_its_request);
	tcase_add_test(tc, a_reply_to_nobody_is_passed_over);
	tcase_add_test(tc, a_second_reply_is_passed_over);
	tcase_add_test(tc, notifications_go_to_their_handler);
	tcase_add_test(tc, a_reply_in_pieces_is_one_reply);
	tcase_add_test(tc, what_is_not_the_protocol_is_an_error);
	tcase_add_test(tc, a_lost_connection_ends_every_request_oldest_first);
	tcase_add_test(tc, a_lost_client_takes_nothing_any_more);
	tcase_add_test(tc, cancelling_asks_and_waits_for_the_reply);
	tcase_add_test(tc, a_request_too_large_is_not_sent);
	tcase_add_test(tc, a_callback_may_free_the_client);
	tcase_add_test(tc, a_callback_may_free_the_client_that_is_lost);
	tcase_add_test(tc, a_callback_may_ask_again);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
