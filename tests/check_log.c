/*
 * check_log.c - daemon/log.c: lines, and where they go.
 */
#include "daemon/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "suite.h"

static int pipe_fds[2];

static void
setup(void)
{
	unsetenv("JOURNAL_STREAM");
	ck_assert_int_eq(pipe(pipe_fds), 0);
	ck_assert_int_eq(fcntl(pipe_fds[0], F_SETFL, O_NONBLOCK), 0);
}

static void
teardown(void)
{
	close(pipe_fds[0]);
	close(pipe_fds[1]);
}

/* What has been written, ended by NUL. */
static const char *
written(char *text, size_t size)
{
	ssize_t n = read(pipe_fds[0], text, size - 1);

	text[n > 0 ? n : 0] = '\0';
	return text;
}

static void
say_to_the_journal(const char *stream)
{
	setenv("JOURNAL_STREAM", stream, 1);
}

static void
name_pipe(char *stream, size_t size)
{
	struct stat st;

	ck_assert_int_eq(fstat(pipe_fds[1], &st), 0);
	snprintf(stream, size, "%llu:%llu", (unsigned long long)st.st_dev,
	    (unsigned long long)st.st_ino);
}

START_TEST(a_line_for_people_has_time_and_level)
{
	struct log log;
	int year, ms, end = 0;
	char text[256];

	log_init(&log, pipe_fds[1], LOG_LEVEL_INFO);
	log_say(&log, LOG_LEVEL_WARNING, "task %d hangs", 7);
	written(text, sizeof(text));
	ck_assert_int_eq(sscanf(text, "%4d-%*2d-%*2d %*2d:%*2d:%*2d.%3d "
	    "warning: task 7 hangs%n", &year, &ms, &end), 2);
	ck_assert_str_eq(text + end, "\n");
}
END_TEST

START_TEST(a_line_for_the_journal_has_its_priority)
{
	struct log log;
	char stream[64], text[256];

	name_pipe(stream, sizeof(stream));
	say_to_the_journal(stream);
	log_init(&log, pipe_fds[1], LOG_LEVEL_INFO);
	log_say(&log, LOG_LEVEL_ERROR, "no");
	ck_assert_str_eq(written(text, sizeof(text)), "<3>no\n");
}
END_TEST

START_TEST(another_streams_journal_variable_is_not_believed)
{
	struct log log;

	say_to_the_journal("1:2");
	log_init(&log, pipe_fds[1], LOG_LEVEL_INFO);
	ck_assert(!log.journal);
	say_to_the_journal("nonsense");
	log_init(&log, pipe_fds[1], LOG_LEVEL_INFO);
	ck_assert(!log.journal);
}
END_TEST

START_TEST(what_is_less_urgent_than_the_level_is_not_said)
{
	struct log log;
	char text[256];

	log_init(&log, pipe_fds[1], LOG_LEVEL_NOTICE);
	log_say(&log, LOG_LEVEL_INFO, "not this");
	ck_assert_str_eq(written(text, sizeof(text)), "");
	log_say(&log, LOG_LEVEL_NOTICE, "this");
	ck_assert_ptr_nonnull(strstr(written(text, sizeof(text)), "this"));
}
END_TEST

START_TEST(controls_in_a_message_do_not_reach_the_terminal)
{
	struct log log;
	char text[256];

	log_init(&log, pipe_fds[1], LOG_LEVEL_INFO);
	log_say(&log, LOG_LEVEL_INFO, "a\nb\033[2Jc\177");
	written(text, sizeof(text));
	ck_assert_ptr_nonnull(strstr(text, "a?b?[2Jc?\n"));
}
END_TEST

START_TEST(a_line_too_long_is_cut_and_says_so)
{
	struct log log;
	char text[4096], message[3000];
	size_t size;

	memset(message, 'x', sizeof(message));
	message[sizeof(message) - 1] = '\0';
	log_init(&log, pipe_fds[1], LOG_LEVEL_INFO);
	log_say(&log, LOG_LEVEL_INFO, "%s", message);
	size = strlen(written(text, sizeof(text)));
	ck_assert_uint_eq(size, 1024);
	ck_assert_str_eq(text + size - 5, "x...\n");
}
END_TEST

START_TEST(errno_is_kept)
{
	struct log log;

	log_init(&log, -1, LOG_LEVEL_INFO);
	errno = EXDEV;
	log_say(&log, LOG_LEVEL_INFO, "lost");
	ck_assert_int_eq(errno, EXDEV);
}
END_TEST

START_TEST(levels_have_names_both_ways)
{
	enum log_level level, back;

	for (level = LOG_LEVEL_ERROR; level <= LOG_LEVEL_DEBUG; level++) {
		ck_assert_int_eq(log_level_parse(log_level_name(level), &back),
		    0);
		ck_assert_int_eq(back, level);
	}
	ck_assert_int_eq(log_level_parse("loud", &back), -EINVAL);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("log");
	TCase *tc = tcase_create("log");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, a_line_for_people_has_time_and_level);
	tcase_add_test(tc, a_line_for_the_journal_has_its_priority);
	tcase_add_test(tc, another_streams_journal_variable_is_not_believed);
	tcase_add_test(tc, what_is_less_urgent_than_the_level_is_not_said);
	tcase_add_test(tc, controls_in_a_message_do_not_reach_the_terminal);
	tcase_add_test(tc, a_line_too_long_is_cut_and_says_so);
	tcase_add_test(tc, errno_is_kept);
	tcase_add_test(tc, levels_have_names_both_ways);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
