/* Lines to messages, the server's gate, and the gate to the wire. */
#include <errno.h>
#include <evtask/ctl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tests/json.h"
#include "tests/suite.h"

static struct evtask_ctl_message m;
static struct json_object *reply;

static void
tear_down(void)
{
	evtask_ctl_message_release(&m);
	json_object_put(reply);
	reply = NULL;
}

static int
parse(const char *line)
{
	return evtask_ctl_message_parse(line, strlen(line), &m, &reply);
}

/* Parses and accepts; the name of the error that came of it, or "ok". */
static const char *
serve(const char *line, enum evtask_ctl_role role)
{
	const struct evtask_ctl_method *method = NULL;
	struct json_object *error;
	int r;

	r = parse(line);
	if (r == 0)
		r = evtask_ctl_message_accept(&m, role, &method, &reply);
	if (r == 0) {
		ck_assert_str_eq(method->name, m.method);
		return "ok";
	}
	ck_assert_int_eq(r, -EBADMSG);
	ck_assert_str_eq(at(reply, "jsonrpc", NULL), "2.0");
	ck_assert(json_object_object_get_ex(reply, "error", &error));
	return at(error, "data", "name");
}

#define TWO "{\"jsonrpc\":\"2.0\","
#define PING "\"method\":\"rpc.ping\""

static const struct {
	const char *line;
	const char *name; /* of the error, or ok */
	const char *id;   /* of the reply */
} cases[] = {
	{ TWO "\"id\":1," PING "}", "ok", NULL },
	{ TWO "\"id\":\"a\"," PING ",\"params\":{}}", "ok", NULL },
	{ TWO "\"id\":-9007199254740991," PING "}", "ok", NULL },
	{ TWO "\"id\":\"\"," PING "}", "ok", NULL },
	{ TWO "\"id\":1,\"method\":\"rpc.\\u0070ing\"}", "ok", NULL },
	{ "{\"json\\u0072pc\":\"2.\\u0030\",\"id\":1," PING "}", "ok", NULL },
	{ "{" PING ",\"id\":1,\"jsonrpc\":\"2.0\"}", "ok", NULL },
	{ TWO "\"id\":1," PING "," PING "}", "ParseError", "(none)" },
	{ TWO "\"jsonrpc\":\"2.0\",\"id\":1," PING "}", "ParseError",
	  "(none)" },
	{ TWO "\"method\":\"rpc.cancel\",\"params\":{\"id\":1}}", "ok",
	  NULL },
	{ "help", "ParseError", "(none)" },
	{ "{'jsonrpc':'2.0'}", "ParseError", "(none)" },
	{ "42", "InvalidRequest", "(none)" },
	{ "\"rpc.ping\"", "InvalidRequest", "(none)" },
	{ "[]", "BatchUnsupported", "(none)" },
	{ "[" TWO "\"id\":1," PING "}]", "BatchUnsupported", "(none)" },
	{ "{}", "InvalidRequest", "(none)" },
	{ "{\"id\":7," PING "}", "InvalidRequest", "7" },
	{ "{\"jsonrpc\":2.0,\"id\":7," PING "}", "InvalidRequest", "7" },
	{ "{\"jsonrpc\":\"1.0\",\"id\":7," PING "}", "InvalidRequest", "7" },
	{ "{\"jsonrpc\":\"2.0\\u0000x\",\"id\":7," PING "}",
	  "InvalidRequest", "7" },
	{ TWO "\"id\":7}", "InvalidRequest", "7" },
	{ TWO "\"id\":7,\"method\":7}", "InvalidRequest", "7" },
	{ TWO "\"id\":7,\"method\":\"rpc.ping\\u0000\"}", "InvalidRequest",
	  "7" },
	{ TWO "\"id\":null," PING "}", "InvalidRequest", "(none)" },
	{ TWO "\"id\":1.5," PING "}", "InvalidRequest", "(none)" },
	{ TWO "\"id\":true," PING "}", "InvalidRequest", "(none)" },
	{ TWO "\"id\":[]," PING "}", "InvalidRequest", "(none)" },
	{ TWO "\"id\":9007199254740992," PING "}", "InvalidRequest",
	  "(none)" },
	{ TWO "\"id\":7," PING ",\"params\":[]}", "InvalidParams", "7" },
	{ TWO "\"id\":7," PING ",\"params\":null}", "InvalidParams", "7" },
	{ TWO "\"id\":7," PING ",\"params\":{\"a\":1}}", "InvalidParams",
	  "7" },
	{ TWO "\"id\":7," PING ",\"parms\":{}}", "InvalidRequest", "7" },
	{ TWO "\"id\":7,\"method\":\"task.lst\"}", "MethodNotFound", "7" },
	{ TWO PING "}", "IdRequired", "(none)" },
	{ TWO "\"id\":7,\"result\":{}}", "InvalidRequest", "7" },
	{ TWO "\"id\":7,\"error\":{},\"result\":{}}", "InvalidRequest", "7" },
};

