/*
 * check_pair.c - cli/pair.c: key=value becomes what the schema says.
 */
#include <errno.h>
#include <evtask/ctl_schema.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include "cli/pair.h"
#include "suite.h"

static const char schema_text[] =
    "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{"
    "\"delay\":{\"type\":[\"number\",\"string\"],\"format\":\"duration\"},"
    "\"count\":{\"type\":\"integer\"},"
    "\"ratio\":{\"type\":\"number\"},"
    "\"loud\":{\"type\":\"boolean\"},"
    "\"text\":{\"type\":\"string\"},"
    "\"mode\":{\"type\":\"string\",\"enum\":[\"open\",\"null\",\"closed\"]},"
    "\"argv\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}},"
    "\"ports\":{\"type\":\"array\",\"items\":{\"type\":\"integer\"}},"
    "\"either\":{\"anyOf\":[{\"type\":\"integer\"},{\"type\":\"string\"}]},"
    "\"maybe\":{\"type\":[\"string\",\"null\"]},"
    "\"any\":{},"
    "\"env\":{\"type\":\"object\",\"additionalProperties\":"
    "{\"type\":[\"string\",\"null\"]}},"
    "\"deep\":{\"type\":\"object\",\"additionalProperties\":false,"
    "\"properties\":{\"x\":{\"type\":\"object\",\"properties\":{\"y\":"
    "{\"type\":\"integer\"}}}}}}}";

/* Puts words (NULL-terminated) into an object; NULL: refused, with *ret_why. */
static struct json_object *
put_all(const char *const *list, char **ret_why)
{
	struct json_object *schema = json_tokener_parse(schema_text);
	struct json_object *args = json_object_new_object();
	int r = 0;

	ck_assert_ptr_nonnull(schema);
	for (; r == 0 && *list != NULL; list++)
		r = pair_put(schema, args, *list, ret_why);
	json_object_put(schema);
	if (r == 0)
		return args;
	ck_assert_int_eq(r, -EINVAL);
	json_object_put(args);
	return NULL;
}

#define assert_args(json, ...) \
	assert_args_of((const char *const[]){ __VA_ARGS__, NULL }, json)
static void
assert_args_of(const char *const *list, const char *json)
{
	char *why = NULL;
	struct json_object *args = put_all(list, &why);

	ck_assert_msg(args != NULL, "%s", why);
	ck_assert_str_eq(json_object_to_json_string_ext(args,
	    JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE), json);
	json_object_put(args);
}

#define assert_refused(sentence, ...) \
	assert_refused_of((const char *const[]){ __VA_ARGS__, NULL }, sentence)
static void
assert_refused_of(const char *const *list, const char *sentence)
{
	char *why = NULL;

	ck_assert_ptr_null(put_all(list, &why));
	ck_assert_str_eq(why, sentence);
	free(why);
}

START_TEST(a_number_is_one_only_where_the_schema_says_so)
{
	assert_args("{\"count\":5}", "count=5");
	assert_args("{\"ratio\":0.5}", "ratio=0.5");
	assert_args("{\"ratio\":-1e3}", "ratio=-1e3");
	assert_args("{\"text\":\"5\"}", "text=5");
	assert_args("{\"either\":5}", "either=5");
	assert_args("{\"either\":\"5x\"}", "either=5x");
}
END_TEST

START_TEST(a_duration_is_seconds_or_text)
{
	assert_args("{\"delay\":60}", "delay=60");
	assert_args("{\"delay\":0.5}", "delay=0.5");
	assert_args("{\"delay\":\"1h30m\"}", "delay=1h30m");
	assert_refused("delay must be a duration such as 90, 1h30m or 250ms, "
	    "not \"soon\"", "delay=soon");
}
END_TEST

START_TEST(booleans_enums_and_null_are_read)
{
	assert_args("{\"loud\":true}", "loud=true");
	assert_args("{\"loud\":false}", "loud=no");
	assert_args("{\"text\":\"true\"}", "text=true");
	assert_args("{\"mode\":\"null\"}", "mode=null");
	assert_args("{\"maybe\":null}", "maybe=null");
	assert_args("{\"text\":\"\"}", "text=");
	assert_args("{\"text\":\"a=b\"}", "text=a=b");
}
END_TEST

START_TEST(a_list_grows_by_repeating)
{
	assert_args("{\"argv\":[\"ls\",\"-l\"]}", "argv=ls", "argv=-l");
	assert_args("{\"ports\":[80,443]}", "ports=80", "ports=443");
	assert_refused("ports must be a whole number, not \"http\"",
	    "ports=http");
	assert_refused("count is given twice", "count=1", "count=2");
}
END_TEST

START_TEST(json_is_taken_as_it_is)
{
	assert_args("{\"argv\":[\"ls\",\"-l\"]}", "argv:=[\"ls\",\"-l\"]");
	assert_args("{\"any\":null}", "any:=null");
	assert_args("{\"any\":{\"a\":[1.5,true]}}", "any:={\"a\":[1.5,true]}");
	assert_refused("any:= wants JSON, and byte 2 of {a} is not; mind the "
	    "shell's quotes", "any:={a}");
	assert_refused("any:= wants JSON, and byte 1 of  is not; mind the "
	    "shell's quotes", "any:=");
	assert_refused("any:= wants JSON, and byte 3 of 1 2 is not; mind the "
	    "shell's quotes", "any:=1 2");
}
END_TEST

