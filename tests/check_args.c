/* Args against the JSON Schema of a coroutine. */
#include <errno.h>
#include <evtask/ctl.h>
#include <stdio.h>
#include <string.h>
#include "tests/json.h"
#include "tests/suite.h"

/* What a check says: "path: expected: got", or "" when all is well. */
static char said[1024];

static const char *
check(const char *schema_text, const char *args_text)
{
	struct json_object *schema = json(schema_text), *args, *error = NULL;
	int r;

	args = args_text != NULL ? json(args_text) : NULL;
	r = evtask_ctl_check_args(schema, args, &error);
	said[0] = '\0';
	if (r != 0) {
		ck_assert_int_eq(r, -EINVAL);
		ck_assert_str_eq(at(error, "data", "name"), "ArgsInvalid");
		snprintf(said, sizeof(said), "%s: %s: %s",
		    at(error, "data", "path"), at(error, "data", "expected"),
		    at(error, "data", "got"));
		json_object_put(error);
	}
	json_object_put(schema);
	json_object_put(args);
	return said;
}

/* {"x": schema} against {"x": value}. */
static const char *
check_x(const char *schema, const char *value)
{
	char whole[1024], args[1024];

	snprintf(whole, sizeof(whole), "{\"properties\":{\"x\":%s}}", schema);
	snprintf(args, sizeof(args), "{\"x\":%s}", value);
	return check(whole, args);
}

#define DURATION "{\"type\":[\"number\",\"string\"],\"format\":\"duration\"}"
#define A_DURATION "a duration (seconds, or text like \"1h30m\")"

static const struct {
	const char *schema, *value, *said;
} cases[] = {
	{ "true", "7", "" },
	{ "false", "7", "args.x: left out: there" },
	{ "{}", "[{}, null]", "" },
	{ "{\"type\":\"integer\"}", "7", "" },
	{ "{\"type\":\"integer\"}", "7.0", "args.x: an integer: 7.0" },
	{ "{\"type\":\"integer\"}", "\"7\"", "args.x: an integer: \"7\"" },
	{ "{\"type\":\"number\"}", "7", "" },
	{ "{\"type\":\"number\"}", "7.5", "" },
	{ "{\"type\":\"number\"}", "null", "args.x: a number: null" },
	{ "{\"type\":\"null\"}", "null", "" },
	{ "{\"type\":\"boolean\"}", "1", "args.x: true or false: 1" },
	{ "{\"type\":\"string\"}", "\"\"", "" },
	{ "{\"type\":\"string\"}", "{}", "args.x: text: an object" },
	{ "{\"type\":\"array\"}", "[]", "" },
	{ "{\"type\":\"object\"}", "[7]",
	  "args.x: an object: a list of 1 items" },
	{ "{\"type\":[\"integer\",\"string\"]}", "true",
	  "args.x: an integer or text: true" },
	{ "{\"type\":\"unheard-of\"}", "7", "" },
	{ "{\"type\":7}", "7", "" },
	{ "{\"enum\":[\"red\",7]}", "7", "" },
	{ "{\"enum\":[\"red\",7]}", "\"rde\"",
	  "args.x: one of \"red\", 7: \"rde\"" },
	{ "{\"const\":null}", "null", "" },
	{ "{\"const\":\"a\"}", "\"b\"", "args.x: \"a\": \"b\"" },
	{ "{\"minimum\":0}", "0", "" },
	{ "{\"minimum\":0}", "-1", "args.x: a number of at least 0: -1" },
	{ "{\"minimum\":0}", "\"a\"", "" },
	{ "{\"maximum\":1.5}", "1.5", "" },
	{ "{\"maximum\":1.5}", "2", "args.x: a number of at most 1.5: 2" },
	{ "{\"minLength\":2}", "\"\\u00e4\"",
	  "args.x: text in characters of at least 2: \"\xc3\xa4\"" },
	{ "{\"maxLength\":1}", "\"\\u00e4\"", "" },
	{ "{\"maxLength\":1}", "\"ab\"",
	  "args.x: text in characters of at most 1: \"ab\"" },
	{ "{\"minItems\":1}", "[]",
	  "args.x: a list in items of at least 1: a list of 0 items" },
	{ "{\"maxItems\":1}", "[1,2]",
	  "args.x: a list in items of at most 1: a list of 2 items" },
	{ "{\"items\":{\"type\":\"string\"}}", "[\"a\",7]",
	  "args.x[1]: text: 7" },
	{ "{\"anyOf\":[{\"type\":\"integer\"},{\"type\":\"string\"}]}", "7",
	  "" },
	{ "{\"oneOf\":[{\"type\":\"integer\"},{\"type\":\"string\"}]}",
	  "null", "args.x: an integer or text: null" },
	{ "{\"properties\":{\"y\":{\"type\":\"integer\"}}}", "{\"y\":\"a\"}",
	  "args.x.y: an integer: \"a\"" },
	{ "{\"properties\":{\"y\":{}},\"additionalProperties\":"
	  "{\"type\":\"integer\"}}", "{\"y\":\"a\",\"z\":\"b\"}",
	  "args.x.z: an integer: \"b\"" },
	{ DURATION, "90", "" },
	{ DURATION, "0.5", "" },
	{ DURATION, "\"1h30m\"", "" },
	{ DURATION, "-1", "args.x: " A_DURATION ": -1" },
	{ DURATION, "\"soon\"", "args.x: " A_DURATION ": \"soon\"" },
	{ DURATION, "true", "args.x: " A_DURATION ": true" },
	{ "{\"format\":\"email\"}", "\"whatever\"", "" },
	{ "{}", "\"a\\u0000b\"",
	  "args.x: text without \\u0000: \"a\\u0000b\"" },
};

