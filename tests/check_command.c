/*
 * check_command.c - cli/command.c: the table of verbs agrees with itself, with
 * the protocol, and with the exit codes.
 */
#include <evtask/ctl_value.h>
#include <string.h>
#include "cli/command.h"
#include "cli/exits.h"
#include "cli/grammar.h"
#include "cli/words.h"
#include "suite.h"

#define EACH(c) const struct command *c = command_table(); c->name != NULL; c++

START_TEST(every_row_is_complete)
{
	for (EACH(c)) {
		ck_assert_ptr_nonnull(c->summary);
		ck_assert_ptr_nonnull(c->methods);
		ck_assert_ptr_nonnull(c->args);
		ck_assert_ptr_nonnull(c->options);
		ck_assert_ptr_nonnull(c->example);
		ck_assert_ptr_nonnull(c->exits);
		ck_assert_ptr_nonnull(c->run);
		ck_assert_ptr_eq(command_find(c->name), c);
	}
	ck_assert_ptr_null(command_find("no-such-verb"));
}
END_TEST

/* Or the verb would never be the one that is meant. */
START_TEST(what_a_verb_is_called_elsewhere_is_no_verb_and_no_others)
{
	struct words words;

	for (EACH(c)) {
		if (c->elsewhere == NULL)
			continue;
		ck_assert_int_eq(words_cut(c->elsewhere, &words, NULL), 0);
		ck_assert_uint_gt(words.n, 0);
		for (size_t i = 0; i < words.n; i++) {
			struct evtask_ctl_nearest nearest = {
				.word = words.v[i].text };

			ck_assert_ptr_null(command_find(words.v[i].text));
			command_offer(&nearest);
			ck_assert_str_eq(nearest.best, c->name);
		}
		words_release(&words);
	}
}
END_TEST

START_TEST(every_method_of_a_verb_is_one_of_the_protocol)
{
	for (EACH(c))
		for (size_t i = 0; c->methods[i] != NULL; i++)
			ck_assert_msg(evtask_ctl_method_find(c->methods[i]) !=
			    NULL, "%s: %s", c->name, c->methods[i]);
}
END_TEST

START_TEST(every_verb_the_protocol_names_serves_that_method)
{
	const struct evtask_ctl_method *m;
	const struct command *c;
	bool found;

	for (m = evtask_ctl_methods(); m->name != NULL; m++) {
		if (m->verb == NULL)
			continue;
		c = command_find(m->verb);
		if (c == NULL) /* then one is made */
			continue;
		found = false;
		for (size_t i = 0; c->methods[i] != NULL; i++)
			found |= strcmp(c->methods[i], m->name) == 0;
		ck_assert_msg(found, "%s does not call %s", m->verb, m->name);
	}
}
END_TEST

START_TEST(every_option_stands_for_a_row_with_words)
{
	for (EACH(c))
		for (const struct option *o = c->options; o->name != NULL;
		    o++) {
			ck_assert_msg(command_field(c, o) != NULL, "%s --%s",
			    c->name, o->name);
			ck_assert_ptr_nonnull(command_option_doc(c, o));
		}
	for (const struct option *o = command_globals(); o->name != NULL;
	    o++)
		ck_assert_ptr_nonnull(command_option_doc(NULL, o));
}
END_TEST

START_TEST(no_verb_has_an_option_or_a_letter_twice)
{
	for (EACH(c))
		for (const struct option *o = c->options; o->name != NULL;
		    o++)
			for (const struct option *p = c->options; p != o;
			    p++) {
				ck_assert_str_ne(o->name, p->name);
				ck_assert_msg(o->letter == 0 ||
				    o->letter != p->letter, "%s -%c",
				    c->name, o->letter);
			}
}
END_TEST

START_TEST(every_argument_that_chooses_has_values)
{
	for (EACH(c))
		for (const struct argument *a = c->args; a->name != NULL; a++)
			if (a->kind == ARG_CHOICE)
				ck_assert_ptr_nonnull(command_values(c, a));
}
END_TEST

START_TEST(only_the_last_arguments_may_be_left_out_or_many)
{
	for (EACH(c))
		for (const struct argument *a = c->args; a->name != NULL;
		    a++) {
			if (a->optional && a[1].name != NULL)
				ck_assert_msg(a[1].optional, "%s", c->name);
			if (a->many && a[1].name != NULL)
				ck_assert_int_eq(a[1].kind, ARG_PROGRAM);
		}
}
END_TEST

START_TEST(every_example_is_a_line_that_is_understood)
{
	struct invocation invocation;
	struct words words;
	char *why = NULL;

	for (EACH(c)) {
		ck_assert_int_eq(words_cut(c->example, &words, NULL), 0);
		ck_assert_msg(grammar_parse(&words, NULL, &invocation,
		    &why) == 0, "%s: %s", c->example, why);
		ck_assert_ptr_eq(invocation.command, c);
		grammar_release(&invocation);
		words_release(&words);
	}
}
END_TEST

START_TEST(every_exit_code_of_a_verb_is_in_the_table)
{
	for (EACH(c))
		for (const int *code = c->exits; *code != 0; code++)
			ck_assert_msg(exit_doc(*code) != NULL, "%s: %d",
			    c->name, *code);
}
END_TEST

START_TEST(exit_codes_stand_once_and_in_order)
{
	for (const struct exit_row *row = exit_rows(); row[1].doc != NULL;
	    row++)
		ck_assert_int_lt(row[0].code, row[1].code);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("command");
	TCase *tc = tcase_create("command");

	tcase_add_test(tc, every_row_is_complete);
	tcase_add_test(tc,
	    what_a_verb_is_called_elsewhere_is_no_verb_and_no_others);
	tcase_add_test(tc, every_method_of_a_verb_is_one_of_the_protocol);
	tcase_add_test(tc, every_verb_the_protocol_names_serves_that_method);
	tcase_add_test(tc, every_option_stands_for_a_row_with_words);
	tcase_add_test(tc, no_verb_has_an_option_or_a_letter_twice);
	tcase_add_test(tc, every_argument_that_chooses_has_values);
	tcase_add_test(tc, only_the_last_arguments_may_be_left_out_or_many);
	tcase_add_test(tc, every_example_is_a_line_that_is_understood);
	tcase_add_test(tc, every_exit_code_of_a_verb_is_in_the_table);
	tcase_add_test(tc, exit_codes_stand_once_and_in_order);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
