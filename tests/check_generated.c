/*
 * check_generated.c - cli/generated.c: verbs made from the protocol as a server
 * describes it, of this level or of a later one.
 */
#include <errno.h>
#include <evtask/ctl.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cli/generated.h"
#include "cli/grammar.h"
#include "cli/pair.h"
#include "cli/words.h"
#include "suite.h"

/* What a server of tomorrow may say. */
static struct json_object *
tomorrow(void)
{
	struct json_object *document = json_tokener_parse("{\"methods\":["
	    "{\"name\":\"task.pause\",\"summary\":\"pause tasks\","
	    "\"description\":\"They rest.\",\"params\":["
	    "{\"name\":\"tasks\",\"required\":true,\"schema\":"
	    "{\"type\":\"array\"}},"
	    "{\"name\":\"timeout_us\",\"description\":\"How long.\","
	    "\"schema\":{\"type\":\"integer\",\"minimum\":1,"
	    "\"maximum\":9000000000}},"
	    "{\"name\":\"deep\",\"schema\":{\"type\":\"boolean\"}},"
	    "{\"name\":\"how\",\"schema\":{\"type\":\"string\","
	    "\"enum\":[\"softly\",\"hard\"]}},"
	    "{\"name\":\"filter\",\"schema\":{\"type\":\"object\"}}]},"
	    "{\"name\":\"plugin.load\",\"x-verb\":\"plug\","
	    "\"summary\":\"load one\",\"params\":["
	    "{\"name\":\"name\",\"required\":true,\"schema\":"
	    "{\"type\":\"string\",\"minLength\":1,\"maxLength\":9}}]},"
	    "{\"name\":\"moon.list\",\"params\":[]},"
	    "{\"name\":\"moon.phase\",\"params\":[]},"
	    "{\"name\":\"sun.phase\",\"params\":[]},"
	    "{\"name\":\"task.get\",\"params\":[]}]}");

	ck_assert_ptr_nonnull(document);
	return document;
}

/* What that word makes of it: "method: usage", or "-". */
static void
assert_verb(const char *word, const char *expected)
{
	struct json_object *document = tomorrow();
	struct generated *g = generated_new(document, word);
	char got[256] = "-", *usage;

	if (g != NULL) {
		usage = grammar_usage(&g->command);
		snprintf(got, sizeof(got), "%s: %s", g->command.methods[0],
		    usage);
		free(usage);
	}
	ck_assert_str_eq(got, expected);
	generated_free(g);
	json_object_put(document);
}

/* The method's own example, as that verb's line. */
static void
assert_example(const char *method, const char *params, const char *expected)
{
	struct json_object *document = tomorrow(), *list, *example;
	struct generated *g;
	size_t i = 0;

	json_object_object_get_ex(document, "methods", &list);
	while (strcmp(evtask_ctl_get_text(json_object_array_get_idx(list, i),
	    "name", ""), method) != 0)
		i++;
	example = json_object_new_object();
	json_object_object_add(example, "params", json_tokener_parse(params));
	json_object_object_add(json_object_array_get_idx(list, i), "examples",
	    json_object_new_array());
	json_object_array_add(evtask_ctl_get(json_object_array_get_idx(list,
	    i), "examples"), example);
	g = generated_new(document, method);
	ck_assert_str_eq(g->command.example, expected);
	generated_free(g);
	json_object_put(document);
}

START_TEST(an_example_is_a_line_of_the_verb)
{
	assert_example("moon.list", "[]", "moon.list");
	assert_example("plugin.load", "[{\"name\":\"name\","
	    "\"value\":\"countdown\"}]", "plug countdown");
	assert_example("task.pause", "[{\"name\":\"filter\",\"value\":"
	    "{\"a\":1}},{\"name\":\"deep\",\"value\":true},"
	    "{\"name\":\"how\",\"value\":\"so so\"},"
	    "{\"name\":\"tasks\",\"value\":[\"nap\",42]}]",
	    "pause nap 42 'filter:={\"a\":1}' deep=true 'how=so so'");
}
END_TEST

START_TEST(a_method_is_a_verb_by_its_name)
{
	assert_verb("task.pause", "task.pause: pause [options] TASK...");
	assert_verb("moon.list", "moon.list: moon.list");
	assert_verb("moon.eclipse", "-");
}
END_TEST

START_TEST(a_short_name_is_nobody_elses)
{
	assert_verb("pause", "task.pause: pause [options] TASK...");
	assert_verb("list", "-");  /* of the table */
	assert_verb("phase", "-"); /* two have it */
	assert_verb("sun.phase", "sun.phase: sun.phase");
	assert_verb("get", "-");   /* show calls it */
	assert_verb("task.get", "task.get: task.get");
}
END_TEST

