/* Building values, base64, and "did you mean". */
#include <errno.h>
#include <evtask/ctl.h>
#include <string.h>
#include "tests/json.h"
#include "tests/suite.h"

START_TEST(an_object_is_put_together)
{
	struct json_object *o = json_object_new_object();
	struct json_object *list = json_object_new_array();

	evtask_ctl_append(&list, json_object_new_int(1));
	evtask_ctl_put_int(&o, "n", INT64_MIN);
	evtask_ctl_put_bool(&o, "b", true);
	evtask_ctl_put_text(&o, "t", "x");
	evtask_ctl_put_text(&o, "absent", NULL);
	evtask_ctl_put_null(&o, "null");
	evtask_ctl_put(&o, "list", list);
	ck_assert_json(o, JSON({"n": -9223372036854775808, "b": true,
	    "t": "x", "absent": null, "null": null, "list": [1]}));
	json_object_put(o);
}
END_TEST

START_TEST(one_failure_fails_the_whole)
{
	struct json_object *o = json_object_new_object();
	struct json_object *list = json_object_new_array();

	evtask_ctl_put_int(&o, "a", 1);
	evtask_ctl_put(&o, "b", NULL); /* what a failed allocation gives */
	ck_assert_ptr_null(o);
	evtask_ctl_put_int(&o, "c", 1);
	evtask_ctl_put_null(&o, "d");
	ck_assert_ptr_null(o);
	evtask_ctl_append(&list, NULL);
	ck_assert_ptr_null(list);
	evtask_ctl_append(&list, json_object_new_int(1));
	ck_assert_ptr_null(list);
}
END_TEST

START_TEST(members_are_read_without_surprise)
{
	struct json_object *o = json(JSON({"n": 7, "t": "x", "b": true,
	    "null": null, "d": 1.5}));

	ck_assert_int_eq(evtask_ctl_get_int(o, "n", -1), 7);
	ck_assert_int_eq(evtask_ctl_get_int(o, "t", -1), -1);
	ck_assert_int_eq(evtask_ctl_get_int(o, "d", -1), -1);
	ck_assert_int_eq(evtask_ctl_get_int(o, "absent", -1), -1);
	ck_assert_int_eq(evtask_ctl_get_int(NULL, "n", -1), -1);
	ck_assert_str_eq(evtask_ctl_get_text(o, "t", "y"), "x");
	ck_assert_str_eq(evtask_ctl_get_text(o, "n", "y"), "y");
	ck_assert(evtask_ctl_get_bool(o, "b", false));
	ck_assert(!evtask_ctl_get_bool(o, "n", false));
	ck_assert_ptr_null(evtask_ctl_get(o, "null"));
	json_object_put(o);
}
END_TEST

static const struct {
	const char *bytes, *text;
} pairs[] = { /* RFC 4648, section 10 */
	{ "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" }, { "foo", "Zm9v" },
	{ "foob", "Zm9vYg==" }, { "fooba", "Zm9vYmE=" },
	{ "foobar", "Zm9vYmFy" },
};

START_TEST(base64_is_that_of_the_rfc)
{
	struct json_object *text;
	void *bytes;
	size_t size;

	text = evtask_ctl_base64_encode(pairs[_i].bytes,
	    strlen(pairs[_i].bytes));
	ck_assert_str_eq(json_object_get_string(text), pairs[_i].text);
	json_object_put(text);
	ck_assert_int_eq(evtask_ctl_base64_decode(pairs[_i].text,
	    strlen(pairs[_i].text), &bytes, &size), 0);
	ck_assert_uint_eq(size, strlen(pairs[_i].bytes));
	ck_assert_int_eq(memcmp(bytes, pairs[_i].bytes, size), 0);
	free(bytes);
}
END_TEST

START_TEST(base64_has_one_text_for_the_same_bytes)
{
	static const char *const refused[] = { "Zg", "Zg=", "Zg===", "====",
		"=", "Zh==", "Zm9=", "Zg==Zg==", "Zm 9", "Zm9v\n", "Z-9v",
		"=Zm9", "Z=m9", "Zm=v" };
	size_t i, size;
	void *bytes;

	for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		ck_assert_msg(evtask_ctl_base64_decode(refused[i],
		    strlen(refused[i]), &bytes, &size) == -EINVAL, "%s",
		    refused[i]);
}
END_TEST

static const char *
nearest(const char *word)
{
	static const char *const offers[] = { "list", "logs", "cancel",
		"create", "task.list", "id" };
	struct evtask_ctl_nearest n = { .word = word };
	size_t i;

	for (i = 0; i < sizeof(offers) / sizeof(offers[0]); i++)
		evtask_ctl_nearest_offer(&n, offers[i]);
	return n.best != NULL ? n.best : "";
}

START_TEST(a_slip_of_the_fingers_is_explained)
{
	ck_assert_str_eq(nearest("lsit"), "list");
	ck_assert_str_eq(nearest("log"), "logs");
	ck_assert_str_eq(nearest("cancle"), "cancel");
	ck_assert_str_eq(nearest("creates"), "create");
	ck_assert_str_eq(nearest("task.lst"), "task.list");
}
END_TEST

START_TEST(another_word_is_not_explained)
{
	ck_assert_str_eq(nearest("shutdown"), "");
	ck_assert_str_eq(nearest(""), "");
	ck_assert_str_eq(nearest("x"), "");
	ck_assert_str_eq(nearest("a word that is much longer than any word "
	    "that anybody would ever offer"), "");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("ctl_value");
	TCase *tc = tcase_create("ctl_value");

	tcase_add_test(tc, an_object_is_put_together);
	tcase_add_test(tc, one_failure_fails_the_whole);
	tcase_add_test(tc, members_are_read_without_surprise);
	tcase_add_loop_test(tc, base64_is_that_of_the_rfc, 0,
	    sizeof(pairs) / sizeof(pairs[0]));
	tcase_add_test(tc, base64_has_one_text_for_the_same_bytes);
	tcase_add_test(tc, a_slip_of_the_fingers_is_explained);
	tcase_add_test(tc, another_word_is_not_explained);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
