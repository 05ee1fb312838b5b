/*
 * check_builtin.c - daemon/builtin.c: the rows keep what they promise.
 */
#include "daemon/builtin.h"

#include <errno.h>
#include <evtask/ctl_schema.h>
#include <json-c/json.h>
#include <string.h>

#include "suite.h"

static struct json_object *
parse(const char *json)
{
	struct json_object *value = json_tokener_parse(json);

	ck_assert_msg(value != NULL, "%s", json);
	return value;
}

static int
check(const struct evtask_coroutine *row, const char *json)
{
	struct json_object *schema = parse(row->args_schema);
	struct json_object *args = parse(json), *error = NULL;
	const char *path, *expected;
	int r = evtask_ctl_check_args(schema, args, &error);

	if (r == 0 && row->check != NULL)
		r = row->check(args, &path, &expected);
	json_object_put(error);
	json_object_put(args);
	json_object_put(schema);
	return r;
}

START_TEST(every_row_is_complete)
{
	const struct evtask_coroutine *row;
	int i;

	for (i = 0; (row = builtin_coroutines[i]) != NULL; i++) {
		ck_assert_ptr_nonnull(row->summary);
		ck_assert_ptr_nonnull(row->fn);
		json_object_put(parse(row->args_schema));
		json_object_put(parse(row->result_schema));
	}
	ck_assert_int_eq(i, 5);
}
END_TEST

START_TEST(every_example_is_accepted)
{
	int i;

	for (i = 0; builtin_coroutines[i] != NULL; i++)
		ck_assert_msg(check(builtin_coroutines[i],
		    builtin_coroutines[i]->example_args) == 0, "%s",
		    builtin_coroutines[i]->name);
}
END_TEST

START_TEST(every_row_refuses_what_it_does_not_know)
{
	int i;

	for (i = 0; builtin_coroutines[i] != NULL; i++) {
		ck_assert_int_eq(check(builtin_coroutines[i],
		    "{\"nonsense\":1}"), -EINVAL);
		ck_assert_int_eq(check(builtin_coroutines[i], "{}"), -EINVAL);
	}
}
END_TEST

START_TEST(names_are_unique)
{
	int i, j;

	for (i = 0; builtin_coroutines[i] != NULL; i++)
		for (j = 0; j < i; j++)
			ck_assert_str_ne(builtin_coroutines[i]->name,
			    builtin_coroutines[j]->name);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("builtin");
	TCase *tc = tcase_create("builtin");

	tcase_add_test(tc, every_row_is_complete);
	tcase_add_test(tc, every_example_is_accepted);
	tcase_add_test(tc, every_row_refuses_what_it_does_not_know);
	tcase_add_test(tc, names_are_unique);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
