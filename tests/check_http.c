/* check_http.c - daemon/coroutines/http.c and url.c: fetches from a server in
 * the same loop, which says word by word what the test wants it to. */
#include "tests/jobs.h"

#include <signal.h>

#include "daemon/coroutines/url.h"

static struct evtask_server *server;
static const char *says;	/* to every request */
static char asked[4096];	/* the last request, its head */
static int requests;

static int
answer(struct evtask_stream *stream, void *arg)
{
	const char *head, *length;
	char body[100];
	ssize_t n = evtask_stream_read_until(stream, "\r\n\r\n", 4, &head);
	size_t size;

	(void)arg;
	if (n < 0)
		return (int)n;
	snprintf(asked, sizeof(asked), "%s", head);
	requests++;
	length = strstr(asked, "Content-Length: ");
	size = length != NULL ? (size_t)atoi(length + 16) : 0;
	if (size > 0 && size < sizeof(body)) {
		int r = evtask_stream_read_exactly(stream, body, size);

		if (r < 0)
			return r;
		strncat(asked, body, size);
	}
	if (says == NULL)	/* nothing, until the other side leaves */
		return (int)evtask_stream_read(stream, body, 1);
	if (strstr(asked, "/final") != NULL)
		says = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nend";
	return evtask_stream_write(stream, says, strlen(says));
}

static int
serve(void *arg)
{
	(void)arg;
	return evtask_start_server(answer, NULL, "127.0.0.1", 0, NULL,
	    &server);
}

static int
stop_serving(void *arg)
{
	(void)arg;
	evtask_server_close(server);
	return evtask_server_wait_closed(server);
}

static void
run_alone(evtask_fn fn)
{
	struct evtask *t;

	ck_assert_int_eq(evtask_loop_create_task(loop, fn, NULL, NULL, &t), 0);
	ck_assert_int_eq(evtask_loop_run_until_complete(loop, t), 0);
	ck_assert_int_eq(evtask_result(t, NULL), 0);
	evtask_unref(t);
}

static void
setup(void)
{
	jobs_set_up(EVTASK_CLOCK_MONOTONIC);
	requests = 0;
	run_alone(serve);
}

static void
teardown(void)
{
	forget();
	run_alone(stop_serving);
	evtask_server_unref(server);
	jobs_tear_down();
}

/* more: further members of the args, with a comma before. */
static void
fetch(const char *path, const char *more)
{
	char args[512];

	snprintf(args, sizeof(args), "{\"url\":\"http://127.0.0.1:%d%s\","
	    "\"return_body\":true%s}", evtask_server_port(server), path, more);
	start("http", args);
}

/* Answers, and what they come to: a body, or an error. */
static const struct {
	const char *says;
	int status;		/* 0: it fails */
	const char *body;	/* or the words of the error */
} answers[] = {
	{ "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello" },
	{ "HTTP/1.0 404 Not Found\r\n\r\nnot here", 404, "not here" },
	{ "HTTP/1.1 200 OK\n\nbare newlines", 200, "bare newlines" },
	{ "HTTP/1.1 204 No Content\r\n\r\n", 204, "" },
	{ "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", 304, "" },
	{ "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"
	    "Content-Length: 1\r\n\r\nx", 200, "x" },
	{ "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
	    "5\r\nhello\r\n6;ext=1\r\n world\r\n0\r\n\r\n", 200,
	    "hello world" },
	{ "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort", 0,
	    "ended within the body" },
	{ "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", 0,
	    "ended within the body" },
	{ "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 0,
	    "size of a chunk" },
	{ "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n", 0,
	    "size of a chunk" },
	{ "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", 0,
	    "Content-Length" },
	{ "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
	    0, "Content-Length" },
	{ "HTTP/1.1 200 OK\r\nno colon\r\n\r\n", 0, "has no name" },
	{ "HTTP/1.1 200 OK\r\nX: y", 0, "ended within the head" },
	{ "SSH-2.0-OpenSSH\r\n", 0, "this is not HTTP" },
	{ "HTTP/1.1 999 Odd\r\n\r\n", 0, "this is not HTTP" },
	{ "", 0, "ended within the head" },
};
#define N_ANSWERS (sizeof(answers) / sizeof(answers[0]))

START_TEST(an_answer_is_what_it_says)
{
	says = answers[_i].says;
	fetch("/", "");
	if (answers[_i].status == 0) {
		ck_assert_fails(-EPROTO, answers[_i].body);
		return;
	}
	ck_assert_int_eq(evtask_ctl_get_int(result(), "status", 0),
	    answers[_i].status);
	ck_assert_str_eq(evtask_ctl_get_text(result(), "body", "?"),
	    answers[_i].body);
	ck_assert_int_eq(evtask_ctl_get_int(result(), "body_bytes", -1),
	    (int64_t)strlen(answers[_i].body));
	ck_assert_uint_eq(evtask_job_logged(job, EVTASK_JOB_OUT),
	    strlen(answers[_i].body));
}
END_TEST

