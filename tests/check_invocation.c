/*
 * check_invocation.c - daemon/coroutines/invocation.c: arguments become a
 * request.
 */
#include <config.h>

#include "daemon/coroutines/invocation.h"

#include <errno.h>
#include <json-c/json.h>
#include <string.h>

#include "suite.h"

static const char *const environment[] = { "PATH=/bin", "HOME=/root",
	"HOMEPAGE=x", "EVTASK_JOB=outer", NULL };
static struct json_object *args;
static struct invocation invocation;

static void
make(const char *json)
{
	args = json_tokener_parse(json);
	ck_assert_ptr_nonnull(args);
	ck_assert_int_eq(invocation_init(&invocation, args,
	    (char *const *)environment), 0);
}

static void
teardown(void)
{
	invocation_release(&invocation);
	json_object_put(args);
}

/* How often a variable of this name, or this very variable, is set. */
static int
count(const char *variable)
{
	size_t size = strlen(variable);
	char **v;
	int n = 0;

	for (v = invocation.envp; *v != NULL; v++)
		n += strncmp(*v, variable, size) == 0 &&
		    ((*v)[size] == '=' || (*v)[size] == '\0');
	return n;
}

static void
refuses(const char *json, const char *path)
{
	struct json_object *bad = json_tokener_parse(json);
	const char *at = NULL, *expected = NULL;

	ck_assert_int_eq(invocation_check(bad, &at, &expected), -EINVAL);
	ck_assert_str_eq(at, path);
	ck_assert_ptr_nonnull(expected);
	json_object_put(bad);
}

START_TEST(argv_is_taken_as_it_is)
{
	make("{\"argv\":[\"make\",\"-j2\",\"\"]}");
	ck_assert_str_eq(invocation.request.argv[0], "make");
	ck_assert_str_eq(invocation.request.argv[1], "-j2");
	ck_assert_str_eq(invocation.request.argv[2], "");
	ck_assert_ptr_null(invocation.request.argv[3]);
	ck_assert_ptr_null(invocation.request.cwd);
	ck_assert(!invocation.request.stdin_open);
}
END_TEST

START_TEST(shell_is_a_line_for_sh)
{
	make("{\"shell\":\"a | b\",\"cwd\":\"/tmp\",\"stdin\":\"open\"}");
	ck_assert_str_eq(invocation.request.argv[0], "/bin/sh");
	ck_assert_str_eq(invocation.request.argv[1], "-c");
	ck_assert_str_eq(invocation.request.argv[2], "a | b");
	ck_assert_ptr_null(invocation.request.argv[3]);
	ck_assert_str_eq(invocation.request.cwd, "/tmp");
	ck_assert(invocation.request.stdin_open);
}
END_TEST

START_TEST(the_environment_is_ours_and_a_marker)
{
	make("{\"argv\":[\"x\"]}");
	ck_assert_int_eq(count("PATH=/bin"), 1);
	ck_assert_int_eq(count("HOME=/root"), 1);
	ck_assert_int_eq(count(invocation.marker), 1);
	ck_assert_int_eq(count("EVTASK_JOB"), 1);
	ck_assert_uint_eq(strlen(invocation.marker), JOB_MARKER_SIZE - 1);
}
END_TEST

START_TEST(env_adds_replaces_and_leaves_out)
{
	make("{\"argv\":[\"x\"],\"env\":{\"PATH\":\"/opt\",\"NEW\":\"a=b\","
	    "\"HOME\":null,\"GONE\":null}}");
	ck_assert_int_eq(count("PATH"), 1);
	ck_assert_int_eq(count("PATH=/opt"), 1);
	ck_assert_int_eq(count("NEW=a=b"), 1);
	ck_assert_int_eq(count("HOME"), 0);
	ck_assert_int_eq(count("HOMEPAGE=x"), 1);
	ck_assert_int_eq(count("GONE"), 0);
}
END_TEST

START_TEST(the_marker_cannot_be_replaced)
{
	make("{\"argv\":[\"x\"],\"env\":{\"EVTASK_JOB\":\"mine\"}}");
	ck_assert_int_eq(count("EVTASK_JOB"), 1);
	ck_assert_int_eq(count(invocation.marker), 1);
}
END_TEST

START_TEST(each_command_has_a_marker_of_its_own)
{
	char first[JOB_MARKER_SIZE];

	make("{\"argv\":[\"x\"]}");
	strcpy(first, invocation.marker);
	teardown();
	make("{\"argv\":[\"x\"]}");
	ck_assert_str_ne(first, invocation.marker);
}
END_TEST

START_TEST(what_the_schema_cannot_say_is_checked)
{
	const char *at, *expected;

	make("{\"argv\":[\"x\"],\"env\":{\"A\":\"\"},\"cwd\":\"/\"}");
	ck_assert_int_eq(invocation_check(args, &at, &expected), 0);
	refuses("{}", "argv");
	refuses("{\"argv\":[\"x\"],\"shell\":\"x\"}", "argv");
	refuses("{\"argv\":[\"\"]}", "argv");
	refuses("{\"argv\":[\"x\"],\"cwd\":\"src\"}", "cwd");
	refuses("{\"argv\":[\"x\"],\"env\":{\"\":\"a\"}}", "env");
	refuses("{\"argv\":[\"x\"],\"env\":{\"A=B\":\"a\"}}", "env");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("invocation");
	TCase *tc = tcase_create("invocation");

	tcase_add_checked_fixture(tc, NULL, teardown);
	tcase_add_test(tc, argv_is_taken_as_it_is);
	tcase_add_test(tc, shell_is_a_line_for_sh);
	tcase_add_test(tc, the_environment_is_ours_and_a_marker);
	tcase_add_test(tc, env_adds_replaces_and_leaves_out);
	tcase_add_test(tc, the_marker_cannot_be_replaced);
	tcase_add_test(tc, each_command_has_a_marker_of_its_own);
	tcase_add_test(tc, what_the_schema_cannot_say_is_checked);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
