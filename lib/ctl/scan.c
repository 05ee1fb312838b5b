/*
 * scan.c - the tokens of JSON: RFC 8259, by the letter.
 *
 * json-c's own reader is lenient where the RFC is not, even when told to be
 * strict, differs from version to version, and does not survive a failed
 * allocation. So no text reaches it but that of a number with a fraction,
 * whose rounding (whatever the locale) is its affair.
 *
 * Where the RFC leaves room, these are the ways taken:
 *   - blanks round the value are accepted; a byte order mark is not
 *   - \ud800 without its other half is refused: no UTF-8 can say it
 *   - \u0000 is accepted in a value and refused in a member's name, which is
 *     a C string in json-c
 *   - an integer beyond 64 bits is refused, and so is 1e400; 1e-400 is 0, -0
 *     is 0, and any number of digits after the point is accepted
 */
#include "scan.h"
#include <errno.h>
#include <evtask/ctl_message.h>
#include <json-c/json.h>
#include <math.h>
#include <string.h>
#include "utf8.h"

bool
scan_fail(struct scanner *s, const char *expected)
{
	s->error = -EINVAL;
	s->expected = expected;
	return false;
}

bool
scan_no_memory(struct scanner *s)
{
	s->error = -ENOMEM;
	return false;
}

bool
scan_word(struct scanner *s, const char *word)
{
	size_t size = strlen(word);

	if ((size_t)(s->end - s->at) < size || memcmp(s->at, word, size) != 0)
		return scan_fail(s, "a value");
	s->at += size;
	return true;
}

#define TEXT_OF(n) #n
#define NO_MORE(n) "no more than " TEXT_OF(n) " values (a member counts as " \
	"2, an object or a list as 4, a number with a fraction as 10)"

bool
scan_spend(struct scanner *s, size_t cost)
{
	if (s->budget < cost) {
		s->overspent = true;
		return scan_fail(s, NO_MORE(EVTASK_CTL_VALUES_MAX));
	}
	s->budget -= cost;
	return true;
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

	while (is_digit(scan_peek(s)))
		s->at++;
	return s->at > begin || scan_fail(s, "a digit");
}

/* Passes a fraction and an exponent, as far as they are there. */
static bool
take_fraction(struct scanner *s)
{
	if (scan_take(s, '.') && !take_digits(s))
		return false;
	if (!scan_take(s, 'e') && !scan_take(s, 'E'))
		return true;
	if (!scan_take(s, '+'))
		scan_take(s, '-');
	return take_digits(s);
}

/* Digits, negated: the negative numbers reach one further. */
static bool
make_int(struct scanner *s, const char *digits, bool negative,
    struct json_object **ret_value)
{
	int64_t n = 0;

	for (; digits < s->at; digits++) {
		if (n < (INT64_MIN + (*digits - '0')) / 10)
			break;
		n = n * 10 - (*digits - '0');
	}
	if (digits < s->at || (!negative && n == INT64_MIN))
		return scan_fail(s, "an integer of at most 64 bits (longer "
		    "ones go as text)");
	*ret_value = json_object_new_int64(negative ? n : -n);
	return *ret_value != NULL || scan_no_memory(s);
}

/* The blank shows json-c the end of the number. */
static bool
make_double(struct scanner *s, const char *number,
    struct json_object **ret_value)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *value;

	if (tokener == NULL)
		return scan_no_memory(s);
	value = json_tokener_parse_ex(tokener, number, (int)(s->at - number));
	if (value == NULL)
		value = json_tokener_parse_ex(tokener, " ", 1);
	json_tokener_free(tokener);
	if (value == NULL)
		return scan_no_memory(s);
	if (!isfinite(json_object_get_double(value))) {
		json_object_put(value);
		return scan_fail(s, "numbers that a double can hold");
	}
	*ret_value = value;
	return true;
}

bool
scan_number(struct scanner *s, struct json_object **ret_value)
{
	const char *begin = s->at, *digits;
	bool negative = scan_take(s, '-');

	digits = s->at;
	if (!scan_take(s, '0') && !take_digits(s))
		return false;
	if (is_digit(scan_peek(s)))
		return scan_fail(s, "no digit after a leading 0");
	if (scan_peek(s) != '.' && scan_peek(s) != 'e' && scan_peek(s) != 'E')
		return make_int(s, digits, negative, ret_value);
	return scan_spend(s, SCAN_COST_FRACTION) && take_fraction(s) &&
	    make_double(s, begin, ret_value);
}

