/* What is JSON and what is not: the border, case by case. */
#include <errno.h>
#include <json-c/json.h>
#include <string.h>
#include "lib/ctl/read.h"
#include "tests/suite.h"

/* A text with its size: some hold a NUL. */
struct text_case {
	const char *text;
	size_t size;
	const char *expected; /* of what is refused: how the fault begins */
};
#define OK(text) NO(text, "")
#define NO(text, expected) { text, sizeof(text) - 1, expected }
#define DEEP_8 "[[[[[[[["
#define FLAT_8 "]]]]]]]]"
#define DEEP_32 DEEP_8 DEEP_8 DEEP_8 DEEP_8
#define FLAT_32 FLAT_8 FLAT_8 FLAT_8 FLAT_8

static const struct text_case accepted[] = {
	OK("{}"), OK("[]"), OK("null"), OK("true"), OK("\"\""),
	OK(" \t\r\n{ \"a\" : [ 1 , 2 ] } \t\r\n"),
	OK("0"), OK("-0"), OK("-1"), OK("10"), OK("0.0"),
	OK("1.5e10"), OK("1E+2"), OK("1e-2"), OK("-0.0e-0"),
	OK("9223372036854775807"), OK("-9223372036854775808"),
	OK("1e308"), OK("1e-400"),
	OK("0.100000000000000000000000000000000000000000001"),
	OK("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e4\""),
	OK("\"\\ud834\\udd1e\""), OK("\"\\u0000\""), OK("\"\x7f\""),
	OK("\"\xc3\xa4\""), OK("\"\xe2\x82\xac\""),
	OK("\"\xed\x9f\xbf\""), OK("\"\xee\x80\x80\""),
	OK("\"\xf0\x9d\x84\x9e\""), OK("\"\xf4\x8f\xbf\xbf\""),
	OK("\"\xef\xbb\xbf\""), /* a BOM inside a text is a character */
	OK("{\"\":1}"), OK("{\"a\":{\"a\":1},\"b\":{\"a\":1}}"),
	OK(DEEP_32 FLAT_32),
};

static const struct text_case refused[] = {
	NO("", "a value"), NO("   ", "a value"), NO("nul", "a value"),
	NO("nulll", "nothing after"), NO("True", "a value"),
	NO("{} {}", "nothing after"), NO("{},", "nothing after"),
	NO("{", "a member's name"), NO("{\"a\"", "a : after"),
	NO("{\"a\":", "a value"), NO("{\"a\":1", "a , or a }"),
	NO("{\"a\":1,}", "a member's name"), NO("{,}", "a member's name"),
	NO("{a:1}", "a member's name"), NO("{'a':1}", "a member's name"),
	NO("{1:1}", "a member's name"), NO("{\"a\" 1}", "a : after"),
	NO("[", "a value"), NO("[1", "a , or a ]"),
	NO("[1,]", "a value"), NO("[1 2]", "a , or a ]"),
	NO("[1}", "a , or a ]"), NO("// x\n1", "a value"),
	NO("/* */1", "a value"), NO("'a'", "a value"),
	NO("NaN", "a value"), NO("Infinity", "a value"),
	NO("-Infinity", "a digit"), NO("+1", "a value"),
	NO("01", "no digit after"), NO("-01", "no digit after"),
	NO("-", "a digit"), NO("1.", "a digit"), NO(".5", "a value"),
	NO("1e", "a digit"), NO("1e+", "a digit"), NO("0x10", "nothing"),
	NO("9223372036854775808", "an integer"),
	NO("-9223372036854775809", "an integer"),
	NO("100000000000000000000000000000", "an integer"),
	NO("1e400", "numbers that a double"),
	NO("{\"a\":-1e999}", "numbers that a double"),
	NO("\"", "the closing"), NO("\"a", "the closing"),
	NO("\"\\", "one of"), NO("\"\\x41\"", "one of"),
	NO("\"\\'\"", "one of"), NO("\"\\u12\"", "four hex"),
	NO("\"\\u12g4\"", "four hex"), NO("\"\\u", "four hex"),
	NO("\"a\nb\"", "control characters"),
	NO("\"a\tb\"", "control characters"),
	NO("\"a\0b\"", "control characters"), NO("\0", "a value"),
	NO("{}\0", "nothing after"),
	NO("\"\\ud800\"", "both halves"), NO("\"\\udc00\"", "both halves"),
	NO("\"\\ud800\\ud800\"", "both halves"),
	NO("\"\\ud800x\"", "both halves"),
	NO("\"\\ud800\\u0041\"", "both halves"),
	NO("{\"a\\u0000\":1}", "no \\u0000"),
	NO("\"\x80\"", "UTF-8"), NO("\"\xc3\"", "UTF-8"),
	NO("\"\xc3", "UTF-8"), NO("\"\xe2\x82\"", "UTF-8"),
	NO("\"\xc0\xaf\"", "UTF-8"), NO("\"\xc1\xbf\"", "UTF-8"),
	NO("\"\xe0\x80\xaf\"", "UTF-8"), NO("\"\xf0\x80\x80\xaf\"", "UTF-8"),
	NO("\"\xed\xa0\x80\"", "UTF-8"), NO("\"\xed\xbf\xbf\"", "UTF-8"),
	NO("\"\xf4\x90\x80\x80\"", "UTF-8"), NO("\"\xf5\x80\x80\x80\"",
	    "UTF-8"), NO("\"\xfe\"", "UTF-8"), NO("\"\xff\"", "UTF-8"),
	NO("\xef\xbb\xbf{}", "a value"),
	NO("{\"a\":1,\"a\":1}", "every member's name once"),
	NO("{\"a\":1,\"\\u0061\":2}", "every member's name once"),
	NO("[{\"b\":{\"a\":1,\"a\":null}}]", "every member's name once"),
	NO("[" DEEP_32 FLAT_32 "]", "no more than 32"),
};
#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

