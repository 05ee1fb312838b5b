/*
 * check_names.c - cli/names.c: what kind of word names a task; the looking up
 * is tested end to end.
 */
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include "cli/names.h"
#include "suite.h"

START_TEST(digits_are_an_id)
{
	int64_t id = 0;

	ck_assert_int_eq(names_look("42", &id), NAME_ID);
	ck_assert_int_eq(id, 42);
	ck_assert_int_eq(names_look("9007199254740991", &id), NAME_ID);
	ck_assert_int_eq(names_look("9007199254740992", &id), NAME_PLAIN);
	ck_assert_int_eq(names_look("42x", &id), NAME_PLAIN);
	ck_assert_int_eq(names_look("-1", &id), NAME_PLAIN);
}
END_TEST

START_TEST(globs_and_last_are_known)
{
	int64_t id;

	ck_assert_int_eq(names_look("crawl-*", &id), NAME_GLOB);
	ck_assert_int_eq(names_look("crawl-[12]", &id), NAME_GLOB);
	ck_assert_int_eq(names_look("cr?wl", &id), NAME_GLOB);
	ck_assert_int_eq(names_look("@last", &id), NAME_LAST);
	ck_assert_int_eq(names_look("@lasting", &id), NAME_PLAIN);
	ck_assert_int_eq(names_look("nap", &id), NAME_PLAIN);
}
END_TEST

START_TEST(the_glob_of_a_prefix_takes_it_literally)
{
	static const char *const prefixes[] = { "", "nap", "a*b", "[x]?",
	    "back\\slash" };
	char *glob, *longer;

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		glob = names_prefix_glob(prefixes[i]);
		ck_assert_int_eq(fnmatch(glob, prefixes[i], 0), 0);
		ck_assert_int_gt(asprintf(&longer, "%s-1", prefixes[i]), 0);
		ck_assert_int_eq(fnmatch(glob, longer, 0), 0);
		ck_assert_int_eq(fnmatch(glob, "zzz", 0) == 0,
		    prefixes[i][0] == '\0');
		free(longer);
		free(glob);
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("names");
	TCase *tc = tcase_create("names");

	tcase_add_test(tc, digits_are_an_id);
	tcase_add_test(tc, globs_and_last_are_known);
	tcase_add_test(tc, the_glob_of_a_prefix_takes_it_literally);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
