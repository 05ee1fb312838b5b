/* Params against the rows: every method, member and way to be wrong. */
#include <errno.h>
#include <evtask/ctl.h>
#include <stdio.h>
#include <string.h>
#include "tests/json.h"
#include "tests/suite.h"

/*
 * Checks the method's example with one member replaced (value NULL: left
 * out), and expects that this very member is complained of.
 */
static void
expect_complaint(const struct evtask_ctl_method *m, const char *name,
    struct json_object *value)
{
	struct json_object *params = json(m->example_params), *error = NULL;

	json_object_object_del(params, name);
	if (value != NULL)
		json_object_object_add(params, name, value);
	ck_assert_msg(evtask_ctl_check_params(m, params, &error) == -EINVAL,
	    "%s takes %s", m->name, json_object_to_json_string(params));
	ck_assert_str_eq(at(error, "data", "name"), "InvalidParams");
	ck_assert_str_eq(at(error, "data", "method"), m->name);
	ck_assert_msg(strncmp(at(error, "data", "path"), name,
	    strlen(name)) == 0, "%s.%s: %s", m->name, name,
	    json_object_to_json_string(error));
	json_object_put(error);
	json_object_put(params);
}

static struct json_object *
wrong_type(const struct evtask_ctl_field *f)
{
	switch (f->type) {
	case EVTASK_CTL_ANY:
		return NULL;
	case EVTASK_CTL_BOOL:
	case EVTASK_CTL_INT:
		return json_object_new_string("7");
	case EVTASK_CTL_TEXT:
	case EVTASK_CTL_BASE64:
	case EVTASK_CTL_ARRAY:
	case EVTASK_CTL_OBJECT:
		return json_object_new_int(7);
	case EVTASK_CTL_TASK:
	case EVTASK_CTL_ID:
		return json_object_new_double(7.0);
	}
	return NULL;
}

static struct json_object *
members(int n)
{
	struct json_object *object = json_object_new_object();
	char name[16];

	while (n-- > 0) {
		snprintf(name, sizeof(name), "m%d", n);
		json_object_object_add(object, name,
		    json_object_new_string("x"));
	}
	return object;
}

static struct json_object *
long_text(size_t size)
{
	char *text = malloc(size);
	struct json_object *string;

	ck_assert_ptr_nonnull(text);
	memset(text, 'x', size);
	string = json_object_new_string_len(text, (int)size);
	free(text);
	return string;
}

static struct json_object *
long_base64(size_t size)
{
	void *bytes = calloc(1, size);
	struct json_object *string;

	ck_assert_ptr_nonnull(bytes);
	string = evtask_ctl_base64_encode(bytes, size);
	free(bytes);
	return string;
}

static struct json_object *
too_much(const struct evtask_ctl_field *f)
{
	struct json_object *list;
	int64_t i;

	switch (f->type) {
	case EVTASK_CTL_INT:
		return json_object_new_int64(f->max + 1);
	case EVTASK_CTL_TEXT:
	case EVTASK_CTL_TASK:
	case EVTASK_CTL_ID:
		return long_text((size_t)(f->max > 0 ? f->max
		    : EVTASK_CTL_NAME_MAX) + 1);
	case EVTASK_CTL_BASE64:
		return long_base64((size_t)f->max + 1);
	case EVTASK_CTL_ARRAY:
		list = json_object_new_array();
		for (i = 0; i <= f->max; i++)
			json_object_array_add(list,
			    json_object_new_string("done"));
		return list;
	case EVTASK_CTL_OBJECT:
		return f->item != NULL ? members((int)f->max + 1) : NULL;
	case EVTASK_CTL_ANY:
	case EVTASK_CTL_BOOL:
		return NULL;
	}
	return NULL;
}