START_TEST(headers_are_told_in_lower_case)
{
	says = "HTTP/1.1 200 OK\r\nContent-Type:  text/plain \r\n\r\n";
	fetch("/", "");
	ck_assert_str_eq(evtask_ctl_get_text(evtask_ctl_get(result(),
	    "headers"), "content-type", ""), "text/plain");
}
END_TEST

START_TEST(the_request_is_what_was_asked_for)
{
	char host[64];

	says = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
	fetch("/a/b?c=d", ",\"method\":\"POST\",\"body\":\"xyz\","
	    "\"headers\":{\"X-One\":\"1\"}");
	run_to_the_end();
	ck_assert_int_eq(strncmp(asked, "POST /a/b?c=d HTTP/1.1\r\n", 24), 0);
	snprintf(host, sizeof(host), "\r\nHost: 127.0.0.1:%d\r\n",
	    evtask_server_port(server));
	ck_assert_ptr_nonnull(strstr(asked, host));
	ck_assert_ptr_nonnull(strstr(asked, "\r\nX-One: 1\r\n"));
	ck_assert_ptr_nonnull(strstr(asked, "\r\n\r\nxyz"));
	ck_assert_int_eq(evtask_result(task, NULL), 0);
}
END_TEST

START_TEST(the_answer_to_head_has_no_body)
{
	says = "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n";
	fetch("/", ",\"method\":\"HEAD\"");
	ck_assert_int_eq(evtask_ctl_get_int(result(), "body_bytes", -1), 0);
}
END_TEST

START_TEST(a_redirect_is_followed)
{
	char url[64];

	says = "HTTP/1.1 302 Found\r\nLocation: ../final?x=1\r\n\r\n";
	fetch("/a/b/c", ",\"method\":\"POST\",\"body\":\"x\"");
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/a/b/../final?x=1",
	    evtask_server_port(server));
	ck_assert_str_eq(evtask_ctl_get_text(result(), "url", ""), url);
	ck_assert_str_eq(evtask_ctl_get_text(result(), "body", ""), "end");
	ck_assert_int_eq(requests, 2);
	ck_assert_int_eq(strncmp(asked, "GET ", 4), 0);
}
END_TEST

START_TEST(a_redirect_that_keeps_the_method_keeps_it)
{
	says = "HTTP/1.1 307 Again\r\nLocation: /final\r\n\r\n";
	fetch("/", ",\"method\":\"PUT\",\"body\":\"xyz\"");
	run_to_the_end();
	ck_assert_int_eq(strncmp(asked, "PUT /final", 10), 0);
	ck_assert_ptr_nonnull(strstr(asked, "xyz"));
}
END_TEST

START_TEST(redirects_have_a_limit)
{
	says = "HTTP/1.1 302 Found\r\nLocation: /again\r\n\r\n";
	fetch("/", ",\"redirects\":3");
	ck_assert_fails(-ELOOP, "redirected too often");
	ck_assert_int_eq(requests, 4);
	says = "HTTP/1.1 302 Found\r\nLocation: https://x/\r\n\r\n";
	fetch("/", "");
	ck_assert_fails(-EPROTONOSUPPORT, "redirected to \"https://x/\"");
}
END_TEST

START_TEST(a_body_has_a_limit)
{
	says = "HTTP/1.1 200 OK\r\n\r\n0123456789";
	fetch("/", ",\"max_bytes\":9");
	ck_assert_fails(-EFBIG, "more than 9 bytes");
	fetch("/", ",\"max_bytes\":10");
	ck_assert_int_eq(evtask_ctl_get_int(result(), "body_bytes", -1), 10);
}
END_TEST

START_TEST(a_server_that_says_nothing_is_given_up)
{
	says = NULL;
	fetch("/", ",\"timeout\":0.05");
	run_to_the_end();
	ck_assert_int_eq(evtask_result(task, NULL), -ETIMEDOUT);
}
END_TEST

START_TEST(a_cancelled_fetch_leaves_its_connection)
{
	says = NULL;
	fetch("/", "");
	while (requests == 0)
		run_turns(1);
	ck_assert_uint_eq(evtask_server_connections(server), 1);
	evtask_cancel(task, NULL);
	run_to_the_end();
	ck_assert(evtask_cancelled(task));
	while (evtask_server_connections(server) > 0)
		run_turns(1);
}
END_TEST