START_TEST(a_schema_says_what_it_says)
{
	ck_assert_str_eq(check_x(cases[_i].schema, cases[_i].value),
	    cases[_i].said);
}
END_TEST

START_TEST(what_is_required_is_asked_for_in_its_own_words)
{
	ck_assert_str_eq(check("{\"required\":[\"delay\"],\"properties\":"
	    "{\"delay\":" DURATION "}}", "{}"),
	    "args.delay: " A_DURATION ": left out");
}
END_TEST

START_TEST(args_left_out_are_empty_args)
{
	ck_assert_str_eq(check("{}", NULL), "");
	ck_assert_str_eq(check("{\"required\":[\"a\"]}", NULL),
	    "args.a: a value: left out");
}
END_TEST

START_TEST(an_unknown_member_is_explained_before_a_missing_one)
{
	struct json_object *schema = json(JSON({"type": "object",
	    "properties": {"delay": {}}, "required": ["delay"],
	    "additionalProperties": false}));
	struct json_object *args = json(JSON({"dealy": 7})), *error;

	ck_assert_int_eq(evtask_ctl_check_args(schema, args, &error),
	    -EINVAL);
	ck_assert_str_eq(at(error, "data", "path"), "args.dealy");
	ck_assert_str_eq(at(error, "data", "did_you_mean"), "delay");
	json_object_put(error);
	json_object_put(args);
	json_object_put(schema);
}
END_TEST

START_TEST(no_argument_is_taken_where_there_is_none)
{
	ck_assert_str_eq(check(JSON({"additionalProperties": false}),
	    JSON({"x": 7})), "args.x: left out: an unknown member");
}
END_TEST

static void
assert_shown(const char *schema_text, const char *args_text, int depth,
    const char *shown_text)
{
	struct json_object *schema = json(schema_text);
	struct json_object *args = json(args_text);
	struct json_object *shown = evtask_ctl_show_args(schema, args, depth);

	ck_assert_json(shown, shown_text);
	ck_assert_json(args, args_text);
	json_object_put(shown);
	json_object_put(args);
	json_object_put(schema);
}

START_TEST(secrets_are_not_shown)
{
	assert_shown(JSON({"properties": {"p": {"writeOnly": true}, "n":
	    {"type": "integer"}}}), JSON({"p": {"deep": [1]}, "n": 7}), 9,
	    JSON({"p": "***", "n": 7}));
	assert_shown(JSON({"additionalProperties": {"writeOnly": true}}),
	    JSON({"a": "x", "b": null}), 9, JSON({"a": "***", "b": null}));
	assert_shown(JSON({"properties": {"l": {"items": {"properties":
	    {"s": {"writeOnly": true}}}}}}),
	    JSON({"l": [{"s": "x", "t": "y"}, null]}), 9,
	    JSON({"l": [{"s": "***", "t": "y"}, null]}));
	assert_shown("{}", JSON({"p": [[[]]]}), 3,
	    JSON({"p": [["(nested too deep to be shown)"]]}));
}
END_TEST

START_TEST(what_is_wrong_with_a_secret_is_said_without_saying_it)
{
	ck_assert_str_eq(check(JSON({"properties": {"p": {"type": "string",
	    "writeOnly": true}, "n": {"type": "integer"}}}),
	    JSON({"p": 31337})), "args.p: text: a secret");
	ck_assert_str_eq(check(JSON({"properties": {"p": {"writeOnly": true,
	    "items": {"type": "string"}}, "n": {"type": "integer"}}}),
	    JSON({"p": [31337]})), "args.p[0]: text: a secret");
	/* What comes after it is none. */
	ck_assert_str_eq(check(JSON({"properties": {"p": {"writeOnly": true},
	    "n": {"type": "integer"}}}), JSON({"p": "x", "n": "7"})),
	    "args.n: an integer: \"7\"");
}
END_TEST

START_TEST(filling_adds_defaults_within_objects_too)
{
	struct json_object *schema = json(JSON({"properties": {
	    "a": {"default": [1]}, "b": {"default": 2}, "c": {"properties":
	    {"d": {"default": null}, "e": {"default": 5}}}, "f": true}}));
	struct json_object *args = json(JSON({"b": 7, "c": {}}));

	ck_assert_int_eq(evtask_ctl_fill_args(schema, args), 0);
	ck_assert_json(args, JSON({"a": [1], "b": 7,
	    "c": {"d": null, "e": 5}}));
	json_object_put(schema);
	ck_assert_json(args, JSON({"a": [1], "b": 7,
	    "c": {"d": null, "e": 5}}));
	json_object_put(args);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("args");
	TCase *tc = tcase_create("args");

	tcase_add_loop_test(tc, a_schema_says_what_it_says, 0,
	    sizeof(cases) / sizeof(cases[0]));
	tcase_add_test(tc, what_is_required_is_asked_for_in_its_own_words);
	tcase_add_test(tc, args_left_out_are_empty_args);
	tcase_add_test(tc, an_unknown_member_is_explained_before_a_missing_one);
	tcase_add_test(tc, no_argument_is_taken_where_there_is_none);
	tcase_add_test(tc, secrets_are_not_shown);
	tcase_add_test(tc,
	    what_is_wrong_with_a_secret_is_said_without_saying_it);
	tcase_add_test(tc, filling_adds_defaults_within_objects_too);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
