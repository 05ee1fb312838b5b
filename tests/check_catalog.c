/* The catalog of coroutines. */
#include <errno.h>
#include <string.h>
#include "lib/console/catalog.h"
#include "tests/suite.h"

static struct catalog catalog;

static int
run(void *arg)
{
	return 0;
}

static void
tear_down(void)
{
	catalog_release(&catalog);
}

static int
add(const char *name, const char *args, const char *example)
{
	static struct evtask_coroutine rows[32];
	static int n;

	rows[n] = (struct evtask_coroutine){ .name = name, .fn = run,
	    .args_schema = args, .example_args = example };
	return catalog_add(&catalog, &rows[n++], NULL);
}

START_TEST(rows_are_found_by_name_and_kept_in_its_order)
{
	ck_assert_int_eq(add("nap", NULL, NULL), 0);
	ck_assert_int_eq(add("exec", NULL, NULL), 0);
	ck_assert_int_eq(add("sleep", NULL, NULL), 0);
	ck_assert_str_eq(catalog.entries[0]->row->name, "exec");
	ck_assert_str_eq(catalog.entries[2]->row->name, "sleep");
	ck_assert_str_eq(catalog_find(&catalog, "nap")->row->name, "nap");
	ck_assert_ptr_null(catalog_find(&catalog, "na"));
}
END_TEST

START_TEST(a_name_is_given_once)
{
	ck_assert_int_eq(add("nap", NULL, NULL), 0);
	ck_assert_int_eq(add("nap", NULL, NULL), -EEXIST);
	ck_assert_uint_eq(catalog.count, 1);
}
END_TEST

START_TEST(a_name_is_neither_empty_nor_too_long)
{
	char name[200];

	memset(name, 'n', sizeof(name));
	name[129] = '\0';
	ck_assert_int_eq(add("", NULL, NULL), -EINVAL);
	ck_assert_int_eq(add(name, NULL, NULL), -EINVAL);
	name[128] = '\0';
	ck_assert_int_eq(add(name, NULL, NULL), 0);
}
END_TEST

START_TEST(json_that_does_not_parse_or_is_no_object_is_refused)
{
	ck_assert_int_eq(add("a", "{\"type\":", NULL), -EINVAL);
	ck_assert_int_eq(add("a", "7", NULL), -EINVAL);
	ck_assert_int_eq(add("a", NULL, "[]"), -EINVAL);
	ck_assert_uint_eq(catalog.count, 0);
}
END_TEST

START_TEST(an_example_that_its_own_schema_refuses_is_refused)
{
	const char *schema = "{\"type\":\"object\",\"properties\":"
	    "{\"n\":{\"type\":\"integer\"}}}";

	ck_assert_int_eq(add("a", schema, "{\"n\":\"x\"}"), -EINVAL);
	ck_assert_int_eq(add("a", schema, "{\"n\":1}"), 0);
}
END_TEST

START_TEST(a_schema_too_deep_for_a_list_is_refused)
{
	char schema[400] = "";
	int i;

	for (i = 0; i < 28; i++)
		strcat(schema, "{\"x\":");
	strcat(schema, "1");
	for (i = 0; i < 28; i++)
		strcat(schema, "}");
	ck_assert_int_eq(add("a", schema, NULL), 0);
	memmove(schema + 5, schema, strlen(schema) + 1);
	memcpy(schema, "{\"x\":", 5);
	strcat(schema, "}");
	ck_assert_int_eq(add("b", schema, NULL), -EINVAL);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("catalog");
	TCase *tc = tcase_create("catalog");

	tcase_add_checked_fixture(tc, NULL, tear_down);
	tcase_add_test(tc, rows_are_found_by_name_and_kept_in_its_order);
	tcase_add_test(tc, a_name_is_given_once);
	tcase_add_test(tc, a_name_is_neither_empty_nor_too_long);
	tcase_add_test(tc,
	    json_that_does_not_parse_or_is_no_object_is_refused);
	tcase_add_test(tc,
	    an_example_that_its_own_schema_refuses_is_refused);
	tcase_add_test(tc, a_schema_too_deep_for_a_list_is_refused);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
