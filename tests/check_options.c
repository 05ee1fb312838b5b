/*
 * check_options.c - daemon/options.c: the command line, and its refusals.
 */
#include "daemon/options.h"

#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>

#include "suite.h"

#define N(a) (sizeof(a) / sizeof((a)[0]))

/* Parses "evtaskd" and these words; *ret_text is the caller's. */
static int
parse(struct options *options, char **ret_text, const char *first,
    const char *second)
{
	char *argv[] = { (char *)"evtaskd", (char *)first, (char *)second,
		NULL };
	int argc = 1 + (first != NULL) + (second != NULL);

	*ret_text = NULL;
	return options_parse(options, argc, argv, ret_text);
}

/* Parses, refuses, and says exactly that. */
static void
refuses(const char *first, const char *second, const char *says)
{
	struct options options;
	char *text;

	ck_assert_int_eq(parse(&options, &text, first, second), -EINVAL);
	ck_assert_str_eq(text, says);
	free(text);
}

START_TEST(nothing_given_takes_the_defaults)
{
	struct options options;
	char *text;

	ck_assert_int_eq(parse(&options, &text, NULL, NULL), 0);
	ck_assert_ptr_null(text);
	ck_assert_ptr_null(options.socket_path);
	ck_assert_int_eq(options.log_level, LOG_LEVEL_INFO);
	ck_assert_int_eq(options.drain_timeout_us, 60000000);
	ck_assert_uint_eq(options.keep_done, 1000);
	ck_assert_uint_eq(options.log_bytes, 1 << 20);
}
END_TEST

START_TEST(a_value_follows_an_equals_sign_or_is_the_next_word)
{
	static const struct {
		const char *first, *second;
	} ways[] = {
		{ "--socket=/tmp/s", NULL },
		{ "--socket", "/tmp/s" },
		{ "-s", "/tmp/s" },
	};
	struct options options;
	char *text;
	size_t i;

	for (i = 0; i < N(ways); i++) {
		ck_assert_int_eq(parse(&options, &text, ways[i].first,
		    ways[i].second), 0);
		ck_assert_str_eq(options.socket_path, "/tmp/s");
	}
}
END_TEST

START_TEST(each_option_sets_its_own_field)
{
	struct options options;
	char *text;

	ck_assert_int_eq(parse(&options, &text, "--drain-timeout=1m30s",
	    "--log-level=debug"), 0);
	ck_assert_int_eq(options.drain_timeout_us, 90000000);
	ck_assert_int_eq(options.log_level, LOG_LEVEL_DEBUG);
	ck_assert_int_eq(parse(&options, &text, "--drain-timeout=forever",
	    "--keep-done=10K"), 0);
	ck_assert_int_eq(options.drain_timeout_us, EVTASK_FOREVER);
	ck_assert_uint_eq(options.keep_done, 10240);
	ck_assert_int_eq(parse(&options, &text, "--log-bytes=4M", NULL), 0);
	ck_assert_uint_eq(options.log_bytes, 4 << 20);
	ck_assert(!options.stdio);
	ck_assert_int_eq(parse(&options, &text, "--viewer-socket=/v", "-i"),
	    0);
	ck_assert_str_eq(options.viewer_path, "/v");
	ck_assert(options.stdio);
	ck_assert_int_eq(parse(&options, &text, "--clients=10K", NULL), 0);
	ck_assert_uint_eq(options.clients, 10240);
	ck_assert_int_eq(parse(&options, &text, "--operators=12345", NULL),
	    0);
	ck_assert_uint_eq(options.operators, 12345);
}
END_TEST

START_TEST(a_group_is_known_by_its_name)
{
	struct group *group;
	struct options options;
	char *text;

	setgrent();
	while ((group = getgrent()) != NULL && group->gr_gid == 0)
		;
	ck_assert_ptr_nonnull(group);
	ck_assert_int_eq(parse(&options, &text, "-g", group->gr_name), 0);
	ck_assert_uint_eq(options.operators, group->gr_gid);
	endgrent();
}
END_TEST

START_TEST(the_last_of_two_counts)
{
	struct options options;
	char *text;

	ck_assert_int_eq(parse(&options, &text, "--socket=/a", "--socket=/b"),
	    0);
	ck_assert_str_eq(options.socket_path, "/b");
}
END_TEST