START_TEST(a_line_gets_the_error_it_deserves)
{
	ck_assert_msg(strcmp(serve(cases[_i].line, EVTASK_CTL_ADMIN),
	    cases[_i].name) == 0, "%s: %s", cases[_i].line,
	    json_object_to_json_string(reply));
	if (cases[_i].id != NULL)
		ck_assert_str_eq(at(reply, "id", NULL), cases[_i].id);
}
END_TEST

START_TEST(an_id_of_128_bytes_is_the_longest)
{
	char line[512], id[130];

	memset(id, 'x', sizeof(id));
	snprintf(line, sizeof(line), TWO "\"id\":\"%.128s\"," PING "}", id);
	ck_assert_str_eq(serve(line, EVTASK_CTL_VIEWER), "ok");
	evtask_ctl_message_release(&m);
	snprintf(line, sizeof(line), TWO "\"id\":\"%.129s\"," PING "}", id);
	ck_assert_str_eq(serve(line, EVTASK_CTL_VIEWER), "InvalidRequest");
}
END_TEST

START_TEST(a_person_in_a_terminal_is_shown_a_request)
{
	struct json_object *error;

	ck_assert_str_eq(serve("help", EVTASK_CTL_ADMIN), "ParseError");
	json_object_object_get_ex(reply, "error", &error);
	ck_assert_str_eq(at(error, "message", NULL),
	    "not JSON: expected a value at byte 0, got h");
	ck_assert_ptr_nonnull(strstr(at(error, "data", "hint"), "rpc.ping"));
}
END_TEST

START_TEST(an_unknown_method_gets_a_suggestion)
{
	struct json_object *error;

	serve(TWO "\"id\":1,\"method\":\"tsk.list\"}", EVTASK_CTL_ADMIN);
	json_object_object_get_ex(reply, "error", &error);
	ck_assert_str_eq(at(error, "data", "did_you_mean"), "task.list");
}
END_TEST

START_TEST(each_role_may_what_its_row_says)
{
	const struct evtask_ctl_method *row;
	char line[1024];
	int role;

	for (row = evtask_ctl_methods(); row->name != NULL; row++)
		for (role = EVTASK_CTL_VIEWER; role <= EVTASK_CTL_ADMIN;
		    role++) {
			snprintf(line, sizeof(line), TWO "\"id\":1,"
			    "\"method\":\"%s\",\"params\":%s}", row->name,
			    row->example_params);
			ck_assert_str_eq(serve(line, role),
			    role >= (int)row->role ? "ok"
			    : "PermissionDenied");
			tear_down();
		}
}
END_TEST

START_TEST(accepted_params_hold_the_defaults)
{
	ck_assert_str_eq(serve(TWO "\"id\":1,\"method\":\"task.result\","
	    "\"params\":{\"task\":7}}", EVTASK_CTL_VIEWER), "ok");
	ck_assert_json(m.params, JSON({"task": 7, "wait": false}));
	evtask_ctl_message_release(&m);
	ck_assert_str_eq(serve(TWO "\"id\":1,\"method\":\"task.list\"}",
	    EVTASK_CTL_VIEWER), "ok");
	ck_assert_json(m.params, JSON({"warned": false, "sort": "id",
	    "limit": 100}));
}
END_TEST