START_TEST(dots_lead_into_objects)
{
	assert_args("{\"deep\":{\"x\":{\"y\":1}}}", "deep.x.y=1");
	assert_args("{\"env\":{\"PATH\":\"/bin\",\"N\":\"1\",\"X\":null}}",
	    "env.PATH=/bin", "env.N=1", "env.X=null");
	assert_args("{\"env\":{\"a.b\":\"c\"}}", "env.a.b=c");
	assert_args("{\"deep\":{\"x\":{\"y\":2}}}", "deep.x.y:=2");
	assert_refused("there is no argument z", "deep.z=1");
	assert_refused("a name is missing beside a dot", "deep.=1");
	assert_refused("env must be an object: say its members one by one, or "
	    "use :=, not \"x\"", "env=x");
	assert_refused("text is given twice", "text=a", "text.b=c");
}
END_TEST

START_TEST(what_is_unknown_is_guessed)
{
	assert_args("{\"any\":5}", "any=5");
	assert_args("{\"any\":true}", "any=true");
	assert_args("{\"any\":null}", "any=null");
	assert_args("{\"any\":\"[1]\"}", "any=[1]");
	assert_args("{\"any\":\"007\"}", "any=007");
	assert_args("{\"any\":\"0x10\"}", "any=0x10");
	assert_args("{\"any\":\"inf\"}", "any=inf");
	assert_args("{\"any\":\"1.\"}", "any=1.");
}
END_TEST

START_TEST(without_a_schema_every_key_is_taken)
{
	struct json_object *args = json_object_new_object();
	char *why = NULL;

	ck_assert_int_eq(pair_put(NULL, args, "a=1", &why), 0);
	ck_assert_int_eq(pair_put(NULL, args, "b.c=x", &why), 0);
	ck_assert_str_eq(json_object_to_json_string_ext(args,
	    JSON_C_TO_STRING_PLAIN), "{\"a\":1,\"b\":{\"c\":\"x\"}}");
	json_object_put(args);
}
END_TEST

START_TEST(mistakes_are_named_with_the_way_out)
{
	assert_refused("there is no argument dealy; did you mean delay?",
	    "dealy=1");
	assert_refused("there is no argument frobnicate", "frobnicate=1");
	assert_refused("mode cannot be \"opne\"; did you mean open?",
	    "mode=opne");
	assert_refused("mode cannot be \"zzz\"; it is one of [\"open\","
	    "\"null\",\"closed\"]", "mode=zzz");
	assert_refused("loud must be true or false, not \"maybe\"",
	    "loud=maybe");
	assert_refused("count must be a whole number, not \"1.5\"",
	    "count=1.5");
	assert_refused("\"60\" is not key=value", "60");
	assert_refused("\"=5\" is not key=value", "=5");
	assert_refused("\":=5\" is not key=value", ":=5");
	assert_refused("argv was given as 5 already, which is not a list",
	    "argv:=5", "argv=a");
}
END_TEST

START_TEST(a_word_without_a_key_is_told_the_one_that_is_required)
{
	struct json_object *schema = json_tokener_parse("{\"properties\":{"
	    "\"delay\":{}},\"required\":[\"delay\"]}");
	struct json_object *args = json_object_new_object();
	char *why = NULL;

	ck_assert_int_eq(pair_put(schema, args, "60", &why), -EINVAL);
	ck_assert_str_eq(why, "\"60\" is not key=value; did you mean "
	    "delay=60?");
	free(why);
	json_object_put(args);
	json_object_put(schema);
}
END_TEST

START_TEST(big_numbers_are_not_bent)
{
	assert_args("{\"count\":9007199254740991}", "count=9007199254740991");
	/* Beyond 2^53 the digits stay: the server refuses them by name. */
	assert_args("{\"count\":9007199254740993}", "count=9007199254740993");
	assert_args("{\"count\":123456789012345678901234567890}",
	    "count=123456789012345678901234567890");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("pair");
	TCase *tc = tcase_create("pair");

	tcase_add_test(tc, a_number_is_one_only_where_the_schema_says_so);
	tcase_add_test(tc, a_duration_is_seconds_or_text);
	tcase_add_test(tc, booleans_enums_and_null_are_read);
	tcase_add_test(tc, a_list_grows_by_repeating);
	tcase_add_test(tc, json_is_taken_as_it_is);
	tcase_add_test(tc, dots_lead_into_objects);
	tcase_add_test(tc, what_is_unknown_is_guessed);
	tcase_add_test(tc, without_a_schema_every_key_is_taken);
	tcase_add_test(tc, mistakes_are_named_with_the_way_out);
	tcase_add_test(tc,
	    a_word_without_a_key_is_told_the_one_that_is_required);
	tcase_add_test(tc, big_numbers_are_not_bent);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
