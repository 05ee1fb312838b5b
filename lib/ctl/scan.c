/*
 * scan.c - is this text JSON? RFC 8259, by the letter, before json-c sees it.
 *
 * json-c is lenient where the RFC is not, even when told to be strict, and
 * differs from version to version. So the grammar is checked here, once, byte
 * by byte, by recursive descent: a function per rule, the recursion bounded by
 * EVTASK_CTL_DEPTH_MAX.
 *
 * Where the RFC leaves room, these are the ways taken:
 *   - blanks round the value are accepted; a byte order mark is not
 *   - \ud800 without its other half is refused: no UTF-8 can say it
 *   - \u0000 is accepted in a value and refused in a member's name, which
 *     json-c would cut there
 *   - an integer beyond 64 bits is refused, json-c would saturate it; -0, and
 *     any number of digits after the point, are accepted
 *   - 1e400 passes here; read.c refuses it, as it refuses a name said twice,
 *     which only the parsed value shows
 */
#include "scan.h"
#include <errno.h>
#include <evtask/ctl_message.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include "utf8.h"

struct scanner {
	const char *at;
	const char *end;
	size_t members;
	int depth;
	const char *expected; /* why it stopped at at */
};

static bool scan_value(struct scanner *s);

static bool
fail(struct scanner *s, const char *expected)
{
	s->expected = expected;
	return false;
}

/* The byte at hand; -1 at the end. */
static int
peek(const struct scanner *s)
{
	return s->at < s->end ? (unsigned char)*s->at : -1;
}

static bool
take(struct scanner *s, char c)
{
	if (peek(s) != c)
		return false;
	s->at++;
	return true;
}

static void
skip_blanks(struct scanner *s)
{
	while (s->at < s->end && memchr(" \t\r\n", *s->at, 4) != NULL)
		s->at++;
}

static bool
is_digit(int c)
{
	return c >= '0' && c <= '9';
}

/* Passes digits; false when there is none. */
static bool
take_digits(struct scanner *s)
{
	const char *begin = s->at;

	while (is_digit(peek(s)))
		s->at++;
	return s->at > begin || fail(s, "a digit");
}

/* Whether digits, which have no sign and no leading zero, fit 64 bits. */
static bool
fits_int64(const char *digits, size_t size, bool negative)
{
	const char *most = negative ? "9223372036854775808"
	    : "9223372036854775807";

	return size < strlen(most) ||
	    (size == strlen(most) && memcmp(digits, most, size) <= 0);
}

static bool
scan_number(struct scanner *s)
{
	bool negative = take(s, '-'), integer = true;
	const char *digits = s->at;

	if (!take(s, '0') && !take_digits(s))
		return false;
	if (is_digit(peek(s)))
		return fail(s, "no digit after a leading 0");
	if (take(s, '.')) {
		integer = false;
		if (!take_digits(s))
			return false;
	}
	if (take(s, 'e') || take(s, 'E')) {
		integer = false;
		if (!take(s, '+'))
			take(s, '-');
		if (!take_digits(s))
			return false;
	}
	if (integer && !fits_int64(digits, (size_t)(s->at - digits), negative))
		return fail(s, "an integer of at most 64 bits (longer ones "
		    "go as text)");
	return true;
}

static bool
take_hex4(struct scanner *s, unsigned *ret_unit)
{
	static const char hex[] = "0123456789abcdef0123456789ABCDEF";
	const char *digit;
	unsigned unit = 0;
	int i;

	for (i = 0; i < 4; i++) {
		if (s->at == s->end ||
		    (digit = memchr(hex, *s->at, sizeof(hex) - 1)) == NULL)
			return fail(s, "four hex digits after \\u");
		unit = unit << 4 | ((unsigned)(digit - hex) & 15);
		s->at++;
	}
	*ret_unit = unit;
	return true;
}

/* After "\u". */
static bool
scan_unicode(struct scanner *s, bool in_name)
{
	unsigned unit, other;

	if (!take_hex4(s, &unit))
		return false;
	if (unit == 0 && in_name)
		return fail(s, "no \\u0000 in a member's name");
	if (unit < 0xd800 || unit > 0xdfff)
		return true;
	if (unit <= 0xdbff && take(s, '\\') && take(s, 'u') &&
	    take_hex4(s, &other) && other >= 0xdc00 && other <= 0xdfff)
		return true;
	return fail(s, "both halves of a surrogate pair");
}

