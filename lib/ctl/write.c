/*
 * write.c - the one gate to the wire: any value as one line of valid JSON.
 *
 * json-c's own writer passes bytes that are no UTF-8, writes NaN and Infinity
 * as words, and takes the text of a number from whoever made it. Nothing here
 * trusts the value: a byte that belongs to no UTF-8 sequence becomes U+FFFD, a
 * number that JSON cannot say becomes null, control characters are escaped, so
 * a line never holds a raw newline. Member order is kept.
 */
#include <endian.h>
#include <errno.h>
#include <evtask/ctl_message.h>
#include <json-c/json.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "text.h"
#include "utf8.h"

static void write_value(struct text *out, struct json_object *value,
    int depth);

/* How a byte is written when it cannot be written as it is; NULL: it can. */
static const char *
escape(unsigned char byte, char buf[8])
{
	static const char letters[] = "\bb\ff\nn\rr\tt\"\"\\\\";
	const char *letter;

	if (byte >= 0x20 && byte != '"' && byte != '\\')
		return NULL;
	for (letter = letters; *letter != '\0'; letter += 2)
		if (byte == (unsigned char)letter[0]) {
			snprintf(buf, 8, "\\%c", letter[1]);
			return buf;
		}
	snprintf(buf, 8, "\\u%04x", byte);
	return buf;
}

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Has its high bit set in each byte of word that is zero; above the first of
 * them also elsewhere. */
static uint64_t
zeros(uint64_t word)
{
	return (word - EACH(1)) & ~word & EACH(0x80);
}

/* How many of eight bytes are ASCII, before a control, quote or backslash. */
static size_t
plain_of_eight(const char *s)
{
	uint64_t word, others;

	memcpy(&word, s, sizeof(word));
	word = le64toh(word); /* the first byte is the lowest */
	others = ((word | (word - EACH(0x20))) & EACH(0x80)) |
	    zeros(word ^ EACH('"')) | zeros(word ^ EACH('\\'));
	return others == 0 ? 8 : (size_t)__builtin_ctzll(others) / 8;
}

/* How many bytes stand for themselves in any text: most do. */
size_t
text_plain_size(const char *s, size_t size)
{
	size_t n = 0, step;

	while (size - n >= sizeof(uint64_t)) {
		step = plain_of_eight(s + n);
		n += step;
		if (step < sizeof(uint64_t))
			return n;
	}
	for (; n < size && s[n] >= 0x20 && s[n] < 0x7f && s[n] != '"' &&
	    s[n] != '\\'; n++)
		continue;
	return n;
}

void
text_string(struct text *out, const char *s, size_t size)
{
	size_t plain = 0, step; /* plain: what is not written yet, before s */
	const char *instead;
	char buf[8];

	text_add(out, "\"", 1);
	for (; size > 0; s += step, size -= step) {
		step = text_plain_size(s, size);
		if (step > 0) {
			plain += step;
			continue;
		}
		step = utf8_size(s, size);
		instead = step == 0 ? "\xef\xbf\xbd" : escape(*s, buf);
		if (instead == NULL) {
			plain += step;
			continue;
		}
		text_add(out, s - plain, plain);
		text_add_string(out, instead);
		plain = 0;
		if (step == 0)
			step = 1;
	}
	text_add(out, s - plain, plain);
	text_add(out, "\"", 1);
}

/* Writes before end, two digits at a time; returns where they begin. */
static char *
write_digits(char *end, uint64_t left, bool negative)
{
	static const char pairs[] =
	    "0001020304050607080910111213141516171819"
	    "2021222324252627282930313233343536373839"
	    "4041424344454647484950515253545556575859"
	    "6061626364656667686970717273747576777879"
	    "8081828384858687888990919293949596979899";
	char *at = end;

	for (; left >= 10; left /= 100) {
		at -= 2;
		memcpy(at, &pairs[left % 100 * 2], 2);
	}
	if (left > 0 || at == end)
		*--at = (char)('0' + left);
	if (negative)
		*--at = '-';
	return at;
}

char *
text_digits(char buf[TEXT_DIGITS], int64_t n)
{
	return write_digits(buf + TEXT_DIGITS, n < 0 ? -(uint64_t)n
	    : (uint64_t)n, n < 0);
}

