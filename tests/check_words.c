/*
 * check_words.c - cli/words.c: lines are cut as the manual says.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "cli/words.h"
#include "suite.h"

/* Cuts, and joins with | for one comparison. */
static void
assert_cut(const char *line, const char *joined)
{
	struct words words;
	char got[512] = "", *why = NULL;
	int r = words_cut(line, &words, &why);

	ck_assert_msg(r == 0, "%s: %s", line, why);
	for (size_t i = 0; i < words.n; i++) {
		if (i > 0)
			strcat(got, "|");
		strcat(got, words.v[i].text);
	}
	ck_assert_str_eq(got, joined);
	words_release(&words);
}

static void
assert_refused(const char *line, const char *sentence)
{
	struct words words;
	char *why = NULL;

	ck_assert_int_eq(words_cut(line, &words, &why), -EINVAL);
	ck_assert_str_eq(why, sentence);
	ck_assert_uint_eq(words.n, 0);
	free(why);
}

START_TEST(blanks_part_words)
{
	assert_cut("", "");
	assert_cut("  \t ", "");
	assert_cut("list", "list");
	assert_cut("  wait  nap\tcrawl \r\n", "wait|nap|crawl");
}
END_TEST

START_TEST(single_quotes_keep_everything)
{
	assert_cut("a 'b c' d", "a|b c|d");
	assert_cut("'\\n \"#\"'", "\\n \"#\"");
	assert_cut("x=''", "x=");
	assert_cut("''", "");
}
END_TEST

START_TEST(double_quotes_know_escapes)
{
	assert_cut("\"a\\tb\\n\\\"\\\\\\x\"", "a\tb\n\"\\x");
	assert_cut("\"don't\"", "don't");
}
END_TEST

START_TEST(pieces_that_touch_are_one_word)
{
	assert_cut("a'b c'\"d e\"f", "ab cd ef");
	assert_cut("a\\ b", "a b");
	assert_cut("\\'", "'");
	assert_cut("\\n", "n");
}
END_TEST

START_TEST(a_comment_begins_where_a_word_could)
{
	assert_cut("# all of it", "");
	assert_cut("list # the rest", "list");
	assert_cut("a#b", "a#b");
	assert_cut("'#' \\#", "#|#");
}
END_TEST

START_TEST(nothing_is_expanded)
{
	assert_cut("$HOME ~ *.c `id` a;b a|b a>b", "$HOME|~|*.c|`id`|a;b|a|b|"
	    "a>b");
}
END_TEST

START_TEST(utf8_passes_through)
{
	assert_cut("näp 'ö 漢'", "näp|ö 漢");
}
END_TEST

START_TEST(json_behind_its_sign_needs_no_quotes)
{
	assert_cut("x:={\"a\": [1, \"b c\"]} y", "x:={\"a\": [1, \"b c\"]}|y");
	assert_cut("x:=[\"]\", \"\\\"\"] y", "x:=[\"]\", \"\\\"\"]|y");
	assert_cut("x:=\"a b\" y", "x:=\"a b\"|y");
	assert_cut("x:=[1]z", "x:=[1]z");
	assert_cut("x:='[1, 2]'", "x:=[1, 2]");
	assert_cut("'x:=[1,' 2]", "x:=[1,|2]");
	assert_cut("x=[1, 2]", "x=[1,|2]");
	assert_cut("x=y:=[1, 2]", "x=y:=[1,|2]");
	assert_cut(":=[1, 2]", ":=[1,|2]");
	assert_refused("x:={\"a\": ", "column 1: the JSON of this word is not "
	    "closed; a } is missing");
	assert_refused("y x:=[[1]", "column 3: the JSON of this word is not "
	    "closed; a ] is missing");
}
END_TEST

/* Whether a line goes on, and what it becomes with the next. */
static void
assert_joined(const char *line, bool quotes, const char *joined)
{
	char *text = strdup(line);

	ck_assert_int_eq(words_go_on(line, quotes), joined != NULL);
	if (joined != NULL) {
		ck_assert_int_eq(words_join(&text, "next"), 0);
		ck_assert_str_eq(text, joined);
	}
	free(text);
}

START_TEST(a_line_may_go_on_in_the_next)
{
	assert_joined("list", true, NULL);
	assert_joined("x:=[1, 2]", true, NULL);
	assert_joined("x:=[1,", false, "x:=[1, next");
	assert_joined("x:={\"a\":", true, "x:={\"a\": next");
	assert_joined("li\\", false, "linext");
	assert_joined("show 'a", false, NULL);
	assert_joined("show 'a", true, "show 'a\nnext");
	assert_joined("show \"a", true, "show \"a\nnext");
	assert_joined("list # 'a", true, NULL);
}
END_TEST

