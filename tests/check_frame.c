/* A stream of bytes to lines, however it is cut into pieces. */
#include <errno.h>
#include <evtask/ctl.h>
#include <string.h>
#include "tests/suite.h"

#define MAX_BYTES 16

static struct evtask_ctl_frame *frame;
static char seen[4096]; /* the lines that came, each with a "|" */

static void
set_up(void)
{
	frame = evtask_ctl_frame_new(MAX_BYTES);
	ck_assert_ptr_nonnull(frame);
	seen[0] = '\0';
}

static void
tear_down(void)
{
	evtask_ctl_frame_free(frame);
}

static void
note(int r, const char *line, size_t size)
{
	if (r == 1)
		strncat(seen, line, size);
	else
		strcat(seen, r == -EMSGSIZE ? "TOO LONG" : "?");
	strcat(seen, "|");
}

static void
push(const char *bytes, size_t size)
{
	const char *line;
	size_t line_size;
	int r;

	while ((r = evtask_ctl_frame_next(frame, &bytes, &size, &line,
	    &line_size)) != 0)
		note(r, line, line_size);
	ck_assert_uint_eq(size, 0);
}

/* Each expectation holds for the whole, for bytes, and for threes. */
static void
expect(const char *bytes, const char *lines)
{
	static const size_t pieces[] = { 4096, 1, 3 };
	size_t i, at, n, size = strlen(bytes);

	for (i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		seen[0] = '\0';
		for (at = 0; at < size; at += n) {
			n = size - at < pieces[i] ? size - at : pieces[i];
			push(bytes + at, n);
		}
		ck_assert_str_eq(seen, lines);
	}
}

START_TEST(lines_come_out_as_they_went_in)
{
	expect("one\ntwo\n", "one|two|");
}
END_TEST

START_TEST(a_carriage_return_before_the_end_is_dropped)
{
	expect("one\r\ntwo\n", "one|two|");
	expect("a\rb\n", "a\rb|");
	expect("a\r\r\n", "a\r|");
}
END_TEST

START_TEST(blank_lines_are_passed_over)
{
	expect("\n\r\n  \t\n \r\none\n\n", "one|");
}
END_TEST

START_TEST(a_line_of_the_greatest_length_is_taken)
{
	expect("0123456789abcdef\n", "0123456789abcdef|");
	expect("0123456789abcdef\r\n", "0123456789abcdef|");
}
END_TEST

START_TEST(a_line_one_longer_is_refused_once)
{
	expect("0123456789abcdefg\nnext\n", "TOO LONG|next|");
	expect("0123456789abcdefg\r\nnext\n", "TOO LONG|next|");
}
END_TEST

START_TEST(a_line_much_longer_is_refused_once)
{
	expect("0123456789abcdef0123456789abcdef0123456789abcdef\nnext\n",
	    "TOO LONG|next|");
}
END_TEST

START_TEST(long_lines_one_after_another_are_refused_each)
{
	expect("0123456789abcdefg\n0123456789abcdefg\nok\n",
	    "TOO LONG|TOO LONG|ok|");
}
END_TEST

START_TEST(an_unfinished_line_comes_at_the_end_of_input)
{
	const char *line;
	size_t size;

	push("one\ntw", 6);
	push("o", 1);
	ck_assert_str_eq(seen, "one|");
	ck_assert_int_eq(evtask_ctl_frame_end(frame, &line, &size), 1);
	ck_assert_uint_eq(size, 3);
	ck_assert_int_eq(memcmp(line, "two", 3), 0);
	ck_assert_int_eq(evtask_ctl_frame_end(frame, &line, &size), 0);
}
END_TEST

START_TEST(the_end_of_a_long_line_is_not_a_line)
{
	const char *line;
	size_t size;

	push("0123456789abcdefghij", 20);
	ck_assert_str_eq(seen, "TOO LONG|");
	ck_assert_int_eq(evtask_ctl_frame_end(frame, &line, &size), 0);
}
END_TEST

START_TEST(reading_stops_behind_each_line)
{
	const char *bytes = "one\ntwo\n", *line;
	size_t size = 8, line_size;

	ck_assert_int_eq(evtask_ctl_frame_next(frame, &bytes, &size, &line,
	    &line_size), 1);
	ck_assert_uint_eq(size, 4);
	ck_assert_str_eq(bytes, "two\n");
}
END_TEST

START_TEST(a_mebibyte_byte_by_byte_is_one_line)
{
	struct evtask_ctl_frame *big = evtask_ctl_frame_new(
	    EVTASK_CTL_FRAME_MAX);
	const char *bytes, *line;
	size_t i, size, line_size, taken = 0;

	for (i = 0; i < EVTASK_CTL_FRAME_MAX; i++) {
		bytes = "x";
		size = 1;
		taken += evtask_ctl_frame_next(big, &bytes, &size, &line,
		    &line_size) == 0;
	}
	ck_assert_uint_eq(taken, EVTASK_CTL_FRAME_MAX);
	bytes = "\n";
	size = 1;
	ck_assert_int_eq(evtask_ctl_frame_next(big, &bytes, &size, &line,
	    &line_size), 1);
	ck_assert_uint_eq(line_size, EVTASK_CTL_FRAME_MAX);
	evtask_ctl_frame_free(big);
}
END_TEST

START_TEST(a_nul_is_a_byte_like_any_other)
{
	push("a\0b\n", 4);
	ck_assert_str_eq(seen, "a|"); /* strncat stops there, the line not */
	push("c\n", 2);
	ck_assert_str_eq(seen, "a|c|");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("frame");
	TCase *tc = tcase_create("frame");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, lines_come_out_as_they_went_in);
	tcase_add_test(tc, a_carriage_return_before_the_end_is_dropped);
	tcase_add_test(tc, blank_lines_are_passed_over);
	tcase_add_test(tc, a_line_of_the_greatest_length_is_taken);
	tcase_add_test(tc, a_line_one_longer_is_refused_once);
	tcase_add_test(tc, a_line_much_longer_is_refused_once);
	tcase_add_test(tc, long_lines_one_after_another_are_refused_each);
	tcase_add_test(tc, an_unfinished_line_comes_at_the_end_of_input);
	tcase_add_test(tc, the_end_of_a_long_line_is_not_a_line);
	tcase_add_test(tc, reading_stops_behind_each_line);
	tcase_add_test(tc, a_mebibyte_byte_by_byte_is_one_line);
	tcase_add_test(tc, a_nul_is_a_byte_like_any_other);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
