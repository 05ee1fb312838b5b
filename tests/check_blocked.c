/*
 * check_blocked.c - cli/blocked.c: an answer may come at any moment while
 * somebody else is asked why it is late.
 */
#include "cli/blocked.h"

#include <stdlib.h>
#include <unistd.h>

#include "cli/cli.h"
#include "tests/core.h"

static char directory[] = "/tmp/check-blocked-XXXXXX", path[40], beside[64];

/* What this one is answered nothing, but told of. */
static const char *unanswered;
static struct evtask_future *asked;

/* The socket beside: the loop is blocked, it says. */
static int
answer(struct evtask_stream *stream, void *arg UNUSED)
{
	static const char blocked[] = "{\"jsonrpc\":\"2.0\",\"id\":1,"
	    "\"result\":{\"state\":\"blocked\",\"still_us\":1000000}}\n";
	const char *line;
	ssize_t n;

	while ((n = evtask_stream_read_until(stream, "\n", 1, &line)) > 0) {
		if (memmem(line, (size_t)n, "rpc.cancel", 10) != NULL)
			continue;
		if (memmem(line, (size_t)n, unanswered,
		    strlen(unanswered)) != NULL)
			evtask_set_result(asked, evtask_value_none());
		else
			n = evtask_stream_write(stream, blocked,
			    strlen(blocked));
		if (n < 0)
			break;
	}
	return n == -ECANCELED ? (int)n : 0;
}

/* The answer that was late is here, before that one's. */
static void
comes_before_the_answer_to(const char *method)
{
	struct cli cli = { .settings.place.socket = path };
	struct evtask_server *server;
	struct blocked blocked;

	unanswered = method;
	strcpy(directory, "/tmp/check-blocked-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(directory));
	snprintf(path, sizeof path, "%s/s", directory);
	snprintf(beside, sizeof beside, "%s.oob", path);
	ck_assert_int_eq(evtask_start_unix_server(answer, NULL, beside, NULL,
	    &server), 0);
	asked = new_future();
	blocked_begin(&blocked, &cli);
	ck_assert_int_eq(evtask_await(asked), 0);
	evtask_future_unref(asked);
	/* Nothing more is waited for. */
	ck_assert_int_eq(blocked_end(&blocked, 7), 7);
	ck_assert_int_eq(evtask_loop_time_us(loop), SECOND);
	evtask_server_close(server);
	ck_assert_int_eq(evtask_server_wait_closed(server), 0);
	evtask_server_unref(server);
	ck_assert_int_eq(rmdir(directory), 0);
}

START_TASK_TEST(an_answer_comes_while_the_status_is_asked_for)
{
	comes_before_the_answer_to("loop.status");
	return 0;
}

START_TASK_TEST(an_answer_comes_while_the_stack_is_asked_for)
{
	comes_before_the_answer_to("loop.stack");
	return 0;
}

CORE_SUITE("blocked",
    an_answer_comes_while_the_status_is_asked_for,
    an_answer_comes_while_the_stack_is_asked_for)