/* From memory of its own size, so that reading past the end is found. */
static int
read_case(const struct text_case *c, struct json_object **value,
    struct read_fault *fault)
{
	char *text = malloc(c->size + 1);
	int r;

	memcpy(text + 1, c->text, c->size);
	r = read_json(text + 1, c->size, READ_ALL, value, fault);
	free(text);
	return r;
}

START_TEST(accepts)
{
	const struct text_case *c = &accepted[_i];
	struct json_object *value;
	struct read_fault fault;

	ck_assert_msg(read_case(c, &value, &fault) == 0, "%s", c->text);
	json_object_put(value);
}
END_TEST

START_TEST(refuses)
{
	const struct text_case *c = &refused[_i];
	struct json_object *value;
	struct read_fault fault;

	ck_assert_msg(read_case(c, &value, &fault) == -EINVAL, "%s", c->text);
	ck_assert_msg(strncmp(fault.expected, c->expected,
	    strlen(c->expected)) == 0, "%s: %s", c->text, fault.expected);
	ck_assert_uint_le(fault.offset, c->size);
}
END_TEST

START_TEST(a_fault_says_where_and_what)
{
	const struct text_case c = OK("{\"a\":tru}");
	struct json_object *value;
	struct read_fault fault;

	ck_assert_int_eq(read_case(&c, &value, &fault), -EINVAL);
	ck_assert_uint_eq(fault.offset, 5);
	ck_assert_str_eq(fault.got, "t");
}
END_TEST

START_TEST(great_integers_keep_every_digit)
{
	const struct text_case c = OK("[9223372036854775807]");
	struct json_object *value;
	struct read_fault fault;

	ck_assert_int_eq(read_case(&c, &value, &fault), 0);
	ck_assert(json_object_get_int64(json_object_array_get_idx(value, 0))
	    == INT64_MAX);
	json_object_put(value);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("read");
	TCase *tc = tcase_create("read");

	tcase_add_loop_test(tc, accepts, 0, COUNT(accepted));
	tcase_add_loop_test(tc, refuses, 0, COUNT(refused));
	tcase_add_test(tc, a_fault_says_where_and_what);
	tcase_add_test(tc, great_integers_keep_every_digit);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