START_TEST(where_nobody_serves_is_said)
{
	start("http", "{\"url\":\"http://127.0.0.1:1/\"}");
	ck_assert_fails(-ECONNREFUSED, "cannot connect to 127.0.0.1:1");
}
END_TEST

/* What must not get into a request. */
static const struct {
	const char *args, *path;
} refused[] = {
	{ "{\"url\":\"https://x/\"}", "url" },
	{ "{\"url\":\"x\"}", "url" },
	{ "{\"url\":\"http://\"}", "url" },
	{ "{\"url\":\"http://x y/\"}", "url" },
	{ "{\"url\":\"http://x/\\r\\nA: b\"}", "url" },
	{ "{\"url\":\"http://x:99999/\"}", "url" },
	{ "{\"url\":\"http://user@x/\"}", "url" },
	{ "{\"url\":\"http://x/\",\"headers\":{\"a b\":\"c\"}}", "headers" },
	{ "{\"url\":\"http://x/\",\"headers\":{\"a\":\"c\\r\\nd: e\"}}",
	    "headers" },
	{ "{\"url\":\"http://x/\",\"body\":\"a\\u0000b\"}", "body" },
};
#define N_REFUSED (sizeof(refused) / sizeof(refused[0]))

START_TEST(what_would_add_to_the_request_is_refused)
{
	struct json_object *args = json_tokener_parse(refused[_i].args);
	const char *path = "", *expected = "";

	ck_assert_int_eq(catalog_find(&console->catalog, "http")->row->check(
	    args, &path, &expected), -EINVAL);
	ck_assert_str_eq(path, refused[_i].path);
	json_object_put(args);
}
END_TEST

/* Addresses. */

static const struct {
	const char *url, *host;
	int port;
	const char *target;
} addresses[] = {
	{ "http://example.org", "example.org", 80, "/" },
	{ "HTTP://example.org:8080/a?b#c", "example.org", 8080, "/a?b" },
	{ "http://[::1]:81/", "::1", 81, "/" },
	{ "http://h?q", "h", 80, "/?q" },
	{ "http://h:/x", "h", 80, "/x" },
};
#define N_ADDRESSES (sizeof(addresses) / sizeof(addresses[0]))

START_TEST(an_address_is_taken_apart)
{
	struct url url;

	ck_assert_int_eq(url_parse(addresses[_i].url, &url), 0);
	ck_assert_str_eq(url.host, addresses[_i].host);
	ck_assert_int_eq(url.port, addresses[_i].port);
	ck_assert_str_eq(url.target, addresses[_i].target);
}
END_TEST

static const struct {
	const char *location, *authority, *target;
} locations[] = {
	{ "http://b/x", "b", "/x" },
	{ "//c:1/y", "c:1", "/y" },
	{ "/z", "a:9", "/z" },
	{ "z", "a:9", "/p/z" },
	{ "?n", "a:9", "/p/q?n" },
	{ "/r?u=http://x", "a:9", "/r?u=http://x" },
};
#define N_LOCATIONS (sizeof(locations) / sizeof(locations[0]))

START_TEST(a_location_is_seen_from_where_it_was_told)
{
	struct url url, to;

	ck_assert_int_eq(url_parse("http://a:9/p/q?o", &url), 0);
	ck_assert_int_eq(url_follow(&url, locations[_i].location, &to), 0);
	ck_assert_str_eq(to.authority, locations[_i].authority);
	ck_assert_str_eq(to.target, locations[_i].target);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("http");
	TCase *tc = tcase_create("http"), *urls = tcase_create("url");

	signal(SIGPIPE, SIG_IGN);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, an_answer_is_what_it_says, 0, N_ANSWERS);
	tcase_add_test(tc, headers_are_told_in_lower_case);
	tcase_add_test(tc, the_request_is_what_was_asked_for);
	tcase_add_test(tc, the_answer_to_head_has_no_body);
	tcase_add_test(tc, a_redirect_is_followed);
	tcase_add_test(tc, a_redirect_that_keeps_the_method_keeps_it);
	tcase_add_test(tc, redirects_have_a_limit);
	tcase_add_test(tc, a_body_has_a_limit);
	tcase_add_test(tc, a_server_that_says_nothing_is_given_up);
	tcase_add_test(tc, a_cancelled_fetch_leaves_its_connection);
	tcase_add_test(tc, where_nobody_serves_is_said);
	tcase_add_loop_test(tc, what_would_add_to_the_request_is_refused, 0,
	    N_REFUSED);
	tcase_add_loop_test(urls, an_address_is_taken_apart, 0, N_ADDRESSES);
	tcase_add_loop_test(urls, a_location_is_seen_from_where_it_was_told,
	    0, N_LOCATIONS);
	suite_add_tcase(suite, tc);
	suite_add_tcase(suite, urls);
	return suite_main(suite);
}
