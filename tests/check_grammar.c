/*
 * check_grammar.c - cli/grammar.c: what a line asks for, and what is said when
 * it cannot be understood.
 */
#include <errno.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include "cli/command.h"
#include "cli/grammar.h"
#include "cli/words.h"
#include "suite.h"

static struct words words;
static struct invocation line;

static void
parse(const char *text)
{
	char *why = NULL;

	ck_assert_int_eq(words_cut(text, &words, NULL), 0);
	ck_assert_msg(grammar_parse(&words, NULL, &line, &why) == 0, "%s: %s",
	    text, why);
}

static void
drop(void)
{
	grammar_release(&line);
	words_release(&words);
}

static void
assert_json(struct json_object *value, const char *json)
{
	ck_assert_str_eq(json_object_to_json_string_ext(value,
	    JSON_C_TO_STRING_PLAIN), json);
}

static void
assert_params(const char *text, const char *params, const char *own)
{
	parse(text);
	assert_json(line.params, params);
	assert_json(line.own, own);
	drop();
}

START_TEST(options_become_typed_parameters)
{
	assert_params("wait nap --any", "{\"mode\":\"any\"}", "{}");
	assert_params("wait nap --mode=first_error -t 1m30s",
	    "{\"mode\":\"first_error\",\"timeout_us\":90000000}", "{}");
	assert_params("cancel nap -m maintenance -w",
	    "{\"message\":\"maintenance\",\"wait\":true}", "{}");
	assert_params("cancel nap -mwords --wait=false",
	    "{\"message\":\"words\",\"wait\":false}", "{}");
	assert_params("list --state waiting,ready -s done -q --limit 5",
	    "{\"state\":[\"waiting\",\"ready\",\"done\"]}",
	    "{\"quiet\":true,\"most\":5}");
	assert_params("list --live", "{\"state\":[\"created\",\"ready\","
	    "\"running\",\"waiting\"]}", "{}");
	assert_params("events --since 7 -c 3", "{\"since\":7}",
	    "{\"count\":3}");
}
END_TEST

START_TEST(arguments_with_a_parameter_go_there)
{
	assert_params("rename 42 siesta", "{\"name\":\"siesta\"}", "{}");
	assert_params("signal build USR1", "{\"signal\":\"USR1\"}", "{}");
	assert_params("shutdown cancel", "{\"mode\":\"cancel\"}", "{}");
	assert_params("create sleep", "{\"coroutine\":\"sleep\"}", "{}");
}
END_TEST

START_TEST(options_and_arguments_mix)
{
	parse("cancel -w a --message m b -- -c");
	ck_assert_uint_eq(line.tasks.n, 3);
	ck_assert_str_eq(line.tasks.v[0], "a");
	ck_assert_str_eq(line.tasks.v[1], "b");
	ck_assert_str_eq(line.tasks.v[2], "-c");
	drop();
}
END_TEST

START_TEST(a_program_takes_its_words_as_they_are)
{
	parse("run --name b -- make -j2 --json");
	ck_assert_uint_eq(line.program.n, 3);
	ck_assert_str_eq(line.program.v[2], "--json");
	assert_json(line.params, "{\"name\":\"b\"}");
	drop();
	parse("run make -j2 -- x");
	ck_assert_uint_eq(line.program.n, 4);
	ck_assert_str_eq(line.program.v[1], "-j2");
	drop();
	parse("create exec cwd=/ -n b -- ls -l");
	ck_assert_uint_eq(line.pairs.n, 1);
	ck_assert_uint_eq(line.program.n, 2);
	drop();
	parse("complete -- create ''");
	ck_assert_uint_eq(line.program.n, 2);
	drop();
}
END_TEST

START_TEST(global_options_stand_anywhere)
{
	parse("--socket /s --json list --no-color -T 2s");
	assert_json(line.globals, "{\"socket\":\"\\/s\",\"output\":\"jsonl\","
	    "\"color\":false,\"timeout_us\":2000000}");
	drop();
	parse("");
	ck_assert_ptr_null(line.command);
	drop();
}
END_TEST