static bool
scan_escape(struct scanner *s, bool in_name)
{
	if (take(s, 'u'))
		return scan_unicode(s, in_name);
	if (s->at == s->end || memchr("\"\\/bfnrt", *s->at, 8) == NULL)
		return fail(s, "one of \" \\ / b f n r t u after \\");
	s->at++;
	return true;
}

static bool
scan_string(struct scanner *s, bool in_name)
{
	size_t step;

	if (!take(s, '"'))
		return fail(s, "a \"");
	while (!take(s, '"')) {
		if (s->at == s->end)
			return fail(s, "the closing \"");
		if (peek(s) < 0x20)
			return fail(s, "control characters as \\u00XX");
		if (take(s, '\\')) {
			if (!scan_escape(s, in_name))
				return false;
			continue;
		}
		step = utf8_size(s->at, (size_t)(s->end - s->at));
		if (step == 0)
			return fail(s, "UTF-8");
		s->at += step;
	}
	return true;
}

static bool
scan_member(struct scanner *s)
{
	skip_blanks(s);
	if (peek(s) != '"')
		return fail(s, "a member's name in \"\"");
	if (!scan_string(s, true))
		return false;
	s->members++;
	skip_blanks(s);
	if (!take(s, ':'))
		return fail(s, "a : after the member's name");
	return scan_value(s);
}

/* An array or object, at its opening bracket: items with commas between. */
static bool
scan_list(struct scanner *s, bool (*scan_item)(struct scanner *), char close,
    const char *expected)
{
	if (s->depth == EVTASK_CTL_DEPTH_MAX)
		return fail(s, "no more than 32 levels");
	s->depth++;
	s->at++;
	skip_blanks(s);
	if (!take(s, close)) {
		do {
			if (!scan_item(s))
				return false;
			skip_blanks(s);
		} while (take(s, ','));
		if (!take(s, close))
			return fail(s, expected);
	}
	s->depth--;
	return true;
}

static bool
scan_word(struct scanner *s, const char *word)
{
	size_t size = strlen(word);

	if ((size_t)(s->end - s->at) < size || memcmp(s->at, word, size) != 0)
		return fail(s, "a value");
	s->at += size;
	return true;
}

static bool
scan_value(struct scanner *s)
{
	skip_blanks(s);
	switch (peek(s)) {
	case '{':
		return scan_list(s, scan_member, '}', "a , or a }");
	case '[':
		return scan_list(s, scan_value, ']', "a , or a ]");
	case '"':
		return scan_string(s, false);
	case 't':
		return scan_word(s, "true");
	case 'f':
		return scan_word(s, "false");
	case 'n':
		return scan_word(s, "null");
	default:
		if (peek(s) != '-' && !is_digit(peek(s)))
			return fail(s, "a value");
		return scan_number(s);
	}
}

static void
describe(const struct scanner *s, const char *text, struct scan_fault *fault)
{
	int c = peek(s);

	fault->offset = (size_t)(s->at - text);
	fault->expected = s->expected;
	if (c < 0)
		strcpy(fault->got, "the end");
	else if (c > 0x20 && c < 0x7f)
		snprintf(fault->got, sizeof(fault->got), "%c", c);
	else
		snprintf(fault->got, sizeof(fault->got), "byte 0x%02x", c);
}

int
scan_json(const char *text, size_t size, struct scan *ret_scan,
    struct scan_fault *ret_fault)
{
	struct scanner s = { .at = text, .end = text + size };
	const char *begin, *end;
	bool ok;

	skip_blanks(&s);
	begin = s.at;
	ok = scan_value(&s);
	end = s.at;
	if (ok) {
		skip_blanks(&s);
		ok = s.at == s.end || fail(&s, "nothing after the value");
	}
	if (!ok) {
		describe(&s, text, ret_fault);
		return -EINVAL;
	}
	ret_scan->value = begin;
	ret_scan->size = (size_t)(end - begin);
	ret_scan->members = s.members;
	return 0;
}
