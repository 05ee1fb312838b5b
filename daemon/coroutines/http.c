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
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "coroutines.h"
#include "url.h"

#define TIMEOUT_US 30000000

struct http {
	struct evtask_job *job;
	struct evtask_stream *stream;
	struct url url;
	struct answer answer;
	int64_t body_bytes, body_max;
	char *kept;			/* the body, if it is returned; owned */
	size_t kept_size;
	FILE *keeper;			/* what writes it; NULL: it is not */
};

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

/* The body. */

static int
take_bytes(void *arg, const char *bytes, size_t size)
{
	struct http *http = arg;

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
	if (evtask_job_set_progress(http->job, http->body_bytes,
	    http->answer.length, "bytes") < 0)
		return -ENOMEM;
	return evtask_job_drain(http->job);
}

static bool
has_body(const struct http *http, const char *method)
{
	int status = http->answer.status;

	return strcmp(method, "HEAD") != 0 && status != 204 && status != 304;
}

static bool
is_redirect(const struct answer *answer)
{
	int status = answer->status;

	return evtask_ctl_get(answer->headers, "location") != NULL &&
	    (status == 301 || status == 302 || status == 303 ||
	    status == 307 || status == 308);
}

/* One request and its answer; the body only of one that is not redirected. */
static int
exchange(struct http *http, const char *method, bool with_body,
    bool *ret_redirected)
{
	struct answer *answer = &http->answer;
	int r = evtask_open_connection(http->url.host, http->url.port,
	    &http->stream);

	if (r < 0)
		return r;
	answer->stream = http->stream;
	r = send_request(http, method, with_body);
	do
		r = r == 0 ? answer_read_head(answer) : r;
	while (r == 0 && answer->status < 200);
	*ret_redirected = r == 0 && is_redirect(answer);
	if (r == 0 && !*ret_redirected && has_body(http, method))
		r = answer_read_body(answer);
	evtask_stream_unref(http->stream);
	http->stream = NULL;
	return r;
}

static int
follow(struct http *http)
{
	const char *location = evtask_ctl_get_text(http->answer.headers,
	    "location", "");
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
		if (http->answer.status < 307 && strcmp(method, "HEAD") != 0) {
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
	evtask_ctl_put_int(&o, "status", http->answer.status);
	evtask_ctl_put_text(&o, "url", url);
	evtask_ctl_put(&o, "headers", json_object_get(http->answer.headers));
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
		.body_max = evtask_job_int(job, "max_bytes"),
		.answer = { .take = take_bytes, .arg = &http,
		    .from = http.url.authority } };
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
	answer_release(&http.answer);
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
