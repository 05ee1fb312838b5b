/*
 * tab.c - completion at the prompt: what Tab finds, and how it is shown.
 *
 * The engine is the one of the shells; what it offers comes from the picture,
 * so that nobody is asked while a person waits. A few candidates are shown
 * with their words, more of them as bare names side by side, and of many only
 * the first, and the number of the rest: no list scrolls away what was on the
 * screen.
 *
 * Readline passes its callbacks nothing: the one static pointer here is what
 * they find the candidates by.
 */
#include "tab.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <readline/readline.h>
#include "out.h"
#include "picture.h"
#include "text.h"
#include "words.h"

#define SHOWN_MAX 30   /* rows of candidates at once ... */
#define SHOWN_REST 4   /* ... though so many rows stay for what was there */

static struct tab *the_tab;

/* The candidates for what stands before the cursor. */
static int
find_candidates(struct tab *tab)
{
	struct complete_source source = { picture_tasks, picture_coroutines,
	    picture_document, tab->picture, .prompt = true };
	char *line = strndup(rl_line_buffer, (size_t)rl_point);
	struct words words;
	int r;

	complete_release(&tab->candidates);
	if (line == NULL)
		return -ENOMEM;
	r = words_cut(line, &words, NULL);
	free(line);
	if (r < 0)
		return r;
	if (words.finished)
		r = words_add(&words, "");
	if (r == 0)
		r = complete_words(&words, &source, &tab->candidates);
	words_release(&words);
	return r;
}

static size_t
common_size(const struct candidates *candidates)
{
	const char *first = candidates->v[0].text, *other;
	size_t size = strlen(first), n;

	for (size_t i = 1; i < candidates->n; i++) {
		other = candidates->v[i].text;
		for (n = 0; n < size && first[n] == other[n]; n++)
			;
		size = n;
	}
	return size;
}

/* What readline wants: what all have in common, then all of them. */
static char **
on_complete(const char *text, int start, int end)
{
	const struct candidates *found = &the_tab->candidates;
	char **matches;

	rl_attempted_completion_over = 1;
	if (find_candidates(the_tab) < 0 || found->n == 0)
		return NULL;
	rl_completion_append_character = found->open ? '\0' : ' ';
	matches = calloc(found->n + 2, sizeof(*matches));
	if (matches == NULL)
		return NULL;
	if (found->n == 1) {
		matches[0] = rl_completion_quote_character != 0 ?
		    strdup(found->v[0].text) : words_quote(found->v[0].text);
		return matches;
	}
	matches[0] = strndup(found->v[0].text, common_size(found));
	for (size_t i = 0; i < found->n; i++)
		matches[i + 1] = strdup(found->v[i].text);
	return matches;
}

static void
show_one(const struct candidate *candidate, size_t longest)
{
	const struct out *out = the_tab->out;
	size_t room = out->width > longest + 5 ? out->width - longest - 5 : 0;

	fputs("  ", rl_outstream);
	text_print(rl_outstream, candidate->text, false);
	fprintf(rl_outstream, "%*s%s", (int)(longest + 2 -
	    text_width(candidate->text)), "", out_paint(out, PAINT_DIM));
	text_print_cut(rl_outstream, candidate->doc, room);
	fprintf(rl_outstream, "%s\n", out_plain(out));
}

static size_t
longest_of(const struct candidates *found, size_t n)
{
	size_t longest = 0;

	for (size_t i = 0; i < n; i++)
		if (text_width(found->v[i].text) > longest)
			longest = text_width(found->v[i].text);
	return longest;
}

static void
show_words(const struct candidates *found, size_t shown)
{
	size_t longest = longest_of(found, shown);

	for (size_t i = 0; i < shown; i++)
		show_one(&found->v[i], longest);
	if (found->n > shown)
		fprintf(rl_outstream, "  ... and %zu more\n",
		    found->n - shown);
}

/* All of them, downwards in columns; false: they take more rows. */
static bool
show_names(const struct candidates *found, size_t rows)
{
	size_t wide = longest_of(found, found->n) + 2;
	size_t columns = the_tab->out->width / wide, at;

	if (columns == 0 || found->n > columns * rows)
		return false;
	rows = (found->n + columns - 1) / columns;
	for (size_t row = 0; row < rows; row++) {
		for (at = row; at < found->n; at += rows) {
			fputs("  ", rl_outstream);
			text_print(rl_outstream, found->v[at].text, false);
			if (at + rows < found->n)
				fprintf(rl_outstream, "%*s", (int)(wide - 2 -
				    text_width(found->v[at].text)), "");
		}
		fputc('\n', rl_outstream);
	}
	return true;
}

/* Shows the candidates of the last Tab. */
static void
on_show_matches(char **matches, int n, int longest_match)
{
	const struct candidates *found = &the_tab->candidates;
	size_t rows = SHOWN_MAX, height = the_tab->out->height;

	if (height > SHOWN_REST && rows > height - SHOWN_REST)
		rows = height - SHOWN_REST;
	rl_crlf();
	if (found->n <= rows)
		show_words(found, found->n);
	else if (!show_names(found, rows))
		show_words(found, rows);
	rl_on_new_line();
	rl_forced_update_display();
}

void
tab_set_up(struct tab *tab)
{
	the_tab = tab;
	rl_completion_query_items = -1; /* asking would block the loop */
	rl_sort_completion_matches = 0; /* they are */
	rl_ignore_completion_duplicates = 0;
	rl_basic_word_break_characters = " \t\n";
	rl_completer_word_break_characters = " \t\n";
	rl_completer_quote_characters = "\"'";
	rl_attempted_completion_function = on_complete;
	rl_completion_display_matches_hook = on_show_matches;
	rl_variable_bind("show-all-if-ambiguous", "on");
	rl_variable_bind("page-completions", "off");
}

void
tab_release(struct tab *tab)
{
	complete_release(&tab->candidates);
	the_tab = NULL;
}