static void
write_number(struct text *out, uint64_t n, bool negative)
{
	char buf[TEXT_DIGITS], *end = buf + sizeof(buf);
	char *digits = write_digits(end, n, negative);

	text_add(out, digits, (size_t)(end - digits));
}

void
text_int(struct text *out, int64_t n)
{
	write_number(out, n < 0 ? -(uint64_t)n : (uint64_t)n, n < 0);
}

/* The integer types of json-c, of which the unsigned one goes further. */
static void
write_int(struct text *out, struct json_object *value)
{
	int64_t n = json_object_get_int64(value);

	if (n == INT64_MAX)
		write_number(out, json_object_get_uint64(value), false);
	else
		text_int(out, n);
}

/* What a writer has made has come through this gate already. */
static void
write_text(struct text *out, struct json_object *value)
{
	const char *bytes = json_object_get_string(value);
	size_t size = (size_t)json_object_get_string_len(value);

	if (text_is_written(value))
		text_add(out, bytes, size);
	else
		text_string(out, bytes, size);
}

/* The shortest form that reads back the same, whatever the locale. */
static void
write_double(struct text *out, double d)
{
	char buf[40], *c;
	int digits;

	if (!isfinite(d)) {
		text_add_string(out, "null");
		return;
	}
	for (digits = 15; digits <= 17; digits++) {
		snprintf(buf, sizeof(buf), "%.*g", digits, d);
		if (strtod(buf, NULL) == d)
			break;
	}
	for (c = buf; *c != '\0'; c++)
		if (strchr("0123456789+-e", *c) == NULL)
			*c = '.';
	text_add_string(out, buf);
	if (strpbrk(buf, ".e") == NULL)
		text_add_string(out, ".0"); /* stays a double when read back */
}

static void
write_array(struct text *out, struct json_object *array, int depth)
{
	size_t n = json_object_array_length(array), i;

	text_add(out, "[", 1);
	for (i = 0; i < n; i++) {
		if (i > 0)
			text_add(out, ",", 1);
		write_value(out, json_object_array_get_idx(array, i), depth);
	}
	text_add(out, "]", 1);
}

static void
write_object(struct text *out, struct json_object *object, int depth)
{
	const char *comma = "";

	text_add(out, "{", 1);
	json_object_object_foreach(object, key, value) {
		text_add_string(out, comma);
		text_string(out, key, strlen(key));
		text_add(out, ":", 1);
		write_value(out, value, depth);
		comma = ",";
	}
	text_add(out, "}", 1);
}

static void
write_nested(struct text *out, struct json_object *value, int depth)
{
	if (depth >= EVTASK_CTL_DEPTH_MAX) {
		if (out->error == 0)
			out->error = -E2BIG;
	} else if (json_object_is_type(value, json_type_array)) {
		write_array(out, value, depth + 1);
	} else {
		write_object(out, value, depth + 1);
	}
}

static void
write_value(struct text *out, struct json_object *value, int depth)
{
	switch (json_object_get_type(value)) {
	case json_type_null:
		text_add_string(out, "null");
		break;
	case json_type_boolean:
		text_add_string(out,
		    json_object_get_boolean(value) ? "true" : "false");
		break;
	case json_type_double:
		write_double(out, json_object_get_double(value));
		break;
	case json_type_int:
		write_int(out, value);
		break;
	case json_type_string:
		write_text(out, value);
		break;
	case json_type_object:
	case json_type_array:
		write_nested(out, value, depth);
		break;
	}
}

void
text_value(struct text *text, struct json_object *value)
{
	write_value(text, value, 0);
}

void
text_member(struct text *text, struct json_object *value)
{
	write_value(text, value, 1);
}

int
evtask_ctl_encode(struct json_object *value, char **ret_line,
    size_t *ret_size)
{
	struct text out = {0};
	int r;

	text_value(&out, value);
	text_add(&out, "\n", 1);
	r = out.error;
	if (r != 0) {
		text_release(&out);
		return r;
	}
	*ret_line = out.bytes;
	*ret_size = out.size;
	return 0;
}
