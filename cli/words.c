/*
 * words.c - a line, cut into words: the prompt's and the scripts' own rules.
 *
 *	word       'as it is'       "with \" \\ \n \t"       back\ slash
 *	key:={"a": [1, 2]}   key:="text"
 *	# the rest of the line is a comment, where a word could begin
 *
 * Nothing is expanded: no variable, no glob, no tilde. Quoted and bare pieces
 * that touch are one word, as in a shell. A backslash outside of quotes takes
 * the next byte as it is; in double quotes it knows n, t, r and 0, and takes
 * every other byte as it is. JSON behind := needs no quotes round it: it is
 * taken as it is, blanks and quotes and all, up to its last bracket. Bytes are
 * bytes: UTF-8 passes through.
 */
#include "words.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
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
 * Copies JSON from *at, up to the bracket or quote that closes it, and moves
 * both past it. Returns what is still open at the end of the line, or 0.
 */
static char
read_json(const char **at, char **text)
{
	const char *p = *at;
	char first = *p;
	bool inside = false; /* a text of it */
	int depth = 0;

	do {
		if (*p == '\\' && inside && p[1] != '\0')
			*(*text)++ = *p++;
		else if (*p == '"')
			inside = !inside;
		else if (!inside && (*p == '{' || *p == '['))
			depth++;
		else if (!inside && (*p == '}' || *p == ']'))
			depth--;
		*(*text)++ = *p++;
	} while (*p != '\0' && (inside || depth > 0));
	*at = p;
	return inside || depth > 0 ? first : '\0';
}

/* Whether JSON begins here: behind the := that ends the word's key. */
static bool
begins_json(const char *p, const char *begin, const char *text)
{
	return (*p == '{' || *p == '[' || *p == '"') && text > begin + 2 &&
	    text[-1] == '=' && text[-2] == ':' &&
	    memchr(begin, '=', (size_t)(text - begin)) == text - 1;
}

/* One byte outside of JSON, or two behind a backslash. Returns what is open
 * after it. */
static char
read_byte(const char **at, char **text, char quote, bool *quoted)
{
	char c = *(*at)++;

	if (quote == '\0' && (c == '\'' || c == '"')) {
		*quoted = true;
		return c;
	}
	if (quote != '\0' && c == quote)
		return '\0';
	if (c == '\\' && quote != '\'') {
		*quoted = true;
		if (**at == '\0')
			return '\\';
		c = quote == '"' ? escaped(**at) : **at;
		++*at;
	}
	*(*text)++ = c;
	return quote;
}

/*
 * Reads the word at *at into text (as large as the line), and moves *at past
 * it. Returns what is still open at the end of the line, or 0.
 */
static char
read_word(const char **at, char *text, bool *ret_quoted)
{
	const char *begin = text;
	char open = '\0';

	*ret_quoted = false;
	while (**at != '\0' && (open != '\0' || !is_blank(**at))) {
		if (open == '\0' && !*ret_quoted &&
		    begins_json(*at, begin, text)) {
			*ret_quoted = true;
			open = read_json(at, &text);
		} else {
			open = read_byte(at, &text, open, ret_quoted);
		}
	}
	*text = '\0';
	return open;
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
	if (quote == '{' || quote == '[')
		return explain(ret_why, -EINVAL, "column %zu: the JSON of "
		    "this word is not closed; a %c is missing", column + 1,
		    quote + 2); /* as ASCII has them */
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

bool
words_go_on(const char *line, bool quotes)
{
	struct words words;
	bool on;

	if (words_cut(line, &words, NULL) < 0)
		return false;
	on = words.open == '\\' || words.open == '{' || words.open == '[' ||
	    (quotes && words.open != '\0');
	words_release(&words);
	return on;
}

int
words_join(char **line, const char *more)
{
	size_t size = strlen(*line);
	struct words words;
	char *joined;
	int r = words_cut(*line, &words, NULL);

	if (r < 0)
		return r;
	/* A backslash hides the line end; to JSON it is a blank. */
	if (words.open == '\\')
		r = asprintf(&joined, "%.*s%s", (int)size - 1, *line, more);
	else
		r = asprintf(&joined, "%s%c%s", *line, words.open == '{' ||
		    words.open == '[' ? ' ' : '\n', more);
	words_release(&words);
	if (r < 0)
		return -ENOMEM;
	free(*line);
	*line = joined;
	return 0;
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
