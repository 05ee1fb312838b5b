/*
 * check_complete.c - cli/complete.c and cli/picture.c: what Tab offers, from a
 * source of a few tasks.
 */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include "cli/complete.h"
#include "cli/picture.h"
#include "cli/words.h"
#include "suite.h"

static struct picture picture;
static struct complete_source source = {
	picture_tasks, picture_coroutines, NULL, &picture, .prompt = false,
};

static void
add_task(const char *json)
{
	struct json_object *task = json_tokener_parse(json);

	picture_add(&picture, task);
	json_object_put(task);
}

static void
set_up(void)
{
	struct json_object *coroutines = json_tokener_parse("["
	    "{\"name\":\"exec\",\"summary\":\"run a command\",\"args\":{"
	    "\"properties\":{\"argv\":{\"type\":\"array\"},\"cwd\":{\"type\":"
	    "\"string\",\"description\":\"where\"},\"env\":{\"type\":"
	    "\"object\"},\"stdin\":{\"type\":\"string\",\"enum\":[\"open\","
	    "\"closed\"]},\"tty\":{\"type\":\"boolean\"}}}},"
	    "{\"name\":\"sleep\",\"summary\":\"sleep for a while\",\"args\":{"
	    "\"properties\":{\"delay\":{}}}}]");

	ck_assert_int_eq(picture_init(&picture), 0);
	picture_set_coroutines(&picture, coroutines);
	json_object_put(coroutines);
	add_task("{\"id\":1,\"name\":\"nap\",\"coroutine\":\"sleep\","
	    "\"state\":\"waiting\",\"outcome\":null}");
	add_task("{\"id\":2,\"name\":\"crawl-1\",\"coroutine\":\"http\","
	    "\"state\":\"done\",\"outcome\":\"raised\"}");
	add_task("{\"id\":3,\"name\":\"crawl-2\",\"coroutine\":\"http\","
	    "\"state\":\"waiting\",\"outcome\":null}");
	source.prompt = false;
}

static void
tear_down(void)
{
	picture_release(&picture);
}

/* What is offered for the end of line, joined with blanks. */
static void
assert_offered(const char *line, const char *offered)
{
	struct candidates found;
	struct words words;
	char got[4096] = "";

	ck_assert_int_eq(words_cut(line, &words, NULL), 0);
	if (words.finished)
		ck_assert_int_eq(words_add(&words, ""), 0);
	ck_assert_int_eq(complete_words(&words, &source, &found), 0);
	for (size_t i = 0; i < found.n; i++) {
		strcat(got, i > 0 ? " " : "");
		strcat(got, found.v[i].text);
	}
	ck_assert_str_eq(got, offered);
	complete_release(&found);
	words_release(&words);
}

START_TEST(a_verb_is_offered_first)
{
	assert_offered("re", "rename resources result resume");
	assert_offered("li", "list");
	assert_offered("xyzzy", "");
	assert_offered("qu", "");
	source.prompt = true;
	assert_offered("qu", "quit");
}
END_TEST

START_TEST(tasks_are_those_the_verb_is_for)
{
	assert_offered("show ", "crawl-1 crawl-2 nap");
	assert_offered("cancel ", "crawl-2 nap");
	assert_offered("forget ", "crawl-1");
	assert_offered("wait cr", "crawl-1 crawl-2");
	assert_offered("wait @", "@last");
}
END_TEST

START_TEST(a_task_is_offered_once_on_a_line)
{
	assert_offered("wait nap ", "crawl-1 crawl-2");
	assert_offered("wait nap crawl-1 crawl-2 ", "");
	assert_offered("rename nap ", "");
}
END_TEST

START_TEST(options_and_their_values_are_offered)
{
	assert_offered("wait --", "--any --help --json --mode --timeout");
	assert_offered("wait --mode ", "all any first_error");
	assert_offered("wait --mode=a", "--mode=all --mode=any");
	assert_offered("wait -m f", "first_error");
	assert_offered("list --state w", "waiting");
	assert_offered("list --state done,r", "done,ready done,running");
	assert_offered("list --coroutine ", "exec sleep");
	assert_offered("wait --timeout ", "");
	assert_offered("wait --timeout 5 n", "nap");
	assert_offered("wait --any n", "nap");
	assert_offered("--so", "--socket --sort");
	assert_offered("--socket /x li", "list");
}
END_TEST

START_TEST(coroutines_and_their_arguments_are_offered)
{
	assert_offered("create ", "exec sleep");
	assert_offered("create sleep ", "delay=");
	assert_offered("create exec ", "argv= cwd= env. stdin= tty=");
	assert_offered("create exec cwd=/ stdin=open ", "argv= env. tty=");
	assert_offered("create exec argv=a a", "argv=");
	assert_offered("create exec stdin=", "stdin=closed stdin=open");
	assert_offered("create exec stdin=o", "stdin=open");
	assert_offered("create exec tty=", "tty=false tty=true");
	assert_offered("create nosuch ", "");
	assert_offered("create -n x sl", "sleep");
	assert_offered("create --name x sleep d", "delay=");
	assert_offered("create exec -- l", "");
}
END_TEST

START_TEST(methods_and_their_parameters_are_offered)
{
	assert_offered("call task.re", "task.rename task.result task.resume");
	assert_offered("call task.wait ", "mode= tasks= timeout_us=");
	assert_offered("call task.wait mode=a", "mode=all mode=any");
}
END_TEST

START_TEST(choices_and_topics_are_offered)
{
	assert_offered("completion ", "bash fish zsh");
	assert_offered("shutdown ", "cancel drain now");
	assert_offered("signal nap US", "USR1 USR2");
	assert_offered("help ex", "exception exit-codes");
}
END_TEST

START_TEST(after_what_cannot_be_understood_nothing_is_offered)
{
	assert_offered("frobnicate ", "");
	assert_offered("run -- make ", "");
	assert_offered("run make -", "");
	assert_offered("wait -- --", "");
}
END_TEST

START_TEST(the_picture_follows_events)
{
	static const char *const events[] = {
		"{\"type\":\"task.created\",\"task\":9,\"data\":{\"task\":"
		"{\"id\":9,\"name\":\"fresh\",\"state\":\"ready\"}}}",
		"{\"type\":\"task.renamed\",\"task\":1,\"data\":{\"name\":"
		"\"siesta\",\"previous\":\"nap\"}}",
		"{\"type\":\"task.done\",\"task\":3,\"data\":{\"outcome\":"
		"\"returned\"}}",
		"{\"type\":\"task.forgotten\",\"task\":2,\"data\":{}}",
		"{\"type\":\"task.done\",\"task\":777,\"data\":{\"outcome\":"
		"\"returned\"}}",
	};
	struct json_object *event;

	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
		event = json_tokener_parse(events[i]);
		picture_event(&picture, event);
		json_object_put(event);
	}
	assert_offered("show ", "crawl-2 fresh siesta");
	assert_offered("cancel ", "fresh siesta");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("complete");
	TCase *tc = tcase_create("complete");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, a_verb_is_offered_first);
	tcase_add_test(tc, tasks_are_those_the_verb_is_for);
	tcase_add_test(tc, a_task_is_offered_once_on_a_line);
	tcase_add_test(tc, options_and_their_values_are_offered);
	tcase_add_test(tc, coroutines_and_their_arguments_are_offered);
	tcase_add_test(tc, methods_and_their_parameters_are_offered);
	tcase_add_test(tc, choices_and_topics_are_offered);
	tcase_add_test(tc, after_what_cannot_be_understood_nothing_is_offered);
	tcase_add_test(tc, the_picture_follows_events);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
