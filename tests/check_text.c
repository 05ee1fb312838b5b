/*
 * check_text.c - cli/text.c: widths, what may reach a terminal, ages, sizes.
 */
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include "cli/text.h"
#include "suite.h"

static void
use_utf8(void)
{
	if (setlocale(LC_ALL, "C.UTF-8") == NULL)
		ck_abort_msg("there is no C.UTF-8 locale");
}

static void
assert_printed(const char *text, const char *printed)
{
	char *got;
	size_t size;
	FILE *out = open_memstream(&got, &size);

	text_print(out, text, false);
	fclose(out);
	ck_assert_str_eq(got, printed);
	free(got);
}

static void
assert_cut(const char *text, size_t width, const char *printed)
{
	char *got;
	size_t size, used;
	FILE *out = open_memstream(&got, &size);

	used = text_print_cut(out, text, width);
	fclose(out);
	ck_assert_str_eq(got, printed);
	ck_assert_uint_eq(used, text_width(printed));
	ck_assert_uint_le(used, width);
	free(got);
}

START_TEST(wide_and_combining_characters_are_measured)
{
	ck_assert_uint_eq(text_width("nap"), 3);
	ck_assert_uint_eq(text_width("näp"), 3);
	ck_assert_uint_eq(text_width("漢字"), 4);
	ck_assert_uint_eq(text_width("e\u0301"), 1);
}
END_TEST

START_TEST(nothing_commands_the_terminal)
{
	assert_printed("a\033[2Jb", "a\\x1b[2Jb");
	assert_printed("two\nlines\t.", "two\\nlines\\t.");
	assert_printed("bell\a\x7f", "bell\\x07\\x7f");
	assert_printed("\xc2\x9b" "31m", "\\xc2\\x9b" "31m");
	assert_printed("bad\xff\xc3", "bad\\xff\\xc3");
}
END_TEST

START_TEST(what_is_escaped_is_measured_as_it_is_printed)
{
	static const char *const texts[] = { "\033", "\n", "\xff", "\xc2\x9b",
	    "a\tb" };
	char *got;
	size_t size;
	FILE *out;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		out = open_memstream(&got, &size);
		text_print(out, texts[i], false);
		fclose(out);
		ck_assert_uint_eq(text_width(texts[i]), size);
		free(got);
	}
}
END_TEST

START_TEST(what_does_not_fit_ends_in_an_ellipsis)
{
	assert_cut("crawl", 5, "crawl");
	assert_cut("crawler", 5, "craw…");
	assert_cut("漢字漢字", 5, "漢字…");
	assert_cut("漢字漢字", 4, "漢…");
	assert_cut("crawler", 1, "…");
	assert_cut("crawler", 0, "");
}
END_TEST

START_TEST(at_the_prompt_commands_lose_the_programs_name)
{
	char *got;
	size_t size;
	FILE *out = open_memstream(&got, &size);

	text_print(out, "wait with \"evtask wait 7\" of evtask; "
	    "usage: evtask wait TASK", true);
	fclose(out);
	ck_assert_str_eq(got, "wait with \"wait 7\" of evtask; "
	    "usage: wait TASK");
	free(got);
}
END_TEST

START_TEST(ages_have_two_units_at_most)
{
	static const struct {
		int64_t us;
		const char *text;
	} rows[] = {
		{ -5, "0ms" }, { 0, "0ms" }, { 999999, "999ms" },
		{ 1500000, "1.5s" }, { 59 * 1000000, "59s" },
		{ 61 * 1000000, "1m01s" },
		{ INT64_C(3600) * 1000000, "1h00m" },
		{ INT64_C(90061) * 1000000, "1d01h" },
	};
	char text[TEXT_AGE_SIZE];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ck_assert_str_eq(text_age(rows[i].us, text), rows[i].text);
}
END_TEST

START_TEST(times_are_local_with_microseconds)
{
	char text[TEXT_TIME_SIZE];

	setenv("TZ", "UTC", 1);
	ck_assert_str_eq(text_time(INT64_C(1767225600000042), text),
	    "2026-01-01 00:00:00.000042");
}
END_TEST

START_TEST(sizes_are_binary)
{
	char text[TEXT_SIZE_SIZE];

	ck_assert_str_eq(text_bytes(1023, text), "1023 B");
	ck_assert_str_eq(text_bytes(65536, text), "64.0 KiB");
	ck_assert_str_eq(text_bytes(INT64_C(3) << 30, text), "3.0 GiB");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("text");
	TCase *tc = tcase_create("text");

	tcase_add_unchecked_fixture(tc, use_utf8, NULL);
	tcase_add_test(tc, wide_and_combining_characters_are_measured);
	tcase_add_test(tc, nothing_commands_the_terminal);
	tcase_add_test(tc, what_is_escaped_is_measured_as_it_is_printed);
	tcase_add_test(tc, what_does_not_fit_ends_in_an_ellipsis);
	tcase_add_test(tc, at_the_prompt_commands_lose_the_programs_name);
	tcase_add_test(tc, ages_have_two_units_at_most);
	tcase_add_test(tc, times_are_local_with_microseconds);
	tcase_add_test(tc, sizes_are_binary);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