START_TEST(replies_and_notifications_are_told_apart)
{
	ck_assert_int_eq(parse(TWO "\"id\":7,\"result\":{\"a\":1},"
	    "\"new\":1}"), 0);
	ck_assert_int_eq(m.kind, EVTASK_CTL_REPLY);
	ck_assert_json(m.result, JSON({"a": 1}));
	ck_assert_ptr_null(m.error);
	evtask_ctl_message_release(&m);

	ck_assert_int_eq(parse(TWO "\"id\":null,\"error\":{}}"), 0);
	ck_assert_int_eq(m.kind, EVTASK_CTL_REPLY);
	ck_assert_ptr_null(m.id);
	evtask_ctl_message_release(&m);

	ck_assert_int_eq(parse(TWO "\"method\":\"event\",\"params\":{}}"),
	    0);
	ck_assert_int_eq(m.kind, EVTASK_CTL_NOTIFICATION);
	ck_assert_str_eq(m.method, "event");
}
END_TEST

static void
expect_line(struct json_object *value, const char *line)
{
	char *out;
	size_t size;

	ck_assert_int_eq(evtask_ctl_encode(value, &out, &size), 0);
	ck_assert_str_eq(out, line);
	ck_assert_uint_eq(size, strlen(line));
	free(out);
	json_object_put(value);
}

/* What a message says, whether it has a root or not. */
static char *
said(const struct evtask_ctl_message *message)
{
	char *text;

	ck_assert_int_gt(asprintf(&text, "%d %s %s %s", message->kind,
	    json_object_to_json_string(message->id), message->method,
	    json_object_to_json_string(message->params)), 0);
	return text;
}

/* The short way does not take what the gate will refuse. */
START_TEST(the_short_way_and_the_long_way_read_the_same)
{
	static const char *const members[] = {
		"", ",\"params\":{}", ",\"params\":{\"a\":[1,{\"b\":null}]}",
		" , \"params\" : { \"x\" : -1.5e3 } ", NULL
	};
	static const char *const ids[] = { "1", "\"x\"", "-7", "\"\\u0041\"",
	    NULL };
	char line[256], *plain, *other;
	int i, k;

	for (i = 0; members[i] != NULL; i++)
		for (k = 0; ids[k] != NULL; k++) {
			snprintf(line, sizeof(line), TWO "\"id\":%s," PING
			    "%s}", ids[k], members[i]);
			ck_assert_int_eq(parse(line), 0);
			ck_assert_ptr_null(m.root);
			plain = said(&m);
			evtask_ctl_message_release(&m);
			snprintf(line, sizeof(line), TWO "\"id\":%s," PING
			    "%s,\"more\":1}", ids[k], members[i]);
			ck_assert_int_eq(parse(line), 0);
			ck_assert_ptr_nonnull(m.root);
			other = said(&m);
			evtask_ctl_message_release(&m);
			ck_assert_str_eq(plain, other);
			free(plain);
			free(other);
		}
}
END_TEST

/* A request with a list of n of these. */
static char *
request_of(const char *item, size_t n)
{
	size_t size = strlen(item) + 1;
	char *line = malloc(128 + n * size), *at = line;

	at += sprintf(at, TWO "\"id\":1," PING ",\"params\":{\"a\":[");
	for (; n > 0; n--)
		at += sprintf(at, "%s%s", item, n > 1 ? "," : "");
	sprintf(at, "]}}");
	return line;
}

static const struct {
	const char *item;
	size_t cost;
} costs[] = {
	{ "0", 1 }, { "\"a\"", 1 }, { "null", 1 }, { "[]", 4 }, { "{}", 4 },
	{ "{\"a\":0}", 6 }, { "0.5", 10 }, { "1e3", 10 },
};

