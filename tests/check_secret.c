/*
 * check_secret.c - cli/secret.c: which lines are not for the history.
 */
#include <json-c/json.h>
#include "cli/complete.h"
#include "cli/secret.h"
#include "suite.h"

static const char coroutines_text[] =
    "[{\"name\":\"visit\",\"args\":{\"properties\":{"
    "\"who\":{\"type\":\"string\"},"
    "\"pin\":{\"type\":\"string\",\"writeOnly\":true},"
    "\"door\":{\"properties\":{\"number\":{},"
    "\"code\":{\"writeOnly\":true}}},"
    "\"guests\":{\"type\":\"array\",\"items\":{\"writeOnly\":true}}}}}]";

static struct json_object *
no_tasks(const char *prefix, enum argument_want want, void *arg)
{
	return NULL;
}

static struct json_object *
coroutines(void *arg)
{
	return json_tokener_parse(coroutines_text);
}

static bool
is_kept(const char *line)
{
	const struct complete_source source = { no_tasks, coroutines, NULL,
	    NULL, .prompt = true };

	return !secret_is_in(line, &source);
}

START_TEST(what_the_schema_marks_is_a_secret)
{
	ck_assert(is_kept("create visit who=me"));
	ck_assert(!is_kept("create visit who=me pin=1234"));
	ck_assert(!is_kept("create visit --name v pin:=1234"));
	ck_assert(is_kept("create visit door.number=7"));
	ck_assert(!is_kept("create visit door.code=7"));
}
END_TEST

START_TEST(and_so_is_what_has_one_within)
{
	ck_assert(!is_kept("create visit door:={\"code\":7}"));
	ck_assert(!is_kept("create visit guests=me"));
}
END_TEST

START_TEST(a_key_of_another_coroutine_is_none)
{
	ck_assert(is_kept("create sleep pin=1234"));
	ck_assert(is_kept("list --columns pin"));
	ck_assert(is_kept("show pin"));
}
END_TEST

START_TEST(where_no_schema_says_it_a_name_does)
{
	ck_assert(!is_kept("create visit who=me password=x"));
	ck_assert(!is_kept("run curl https://me:word@example.org/"));
	ck_assert(!is_kept("run curl -H 'Authorization: word'"));
	ck_assert(!is_kept("run login --token word"));
	ck_assert(is_kept("run curl https://example.org/a:b@c"));
	ck_assert(is_kept("show secret"));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("secret");
	TCase *tc = tcase_create("secret");

	tcase_add_test(tc, what_the_schema_marks_is_a_secret);
	tcase_add_test(tc, and_so_is_what_has_one_within);
	tcase_add_test(tc, a_key_of_another_coroutine_is_none);
	tcase_add_test(tc, where_no_schema_says_it_a_name_does);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