static bool
take_hex4(struct scanner *s, unsigned *ret_unit)
{
	unsigned unit = 0;
	int i, c;

	for (i = 0; i < 4; i++) {
		c = scan_peek(s);
		if (is_digit(c))
			unit = unit << 4 | (unsigned)(c - '0');
		else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))
			unit = unit << 4 | ((unsigned)(c & 7) + 9);
		else
			return scan_fail(s, "four hex digits after \\u");
		s->at++;
	}
	*ret_unit = unit;
	return true;
}

/* Adds a character to the text, as UTF-8. */
static void
add_character(struct scanner *s, unsigned c)
{
	char bytes[4];
	size_t size;

	if (c < 0x80) {
		bytes[0] = (char)c;
		size = 1;
	} else if (c < 0x800) {
		bytes[0] = (char)(0xc0 | c >> 6);
		size = 2;
	} else if (c < 0x10000) {
		bytes[0] = (char)(0xe0 | c >> 12);
		size = 3;
	} else {
		bytes[0] = (char)(0xf0 | c >> 18);
		size = 4;
	}
	if (size > 3)
		bytes[size - 3] = (char)(0x80 | (c >> 12 & 0x3f));
	if (size > 2)
		bytes[size - 2] = (char)(0x80 | (c >> 6 & 0x3f));
	if (size > 1)
		bytes[size - 1] = (char)(0x80 | (c & 0x3f));
	text_add(&s->text, bytes, size);
}

/* After "\u". */
static bool
take_unicode(struct scanner *s, bool in_name)
{
	unsigned unit, other;

	if (!take_hex4(s, &unit))
		return false;
	if (unit == 0 && in_name)
		return scan_fail(s, "no \\u0000 in a member's name");
	if (unit >= 0xd800 && unit <= 0xdfff) {
		if (unit > 0xdbff || !scan_take(s, '\\') ||
		    !scan_take(s, 'u') || !take_hex4(s, &other) ||
		    other < 0xdc00 || other > 0xdfff)
			return scan_fail(s, "both halves of a surrogate pair");
		unit = 0x10000 + ((unit - 0xd800) << 10) + (other - 0xdc00);
	}
	add_character(s, unit);
	return true;
}

/* After "\". */
static bool
take_escape(struct scanner *s, bool in_name)
{
	static const char meant['u'] = {
		['"'] = '"', ['\\'] = '\\', ['/'] = '/', ['b'] = '\b',
		['f'] = '\f', ['n'] = '\n', ['r'] = '\r', ['t'] = '\t',
	};
	int c = scan_peek(s);

	if (c == 'u') {
		s->at++;
		return take_unicode(s, in_name);
	}
	if (c < 0 || c > 'u' || meant[c] == '\0')
		return scan_fail(s, "one of \" \\ / b f n r t u after \\");
	s->at++;
	text_add(&s->text, &meant[c], 1);
	return true;
}

/* Adds the bytes that stand for themselves, up to a quote or a backslash. */
static bool
take_plain(struct scanner *s)
{
	const char *begin = s->at;
	size_t step;

	while (s->at < s->end && *s->at != '"' && *s->at != '\\') {
		if ((unsigned char)*s->at < 0x20)
			return scan_fail(s, "control characters as \\u00XX");
		step = (unsigned char)*s->at < 0x80 ? 1 :
		    utf8_size(s->at, (size_t)(s->end - s->at));
		if (step == 0)
			return scan_fail(s, "UTF-8");
		s->at += step;
	}
	text_add(&s->text, begin, (size_t)(s->at - begin));
	return true;
}

/* The string is not what stands in the line: plain bytes of it are passed. */
static bool
decode_string(struct scanner *s, size_t plain, bool in_name)
{
	text_clear(&s->text);
	text_add(&s->text, s->at, plain);
	s->at += plain;
	for (;;) {
		if (!take_plain(s))
			return false;
		if (scan_take(s, '"'))
			break;
		if (!scan_take(s, '\\'))
			return scan_fail(s, "the closing \"");
		if (!take_escape(s, in_name))
			return false;
	}
	s->string = s->text.bytes;
	s->string_size = s->text.size;
	return s->text.error == 0 || scan_no_memory(s);
}

bool
scan_string(struct scanner *s, bool in_name)
{
	size_t left, plain;

	s->at++;
	left = (size_t)(s->end - s->at);
	plain = text_plain_size(s->at, left);
	if (plain == left || s->at[plain] != '"')
		return decode_string(s, plain, in_name);
	s->string = s->at;
	s->string_size = plain;
	s->at += plain + 1;
	return true;
}
