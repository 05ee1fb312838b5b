/* Values and errors, as JSON. */
#include <errno.h>
#include "lib/console/render.h"
#include <evtask/ctl_writer.h>
#include "tests/console_fixture.h"

static const struct evtask_type own_type = { "socket", NULL, NULL };

static void
assert_value(struct evtask_value value, const char *text)
{
	struct json_object *o = render_value(value);

	ck_assert_json(o, text);
	json_object_put(o);
}

START_TEST(values_of_a_kind_that_json_has_become_that)
{
	assert_value(evtask_value_bool(false), "false");
	assert_value(evtask_value_int(-7), "-7");
	assert_value(evtask_value_literal("hello"), "\"hello\"");
}
END_TEST

START_TEST(values_of_other_kinds_are_named_by_their_type)
{
	struct evtask_value own = { &own_type, { .p = NULL } };

	assert_value(own, "{\"type\": \"socket\"}");
	assert_value(evtask_value_pointer(&own), "{\"type\": \"pointer\"}");
}
END_TEST

START_TEST(lists_become_arrays_with_null_for_none)
{
	struct evtask_value items[] = { evtask_value_int(1),
	    evtask_value_none(), evtask_value_literal("x") };
	struct evtask_list list = { 3, items };
	struct evtask_value value = { &evtask_type_list, { .l = &list } };

	assert_value(value, "[1, null, \"x\"]");
}
END_TEST

START_TEST(lists_in_lists_are_followed_only_so_far)
{
	struct evtask_value inner = { &evtask_type_list, { .l = NULL } };
	struct evtask_list loop_list = { 1, &inner };
	struct json_object *o;

	inner.u.l = &loop_list; /* a list that holds itself */
	o = render_value(inner);
	ck_assert_ptr_nonnull(o);
	json_object_put(o);
}
END_TEST

START_TEST(errors_carry_their_site_and_cause)
{
	struct evtask_error *error = evtask_error_new(-ENOENT, "NoRoute",
	    "none to %s", "rome");
	struct json_object *o = render_error(error);

	ck_assert_str_eq(member(o, "type"), "NoRoute");
	ck_assert_str_eq(member(o, "code"), "-2");
	ck_assert_str_eq(member(o, "message"), "none to rome");
	ck_assert_ptr_nonnull(strstr(member(o, "site.file"),
	    "check_render.c"));
	ck_assert_str_eq(member(o, "cause"), "null");
	json_object_put(o);
	evtask_error_unref(error);
}
END_TEST

static int
run_causes(void *arg)
{
	int i, r = 0;

	for (i = 0; i < 50; i++)
		r = evtask_raise(-EIO, "number %d", i);
	return r;
}

START_TEST(causes_of_causes_are_followed_only_so_far)
{
	struct evtask_options options = { .name = "c" };

	evtask_loop_create_task(loop, run_causes, NULL, &options, NULL);
	turns(4);
	ck_assert_str_eq(answer(client_new(), "task.exception",
	    "{\"task\":\"c\"}", "result.error.cause.message"), "number 48");
}
END_TEST

/* A line of a log with these bytes. */
static struct json_object *
line(const char *bytes, size_t size)
{
	struct job_log_line *l = malloc(sizeof(*l) + size);
	struct json_object *o;
	const char *text;
	size_t n;

	*l = (struct job_log_line){ .stream = EVTASK_JOB_ERR,
	    .size = (uint32_t)size };
	memcpy(l->bytes, bytes, size);
	evtask_ctl_write_begin(console->writer);
	write_log_line(console->writer, NULL, console, l);
	ck_assert_int_eq(evtask_ctl_write_get(console->writer, &text, &n), 0);
	o = json(text);
	free(l);
	return o;
}

START_TEST(a_line_that_is_text_is_text_alone)
{
	struct json_object *o = line("gr\xc3\xbc\xc3\x9f dich", 11);

	ck_assert_str_eq(member(o, "text"), "gr\xc3\xbc\xc3\x9f dich");
	ck_assert_str_eq(member(o, "stream"), "stderr");
	ck_assert_str_eq(member(o, "data_base64"), "(none)");
	json_object_put(o);
}
END_TEST

START_TEST(a_line_that_is_no_text_comes_with_its_bytes)
{
	struct json_object *o = line("\xff\xfe", 2);

	ck_assert_str_eq(member(o, "data_base64"), "//4=");
	json_object_put(o);
	o = line("a\0b", 3);
	ck_assert_str_eq(member(o, "data_base64"), "YQBi");
	json_object_put(o);
}
END_TEST

START_TEST(names_that_are_no_text_do_not_break_the_line)
{
	own_task("\xff\"\n", 60000000);
	ck_assert_str_eq(answer(client_new(), "task.get", "{\"task\":1}",
	    "result.task.name"), "\xef\xbf\xbd\"\n");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("render");
	TCase *tc = tcase_create("render");

	tcase_add_checked_fixture(tc, console_set_up, console_tear_down);
	tcase_add_test(tc, values_of_a_kind_that_json_has_become_that);
	tcase_add_test(tc, values_of_other_kinds_are_named_by_their_type);
	tcase_add_test(tc, lists_become_arrays_with_null_for_none);
	tcase_add_test(tc, lists_in_lists_are_followed_only_so_far);
	tcase_add_test(tc, errors_carry_their_site_and_cause);
	tcase_add_test(tc, causes_of_causes_are_followed_only_so_far);
	tcase_add_test(tc, a_line_that_is_text_is_text_alone);
	tcase_add_test(tc, a_line_that_is_no_text_comes_with_its_bytes);
	tcase_add_test(tc, names_that_are_no_text_do_not_break_the_line);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