static struct json_object *
too_little(const struct evtask_ctl_field *f)
{
	switch (f->type) {
	case EVTASK_CTL_INT:
		return json_object_new_int64(f->min - 1);
	case EVTASK_CTL_TEXT:
		return f->min > 0 ? json_object_new_string("") : NULL;
	case EVTASK_CTL_BASE64:
		return json_object_new_string("===="); /* is not base64 */
	case EVTASK_CTL_TASK:
		return json_object_new_int(0);
	case EVTASK_CTL_ID:
		return json_object_new_int64(-EVTASK_CTL_INT_MAX - 1);
	case EVTASK_CTL_ARRAY:
		return f->min > 0 ? json_object_new_array() : NULL;
	case EVTASK_CTL_OBJECT:
		return f->item != NULL && f->min > 0 ? members(0) : NULL;
	case EVTASK_CTL_ANY:
	case EVTASK_CTL_BOOL:
		return NULL;
	}
	return NULL;
}

/* Runs make over every param of every method. */
static void
expect_complaints(struct json_object *(*make)(const struct evtask_ctl_field *))
{
	const struct evtask_ctl_method *m;
	const struct evtask_ctl_field *f;
	struct json_object *value;

	for (m = evtask_ctl_methods(); m->name != NULL; m++)
		for (f = m->params; f->name != NULL; f++) {
			value = make(f);
			if (value != NULL)
				expect_complaint(m, f->name, value);
		}
}

START_TEST(a_missing_member_is_refused_everywhere)
{
	const struct evtask_ctl_method *m;
	const struct evtask_ctl_field *f;

	for (m = evtask_ctl_methods(); m->name != NULL; m++)
		for (f = m->params; f->name != NULL; f++)
			if (!f->optional)
				expect_complaint(m, f->name, NULL);
}
END_TEST

START_TEST(an_unknown_member_is_refused_everywhere)
{
	const struct evtask_ctl_method *m;

	for (m = evtask_ctl_methods(); m->name != NULL; m++)
		expect_complaint(m, "surprise", json_object_new_int(7));
}
END_TEST

START_TEST(a_wrong_type_is_refused_everywhere)
{
	expect_complaints(wrong_type);
}
END_TEST

START_TEST(too_much_is_refused_everywhere)
{
	expect_complaints(too_much);
}
END_TEST

START_TEST(too_little_is_refused_everywhere)
{
	expect_complaints(too_little);
}
END_TEST

static struct json_object *
complain(const char *method, const char *text)
{
	struct json_object *params = json(text), *error = NULL;

	ck_assert_int_eq(evtask_ctl_check_params(
	    evtask_ctl_method_find(method), params, &error), -EINVAL);
	json_object_put(params);
	return error;
}

START_TEST(null_is_no_value_of_a_param)
{
	struct json_object *e = complain("task.get", JSON({"task": null}));

	ck_assert_str_eq(at(e, "data", "path"), "task");
	ck_assert_str_eq(at(e, "data", "got"), "null");
	json_object_put(e);
}
END_TEST

START_TEST(the_path_leads_into_lists)
{
	struct json_object *e = complain("task.wait",
	    JSON({"tasks": ["nap", 7, true]}));

	ck_assert_str_eq(at(e, "data", "path"), "tasks[2]");
	ck_assert_str_eq(at(e, "data", "expected"), "a task's id or name");
	ck_assert_str_eq(at(e, "data", "got"), "true");
	ck_assert_str_eq(at(e, "message", NULL),
	    "tasks[2] must be a task's id or name, not true");
	json_object_put(e);
}
END_TEST

START_TEST(a_slip_in_a_name_gets_a_suggestion)
{
	struct json_object *e = complain("task.get", JSON({"taks": 7}));

	ck_assert_str_eq(at(e, "data", "path"), "taks");
	ck_assert_str_eq(at(e, "data", "did_you_mean"), "task");
	ck_assert_str_eq(at(e, "data", "hint"), "did you mean task?");
	json_object_put(e);
}
END_TEST

START_TEST(a_slip_in_a_value_gets_a_suggestion)
{
	struct json_object *e = complain("task.list",
	    JSON({"state": ["wating"]}));

	ck_assert_str_eq(at(e, "data", "path"), "state[0]");
	ck_assert_str_eq(at(e, "data", "did_you_mean"), "waiting");
	ck_assert_str_eq(at(e, "data", "expected"),
	    "one of created, ready, running, waiting, done");
	json_object_put(e);
}
END_TEST