START_TEST(an_open_quote_is_told_with_its_column)
{
	assert_refused("list 'abc", "column 6: the ' of this word is not "
	    "closed; add another '");
	assert_refused("x=\"a b", "column 1: the \" of this word is not "
	    "closed; add another \"");
	assert_refused("ab cd\\", "column 4: nothing follows the backslash at "
	    "the end of the line");
}
END_TEST

START_TEST(a_line_being_typed_is_cut_as_far_as_it_goes)
{
	static const struct {
		const char *line, *last;
		size_t n;
		char open;
		bool finished;
	} rows[] = {
		{ "", NULL, 0, 0, true },
		{ "li", "li", 1, 0, false },
		{ "list ", "list", 1, 0, true },
		{ "send cat 'a b", "a b", 3, '\'', false },
		{ "send cat \"a ", "a ", 3, '"', false },
		{ "show a\\ ", "a ", 2, 0, false },
		{ "show nap\\", "nap", 2, '\\', false },
	};
	struct words words;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ck_assert_int_eq(words_cut(rows[i].line, &words, NULL), 0);
		ck_assert_uint_eq(words.n, rows[i].n);
		if (words.n > 0)
			ck_assert_str_eq(words.v[words.n - 1].text,
			    rows[i].last);
		ck_assert_int_eq(words.open, rows[i].open);
		ck_assert_msg(words.finished == rows[i].finished, "%s",
		    rows[i].line);
		words_release(&words);
	}
}
END_TEST

START_TEST(a_word_knows_its_column_and_whether_it_was_quoted)
{
	struct words words;

	ck_assert_int_eq(words_cut(" a  'b' c\\ d", &words, NULL), 0);
	ck_assert_uint_eq(words.v[0].column, 1);
	ck_assert_uint_eq(words.v[1].column, 4);
	ck_assert_uint_eq(words.v[2].column, 8);
	ck_assert(!words.v[0].quoted && words.v[1].quoted &&
	    words.v[2].quoted);
	words_release(&words);
}
END_TEST

START_TEST(quoting_and_cutting_give_the_word_back)
{
	static const char *const texts[] = { "plain", "a b", "", "it's",
	    "say \"x\"", "back\\slash", "tab\there", "two\nlines", "#5",
	    "a#b", "\r" };
	struct words words;
	char *quoted;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		quoted = words_quote(texts[i]);
		ck_assert_int_eq(words_cut(quoted, &words, NULL), 0);
		ck_assert_uint_eq(words.n, 1);
		ck_assert_str_eq(words.v[0].text, texts[i]);
		words_release(&words);
		free(quoted);
	}
}
END_TEST

START_TEST(too_many_words_are_refused)
{
	char *line = malloc(2 * WORDS_MAX + 3), *why = NULL;
	struct words words;

	for (size_t i = 0; i <= WORDS_MAX; i++)
		memcpy(line + 2 * i, "a ", 2);
	line[2 * WORDS_MAX + 2] = '\0';
	ck_assert_int_eq(words_cut(line, &words, &why), -E2BIG);
	free(why);
	line[2 * WORDS_MAX] = '\0';
	ck_assert_int_eq(words_cut(line, &words, &why), 0);
	ck_assert_uint_eq(words.n, WORDS_MAX);
	words_release(&words);
	free(line);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("words");
	TCase *tc = tcase_create("words");

	tcase_add_test(tc, blanks_part_words);
	tcase_add_test(tc, single_quotes_keep_everything);
	tcase_add_test(tc, double_quotes_know_escapes);
	tcase_add_test(tc, pieces_that_touch_are_one_word);
	tcase_add_test(tc, a_comment_begins_where_a_word_could);
	tcase_add_test(tc, nothing_is_expanded);
	tcase_add_test(tc, utf8_passes_through);
	tcase_add_test(tc, json_behind_its_sign_needs_no_quotes);
	tcase_add_test(tc, a_line_may_go_on_in_the_next);
	tcase_add_test(tc, an_open_quote_is_told_with_its_column);
	tcase_add_test(tc, a_line_being_typed_is_cut_as_far_as_it_goes);
	tcase_add_test(tc, a_word_knows_its_column_and_whether_it_was_quoted);
	tcase_add_test(tc, quoting_and_cutting_give_the_word_back);
	tcase_add_test(tc, too_many_words_are_refused);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
