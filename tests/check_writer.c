/*
 * check_writer.c - lib/ctl/writer.c: text that is as valid as what the gate
 * makes of a value, and is a value to those who put it into one.
 */
#include <errno.h>
#include <evtask/ctl.h>
#include <evtask/ctl_writer.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include "suite.h"

static struct evtask_ctl_writer *w;

static void
set_up(void)
{
	w = evtask_ctl_writer_new();
	ck_assert_ptr_nonnull(w);
	evtask_ctl_write_begin(w);
}

static void
tear_down(void)
{
	evtask_ctl_writer_free(w);
	evtask_ctl_writer_free(NULL);
}

/* As a line of the gate, without its end. */
static void
assert_sent(struct json_object *value, const char *text)
{
	char *line;
	size_t size;

	ck_assert_ptr_nonnull(value);
	ck_assert_int_eq(evtask_ctl_encode(value, &line, &size), 0);
	line[size - 1] = '\0';
	ck_assert_str_eq(line, text);
	free(line);
	json_object_put(value);
}

START_TEST(members_and_items_have_their_commas)
{
	struct json_object *list = json_tokener_parse("[1,{\"a\":null}]");

	evtask_ctl_write_open(w, NULL);
	evtask_ctl_write_int(w, "n", -42);
	evtask_ctl_write_text(w, "text", "a");
	evtask_ctl_write_text(w, "none", NULL);
	evtask_ctl_write_open(w, "empty");
	evtask_ctl_write_close(w);
	evtask_ctl_write_open_list(w, "list");
	evtask_ctl_write_int(w, NULL, 1);
	evtask_ctl_write_open(w, NULL);
	evtask_ctl_write_bool(w, "yes", true);
	evtask_ctl_write_bool(w, "no", false);
	evtask_ctl_write_close(w);
	evtask_ctl_write_null(w, NULL);
	evtask_ctl_write_open_list(w, NULL);
	evtask_ctl_write_close_list(w);
	evtask_ctl_write_close_list(w);
	evtask_ctl_write_value(w, "value", list);
	evtask_ctl_write_value(w, "nothing", NULL);
	evtask_ctl_write_close(w);
	json_object_put(list);
	assert_sent(evtask_ctl_write_take(w), "{\"n\":-42,\"text\":\"a\","
	    "\"none\":null,\"empty\":{},\"list\":[1,{\"yes\":true,"
	    "\"no\":false},null,[]],\"value\":[1,{\"a\":null}],"
	    "\"nothing\":null}");
}
END_TEST

START_TEST(text_that_ends_in_a_bracket_is_followed_by_a_comma)
{
	evtask_ctl_write_open_list(w, NULL);
	evtask_ctl_write_text(w, NULL, "{");
	evtask_ctl_write_text(w, NULL, "[");
	evtask_ctl_write_close_list(w);
	assert_sent(evtask_ctl_write_take(w), "[\"{\",\"[\"]");
}
END_TEST

START_TEST(what_no_json_may_hold_is_made_valid)
{
	evtask_ctl_write_open_list(w, NULL);
	evtask_ctl_write_bytes(w, NULL, "a\0b\n\"\\\x7f\xff", 8);
	evtask_ctl_write_int(w, NULL, INT64_MIN);
	evtask_ctl_write_int(w, NULL, INT64_MAX);
	evtask_ctl_write_close_list(w);
	assert_sent(evtask_ctl_write_take(w), "[\"a\\u0000b\\n\\\"\\\\\x7f"
	    "\xef\xbf\xbd\",-9223372036854775808,9223372036854775807]");
}
END_TEST

START_TEST(what_is_written_is_a_value_to_others)
{
	struct json_object *o = json_object_new_object(), *text;

	evtask_ctl_write_open(w, NULL);
	evtask_ctl_write_text(w, "quoted", "\"");
	evtask_ctl_write_close(w);
	evtask_ctl_put(&o, "inner", evtask_ctl_write_take(w));
	/* A string that looks the same is none. */
	text = json_object_new_string("{\"quoted\":\"\\\"\"}");
	evtask_ctl_put(&o, "text", text);
	assert_sent(o, "{\"inner\":{\"quoted\":\"\\\"\"},"
	    "\"text\":\"{\\\"quoted\\\":\\\"\\\\\\\"\\\"}\"}");
}
END_TEST

START_TEST(a_failure_is_forgotten_with_the_next)
{
	const char *bytes;
	size_t size;

	evtask_ctl_write_open(w, NULL);
	evtask_ctl_write_fail(w);
	evtask_ctl_write_close(w);
	ck_assert_ptr_null(evtask_ctl_write_take(w));
	ck_assert_int_eq(evtask_ctl_write_get(w, &bytes, &size), -ENOMEM);
	evtask_ctl_write_begin(w);
	evtask_ctl_write_int(w, NULL, 7);
	ck_assert_int_eq(evtask_ctl_write_get(w, &bytes, &size), 0);
	ck_assert_uint_eq(size, 1);
	assert_sent(evtask_ctl_write_take(w), "7");
}
END_TEST

START_TEST(a_value_that_is_nested_too_deep_is_refused)
{
	struct json_object *value = json_object_new_int(1), *outer;
	int i;

	for (i = 0; i <= EVTASK_CTL_DEPTH_MAX; i++) {
		outer = json_object_new_array();
		json_object_array_add(outer, value);
		value = outer;
	}
	evtask_ctl_write_value(w, NULL, value);
	ck_assert_ptr_null(evtask_ctl_write_take(w));
	json_object_put(value);
}
END_TEST

START_TEST(the_protocol_in_pieces_is_the_protocol)
{
	struct json_object *whole = evtask_ctl_discover("t", "1");
	size_t piece = 0, size, whole_size;
	const char *text;
	char *line;

	ck_assert_int_eq(evtask_ctl_encode(whole, &line, &whole_size), 0);
	while (evtask_ctl_write_discovery(w, piece, "t", "1"))
		piece++;
	ck_assert_uint_gt(piece, 40);
	ck_assert_int_eq(evtask_ctl_write_get(w, &text, &size), 0);
	ck_assert_uint_eq(size, whole_size - 1);
	ck_assert_mem_eq(text, line, size);
	free(line);
	json_object_put(whole);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("writer");
	TCase *tc = tcase_create("writer");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, members_and_items_have_their_commas);
	tcase_add_test(tc, text_that_ends_in_a_bracket_is_followed_by_a_comma);
	tcase_add_test(tc, what_no_json_may_hold_is_made_valid);
	tcase_add_test(tc, what_is_written_is_a_value_to_others);
	tcase_add_test(tc, a_failure_is_forgotten_with_the_next);
	tcase_add_test(tc, a_value_that_is_nested_too_deep_is_refused);
	tcase_add_test(tc, the_protocol_in_pieces_is_the_protocol);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
