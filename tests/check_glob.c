/* Name patterns. */
#include <string.h>
#include <time.h>
#include "lib/console/glob.h"
#include "tests/suite.h"

static const struct {
	const char *pattern, *name;
	bool matches;
} cases[] = {
	{ "nap", "nap", true }, { "nap", "naps", false },
	{ "nap", "na", false }, { "", "", true }, { "", "a", false },
	{ "*", "", true }, { "*", "anything", true },
	{ "crawl-*", "crawl-1", true }, { "crawl-*", "crawl", false },
	{ "*-1", "crawl-1", true }, { "a*b*c", "aXbYc", true },
	{ "a*b*c", "aXcYb", false }, { "a*bc", "abbc", true },
	{ "**a**", "xax", true }, { "?", "a", true }, { "?", "", false },
	{ "a?c", "abc", true }, { "[a-c]x", "bx", true },
	{ "[a-c]x", "dx", false }, { "[!a-c]x", "dx", true },
	{ "[^a-c]x", "ax", false }, { "[]]", "]", true },
	{ "[a-]", "-", true }, { "[a", "[a", true }, { "[a", "a", false },
	{ "\\*", "*", true }, { "\\*", "a", false }, { "\\", "\\", true },
	{ "*[0-9]", "task-7", true }, { "*.c", "a.c.d", false },
};

START_TEST(patterns_match_as_the_shell_has_it)
{
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		ck_assert_msg(glob_match(cases[i].pattern, cases[i].name) ==
		    cases[i].matches, "%s against %s", cases[i].pattern,
		    cases[i].name);
}
END_TEST

START_TEST(a_hostile_pattern_takes_no_time)
{
	char pattern[129], name[129];
	clock_t start = clock();
	int i;

	for (i = 0; i < 126; i += 2)
		memcpy(pattern + i, "*a", 2);
	strcpy(pattern + 126, "*b");
	memset(name, 'a', 128);
	name[128] = '\0';
	ck_assert(!glob_match(pattern, name));
	ck_assert_int_lt(clock() - start, CLOCKS_PER_SEC);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("glob");
	TCase *tc = tcase_create("glob");

	tcase_add_test(tc, patterns_match_as_the_shell_has_it);
	tcase_add_test(tc, a_hostile_pattern_takes_no_time);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