START_TEST(a_server_takes_so_many_values_and_no_more)
{
	/* The id, the params, its member and the list in it. */
	size_t rest = EVTASK_CTL_VALUES_MAX - 1 - 4 - 1 - 4, n;
	char *line;

	n = rest / costs[_i].cost;
	line = request_of(costs[_i].item, n);
	ck_assert_int_eq(evtask_ctl_request_parse(line, strlen(line), &m,
	    &reply), 0);
	tear_down();
	free(line);

	line = request_of(costs[_i].item, n + 1);
	ck_assert_int_eq(evtask_ctl_request_parse(line, strlen(line), &m,
	    &reply), -EBADMSG);
	ck_assert_str_eq(at(evtask_ctl_get(reply, "error"), "data", "name"),
	    "ParseError");
	ck_assert_ptr_nonnull(strstr(at(evtask_ctl_get(reply, "error"),
	    "data", "expected"), "no more than 24576 values"));
	tear_down();
	/* A client takes them all. */
	ck_assert_int_eq(parse(line), 0);
	tear_down();
	free(line);
}
END_TEST

START_TEST(a_line_in_place_is_the_line_that_is_encoded)
{
	struct evtask_ctl_line *line = evtask_ctl_line_new();
	struct json_object *id = json("\"a\\u0007\""), *whole;
	struct json_object *value = json(JSON({"n": [1, -2, {"t": "x\"y"}]}));
	const char *got;
	char *want;
	size_t size, want_size;
	int i;

	for (i = 0; i < 2; i++) {
		ck_assert_int_eq(evtask_ctl_line_result(line, id, value, &got,
		    &size), 0);
		whole = evtask_ctl_result_reply(id, json_object_get(value));
		ck_assert_int_eq(evtask_ctl_encode(whole, &want, &want_size),
		    0);
		ck_assert_uint_eq(size, want_size);
		ck_assert_str_eq(got, want);
		json_object_put(whole);
		free(want);
		ck_assert_int_eq(evtask_ctl_line_notification(line, "event",
		    value, &got, &size), 0);
		whole = evtask_ctl_notification_new("event",
		    json_object_get(value));
		ck_assert_int_eq(evtask_ctl_encode(whole, &want, &want_size),
		    0);
		ck_assert_str_eq(got, want);
		json_object_put(whole);
		free(want);
	}
	json_object_put(id);
	json_object_put(value);
	evtask_ctl_line_free(line);
	evtask_ctl_line_free(NULL);
}
END_TEST

/* One level belongs to the envelope. */
START_TEST(a_line_in_place_is_no_deeper_than_others)
{
	struct evtask_ctl_line *line = evtask_ctl_line_new();
	struct json_object *value = json_object_new_array(), *outer;
	const char *got;
	size_t size;
	int i;

	for (i = 1; i < EVTASK_CTL_DEPTH_MAX - 1; i++) {
		outer = json_object_new_array();
		json_object_array_add(outer, value);
		value = outer;
	}
	ck_assert_int_eq(evtask_ctl_line_result(line, NULL, value, &got,
	    &size), 0);
	outer = json_object_new_array();
	json_object_array_add(outer, value);
	ck_assert_int_eq(evtask_ctl_line_result(line, NULL, outer, &got,
	    &size), -E2BIG);
	json_object_put(outer);
	value = json("[]");
	ck_assert_int_eq(evtask_ctl_line_result(line, NULL, value, &got,
	    &size), 0);
	ck_assert_str_eq(got, TWO "\"id\":null,\"result\":[]}\n");
	json_object_put(value);
	evtask_ctl_line_free(line);
}
END_TEST

START_TEST(messages_are_built_member_by_member)
{
	struct json_object *id = json_object_new_int(7);

	expect_line(evtask_ctl_request_new(id, "rpc.ping", NULL),
	    TWO "\"id\":7," PING "}\n");
	expect_line(evtask_ctl_notification_new("event", json("{}")),
	    TWO "\"method\":\"event\",\"params\":{}}\n");
	expect_line(evtask_ctl_result_reply(id, json("{}")),
	    TWO "\"id\":7,\"result\":{}}\n");
	expect_line(evtask_ctl_error_reply(NULL, json("{}")),
	    TWO "\"id\":null,\"error\":{}}\n");
	ck_assert_ptr_null(evtask_ctl_result_reply(id, NULL));
	json_object_put(id);
}
END_TEST

