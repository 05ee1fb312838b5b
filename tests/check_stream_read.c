/* Reading of a stream: bytes, what there is or so many; and lines. */
#include "tests/stream.h"

#include <fcntl.h>

START_TASK_TEST(what_is_there_is_read_without_waiting)
{
	char bytes[8];
	uint64_t turn = turns();

	connect_pair();
	far_writes("ab");
	ck_assert_int_eq(evtask_stream_read(near, bytes, sizeof bytes), 2);
	ck_assert_int_eq(evtask_stream_read(near, bytes, 0), 0);
	ck_assert_uint_eq(turns(), turn);
	close_pair();
	return 0;
}

START_TASK_TEST(reading_waits_for_what_comes)
{
	char bytes[8];

	connect_pair();
	for (int i = 0; i < 3; i++) {
		later(far_write, "abc");
		ck_assert_int_eq(evtask_stream_read(near, bytes,
		    sizeof bytes), 3);
		ck_assert_int_eq(memcmp(bytes, "abc", 3), 0);
	}
	close_pair();
	return 0;
}

START_TASK_TEST(more_than_there_was_room_for_is_read_at_once)
{
	char bytes[4];

	connect_pair();
	far_writes("abcdef");
	ck_assert_int_eq(evtask_stream_read(near, bytes, 4), 4);
	ck_assert_int_eq(evtask_stream_read(near, bytes, 4), 2);
	later(far_write, "g");
	ck_assert_int_eq(evtask_stream_read(near, bytes, 4), 1);
	ck_assert_int_eq(bytes[0], 'g');
	close_pair();
	return 0;
}

START_TASK_TEST(the_end_is_read_as_nothing_and_again)
{
	char byte;

	connect_pair();
	ck_assert(!evtask_stream_at_eof(near));
	later(far_close, NULL);
	ck_assert_int_eq(evtask_stream_read(near, &byte, 1), 0);
	ck_assert(evtask_stream_at_eof(near));
	ck_assert_int_eq(evtask_stream_read(near, &byte, 1), 0);
	close_pair();
	return 0;
}

/* Bytes and the end behind them make one event: a short read of the bytes
 * must not hide the end. */
START_TASK_TEST(the_end_behind_the_last_bytes_is_heard)
{
	char bytes[8];

	connect_pair();
	later(far_write, "bye");
	later(far_close, NULL);
	ck_assert_int_eq(evtask_stream_read(near, bytes, sizeof bytes), 3);
	ck_assert_int_eq(evtask_stream_read(near, bytes, sizeof bytes), 0);
	close_pair();
	return 0;
}

/* The same with an error: what the far side had not read resets it. */
START_TASK_TEST(a_reset_behind_the_last_bytes_is_heard)
{
	char bytes[8];

	connect_pair();
	ck_assert_int_eq(evtask_stream_write(near, "unread", 6), 0);
	later(far_write, "bye");
	later(far_close, NULL);
	ck_assert_int_eq(evtask_stream_read(near, bytes, sizeof bytes), 3);
	ck_assert_int_eq(evtask_stream_read(near, bytes, sizeof bytes),
	    -ECONNRESET);
	ck_assert_int_eq(evtask_stream_read(near, bytes, sizeof bytes),
	    -ECONNRESET);
	close_pair();
	return 0;
}

START_TASK_TEST(a_pipe_is_read_to_its_end)
{
	int fds[2];
	char bytes[8];

	ck_assert_int_eq(pipe2(fds, O_CLOEXEC), 0);
	ck_assert_int_eq(evtask_stream_new(fds[0], &near), 0);
	far = fds[1];
	later(far_write, "ab");
	later(far_close, NULL);
	ck_assert_int_eq(evtask_stream_read(near, bytes, sizeof bytes), 2);
	ck_assert_int_eq(evtask_stream_read(near, bytes, sizeof bytes), 0);
	ck_assert_int_eq(evtask_stream_write_eof(near), -ENOTSOCK);
	close_pair();
	return 0;
}

START_TEST(a_cancelled_read_leaves_the_bytes_there)
{
	struct evtask *task;

	connect_first();
	task = start(read_and_say, NULL);
	run_turns(1);
	evtask_cancel(task, NULL);
	far_writes("kept");
	run_turns(2);
	ck_assert_said("r-125");
	ck_assert(evtask_cancelled(task));
	spawn(read_and_say, NULL);
	run_turns(2);
	ck_assert_said("'kept'");
	evtask_unref(task);
	close_pair();
}
END_TEST

