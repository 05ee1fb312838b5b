/*
 * tap.c - lines of output, taken out of the protocol without a parser.
 *
 * A log that is followed is one notification a line, and nearly all of them
 * are the same but for some numbers and the text. Reading JSON into objects,
 * to print one text and free them all, takes ten times as long as looking at
 * the bytes. So the one form that the server writes is compared byte by byte;
 * whatever is not exactly that - an escape, a partial line, a member more -
 * takes the long way, which knows everything.
 */
#include "tap.h"

#include <string.h>

struct cursor {
	const char *p, *end;
};

/* Takes the bytes, if they come next. */
static bool
take(struct cursor *at, const char *bytes, size_t size)
{
	if ((size_t)(at->end - at->p) < size || memcmp(at->p, bytes, size) != 0)
		return false;
	at->p += size;
	return true;
}

#define TAKE(at, literal) take((at), (literal), sizeof(literal) - 1)

static bool
take_number(struct cursor *at, int64_t *ret_n)
{
	const char *first = at->p;
	int64_t n = 0;

	while (at->p < at->end && *at->p >= '0' && *at->p <= '9' &&
	    at->p - first < 17)
		n = 10 * n + (*at->p++ - '0');
	*ret_n = n;
	return at->p > first;
}

bool
tap_read(const char *message, size_t size, struct tap_line *ret_line)
{
	struct cursor at = { message, message + size };
	int64_t n;

	if (!TAKE(&at, "{\"jsonrpc\":\"2.0\",\"method\":\"event\","
	    "\"params\":{\"sub\":") || !take_number(&at, &ret_line->sub) ||
	    !TAKE(&at, ",\"seq\":") || !take_number(&at, &n) ||
	    !TAKE(&at, ",\"ts_us\":") || !take_number(&at, &n) ||
	    !TAKE(&at, ",\"type\":\"task.log\",\"task\":") ||
	    !take_number(&at, &n) ||
	    !TAKE(&at, ",\"data\":{\"line\":{\"stream\":\"std"))
		return false;
	ret_line->is_stderr = TAKE(&at, "err\"");
	if ((!ret_line->is_stderr && !TAKE(&at, "out\"")) ||
	    !TAKE(&at, ",\"ts_us\":") || !take_number(&at, &n) ||
	    !TAKE(&at, ",\"text\":\"") || at.end - at.p < 5 ||
	    memcmp(at.end - 5, "\"}}}}", 5) != 0)
		return false;
	ret_line->text = at.p;
	ret_line->size = (size_t)(at.end - 5 - at.p);
	return memchr(at.p, '\\', ret_line->size) == NULL &&
	    memchr(at.p, '"', ret_line->size) == NULL;
}