static struct json_object *
bytes(const char *s, size_t size)
{
	return json_object_new_string_len(s, (int)size);
}

START_TEST(bytes_that_are_no_utf8_are_replaced)
{
	expect_line(bytes("a\xff" "b", 3), "\"a\xef\xbf\xbd" "b\"\n");
	expect_line(bytes("\xc3\xa4\xc3", 3), "\"\xc3\xa4\xef\xbf\xbd\"\n");
	expect_line(bytes("\xed\xa0\x80", 3),
	    "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"\n");
}
END_TEST

START_TEST(control_characters_are_escaped)
{
	expect_line(bytes("\b\f\n\r\t\"\\/\x01\x7f\0", 11),
	    "\"\\b\\f\\n\\r\\t\\\"\\\\/\\u0001\x7f\\u0000\"\n");
}
END_TEST

START_TEST(numbers_that_json_cannot_say_are_null)
{
	expect_line(json_object_new_double(NAN), "null\n");
	expect_line(json_object_new_double(INFINITY), "null\n");
	expect_line(json_object_new_double(-INFINITY), "null\n");
	expect_line(json_object_new_double_s(1.5, "garbage"), "1.5\n");
}
END_TEST

START_TEST(numbers_are_written_shortest_and_exact)
{
	expect_line(json_object_new_double(0.1), "0.1\n");
	expect_line(json_object_new_double(1), "1.0\n");
	expect_line(json_object_new_double(1e300), "1e+300\n");
	expect_line(json_object_new_double(-0.0), "-0.0\n");
	expect_line(json_object_new_double(1.0 / 3), "0.3333333333333333\n");
	expect_line(json_object_new_int64(INT64_MIN),
	    "-9223372036854775808\n");
	expect_line(json_object_new_uint64(UINT64_MAX),
	    "18446744073709551615\n");
}
END_TEST

START_TEST(what_is_nested_too_deep_is_not_written)
{
	struct json_object *value = json_object_new_array(), *outer;
	size_t size, i;
	char *line;

	for (i = 1; i < EVTASK_CTL_DEPTH_MAX; i++) {
		outer = json_object_new_array();
		json_object_array_add(outer, value);
		value = outer;
	}
	ck_assert_int_eq(evtask_ctl_encode(value, &line, &size), 0);
	free(line);
	outer = json_object_new_array();
	json_object_array_add(outer, value);
	ck_assert_int_eq(evtask_ctl_encode(outer, &line, &size), -E2BIG);
	json_object_put(outer);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("message");
	TCase *tc = tcase_create("message");

	tcase_add_checked_fixture(tc, NULL, tear_down);
	tcase_add_loop_test(tc, a_line_gets_the_error_it_deserves, 0,
	    sizeof(cases) / sizeof(cases[0]));
	tcase_add_test(tc, an_id_of_128_bytes_is_the_longest);
	tcase_add_test(tc, a_person_in_a_terminal_is_shown_a_request);
	tcase_add_test(tc, an_unknown_method_gets_a_suggestion);
	tcase_add_test(tc, each_role_may_what_its_row_says);
	tcase_add_test(tc, accepted_params_hold_the_defaults);
	tcase_add_test(tc, replies_and_notifications_are_told_apart);
	tcase_add_test(tc, the_short_way_and_the_long_way_read_the_same);
	tcase_add_loop_test(tc, a_server_takes_so_many_values_and_no_more, 0,
	    sizeof(costs) / sizeof(costs[0]));
	tcase_add_test(tc, a_line_in_place_is_the_line_that_is_encoded);
	tcase_add_test(tc, a_line_in_place_is_no_deeper_than_others);
	tcase_add_test(tc, messages_are_built_member_by_member);
	tcase_add_test(tc, bytes_that_are_no_utf8_are_replaced);
	tcase_add_test(tc, control_characters_are_escaped);
	tcase_add_test(tc, numbers_that_json_cannot_say_are_null);
	tcase_add_test(tc, numbers_are_written_shortest_and_exact);
	tcase_add_test(tc, what_is_nested_too_deep_is_not_written);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
