/* A task's log: lines out of bytes, numbered, bounded, and what was dropped. */
#include <stdio.h>
#include <string.h>
#include "lib/console/job_log.h"
#include "tests/suite.h"

static struct job_log lines;

static void
set_up(void)
{
	job_log_init(&lines, 1 << 20);
}

static void
tear_down(void)
{
	job_log_release(&lines);
}

static void
append(unsigned int stream, const char *text)
{
	ck_assert_int_eq(job_log_append(&lines, stream, text, strlen(text),
	    1, 100), 0);
}

static void
assert_line(uint64_t n, unsigned int stream, const char *text, bool partial)
{
	const struct job_log_line *line = job_log_line(&lines, n);

	ck_assert_ptr_nonnull(line);
	ck_assert_uint_eq(line->stream, stream);
	ck_assert_uint_eq(line->size, strlen(text));
	ck_assert(memcmp(line->bytes, text, line->size) == 0);
	ck_assert(line->partial == partial);
}

START_TEST(a_write_of_two_lines_is_two_lines)
{
	append(1, "one\ntwo\n");
	ck_assert_uint_eq(lines.next, 2);
	assert_line(0, 1, "one", false);
	assert_line(1, 1, "two", false);
	ck_assert_uint_eq(job_log_line(&lines, 1)->seq, 101);
}
END_TEST

START_TEST(bytes_one_by_one_make_the_same_line)
{
	const char *p;
	char one[2] = "";

	for (p = "hello\n"; *p != '\0'; p++) {
		one[0] = *p;
		append(1, one);
	}
	ck_assert_uint_eq(lines.next, 1);
	assert_line(0, 1, "hello", false);
}
END_TEST

START_TEST(lines_stand_in_the_order_they_became_complete)
{
	append(1, "out ");
	append(2, "err\n");
	append(1, "more\n");
	assert_line(0, 2, "err", false);
	assert_line(1, 1, "out more", false);
}
END_TEST

START_TEST(sealing_makes_partial_lines_of_what_is_open)
{
	append(1, "Password: ");
	ck_assert(job_log_is_open(&lines));
	job_log_seal(&lines, 2, 7);
	ck_assert(!job_log_is_open(&lines));
	assert_line(0, 1, "Password: ", true);
	append(1, "\n");
	assert_line(1, 1, "", false);
}
END_TEST

START_TEST(sealing_what_is_not_open_makes_no_line)
{
	append(1, "a\n");
	job_log_seal(&lines, 2, 7);
	ck_assert_uint_eq(lines.next, 1);
}
END_TEST

START_TEST(an_endless_line_comes_in_parts_cut_between_characters)
{
	char *text = malloc(JOB_LOG_LINE_MAX + 4);

	memset(text, 'x', JOB_LOG_LINE_MAX - 1);
	memcpy(text + JOB_LOG_LINE_MAX - 1, "\xe2\x82\xac!", 4);
	job_log_append(&lines, 1, text, JOB_LOG_LINE_MAX + 3, 1, 1);
	ck_assert_uint_eq(lines.next, 1);
	ck_assert_uint_eq(job_log_line(&lines, 0)->size, JOB_LOG_LINE_MAX - 1);
	ck_assert(job_log_line(&lines, 0)->partial);
	append(1, "\n");
	assert_line(1, 1, "\xe2\x82\xac!", false);
	free(text);
}
END_TEST

START_TEST(a_line_of_just_the_greatest_size_is_whole)
{
	char *text = malloc(JOB_LOG_LINE_MAX + 1);

	memset(text, 'x', JOB_LOG_LINE_MAX);
	text[JOB_LOG_LINE_MAX] = '\n';
	job_log_append(&lines, 1, text, JOB_LOG_LINE_MAX, 1, 1);
	ck_assert_uint_eq(lines.next, 0);
	append(1, "\n");
	ck_assert_uint_eq(lines.next, 1);
	ck_assert(!job_log_line(&lines, 0)->partial);
	free(text);
}
END_TEST

START_TEST(over_the_limit_the_oldest_go_and_their_bytes_are_counted)
{
	int i;

	job_log_release(&lines);
	job_log_init(&lines, 1000);
	for (i = 0; i < 100; i++)
		append(1, "0123456789\n");
	ck_assert_uint_eq(lines.next, 100);
	ck_assert_uint_gt(lines.first, 0);
	ck_assert_uint_lt(lines.first, 100);
	ck_assert_uint_le(lines.kept_bytes, 1000);
	ck_assert_uint_eq(lines.dropped_bytes, lines.first * 11);
	ck_assert_ptr_null(job_log_line(&lines, lines.first - 1));
	ck_assert_uint_eq(lines.logged_bytes[0], 1100);
}
END_TEST

START_TEST(lines_that_are_needed_are_kept_beyond_the_limit_until_they_are_not)
{
	int i;

	job_log_release(&lines);
	job_log_init(&lines, 1000);
	job_log_need(&lines, 10);
	for (i = 0; i < 100; i++)
		append(1, "0123456789\n");
	ck_assert_uint_eq(lines.first, 10);
	ck_assert_uint_eq(job_log_cost_from(&lines, 10), lines.kept_bytes);
	ck_assert_uint_eq(job_log_cost_from(&lines, 100), 0);
	job_log_need(&lines, 100);
	ck_assert_uint_le(lines.kept_bytes, 1000);
}
END_TEST

START_TEST(what_is_needed_has_a_limit_too)
{
	static char text[JOB_LOG_LINE_MAX];
	int i;

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\n';
	job_log_need(&lines, 0);
	for (i = 0; i < 100; i++)
		job_log_append(&lines, 1, text, sizeof(text), 1, 1);
	ck_assert_uint_gt(lines.first, 0);
	ck_assert_uint_le(lines.kept_bytes, (1 << 20) + JOB_LOG_SLACK);
	ck_assert_uint_gt(lines.kept_bytes, JOB_LOG_SLACK);
}
END_TEST

START_TEST(empty_lines_are_bounded_too)
{
	int i;

	job_log_release(&lines);
	job_log_init(&lines, 1000);
	for (i = 0; i < 10000; i++)
		append(1, "\n");
	ck_assert_uint_lt(lines.next - lines.first, 1000);
}
END_TEST

START_TEST(dropping_keeps_nothing_and_counts_all)
{
	append(1, "one\nop");
	job_log_drop(&lines);
	ck_assert_uint_eq(lines.dropped_bytes, 6);
	append(1, "two\n");
	ck_assert_ptr_null(job_log_line(&lines, 1));
	ck_assert_uint_eq(lines.dropped_bytes, 10);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("job_log");
	TCase *tc = tcase_create("job_log");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, a_write_of_two_lines_is_two_lines);
	tcase_add_test(tc, bytes_one_by_one_make_the_same_line);
	tcase_add_test(tc, lines_stand_in_the_order_they_became_complete);
	tcase_add_test(tc, sealing_makes_partial_lines_of_what_is_open);
	tcase_add_test(tc, sealing_what_is_not_open_makes_no_line);
	tcase_add_test(tc,
	    an_endless_line_comes_in_parts_cut_between_characters);
	tcase_add_test(tc, a_line_of_just_the_greatest_size_is_whole);
	tcase_add_test(tc,
	    over_the_limit_the_oldest_go_and_their_bytes_are_counted);
	tcase_add_test(tc,
	    lines_that_are_needed_are_kept_beyond_the_limit_until_they_are_not);
	tcase_add_test(tc, what_is_needed_has_a_limit_too);
	tcase_add_test(tc, empty_lines_are_bounded_too);
	tcase_add_test(tc, dropping_keeps_nothing_and_counts_all);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