START_TEST(one_task_reads_at_a_time)
{
	connect_first();
	spawn(read_and_say, NULL);
	run_turns(1);
	spawn(read_and_say, NULL);
	run_turns(1);
	ck_assert_said("r-16");
	ck_assert_reported("a detached task raised", -EBUSY);
	far_writes("x");
	run_turns(2);
	ck_assert_said("'x'");
	close_pair();
}
END_TEST

static int
read_for_ever(void *arg)
{
	char byte;
	ssize_t n;

	(void)arg;
	while ((n = evtask_stream_read(near, &byte, 1)) > 0)
		;
	say("read");
	return (int)n;
}

START_TEST(a_stream_that_is_never_empty_lets_others_run)
{
	connect_first();
	for (int i = 0; i < 100; i++)
		far_writes(".");
	spawn(read_for_ever, NULL);
	spawn(read_and_say, NULL);
	run_turns(1);
	ck_assert_said("r-16");		/* meanwhile it is being read */
	reported.n = 0;
	(void)far_close(NULL);
	while (said[0] == '\0')
		run_turns(1);
	ck_assert_said("read");
	close_pair();
	run_dry();
}
END_TEST

START_TASK_TEST(exactly_so_many_bytes_are_waited_for)
{
	char bytes[8];

	connect_pair();
	later(far_write, "abc");
	later(far_write, "def");
	ck_assert_int_eq(evtask_stream_read_exactly(near, bytes, 5), 0);
	ck_assert_int_eq(memcmp(bytes, "abcde", 5), 0);
	ck_assert_int_eq(evtask_stream_read(near, bytes, 8), 1);
	close_pair();
	return 0;
}

START_TASK_TEST(an_end_before_so_many_bytes_is_an_error_that_says_how_many)
{
	char bytes[8];
	size_t n = 99;

	connect_pair();
	later(far_write, "abc");
	later(far_close, NULL);
	ck_assert_int_eq(evtask_stream_read_exactly_at(near, bytes, 5, &n,
	    EVTASK_SITE), -ENODATA);
	ck_assert_uint_eq(n, 3);
	close_pair();
	return 0;
}

static size_t had;

static int
read_five(void *arg)
{
	char bytes[8];
	int r = evtask_stream_read_exactly_at(near, bytes, 5, &had,
	    EVTASK_SITE);

	(void)arg;
	say("%d", r);
	return r;
}

START_TEST(a_cancelled_read_of_so_many_says_how_many_it_has)
{
	struct evtask *task;

	connect_first();
	far_writes("ab");
	task = start(read_five, NULL);
	run_turns(1);
	evtask_cancel(task, NULL);
	run_turns(1);
	ck_assert_said("-125");
	ck_assert_uint_eq(had, 2);
	evtask_unref(task);
	close_pair();
}
END_TEST

START_TASK_TEST(lines_are_read_one_by_one)
{
	const char *line;

	connect_pair();
	far_writes("one\n\nthr");
	ck_assert_int_eq(evtask_stream_readline(near, &line), 4);
	ck_assert_str_eq(line, "one\n");
	ck_assert_int_eq(evtask_stream_readline(near, &line), 1);
	ck_assert_str_eq(line, "\n");
	later(far_write, "ee\nfour");
	later(far_close, NULL);
	ck_assert_int_eq(evtask_stream_readline(near, &line), 6);
	ck_assert_str_eq(line, "three\n");
	ck_assert_int_eq(evtask_stream_readline(near, &line), 4);
	ck_assert_str_eq(line, "four");
	ck_assert_int_eq(evtask_stream_readline(near, &line), 0);
	ck_assert(evtask_stream_at_eof(near));
	close_pair();
	return 0;
}

START_TASK_TEST(what_follows_a_line_can_be_read_otherwise)
{
	char bytes[8];
	const char *line;

	connect_pair();
	far_writes("5\nhello rest");
	ck_assert_int_eq(evtask_stream_readline(near, &line), 2);
	ck_assert_int_eq(evtask_stream_read_exactly(near, bytes, 5), 0);
	ck_assert_int_eq(memcmp(bytes, "hello", 5), 0);
	ck_assert_int_eq(evtask_stream_read(near, bytes, 8), 5);
	ck_assert_int_eq(memcmp(bytes, " rest", 5), 0);
	close_pair();
	return 0;
}