START_TEST(the_server_may_name_the_verb)
{
	assert_verb("plug", "plugin.load: plug NAME [KEY=VALUE...]");
	assert_verb("load", "-");
}
END_TEST

static const struct command *
find(const char *name, void *arg)
{
	struct json_object *document = tomorrow();
	struct generated **g = arg;

	*g = generated_new(document, name);
	json_object_put(document);
	return *g != NULL ? &(*g)->command : NULL;
}

/* Reads a line; what its options and arguments come to, or the sentence. */
static void
assert_line(const char *line, const char *expected)
{
	struct generated *g = NULL;
	const struct verbs more = { .find = find, .arg = &g };
	struct invocation invocation;
	struct words words;
	char *why = NULL;

	ck_assert_int_eq(words_cut(line, &words, &why), 0);
	if (grammar_parse(&words, &more, &invocation, &why) == 0) {
		ck_assert_str_eq(json_object_to_json_string_ext(
		    invocation.own, JSON_C_TO_STRING_PLAIN), expected);
		grammar_release(&invocation);
	} else {
		ck_assert_str_eq(why, expected);
		free(why);
	}
	generated_free(g);
	words_release(&words);
}

START_TEST(options_are_typed_by_what_the_server_says)
{
	assert_line("pause nap --timeout_us 1m --deep --how hard",
	    "{\"timeout_us\":60000000,\"deep\":true,\"how\":\"hard\"}");
	assert_line("pause nap --how softy",
	    "--how cannot be \"softy\"; did you mean softly?");
	assert_line("pause nap --dep",
	    "pause has no option --dep; did you mean --deep?");
	assert_line("pause", "pause: say the TASK; usage: evtask pause "
	    "[options] TASK...");
	assert_line("plug x", "{\"name\":\"x\"}");
	assert_line("plug 1234567890", "NAME must be 1 to 9 bytes long");
}
END_TEST

START_TEST(params_of_a_method_are_a_schema)
{
	struct json_object *document = evtask_ctl_discover("t", "1");
	struct json_object *schema = generated_schema(document, "task.wait");
	struct json_object *args = json_object_new_object();
	char *why = NULL;

	ck_assert_int_eq(pair_put(schema, args, "tasks=7", &why), 0);
	ck_assert_int_eq(pair_put(schema, args, "tasks=nap", &why), 0);
	ck_assert_int_eq(pair_put(schema, args, "mode=any", &why), 0);
	ck_assert_int_eq(pair_put(schema, args, "mod=any", &why), -EINVAL);
	ck_assert_str_eq(why, "there is no argument mod; did you mean mode?");
	ck_assert_str_eq(json_object_to_json_string_ext(args,
	    JSON_C_TO_STRING_PLAIN),
	    "{\"tasks\":[7,\"nap\"],\"mode\":\"any\"}");
	free(why);
	ck_assert_ptr_null(generated_schema(document, "no.such"));
	json_object_put(args);
	json_object_put(schema);
	json_object_put(document);
}
END_TEST

static void
check_one(const char *name, const char *summary, void *arg)
{
	struct generated *g = generated_new(arg, name);

	ck_assert_ptr_nonnull(g);
	ck_assert_str_eq(g->command.summary, summary);
	ck_assert_ptr_null(command_find(name));
	generated_free(g);
}

START_TEST(every_method_of_this_level_has_a_verb)
{
	struct json_object *document = evtask_ctl_discover("t", "1");

	generated_each(document, check_one, document);
	json_object_put(document);
}
END_TEST

START_TEST(what_is_no_document_makes_no_verb)
{
	struct json_object *document = json_tokener_parse(
	    "{\"methods\":[1,{},{\"name\":5},{\"name\":\"x\",\"params\":7}]}");

	ck_assert_ptr_null(generated_new(NULL, "x"));
	ck_assert_ptr_null(generated_new(document, "y"));
	generated_free(generated_new(document, "x"));
	json_object_put(document);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("generated");
	TCase *tc = tcase_create("generated");

	tcase_add_test(tc, an_example_is_a_line_of_the_verb);
	tcase_add_test(tc, a_method_is_a_verb_by_its_name);
	tcase_add_test(tc, a_short_name_is_nobody_elses);
	tcase_add_test(tc, the_server_may_name_the_verb);
	tcase_add_test(tc, options_are_typed_by_what_the_server_says);
	tcase_add_test(tc, params_of_a_method_are_a_schema);
	tcase_add_test(tc, every_method_of_this_level_has_a_verb);
	tcase_add_test(tc, what_is_no_document_makes_no_verb);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
