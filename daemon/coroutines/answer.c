/*
 * answer.c - an HTTP answer, read from a stream.
 *
 *	head --> body: so many bytes | in chunks | up to the end
 *
 * An interim answer (100 and the like) is a head, and another follows. The
 * body is handed on as it comes, and never kept. Everything a server may send
 * has a limit: a line that of the stream, a head HEADERS_MAX lines, a body
 * that of whoever takes it.
 */
#include "answer.h"

#include <errno.h>
#include <evtask/ctl_value.h>
#include <evtask/evtask.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define HEADERS_MAX 200
#define PIECE_BYTES 16384

static int
broken(const struct answer *a, const char *what)
{
	return evtask_raise_as("BadResponse", -EPROTO, "%s: %s", a->from,
	    what);
}

/* A line without its end, cut out of what the stream lends. */
static int
read_line(struct answer *a, char **ret_line)
{
	const char *line;
	ssize_t n = evtask_stream_readline(a->stream, &line);

	if (n == -EMSGSIZE)
		return broken(a, "a line of its head is too long");
	if (n < 0)
		return (int)n;
	if (n == 0 || line[n - 1] != '\n')
		return broken(a, "the connection ended within the head");
	n--;
	if (n > 0 && line[n - 1] == '\r')
		n--;
	*ret_line = strndup(line, (size_t)n);
	return *ret_line != NULL ? 0 : -ENOMEM;
}

static int
parse_status(struct answer *a, const char *line)
{
	char minor;

	if (sscanf(line, "HTTP/1.%c %3d", &minor, &a->status) != 2 ||
	    a->status < 100 || a->status > 599)
		return broken(a, "this is not HTTP");
	return 0;
}

static int
set_length(struct answer *a, const char *value)
{
	long long n;
	char *end;

	errno = 0;
	n = strtoll(value, &end, 10);
	if (*value < '0' || *value > '9' || *end != '\0' || errno != 0 ||
	    (a->length >= 0 && a->length != n))
		return broken(a, "its Content-Length is no number");
	a->length = n;
	return 0;
}

/* Names in lower case; of several with one name, the last. */
static int
parse_header(struct answer *a, char *line)
{
	char *value = strchr(line, ':');
	size_t size;

	if (value == NULL || value == line)
		return broken(a, "a line of its head has no name");
	*value++ = '\0';
	value += strspn(value, " \t");
	size = strlen(value);
	while (size > 0 && strchr(" \t", value[size - 1]) != NULL)
		value[--size] = '\0';
	for (char *c = line; *c != '\0'; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	if (json_object_object_length(a->headers) >= HEADERS_MAX)
		return broken(a, "its head has too many lines");
	evtask_ctl_put_text(&a->headers, line, value);
	if (a->headers == NULL)
		return -ENOMEM;
	if (strcmp(line, "transfer-encoding") == 0)
		a->chunked = strcasecmp(value, "chunked") == 0;
	if (strcmp(line, "content-length") == 0)
		return set_length(a, value);
	return 0;
}

int
answer_read_head(struct answer *a)
{
	char *line;
	bool last;
	int r;

	json_object_put(a->headers);
	a->headers = json_object_new_object();
	a->length = -1;
	a->chunked = false;
	r = read_line(a, &line);
	if (r < 0)
		return r;
	r = parse_status(a, line);
	free(line);
	for (int n = 0; r == 0; n++) {
		if (n > HEADERS_MAX)
			return broken(a, "its head has too many lines");
		r = read_line(a, &line);
		if (r < 0)
			return r;
		last = *line == '\0';
		if (!last)
			r = parse_header(a, line);
		free(line);
		if (last)
			break;
	}
	return r;
}

/* The body. */

/* So many bytes; -1: up to the end. */
static int
read_bytes(struct answer *a, int64_t left)
{
	char bytes[PIECE_BYTES];
	int r = 0;

	while (r == 0 && left != 0) {
		size_t size = left > 0 && left < PIECE_BYTES ? (size_t)left :
		    sizeof(bytes);
		ssize_t n = evtask_stream_read(a->stream, bytes, size);

		if (n < 0)
			return (int)n;
		if (n == 0)
			return left < 0 ? 0 : broken(a,
			    "the connection ended within the body");
		r = a->take(a->arg, bytes, (size_t)n);
		if (left > 0)
			left -= n;
	}
	return r;
}

static int
read_chunk_size(struct answer *a, int64_t *ret_size)
{
	char *line, *end;
	int r = read_line(a, &line);

	if (r < 0)
		return r;
	errno = 0;
	*ret_size = strtoll(line, &end, 16);
	if (strchr("0123456789abcdefABCDEF", *line) == NULL || end == line ||
	    errno != 0 || (*end != '\0' && *end != ';' && *end != ' '))
		r = broken(a, "the size of a chunk is no number");
	free(line);
	return r;
}

static int
read_chunks(struct answer *a)
{
	int64_t size = 1;
	char *line = NULL;
	int r = 0;

	while (r == 0 && size > 0) {
		r = read_chunk_size(a, &size);
		if (r == 0 && size > 0)
			r = read_bytes(a, size);
		/* The newline behind it; behind the last, or a trailer,
		 * which we have no use for. */
		if (r == 0 && size > 0)
			r = read_line(a, &line);
		free(line);
		line = NULL;
	}
	return r;
}

int
answer_read_body(struct answer *a)
{
	return a->chunked ? read_chunks(a) : read_bytes(a, a->length);
}

void
answer_release(struct answer *a)
{
	json_object_put(a->headers);
	a->headers = NULL;
}