START_TEST(members_that_exclude_each_other_are_refused)
{
	struct json_object *e = complain("task.stdin",
	    JSON({"task": 7, "data": "a", "data_base64": "YQ=="}));

	ck_assert_str_eq(at(e, "data", "expected"),
	    "left out beside data_base64");
	json_object_put(e);
}
END_TEST

START_TEST(a_name_with_a_nul_is_refused)
{
	struct json_object *e = complain("task.get", "{\"task\":\"a\\u0000\"}");

	ck_assert_str_eq(at(e, "data", "path"), "task");
	json_object_put(e);
}
END_TEST

START_TEST(a_long_value_is_shown_cut)
{
	struct json_object *params = json("{}"), *error;

	json_object_object_add(params, "task", long_text(5000));
	ck_assert_int_eq(evtask_ctl_check_params(
	    evtask_ctl_method_find("task.get"), params, &error), -EINVAL);
	ck_assert_uint_lt(strlen(at(error, "data", "got")), 60);
	json_object_put(error);
	json_object_put(params);
}
END_TEST

START_TEST(a_long_path_is_cut)
{
	struct json_object *params = json("{}"), *error;
	struct json_object *name = long_text(5000);

	json_object_object_add(params, json_object_get_string(name), NULL);
	ck_assert_int_eq(evtask_ctl_check_params(
	    evtask_ctl_method_find("task.get"), params, &error), -EINVAL);
	ck_assert_uint_lt(strlen(at(error, "data", "path")), 256);
	json_object_put(name);
	json_object_put(error);
	json_object_put(params);
}
END_TEST

START_TEST(a_cut_never_splits_a_character)
{
	struct json_object *e;
	char text[256] = "{\"task\":\"";
	size_t i;

	for (i = 0; i < 60; i++) /* three bytes each: too long a name */
		strcat(text, "\xe2\x82\xac");
	strcat(text, "\"}");
	e = complain("task.get", text);
	ck_assert_ptr_null(strstr(at(e, "data", "got"), "\\u"));
	ck_assert_ptr_null(strstr(at(e, "data", "got"), "\xef\xbf\xbd"));
	json_object_put(e);
}
END_TEST

START_TEST(no_params_are_empty_params)
{
	struct json_object *error;

	ck_assert_int_eq(evtask_ctl_check_params(
	    evtask_ctl_method_find("rpc.ping"), NULL, &error), 0);
	ck_assert_int_eq(evtask_ctl_check_params(
	    evtask_ctl_method_find("task.get"), NULL, &error), -EINVAL);
	ck_assert_str_eq(at(error, "data", "got"), "left out");
	json_object_put(error);
}
END_TEST

START_TEST(params_that_are_no_object_are_refused)
{
	struct json_object *e = complain("rpc.ping", "[]");

	ck_assert_str_eq(at(e, "data", "path"), "params");
	json_object_put(e);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("check");
	TCase *tc = tcase_create("check");

	tcase_add_test(tc, a_missing_member_is_refused_everywhere);
	tcase_add_test(tc, an_unknown_member_is_refused_everywhere);
	tcase_add_test(tc, a_wrong_type_is_refused_everywhere);
	tcase_add_test(tc, too_much_is_refused_everywhere);
	tcase_add_test(tc, too_little_is_refused_everywhere);
	tcase_add_test(tc, null_is_no_value_of_a_param);
	tcase_add_test(tc, the_path_leads_into_lists);
	tcase_add_test(tc, a_slip_in_a_name_gets_a_suggestion);
	tcase_add_test(tc, a_slip_in_a_value_gets_a_suggestion);
	tcase_add_test(tc, members_that_exclude_each_other_are_refused);
	tcase_add_test(tc, a_name_with_a_nul_is_refused);
	tcase_add_test(tc, a_long_value_is_shown_cut);
	tcase_add_test(tc, a_long_path_is_cut);
	tcase_add_test(tc, a_cut_never_splits_a_character);
	tcase_add_test(tc, no_params_are_empty_params);
	tcase_add_test(tc, params_that_are_no_object_are_refused);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