START_TASK_TEST(a_separator_may_come_in_pieces)
{
	const char *bytes;

	connect_pair();
	far_writes("head\r\n\r");
	later(far_write, "\nbody");
	ck_assert_int_eq(evtask_stream_read_until(near, "\r\n\r\n", 4,
	    &bytes), 8);
	ck_assert_str_eq(bytes, "head\r\n\r\n");
	ck_assert_int_eq(evtask_stream_read_until(near, "y", 1, &bytes), 4);
	ck_assert_str_eq(bytes, "body");
	close_pair();
	return 0;
}

START_TASK_TEST(an_end_before_the_separator_leaves_what_came)
{
	const char *bytes;
	char buf[8];

	connect_pair();
	far_writes("abc");
	later(far_close, NULL);
	ck_assert_int_eq(evtask_stream_read_until(near, ";", 1, &bytes),
	    -ENODATA);
	ck_assert(!evtask_stream_at_eof(near));
	ck_assert_int_eq(evtask_stream_read(near, buf, 8), 3);
	ck_assert_int_eq(evtask_stream_read_until(near, ";", 1, &bytes),
	    -ENODATA);
	ck_assert_int_eq(evtask_stream_read_until(near, "", 0, &bytes),
	    -EINVAL);
	close_pair();
	return 0;
}

START_TASK_TEST(a_line_longer_than_the_limit_is_refused_and_stays)
{
	const char *line;
	char bytes[32];

	connect_pair();
	evtask_stream_set_limits(near, 8, 0);
	far_writes("1234567\n12345678\n");
	ck_assert_int_eq(evtask_stream_readline(near, &line), 8);
	ck_assert_int_eq(evtask_stream_readline(near, &line), -EMSGSIZE);
	ck_assert_int_eq(evtask_stream_readline(near, &line), -EMSGSIZE);
	ck_assert_int_eq(evtask_stream_read(near, bytes, 32), 8);
	ck_assert_int_eq(evtask_stream_readline(near, &line), 1);
	close_pair();
	return 0;
}

START_TASK_TEST(lines_may_be_as_long_as_the_limit)
{
	static char line[EVTASK_STREAM_LIMIT + 1];
	const char *got;

	connect_pair();
	memset(line, 'x', EVTASK_STREAM_LIMIT - 1);
	line[EVTASK_STREAM_LIMIT - 1] = '\n';
	for (int i = 0; i < 2; i++) {
		far_writes(line);
		ck_assert_int_eq(evtask_stream_readline(near, &got),
		    EVTASK_STREAM_LIMIT);
		ck_assert_str_eq(got, line);
	}
	close_pair();
	return 0;
}

static int
read_line_and_say(void *arg)
{
	const char *line;
	ssize_t n = evtask_stream_readline(near, &line);

	(void)arg;
	if (n > 0)
		say("%s", line);
	else
		say("%d", (int)n);
	return n < 0 ? (int)n : 0;
}

START_TEST(a_cancelled_readline_loses_nothing)
{
	struct evtask *task;

	connect_first();
	far_writes("ab");
	task = start(read_line_and_say, NULL);
	run_turns(1);
	evtask_cancel(task, NULL);
	run_turns(1);
	ck_assert_said("-125");
	far_writes("c\n");
	spawn(read_line_and_say, NULL);
	run_turns(2);
	ck_assert_said("abc\n");
	evtask_unref(task);
	close_pair();
}
END_TEST

CORE_SUITE("stream_read",
    what_is_there_is_read_without_waiting,
    reading_waits_for_what_comes,
    more_than_there_was_room_for_is_read_at_once,
    the_end_is_read_as_nothing_and_again,
    the_end_behind_the_last_bytes_is_heard,
    a_reset_behind_the_last_bytes_is_heard,
    a_pipe_is_read_to_its_end,
    a_cancelled_read_leaves_the_bytes_there,
    one_task_reads_at_a_time,
    a_stream_that_is_never_empty_lets_others_run,
    exactly_so_many_bytes_are_waited_for,
    an_end_before_so_many_bytes_is_an_error_that_says_how_many,
    a_cancelled_read_of_so_many_says_how_many_it_has,
    lines_are_read_one_by_one,
    what_follows_a_line_can_be_read_otherwise,
    a_separator_may_come_in_pieces,
    an_end_before_the_separator_leaves_what_came,
    a_line_longer_than_the_limit_is_refused_and_stays,
    lines_may_be_as_long_as_the_limit,
    a_cancelled_readline_loses_nothing)
