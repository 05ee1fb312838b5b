/*
 * check_tap.c - cli/tap.c: what is exactly as the server writes it is taken,
 * and nothing else.
 */
#include <stdlib.h>
#include <string.h>
#include "cli/tap.h"
#include "suite.h"

#define HEAD "{\"jsonrpc\":\"2.0\",\"method\":\"event\",\"params\":{" \
    "\"sub\":4,\"seq\":280075,\"ts_us\":1795422232500497," \
    "\"type\":\"task.log\",\"task\":10003,\"data\":{\"line\":{\"stream\":"
#define TIME ",\"ts_us\":1795422232500497,\"text\":"

static bool
is_taken(const char *message, struct tap_line *line)
{
	return tap_read(message, strlen(message), line);
}

static void
assert_left(const char *message)
{
	struct tap_line line;

	ck_assert_msg(!is_taken(message, &line), "%s", message);
}

START_TEST(a_plain_line_is_taken)
{
	struct tap_line line;

	ck_assert(is_taken(HEAD "\"stdout\"" TIME "\"a {b} \303\251\"}}}}",
	    &line));
	ck_assert_int_eq(line.sub, 4);
	ck_assert(!line.is_stderr);
	ck_assert_uint_eq(line.size, 8);
	ck_assert_int_eq(memcmp(line.text, "a {b} \303\251", 8), 0);
	ck_assert(is_taken(HEAD "\"stderr\"" TIME "\"\"}}}}", &line));
	ck_assert(line.is_stderr);
	ck_assert_uint_eq(line.size, 0);
}
END_TEST

START_TEST(what_needs_a_parser_is_left_to_one)
{
	assert_left("");
	assert_left("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}");
	assert_left(HEAD "\"stdout\"" TIME "\"a\\n\"}}}}");
	assert_left(HEAD "\"stdout\"" TIME "\"a\",\"partial\":true}}}}");
	assert_left(HEAD "\"stdout\"" TIME "\"a\",\"x\":\"\"}}}}");
	assert_left(HEAD "\"stdin\"" TIME "\"a\"}}}}");
	assert_left(HEAD "\"stdout\"" TIME "\"a\"}}}");
	assert_left(HEAD "\"stdout\"" TIME "\"}}}}");
	assert_left(HEAD "\"stdout\",\"ts_us\":,\"text\":\"a\"}}}}");
	assert_left(" " HEAD "\"stdout\"" TIME "\"a\"}}}}");
}
END_TEST

/* Cut short anywhere, it is never taken, and never read beyond its end. */
START_TEST(half_a_line_is_none)
{
	static const char message[] = HEAD "\"stdout\"" TIME "\"abc\"}}}}";
	struct tap_line line;
	char *copy;

	for (size_t size = 0; size + 1 < sizeof(message); size++) {
		copy = malloc(size + 1);
		memcpy(copy, message, size);
		ck_assert_msg(!tap_read(copy, size, &line), "%zu", size);
		free(copy);
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("tap");
	TCase *tc = tcase_create("tap");

	tcase_add_test(tc, a_plain_line_is_taken);
	tcase_add_test(tc, what_needs_a_parser_is_left_to_one);
	tcase_add_test(tc, half_a_line_is_none);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
