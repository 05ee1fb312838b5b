/*
 * http.c - the coroutine "http": a fetch.
 *
 *	connect --> request --> head --> body --> returned
 *	   ^                      |
 *	   `------ redirected ----'
 *
 * HTTP/1.1, one connection for each request. The body goes to the job's
 * standard output as it comes, held back while a reader who paces is behind,
 * and into the result only if asked. Any answer is a result, whatever its
 * status; what fails is the connection, or an answer that is none.
 *
 * There is no https: who needs it has curl, by the coroutine "exec".
 */
#include <config.h>

#include <errno.h>
#include <evtask/ctl_value.h>
#include <evtask/evtask.h>
#include <json-c/json.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "coroutines.h"
#include "url.h"

#define TIMEOUT_US 30000000
#define HEADERS_MAX 200
#define PIECE_BYTES 16384

struct http {
	struct evtask_job *job;
	struct evtask_stream *stream;
	struct url url;
	int status;
	struct json_object *headers;	/* of the answer; owned */
	int64_t length;			/* of the body; -1: not said */
	bool chunked;
	int64_t body_bytes, body_max;
	char *kept;			/* the body, if it is returned; owned */
	size_t kept_size;
	FILE *keeper;			/* what writes it; NULL: it is not */
};

static int
broken(const struct http *http, const char *what)
{
	return evtask_raise_as("BadResponse", -EPROTO, "%s: %s",
	    http->url.authority, what);
}

/* The request. */

static void
write_headers(FILE *out, struct json_object *headers)
{
	if (headers == NULL)
		return;
	json_object_object_foreach(headers, name, value)
		fprintf(out, "%s: %s\r\n", name,
		    json_object_get_string(value));
}

static int
send_request(struct http *http, const char *method, bool with_body)
{
	struct json_object *args = evtask_job_args(http->job);
	const char *body = with_body ?
	    evtask_ctl_get_text(args, "body", NULL) : NULL;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int r;

	if (out == NULL)
		return -ENOMEM;
	fprintf(out, "%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n"
	    "User-Agent: evtaskd/" PACKAGE_VERSION "\r\nAccept: */*\r\n",
	    method, http->url.target, http->url.authority);
	write_headers(out, evtask_ctl_get(args, "headers"));
	if (body != NULL)
		fprintf(out, "Content-Length: %zu\r\n\r\n%s", strlen(body),
		    body);
	else
		fputs("\r\n", out);
	r = fclose(out) == 0 ? evtask_stream_write(http->stream, text, size) :
	    -ENOMEM;
	free(text);
	/* Who answers before it has read all is read, not written to. */
	return r == -EPIPE || r == -ECONNRESET ? 0 : r;
}

/* The head of the answer. */

/* A line without its end, cut out of what the stream lends. */
static int
read_line(struct http *http, char **ret_line)
{
	const char *line;
	ssize_t n = evtask_stream_readline(http->stream, &line);

	if (n == -EMSGSIZE)
		return broken(http, "a line of its head is too long");
	if (n < 0)
		return (int)n;
	if (n == 0 || line[n - 1] != '\n')
		return broken(http, "the connection ended within the head");
	n--;
	if (n > 0 && line[n - 1] == '\r')
		n--;
	*ret_line = strndup(line, (size_t)n);
	return *ret_line != NULL ? 0 : -ENOMEM;
}

static int
parse_status(struct http *http, const char *line)
{
	char minor;

	if (sscanf(line, "HTTP/1.%c %3d", &minor, &http->status) != 2 ||
	    http->status < 100 || http->status > 599)
		return broken(http, "this is not HTTP");
	return 0;
}

static int
set_length(struct http *http, const char *value)
{
	long long n;
	char *end;

	errno = 0;
	n = strtoll(value, &end, 10);
	if (*value < '0' || *value > '9' || *end != '\0' || errno != 0 ||
	    (http->length >= 0 && http->length != n))
		return broken(http, "its Content-Length is no number");
	http->length = n;
	return 0;
}

/* Names in lower case; of several with one name, the last but for what may be
 * a list. */
