/*
 * oob_text.c - JSON, written to a socket and read from a line, in place: for
 * the thread that may not allocate.
 *
 * What is written is always JSON: bytes that are not UTF-8 become question
 * marks. What is read is not judged beyond what is needed to find its members:
 * values are told apart by their first byte, and skipped by their brackets.
 */
#include "oob_text.h"
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#define PATIENCE_MS 1000 /* with a client that does not read */
#define DEPTH_MAX 32

/* Writing. */

void
oob_text_begin(struct oob_text *text, int fd)
{
	text->fd = fd;
	text->failed = text->comma = false;
	text->used = 0;
}

static void
flush(struct oob_text *text)
{
	struct pollfd writable = { .fd = text->fd, .events = POLLOUT };
	size_t sent = 0;
	ssize_t n;

	while (!text->failed && sent < text->used) {
		n = send(text->fd, text->bytes + sent, text->used - sent,
		    MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n >= 0)
			sent += (size_t)n;
		else if (errno == EAGAIN)
			text->failed = poll(&writable, 1, PATIENCE_MS) <= 0;
		else
			text->failed = errno != EINTR;
	}
	text->used = 0;
}

bool
oob_text_end(struct oob_text *text)
{
	flush(text);
	return !text->failed;
}

static void
add(struct oob_text *text, const char *bytes, size_t size)
{
	size_t some;

	while (size > 0) {
		if (text->used == OOB_TEXT_BYTES)
			flush(text);
		some = OOB_TEXT_BYTES - text->used;
		if (some > size)
			some = size;
		memcpy(text->bytes + text->used, bytes, some);
		text->used += some;
		bytes += some;
		size -= some;
	}
}

void
oob_raw(struct oob_text *text, const char *bytes, size_t size, bool comma)
{
	add(text, bytes, size);
	text->comma = comma;
}

static void
add_comma(struct oob_text *text)
{
	if (text->comma)
		add(text, ",", 1);
	text->comma = false;
}

/* The bytes of the character there; 0: it is no UTF-8. */
static size_t
character_size(const char *s)
{
	const unsigned char *c = (const unsigned char *)s;
	size_t n, i;

	if (c[0] < 0x80)
		return 1;
	n = c[0] >= 0xc2 && c[0] < 0xe0 ? 2 : (c[0] & 0xf0) == 0xe0 ? 3
	    : c[0] >= 0xf0 && c[0] < 0xf5 ? 4 : 0;
	for (i = 1; i < n; i++)
		if ((c[i] & 0xc0) != 0x80)
			return 0;
	if ((c[0] == 0xe0 && c[1] < 0xa0) || (c[0] == 0xed && c[1] >= 0xa0) ||
	    (c[0] == 0xf0 && c[1] < 0x90) || (c[0] == 0xf4 && c[1] >= 0x90))
		return 0;
	return n;
}

static void
add_string(struct oob_text *text, const char *s)
{
	char escaped[8];
	size_t size;

	add(text, "\"", 1);
	for (; *s != '\0'; s += size > 0 ? size : 1) {
		size = character_size(s);
		if (size == 0) {
			add(text, "?", 1);
		} else if (size > 1 || ((unsigned char)*s >= 0x20 &&
		    *s != '"' && *s != '\\')) {
			add(text, s, size);
		} else {
			snprintf(escaped, sizeof(escaped), "\\u%04x", *s);
			add(text, escaped, 6);
		}
	}
	add(text, "\"", 1);
}

void
oob_name(struct oob_text *text, const char *name)
{
	add_comma(text);
	add_string(text, name);
	add(text, ":", 1);
}

void
oob_open(struct oob_text *text, char bracket)
{
	add_comma(text);
	add(text, &bracket, 1);
}

void
oob_close(struct oob_text *text, char bracket)
{
	oob_raw(text, &bracket, 1, true);
}

void
oob_null(struct oob_text *text)
{
	oob_raw(text, "null", 4, true);
}

void
oob_string(struct oob_text *text, const char *value)
{
	if (value == NULL) {
		oob_null(text);
		return;
	}
	add_comma(text);
	add_string(text, value);
	text->comma = true;
}

