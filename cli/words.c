/*
 * words.c - a line, cut into words: the prompt's and the scripts' own rules.
 *
 *	word       'as it is'       "with \" \\ \n \t"       back\ slash
 *	# the rest of the line is a comment, where a word could begin
 *
 * Nothing is expanded: no variable, no glob, no tilde. Quoted and bare pieces
 * that touch are one word, as in a shell. A backslash outside of quotes takes
 * the next byte as it is; in double quotes it knows n, t, r and 0, and takes
 * every other byte as it is. Bytes are bytes: UTF-8 passes through.
 */
#include "words.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "explain.h"

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* What a backslash and c stand for between double quotes. */
static char
escaped(char c)
{
	switch (c) {
	case 'n':
		return '\n';
	case 't':
		return '\t';
	case 'r':
		return '\r';
	default:
		return c;
	}
}

/*
 * Reads the word at *at into text (as large as the line), and moves *at past
 * it. Returns the quote that is still open at the end of the line, or 0.
 */
static char
read_word(const char **at, char *text, bool *ret_quoted)
{
	const char *p = *at;
	char quote = '\0';

	*ret_quoted = false;
	for (; *p != '\0' && (quote != '\0' || !is_blank(*p)); p++) {
		if (quote == '\0' && (*p == '\'' || *p == '"')) {
			quote = *p;
			*ret_quoted = true;
		} else if (quote != '\0' && *p == quote) {
			quote = '\0';
		} else if (*p == '\\' && quote != '\'') {
			*ret_quoted = true;
			if (p[1] == '\0') {
				quote = '\\';
				p++;
				break;
			}
			p++;
			*text++ = quote == '"' ? escaped(*p) : *p;
		} else {
			*text++ = *p;
		}
	}
	*text = '\0';
	*at = p;
	return quote;
}

static int
append(struct words *words, char *text, size_t column, bool quoted)
{
	struct word *v = words->v;

	if (text == NULL)
		return -ENOMEM;
	if ((words->n & (words->n - 1)) == 0) /* room is a power of two */
		v = reallocarray(v, words->n == 0 ? 1 : 2 * words->n,
		    sizeof(*v));
	if (v == NULL) {
		free(text);
		return -ENOMEM;
	}
	words->v = v;
	v[words->n++] = (struct word){ text, column, quoted };
	return 0;
}

int
words_add(struct words *words, const char *text)
{
	if (words->n >= WORDS_MAX)
		return -E2BIG;
	return append(words, strdup(text), 0, false);
}

static int
explain_open(char **ret_why, char quote, size_t column)
{
	if (quote == '\\')
		return explain(ret_why, -EINVAL, "column %zu: nothing follows "
		    "the backslash at the end of the line", column + 1);
	return explain(ret_why, -EINVAL, "column %zu: the %c of this word is "
	    "not closed; add another %c", column + 1, quote, quote);
}

static int
cut(const char *line, char *text, struct words *words, char **ret_why)
{
	const char *p = line, *start, *end = line;
	bool quoted;
	int r;

	for (;;) {
		while (is_blank(*p))
			p++;
		if (*p == '\0' || *p == '#')
			break;
		if (words->n >= WORDS_MAX)
			return explain(ret_why, -E2BIG, "over %d words on one "
			    "line", WORDS_MAX);
		start = p;
		words->open = read_word(&p, text, &quoted);
		r = append(words, strdup(text), (size_t)(start - line), quoted);
		if (r < 0)
			return r;
		if (words->open != '\0' && ret_why != NULL)
			return explain_open(ret_why, words->open,
			    (size_t)(start - line));
		end = p;
	}
	words->finished = words->n == 0 || p > end;
	return 0;
}

int
words_cut(const char *line, struct words *ret_words, char **ret_why)
{
	char *text = malloc(strlen(line) + 1);
	int r;

	*ret_words = (struct words){0};
	if (text == NULL)
		return -ENOMEM;
	r = cut(line, text, ret_words, ret_why);
	free(text);
	if (r < 0)
		words_release(ret_words);
	return r;
}

int
words_of(char *const *argv, size_t n, struct words *ret_words)
{
	int r = 0;

	*ret_words = (struct words){0};
	for (size_t i = 0; i < n && r == 0; i++)
		r = words_add(ret_words, argv[i]);
	if (r < 0)
		words_release(ret_words);
	return r;
}

void
words_release(struct words *words)
{
	for (size_t i = 0; i < words->n; i++)
		free(words->v[i].text);
	free(words->v);
	*words = (struct words){0};
}

char *
words_quote(const char *text)
{
	char *quoted, *out;

	if (*text != '\0' && *text != '#' &&
	    strpbrk(text, " \t\r\n'\"\\") == NULL)
		return strdup(text);
	out = quoted = malloc(2 * strlen(text) + 3);
	if (quoted == NULL)
		return NULL;
	*out++ = '"';
	for (; *text != '\0'; text++) {
		if (strchr("\"\\\n\t\r", *text) != NULL)
			*out++ = '\\';
		*out++ = *text == '\n' ? 'n' : *text == '\t' ? 't' :
		    *text == '\r' ? 'r' : *text;
	}
	*out++ = '"';
	*out = '\0';
	return quoted;
}

/* The bytes of the UTF-8 character at p, or 0: there is none. */
static size_t
character_size(const unsigned char *p)
{
	static const struct {
		unsigned char mask, lead;
		uint32_t least; /* shorter forms are not allowed */
	} forms[] = {
		{ 0x80, 0x00, 0 }, { 0xe0, 0xc0, 0x80 },
		{ 0xf0, 0xe0, 0x800 }, { 0xf8, 0xf0, 0x10000 },
	};
	uint32_t c;
	size_t n, i;

	for (n = 0; n < 4 && (*p & forms[n].mask) != forms[n].lead; n++)
		;
	if (n == 4)
		return 0;
	c = *p & (unsigned char)~forms[n].mask;
	for (i = 1; i <= n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	if (c < forms[n].least || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return 0;
	return n + 1;
}

bool
words_is_utf8(const char *text)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t size = 1;

	for (; *p != '\0' && size > 0; p += size)
		size = character_size(p);
	return size > 0;
}