static int
parse_header(struct http *http, char *line)
{
	char *value = strchr(line, ':');
	size_t size;

	if (value == NULL || value == line)
		return broken(http, "a line of its head has no name");
	*value++ = '\0';
	value += strspn(value, " \t");
	size = strlen(value);
	while (size > 0 && strchr(" \t", value[size - 1]) != NULL)
		value[--size] = '\0';
	for (char *c = line; *c != '\0'; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	if (json_object_object_length(http->headers) >= HEADERS_MAX)
		return broken(http, "its head has too many lines");
	evtask_ctl_put_text(&http->headers, line, value);
	if (http->headers == NULL)
		return -ENOMEM;
	if (strcmp(line, "transfer-encoding") == 0)
		http->chunked = strcasecmp(value, "chunked") == 0;
	if (strcmp(line, "content-length") == 0)
		return set_length(http, value);
	return 0;
}

static int
read_head(struct http *http)
{
	char *line;
	bool last;
	int r;

	json_object_put(http->headers);
	http->headers = json_object_new_object();
	http->length = -1;
	http->chunked = false;
	r = read_line(http, &line);
	if (r < 0)
		return r;
	r = parse_status(http, line);
	free(line);
	for (int n = 0; r == 0; n++) {
		if (n > HEADERS_MAX)
			return broken(http, "its head has too many lines");
		r = read_line(http, &line);
		if (r < 0)
			return r;
		last = *line == '\0';
		if (!last)
			r = parse_header(http, line);
		free(line);
		if (last)
			break;
	}
	return r;
}

/* The body. */

static int
take_bytes(struct http *http, const char *bytes, size_t size)
{
	http->body_bytes += (int64_t)size;
	if (http->body_bytes > http->body_max)
		return evtask_raise_as("TooLarge", -EFBIG, "the body has more "
		    "than %lld bytes: give a greater max_bytes",
		    (long long)http->body_max);
	if (http->keeper != NULL && fwrite(bytes, 1, size, http->keeper) !=
	    size)
		return -ENOMEM;
	if (evtask_job_log(http->job, EVTASK_JOB_OUT, bytes, size) < 0)
		return -ENOMEM;
	if (evtask_job_set_progress(http->job, http->body_bytes, http->length,
	    "bytes") < 0)
		return -ENOMEM;
	return evtask_job_drain(http->job);
}

/* So many bytes; -1: up to the end. */
static int
read_bytes(struct http *http, int64_t left)
{
	char bytes[PIECE_BYTES];
	int r = 0;

	while (r == 0 && left != 0) {
		size_t size = left > 0 && left < PIECE_BYTES ? (size_t)left :
		    sizeof(bytes);
		ssize_t n = evtask_stream_read(http->stream, bytes, size);

		if (n < 0)
			return (int)n;
		if (n == 0)
			return left < 0 ? 0 : broken(http,
			    "the connection ended within the body");
		r = take_bytes(http, bytes, (size_t)n);
		if (left > 0)
			left -= n;
	}
	return r;
}

static int
read_chunk_size(struct http *http, int64_t *ret_size)
{
	char *line, *end;
	int r = read_line(http, &line);

	if (r < 0)
		return r;
	errno = 0;
	*ret_size = strtoll(line, &end, 16);
	if (strchr("0123456789abcdefABCDEF", *line) == NULL || end == line ||
	    errno != 0 || (*end != '\0' && *end != ';' && *end != ' '))
		r = broken(http, "the size of a chunk is no number");
	free(line);
	return r;
}

static int
read_chunks(struct http *http)
{
	int64_t size = 1;
	char *line = NULL;
	int r = 0;

	while (r == 0 && size > 0) {
		r = read_chunk_size(http, &size);
		if (r == 0 && size > 0)
			r = read_bytes(http, size);
		/* The newline behind it; behind the last, or a trailer,
		 * which we have no use for. */
		if (r == 0 && size > 0)
			r = read_line(http, &line);
		free(line);
		line = NULL;
	}
	return r;
}

static int
read_body(struct http *http, const char *method)
{
	if (strcmp(method, "HEAD") == 0 || http->status == 204 ||
	    http->status == 304)
		return 0;
	return http->chunked ? read_chunks(http) :
	    read_bytes(http, http->length);
}

/* One request and its answer; the body only of one that is not redirected. */
static int
exchange(struct http *http, const char *method, bool with_body,
    bool *ret_redirected)
{
	const char *location;
	int r = evtask_open_connection(http->url.host, http->url.port,
	    &http->stream);

	if (r < 0)
		return r;
	r = send_request(http, method, with_body);
	do
		r = r == 0 ? read_head(http) : r;
	while (r == 0 && http->status < 200);
	location = evtask_ctl_get_text(http->headers, "location", NULL);
	*ret_redirected = r == 0 && location != NULL &&
	    (http->status == 301 || http->status == 302 ||
	    http->status == 303 || http->status == 307 ||
	    http->status == 308);
	if (r == 0 && !*ret_redirected)
		r = read_body(http, method);
	evtask_stream_unref(http->stream);
	http->stream = NULL;
	return r;
}

static int
follow(struct http *http)
{
	const char *location = evtask_ctl_get_text(http->headers, "location",
	    "");
	int r = url_follow(&http->url, location, &http->url);

	if (r < 0)
		return evtask_raise_as("BadRedirect", r, "it is redirected to "
		    "\"%.100s\", which is not http:", location);
	return 0;
}

static int
fetch(struct http *http)
{
	int64_t left = evtask_job_int(http->job, "redirects");
	const char *method = evtask_job_text(http->job, "method");
	bool redirected = false, with_body = true;
	int r;

	for (;;) {
		r = exchange(http, method, with_body, &redirected);
		if (r < 0 || !redirected)
			return r;
		if (left-- <= 0)
			return evtask_raise_as("TooManyRedirects", -ELOOP,
			    "%s: redirected too often",
			    http->url.authority);
		/* As every browser does, but for 307 and 308. */
		if (http->status < 307 && strcmp(method, "HEAD") != 0) {
			method = "GET";
			with_body = false;
		}
		r = follow(http);
		if (r < 0)
			return r;
	}
}

static struct json_object *
describe(struct http *http)
{
	struct json_object *o = json_object_new_object();
	char url[sizeof(http->url) + 8];

	snprintf(url, sizeof(url), "http://%s%s", http->url.authority,
	    http->url.target);
	evtask_ctl_put_int(&o, "status", http->status);
	evtask_ctl_put_text(&o, "url", url);
	evtask_ctl_put(&o, "headers", json_object_get(http->headers));
	evtask_ctl_put_int(&o, "body_bytes", http->body_bytes);
	if (http->keeper != NULL) {
		fflush(http->keeper);
		evtask_ctl_put(&o, "body", json_object_new_string_len(
		    http->kept, (int)http->kept_size));
	}
	return o;
}

static int
http_fn(void *arg)
{
	struct evtask_job *job = arg;
	struct http http = { .job = job,
		.body_max = evtask_job_int(job, "max_bytes") };
	struct evtask_timeout timeout;
	int r = url_parse(evtask_job_text(job, "url"), &http.url);

	if (r == 0 && evtask_job_bool(job, "return_body")) {
		http.keeper = open_memstream(&http.kept, &http.kept_size);
		r = http.keeper != NULL ? 0 : -ENOMEM;
	}
	if (r == 0)
		r = evtask_timeout_enter(&timeout,
		    evtask_job_duration_us(job, "timeout", TIMEOUT_US));
	if (r == 0)
		r = evtask_timeout_exit(&timeout, fetch(&http));
	if (r == 0)
		r = evtask_job_return(job, describe(&http));
	evtask_stream_unref(http.stream);
	json_object_put(http.headers);
	if (http.keeper != NULL)
		fclose(http.keeper);
	free(http.kept);
	return r;
}

/* Nothing of it may add a line to the request. */
static bool
is_token(const char *text)
{
	return *text != '\0' && text[strspn(text, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~")] == '\0';
}

static int
refuse(const char *path, const char *expected, const char **ret_path,
    const char **ret_expected)
{
	*ret_path = path;
	*ret_expected = expected;
	return -EINVAL;
}

static int
http_check(struct json_object *args, const char **ret_path,
    const char **ret_expected)
{
	struct json_object *headers = evtask_ctl_get(args, "headers");
	const char *body = evtask_ctl_get_text(args, "body", "");
	struct url url;
	int r = url_parse(evtask_ctl_get_text(args, "url", ""), &url);

	if (r == -EPROTONOSUPPORT)
		return refuse("url", "an http: address; for https: there is "
		    "curl, with the coroutine exec", ret_path, ret_expected);
	if (r < 0)
		return refuse("url", "an address such as "
		    "http://example.org/path", ret_path, ret_expected);
	if (strlen(body) != (size_t)json_object_get_string_len(
	    evtask_ctl_get(args, "body")))
		return refuse("body", "text without NUL", ret_path,
		    ret_expected);
	if (headers == NULL)
		return 0;
	json_object_object_foreach(headers, name, value) {
		const char *text = json_object_get_string(value);

		if (!is_token(name) || strpbrk(text, "\r\n") != NULL ||
		    strlen(text) != (size_t)json_object_get_string_len(value))
			return refuse("headers", "names of letters, and "
			    "values of one line", ret_path, ret_expected);
	}
	return 0;
}

const struct evtask_coroutine http_coroutine = {
	.name = "http",
	.summary = "fetch an address and return what it answered",
	.args_schema = JSON({
		"type": "object",
		"properties": {
			"url": {
				"type": "string",
				"minLength": 1,
				"maxLength": 2047,
				"description": "http://host:port/path?query"
			},
			"method": {
				"type": "string",
				"enum": ["GET", "HEAD", "POST", "PUT",
				"PATCH", "DELETE", "OPTIONS"],
				"default": "GET"
			},
			"headers": {
				"type": "object",
				"additionalProperties": {
					"type": "string",
					"writeOnly": true
				},
				"description": "lines to add to the request"
			},
			"body": {
				"type": "string",
				"writeOnly": true,
				"description": "what to send"
			},
			"timeout": {
				"format": "duration",
				"default": 30,
				"description": "for all of it"
			},
			"redirects": {
				"type": "integer",
				"minimum": 0,
				"maximum": 50,
				"default": 5,
				"description": "how many are followed"
			},
			"max_bytes": {
				"type": "integer",
				"minimum": 0,
				"default": 16777216,
				"description": "the longest body accepted"
			},
			"return_body": {
				"type": "boolean",
				"default": false,
				"description":
				"have it in the result, too, as text"
			}
		},
		"required": ["url"],
		"additionalProperties": false
	}),
	.result_schema = JSON({
		"type": "object",
		"properties": {
			"status": {
				"type": "integer",
				"description": "200 and the like"
			},
			"url": {
				"type": "string",
				"description": "the last, after redirects"
			},
			"headers": {
				"type": "object",
				"description": "names in lower case"
			},
			"body_bytes": { "type": "integer" },
			"body": { "type": "string" }
		}
	}),
	.example_args = JSON({"url": "http://example.org/", "timeout": "10s"}),
	.fn = http_fn,
	.check = http_check,
};