START_TEST(a_verbs_own_option_goes_before_a_global_one)
{
	parse("-T 9 wait nap --timeout 1");
	assert_json(line.globals, "{\"timeout_us\":9000000}");
	assert_json(line.params, "{\"timeout_us\":1000000}");
	drop();
	parse("logs -f build");
	assert_json(line.params, "{\"follow\":true}");
	drop();
}
END_TEST

START_TEST(help_is_given_without_the_arguments)
{
	parse("wait --help");
	ck_assert_str_eq(line.command->name, "wait");
	assert_json(line.globals, "{\"help\":true}");
	drop();
}
END_TEST

START_TEST(what_is_wrong_is_named_with_the_way_out)
{
	static const struct {
		const char *line, *sentence;
	} rows[] = {
		{ "lst", "there is no verb lst; did you mean list?" },
		{ "kill 7", "there is no verb kill; did you mean cancel?" },
		{ "sleep 5", "there is no verb sleep; did you mean create?" },
		{ "frobnicate", "there is no verb frobnicate; \"evtask help\" "
		  "lists them" },
		{ "wait", "wait: say the TASK; usage: evtask wait [options] "
		  "TASK..." },
		{ "rename 4", "rename: say the NAME; usage: evtask rename "
		  "TASK NAME" },
		{ "rename a b c", "rename: \"c\" is one word too many; usage: "
		  "evtask rename TASK NAME" },
		{ "list --sate done", "list has no option --sate; did you "
		  "mean --state?" },
		{ "list --zzzzzz", "list has no option --zzzzzz; see \"evtask "
		  "help list\"" },
		{ "list -z", "list has no option -z; see \"evtask help "
		  "list\"" },
		{ "-z", "evtask has no option -z; see \"evtask help\"" },
		{ "list --state", "--state wants a value" },
		{ "list --state dne", "--state cannot be \"dne\"; did you "
		  "mean done?" },
		{ "wait a --mode xyzzy", "--mode cannot be \"xyzzy\"; it is "
		  "all, any or first_error" },
		{ "wait a --any=1", "--any takes no value" },
		{ "wait a -t soon", "-t must be a duration such as 90, 1h30m "
		  "or 250ms, not \"soon\"" },
		{ "list --limit 0", "--limit must be at least 1, not \"0\"" },
		{ "list --limit x", "--limit must be a whole number, not "
		  "\"x\"" },
		{ "cancel a -w=1", "cancel has no option -=; see \"evtask help "
		  "cancel\"" },
		{ "result a --wait=1", "--wait is true or false, not \"1\"" },
		{ "signal a TREM", "SIGNAL cannot be \"TREM\"; did you mean "
		  "TERM?" },
		{ "shutdown later", "MODE cannot be \"later\"; it is drain, "
		  "cancel or now" },
		{ "create sleep -n ''", "-n must be 1 to 128 bytes long" },
		{ "run", "run: say the COMMAND; usage: evtask run [options] "
		  "COMMAND..." },
	};
	char *why;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ck_assert_int_eq(words_cut(rows[i].line, &words, NULL), 0);
		why = NULL;
		ck_assert_msg(grammar_parse(&words, NULL, &line,
		    &why) == -EINVAL, "%s", rows[i].line);
		ck_assert_str_eq(why, rows[i].sentence);
		free(why);
		words_release(&words);
	}
}
END_TEST

START_TEST(usage_is_read_off_the_table)
{
	char *usage = grammar_usage(command_find("create"));

	ck_assert_str_eq(usage, "create [options] COROUTINE [KEY=VALUE...] "
	    "[-- COMMAND...]");
	free(usage);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("grammar");
	TCase *tc = tcase_create("grammar");

	tcase_add_test(tc, options_become_typed_parameters);
	tcase_add_test(tc, arguments_with_a_parameter_go_there);
	tcase_add_test(tc, options_and_arguments_mix);
	tcase_add_test(tc, a_program_takes_its_words_as_they_are);
	tcase_add_test(tc, global_options_stand_anywhere);
	tcase_add_test(tc, a_verbs_own_option_goes_before_a_global_one);
	tcase_add_test(tc, help_is_given_without_the_arguments);
	tcase_add_test(tc, what_is_wrong_is_named_with_the_way_out);
	tcase_add_test(tc, usage_is_read_off_the_table);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