void
oob_int(struct oob_text *text, int64_t value)
{
	char digits[24];
	int n = snprintf(digits, sizeof(digits), "%" PRId64, value);

	add_comma(text);
	oob_raw(text, digits, (size_t)n, true);
}

void
oob_put_string(struct oob_text *text, const char *name, const char *value)
{
	oob_name(text, name);
	oob_string(text, value);
}

void
oob_put_int(struct oob_text *text, const char *name, int64_t value)
{
	oob_name(text, name);
	oob_int(text, value);
}

/* Reading. */

struct reader {
	const char *at, *end;
};

static void
skip_blanks(struct reader *r)
{
	while (r->at < r->end && strchr(" \t\r\n", *r->at) != NULL &&
	    *r->at != '\0')
		r->at++;
}

static bool
take(struct reader *r, char c)
{
	skip_blanks(r);
	if (r->at == r->end || *r->at != c)
		return false;
	r->at++;
	return true;
}

static bool
take_string(struct reader *r, struct oob_slice *ret)
{
	const char *begin;

	if (!take(r, '"'))
		return false;
	for (begin = r->at; r->at < r->end && *r->at != '"'; r->at++) {
		if ((unsigned char)*r->at < 0x20)
			return false;
		if (*r->at == '\\' && ++r->at == r->end)
			return false;
	}
	*ret = (struct oob_slice){ begin, (size_t)(r->at - begin) };
	return take(r, '"');
}

/* Of objects and lists only the strings and the brackets are looked at. */
static bool
skip_nested(struct reader *r)
{
	struct oob_slice string;
	int depth = 0;

	do {
		skip_blanks(r);
		if (r->at == r->end)
			return false;
		if (*r->at == '"') {
			if (!take_string(r, &string))
				return false;
			continue;
		}
		depth += *r->at == '{' || *r->at == '[';
		depth -= *r->at == '}' || *r->at == ']';
		r->at++;
	} while (depth > 0 && depth <= DEPTH_MAX);
	return depth == 0;
}

static bool
take_value(struct reader *r, struct oob_slice *ret)
{
	struct oob_slice string;
	const char *begin;

	skip_blanks(r);
	begin = r->at;
	if (r->at == r->end)
		return false;
	if (*r->at == '"') {
		if (!take_string(r, &string))
			return false;
	} else if (*r->at == '{' || *r->at == '[') {
		if (!skip_nested(r))
			return false;
	} else {
		while (r->at < r->end && strchr("+-.", *r->at) != NULL)
			r->at++;
		while (r->at < r->end && ((*r->at >= '0' && *r->at <= '9') ||
		    (*r->at >= 'a' && *r->at <= 'z') || *r->at == 'E' ||
		    *r->at == '+' || *r->at == '-' || *r->at == '.'))
			r->at++;
	}
	*ret = (struct oob_slice){ begin, (size_t)(r->at - begin) };
	return ret->size > 0;
}

bool
oob_read(struct oob_slice object,
    void (*member)(struct oob_slice name, struct oob_slice value, void *arg),
    void *arg, size_t *ret_offset)
{
	struct reader r = { object.at, object.at + object.size };
	struct oob_slice name, value;
	bool good = take(&r, '{'), more = good;

	if (good && take(&r, '}'))
		more = false;
	while (good && more) {
		good = take_string(&r, &name) && take(&r, ':') &&
		    take_value(&r, &value);
		if (good)
			member(name, value, arg);
		more = good && take(&r, ',');
		if (good && !more)
			good = take(&r, '}');
	}
	skip_blanks(&r);
	*ret_offset = (size_t)(r.at - object.at);
	return good && r.at == r.end;
}

bool
oob_is(struct oob_slice slice, const char *words)
{
	return slice.size == strlen(words) &&
	    memcmp(slice.at, words, slice.size) == 0;
}

bool
oob_read_int(struct oob_slice slice, int64_t *ret_n)
{
	int64_t n = 0;
	size_t i;

	if (slice.size == 0 || slice.size > 16)
		return false;
	for (i = 0; i < slice.size; i++) {
		if (slice.at[i] < '0' || slice.at[i] > '9')
			return false;
		n = n * 10 + (slice.at[i] - '0');
	}
	*ret_n = n;
	return true;
}
