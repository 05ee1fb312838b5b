/*
 * words.h - a line, cut into words.
 */
#ifndef CLI_WORDS_H
#define CLI_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#define WORDS_MAX 65536 /* words of a line */

struct word {
	char *text;
	size_t column; /* where it begins: bytes before it */
	bool quoted;   /* some of it stood in quotes or behind a backslash */
};

/* The words of a line. Owns them; all zero is no words. */
struct words {
	struct word *v;
	size_t n;
	char open;     /* what is not closed: a quote, the bracket of JSON, a
	                * backslash at the end; or 0 */
	bool finished; /* a blank follows the last word: it is complete */
};

/*
 * Cuts a line. Returns 0; -EINVAL when a quote is open at its end, and *ret_why
 * (unless NULL) says which and where; -E2BIG; -ENOMEM. The caller releases
 * the words and frees the sentence. With ret_why NULL an open quote is no
 * error: completion cuts lines that are still being typed.
 */
int words_cut(const char *line, struct words *ret_words, char **ret_why);

/* Whether the line goes on in the next one: it ends with a backslash, or
 * within JSON, or, if quotes do count, within quotes. */
bool words_go_on(const char *line, bool quotes);
/* Joins them. Returns 0, and *line is another one; -ENOMEM. */
int words_join(char **line, const char *more);

/* The words of argv[], copied. Returns 0 or -ENOMEM. */
int words_of(char *const *argv, size_t n, struct words *ret_words);

void words_release(struct words *words);

/* Whether text is UTF-8, which is all that the protocol carries. */
bool words_is_utf8(const char *text);

/* Adds a copy of text. Returns 0 or -ENOMEM. */
int words_add(struct words *words, const char *text);

/*
 * The word as one would type it: text itself, or quoted where a blank or a
 * quote is in it. The caller frees it; NULL without memory.
 */
char *words_quote(const char *text);

#endif