START_TEST(help_names_every_option_in_lines_of_80_columns_but_for_paths)
{
	static const char *const names[] = { "--socket=PATH",
		"--operators=GROUP",
		"--drain-timeout=DURATION", "--keep-done=COUNT",
		"--viewer-socket=PATH", "--stdio", "--log-bytes=BYTES",
		"--clients=COUNT", "--log-level=LEVEL", "--modules=DIR",
		"--stall-threshold=DURATION", "--help", "--version" };
	struct options options;
	char *text, *line, *name;
	size_t i;

	ck_assert_int_eq(parse(&options, &text, "--help", NULL), 1);
	for (i = 0; i < N(names); i++) {
		name = strstr(text, names[i]);
		ck_assert_ptr_nonnull(name);
		name += strlen(names[i]);
		ck_assert(*name == '\n' || strncmp(name, "  ", 2) == 0);
	}
	for (line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n"))
		ck_assert_msg(strlen(line) <= 80 || strchr(line, '/') != NULL,
		    "%s", line);
	free(text);
}
END_TEST

START_TEST(version_is_a_line)
{
	struct options options;
	char *text, version[32];
	int end = 0;

	ck_assert_int_eq(parse(&options, &text, "-V", NULL), 1);
	ck_assert_int_eq(sscanf(text, "evtaskd %31[0-9.]%n", version, &end),
	    1);
	ck_assert_str_eq(text + end, "\n");
	free(text);
}
END_TEST

START_TEST(what_is_not_an_option_is_refused_with_a_way_out)
{
	refuses("start", NULL, "there is nothing to do with \"start\": "
	    "evtaskd takes options only; see evtaskd --help");
	refuses("--sokcet=/x", NULL, "there is no option --sokcet=/x; did you "
	    "mean --socket?");
	refuses("--daemonize", NULL, "there is no option --daemonize; see "
	    "evtaskd --help");
	refuses("-x", NULL, "there is no option -x; see evtaskd --help");
	refuses("-", NULL, "there is no option -; see evtaskd --help");
	refuses("--", NULL, "there is no option --; see evtaskd --help");
	refuses("", NULL, "there is nothing to do with \"\": evtaskd takes "
	    "options only; see evtaskd --help");
}
END_TEST

START_TEST(a_value_left_out_or_too_many_is_refused)
{
	refuses("--socket", NULL, "--socket wants a PATH: a path");
	refuses("--help=now", NULL, "--help takes no value; leave out "
	    "\"=now\"");
}
END_TEST

START_TEST(a_value_that_makes_no_sense_is_refused)
{
	static const char *const counts[] = { "0", "-1", "x", "", "12X",
		"1KK", "99999999999999999999", "1000000000G" };
	struct options options;
	char *text, word[64];
	size_t i;

	refuses("--socket=", NULL, "--socket takes a path, not \"\"");
	refuses("--drain-timeout", "soon", "--drain-timeout takes a duration "
	    "such as 90 or 1m30s, or forever, not \"soon\"");
	refuses("--operators=no-such-group", NULL, "--operators takes a group, "
	    "by name or number, but 0, not \"no-such-group\"");
	refuses("--operators=0", NULL, "--operators takes a group, by name or "
	    "number, but 0, not \"0\"");
	refuses("--log-level=loud", NULL, "--log-level takes error, warning, "
	    "notice, info or debug, not \"loud\"");
	for (i = 0; i < N(counts); i++) {
		snprintf(word, sizeof(word), "--keep-done=%s", counts[i]);
		ck_assert_int_eq(parse(&options, &text, word, NULL), -EINVAL);
		ck_assert_ptr_nonnull(strstr(text, "such as 500 or 10K"));
		free(text);
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("options");
	TCase *tc = tcase_create("options");

	tcase_add_test(tc, nothing_given_takes_the_defaults);
	tcase_add_test(tc, a_value_follows_an_equals_sign_or_is_the_next_word);
	tcase_add_test(tc, each_option_sets_its_own_field);
	tcase_add_test(tc, a_group_is_known_by_its_name);
	tcase_add_test(tc, the_last_of_two_counts);
	tcase_add_test(tc,
	    help_names_every_option_in_lines_of_80_columns_but_for_paths);
	tcase_add_test(tc, version_is_a_line);
	tcase_add_test(tc, what_is_not_an_option_is_refused_with_a_way_out);
	tcase_add_test(tc, a_value_left_out_or_too_many_is_refused);
	tcase_add_test(tc, a_value_that_makes_no_sense_is_refused);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
