/* Streams: reading, writing, and their ends. A pair of sockets stands for a
 * connection: `near` is a stream, `far` the other side's descriptor. */
#include "tests/core.h"

#include <event2/event.h>
#include <evtask/inspect_graph.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static struct evtask_stream *near;
static int far;

static void
connect_pair(void)
{
	int pair[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK |
	    SOCK_CLOEXEC, 0, pair), 0);
	far = pair[1];
	ck_assert_int_eq(evtask_stream_new(pair[0], &near), 0);
}

static void
close_pair(void)
{
	evtask_stream_unref(near);
	if (far >= 0)
		close(far);
}

static void
far_writes(const char *words)
{
	size_t size = strlen(words);

	ck_assert_int_eq(write(far, words, size), (ssize_t)size);
}

static int
far_write(void *arg)
{
	far_writes(arg);
	return 0;
}

static int
far_close(void *arg)
{
	(void)arg;
	close(far);
	far = -1;
	return 0;
}

/* What has come to the other side. */
#define ck_assert_far_has(words) \
	do { \
		char bytes_[256] = ""; \
		ssize_t n_ = read(far, bytes_, sizeof bytes_ - 1); \
 \
		ck_assert_int_ge(n_, 0); \
		bytes_[n_] = '\0'; \
		ck_assert_str_eq(bytes_, (words)); \
	} while (0)

static void
later(evtask_fn fn, const char *arg)
{
	ck_assert_int_eq(evtask_create(fn, (void *)(intptr_t)arg, NULL, NULL),
	    0);
}

/* A loop in which the stream is made, for tests outside a task. */
static int
connect_in_task(void *arg)
{
	(void)arg;
	connect_pair();
	return 0;
}

static void
connect_first(void)
{
	spawn(connect_in_task, NULL);
	run_turns(1);
}

static char big[1 << 20];

static void
fill_big(void)
{
	for (size_t i = 0; i < sizeof big; i++)
		big[i] = (char)(i * 31 >> 3);
}

/* Reading. */

static int
read_and_say(void *arg)
{
	char bytes[16];
	ssize_t n = evtask_stream_read(near, bytes, sizeof bytes - 1);

	(void)arg;
	if (n < 0) {
		say("r%d", (int)n);
		return (int)n;
	}
	bytes[n] = '\0';
	say("'%s'", bytes);
	return 0;
}

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

/* A base that knows no edges. */
static void
use_poll(void)
{
	struct evtask_loop_options options = { .stack_size_bytes = 262144 };
	struct event_config *config = event_config_new();

	event_config_avoid_method(config, "epoll");
	options.base = event_base_new_with_config(config);
	event_config_free(config);
	ck_assert_int_eq(event_base_get_features(options.base) &
	    EV_FEATURE_ET, 0);
	replace_loop(NULL);
	ck_assert_int_eq(evtask_loop_new(&options, &loop), 0);
}

static void
leave_poll(void)
{
	struct event_base *base = evtask_loop_event_base(loop);

	replace_loop(NULL);
	event_base_free(base);
}

static int
watched(void)
{
	return event_base_get_num_events(evtask_loop_event_base(loop),
	    EVENT_BASE_COUNT_ADDED);
}

/* Else the loop would spin on it. */
START_TEST(without_edges_what_nobody_reads_is_not_watched)
{
	int before;

	use_poll();
	connect_first();
	spawn(read_and_say, NULL);
	run_turns(1);
	before = watched();
	far_writes("1");
	run_turns(2);
	ck_assert_said("'1'");
	ck_assert_int_eq(watched(), before);
	far_writes("2");
	run_turns(2);
	ck_assert_int_eq(watched(), before - 1);
	spawn(read_and_say, NULL);
	run_turns(2);
	ck_assert_said("'2'");
	spawn(read_and_say, NULL);
	run_turns(1);
	ck_assert_int_eq(watched(), before);
	far_writes("3");
	run_turns(2);
	ck_assert_said("'3'");
	close_pair();
	leave_poll();
}
END_TEST

static int
say_bye(void *arg)
{
	char bytes[8];

	(void)arg;
	connect_pair();
	later(far_write, "bye");
	later(far_close, NULL);
	ck_assert_int_eq(evtask_stream_read(near, bytes, sizeof bytes), 3);
	ck_assert_int_eq(evtask_stream_read(near, bytes, sizeof bytes), 0);
	close_pair();
	say("bye");
	return 0;
}

START_TEST(without_edges_the_end_behind_the_last_bytes_is_heard)
{
	use_poll();
	spawn(say_bye, NULL);
	while (said[0] == '\0')
		run_turns(1);
	ck_assert_said("bye");
	leave_poll();
}
END_TEST

/* The epoll of the hang-ups is there from the first stream to the last. */
START_TASK_TEST(without_streams_nothing_is_watched)
{
	int before = watched(), fds = count_fds();

	connect_pair();
	ck_assert_int_eq(watched(), before + 1);
	close_pair();
	ck_assert_int_eq(watched(), before);
	ck_assert_int_eq(count_fds(), fds);
	return 0;
}

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

/* Writing. */

START_TASK_TEST(what_is_written_arrives)
{
	uint64_t turn = turns();

	connect_pair();
	ck_assert_int_eq(evtask_stream_write(near, "hello", 5), 0);
	ck_assert_int_eq(evtask_stream_write(near, "", 0), 0);
	ck_assert_uint_eq(turns(), turn);
	ck_assert_far_has("hello");
	close_pair();
	return 0;
}

static int
write_big(void *arg)
{
	int r = evtask_stream_write(near, big, sizeof big);

	say("%s%d", (const char *)arg, r);
	return r;
}

/* Reads until the end, and compares it with `big`, again and again. */
static int
far_read_big(void *arg)
{
	char bytes[10000];
	size_t total = 0;
	ssize_t n;

	(void)arg;
	while ((n = evtask_read(far, bytes, sizeof bytes)) > 0) {
		for (ssize_t i = 0; i < n; i++, total++)
			if (bytes[i] != big[total % sizeof big])
				ck_abort_msg("byte %zu differs", total);
	}
	say("read %zu", total);
	return (int)n;
}

static int
close_near(void *arg)
{
	(void)arg;
	evtask_stream_close(near);
	return 0;
}

START_TEST(writing_waits_while_the_other_side_is_slow)
{
	connect_first();
	fill_big();
	spawn(write_big, "w");
	run_turns(2);
	ck_assert_said("");
	spawn(far_read_big, NULL);
	while (said[0] == '\0')
		run_turns(1);
	ck_assert_said("w0");
	spawn(close_near, NULL);
	run_dry();
	ck_assert_said("read 1048576");
	close_pair();
}
END_TEST

START_TEST(writers_stand_in_line_and_are_not_mixed)
{
	connect_first();
	fill_big();
	spawn(write_big, "a");
	spawn(write_big, "b");
	spawn(write_big, "c");
	run_turns(2);
	spawn(far_read_big, NULL);
	while (strlen(said) < 8)
		run_turns(1);
	ck_assert_said("a0 b0 c0");
	evtask_stream_close(near);
	run_dry();
	ck_assert_said("read 3145728");
	close_pair();
}
END_TEST

static size_t written;

static int
write_big_and_count(void *arg)
{
	int r = evtask_stream_write_at(near, big, sizeof big, &written,
	    EVTASK_SITE);

	(void)arg;
	say("%d", r);
	return r;
}

START_TEST(a_cancelled_write_says_how_far_it_came)
{
	struct evtask *task;

	connect_first();
	task = start(write_big_and_count, NULL);
	run_turns(1);
	evtask_cancel(task, NULL);
	run_turns(1);
	ck_assert_said("-125");
	ck_assert_uint_gt(written, 0);
	ck_assert_uint_lt(written, sizeof big);
	evtask_unref(task);
	close_pair();
}
END_TEST

START_TEST(one_cancelled_in_line_lets_the_next_write)
{
	struct evtask *second;

	connect_first();
	fill_big();
	spawn(write_big, "a");
	second = start(write_big, "b");
	spawn(write_big, "c");
	run_turns(1);
	evtask_cancel(second, NULL);
	run_turns(1);
	ck_assert_said("b-125");
	spawn(far_read_big, NULL);
	while (strlen(said) < 5)
		run_turns(1);
	ck_assert_said("a0 c0");
	evtask_stream_close(near);
	run_dry();
	ck_assert_said("read 2097152");
	evtask_unref(second);
	close_pair();
}
END_TEST

START_TASK_TEST(writing_where_nobody_reads_says_so_and_raises_no_signal)
{
	connect_pair();
	close(far);
	far = -1;
	ck_assert_int_eq(evtask_stream_write(near, "x", 1), -EPIPE);
	ck_assert_int_eq(evtask_stream_write(near, "x", 1), -EPIPE);
	ck_assert_int_eq(evtask_stream_drain(near), -EPIPE);
	ck_assert_int_eq(evtask_stream_write_nowait(near, "x", 1), -EPIPE);
	close_pair();
	return 0;
}

/* Writing without waiting. */

/* Until the system takes no more. */
static void
fill_socket(void)
{
	while (send(evtask_stream_fd(near), big, 4096, MSG_DONTWAIT) > 0)
		;
}

static size_t
far_drain(void)
{
	char bytes[65536];
	size_t total = 0;
	ssize_t n;

	while ((n = read(far, bytes, sizeof bytes)) > 0)
		total += (size_t)n;
	return total;
}

START_TASK_TEST(what_need_not_wait_is_sent_at_once)
{
	connect_pair();
	ck_assert_int_eq(evtask_stream_write_nowait(near, "now", 3), 0);
	ck_assert_far_has("now");
	ck_assert_int_eq(evtask_stream_drain(near), 0);
	close_pair();
	return 0;
}

START_TASK_TEST(what_cannot_be_sent_yet_is_left_to_the_loop)
{
	char bytes[16];

	connect_pair();
	fill_socket();
	ck_assert_int_eq(evtask_stream_write_nowait(near, "la", 2), 0);
	ck_assert_int_eq(evtask_stream_write_nowait(near, "ter", 3), 0);
	far_drain();
	ck_assert_int_ge(evtask_fd_wait(far, EVTASK_READABLE), 0);
	ck_assert_int_eq(read(far, bytes, sizeof bytes), 5);
	ck_assert_int_eq(memcmp(bytes, "later", 5), 0);
	close_pair();
	return 0;
}

START_TASK_TEST(no_more_than_the_limit_is_left_to_the_loop)
{
	connect_pair();
	evtask_stream_set_limits(near, 0, 10);
	fill_socket();
	ck_assert_int_eq(evtask_stream_write_nowait(near, big, 11), -EMSGSIZE);
	ck_assert_int_eq(evtask_stream_write_nowait(near, big, 6), 0);
	ck_assert_int_eq(evtask_stream_write_nowait(near, big, 5), -EAGAIN);
	ck_assert_int_eq(evtask_stream_write_nowait(near, big, 4), 0);
	close_pair();
	return 0;
}

static int
far_drain_task(void *arg)
{
	(void)arg;
	far_drain();
	return 0;
}

START_TASK_TEST(who_writes_next_sends_what_was_left_first)
{
	connect_pair();
	fill_socket();
	ck_assert_int_eq(evtask_stream_write_nowait(near, "first ", 6), 0);
	later(far_drain_task, NULL);
	ck_assert_int_eq(evtask_stream_write(near, "second", 6), 0);
	ck_assert_far_has("first second");
	close_pair();
	return 0;
}

static int
drain_and_say(void *arg)
{
	int r = evtask_stream_drain(near);

	(void)arg;
	say("drained %d", r);
	return r;
}

static int
leave_five(void *arg)
{
	(void)arg;
	return evtask_stream_write_nowait(near, "later", 5);
}

START_TEST(draining_is_over_when_the_rest_is_sent)
{
	connect_first();
	fill_socket();
	spawn(leave_five, NULL);
	spawn(drain_and_say, NULL);
	run_turns(2);
	ck_assert_said("");
	far_drain();
	run_turns(2);
	ck_assert_said("drained 0");
	ck_assert_far_has("later");
	close_pair();
}
END_TEST

START_TEST(a_cancelled_drain_leaves_the_rest_to_the_loop)
{
	struct evtask *task;

	connect_first();
	fill_socket();
	spawn(leave_five, NULL);
	task = start(drain_and_say, NULL);
	run_turns(2);
	evtask_cancel(task, NULL);
	run_turns(1);
	ck_assert_said("drained -125");
	far_drain();
	run_turns(2);
	ck_assert_far_has("later");
	evtask_unref(task);
	close_pair();
}
END_TEST

/* Ends. */

START_TASK_TEST(the_end_of_writing_comes_behind_what_is_left)
{
	char byte;

	connect_pair();
	fill_socket();
	ck_assert_int_eq(leave_five(NULL), 0);
	ck_assert_int_eq(evtask_stream_write_eof(near), 0);
	ck_assert_int_eq(evtask_stream_write_eof(near), -ESHUTDOWN);
	ck_assert_int_eq(evtask_stream_write(near, "x", 1), -ESHUTDOWN);
	ck_assert_int_eq(evtask_stream_write_nowait(near, "x", 1),
	    -ESHUTDOWN);
	ck_assert_int_eq(read(far, &byte, 1), 1);
	far_drain();
	ck_assert_int_eq(evtask_stream_drain(near), 0);
	ck_assert_far_has("later");
	ck_assert_int_eq(read(far, &byte, 1), 0);
	far_writes("still read");
	ck_assert_int_eq(evtask_stream_read(near, &byte, 1), 1);
	close_pair();
	return 0;
}

START_TASK_TEST(closing_ends_reading_and_refuses_writing)
{
	char byte;

	connect_pair();
	far_writes("unread");
	ck_assert(!evtask_stream_is_closing(near));
	evtask_stream_close(near);
	evtask_stream_close(near);
	ck_assert(evtask_stream_is_closing(near));
	ck_assert_int_eq(evtask_stream_fd(near), -1);
	ck_assert_int_eq(evtask_stream_read(near, &byte, 1), 0);
	ck_assert(evtask_stream_at_eof(near));
	ck_assert_int_eq(evtask_stream_write(near, "x", 1), -ESHUTDOWN);
	ck_assert_int_eq(evtask_stream_write_nowait(near, "x", 1),
	    -ESHUTDOWN);
	ck_assert_int_eq(evtask_stream_write_eof(near), -ESHUTDOWN);
	ck_assert_int_eq(evtask_stream_drain(near), -ESHUTDOWN);
	ck_assert_int_eq(evtask_stream_wait_closed(near), 0);
	close_pair();
	return 0;
}

START_TEST(closing_wakes_who_reads_and_who_write)
{
	connect_first();
	spawn(read_and_say, NULL);
	spawn(write_big, "a");
	spawn(write_big, "b");
	run_turns(1);
	evtask_stream_close(near);
	run_dry();
	ck_assert_said("'' a-108 b-108");
	reported.n = 0;
	close_pair();
}
END_TEST

static int
wait_closed_and_say(void *arg)
{
	int r = evtask_stream_wait_closed(near);

	(void)arg;
	say("closed %d", r);
	return r;
}

START_TEST(what_is_left_is_sent_before_the_descriptor_is_closed)
{
	connect_first();
	fill_socket();
	spawn(leave_five, NULL);
	run_turns(1);
	evtask_stream_close(near);
	spawn(wait_closed_and_say, NULL);
	run_turns(2);
	ck_assert_said("");
	far_drain();
	run_turns(1);
	ck_assert_far_has("later");
	run_dry();
	ck_assert_said("closed 0");
	ck_assert_int_eq(evtask_stream_fd(near), -1);
	close_pair();
}
END_TEST

START_TEST(what_is_left_is_sent_though_nobody_holds_the_stream)
{
	connect_first();
	fill_socket();
	spawn(leave_five, NULL);
	run_turns(1);
	evtask_stream_unref(near);
	near = NULL;
	far_drain();
	run_dry();
	ck_assert_far_has("later");
	close_pair();
}
END_TEST

START_TEST(aborting_drops_what_is_left)
{
	char byte;

	connect_first();
	fill_socket();
	spawn(leave_five, NULL);
	run_turns(1);
	evtask_stream_close(near);
	spawn(wait_closed_and_say, NULL);
	run_turns(1);
	evtask_stream_abort(near);
	evtask_stream_abort(near);
	run_dry();
	ck_assert_said("closed 0");
	ck_assert_uint_gt(far_drain(), 5);
	ck_assert_int_eq(read(far, &byte, 1), 0);
	close_pair();
}
END_TEST

START_TEST(a_rest_that_cannot_be_sent_is_dropped)
{
	connect_first();
	fill_socket();
	spawn(leave_five, NULL);
	run_turns(1);
	evtask_stream_close(near);
	(void)far_close(NULL);
	run_dry();
	ck_assert_int_eq(evtask_stream_fd(near), -1);
	close_pair();
}
END_TEST

START_TEST(a_cancelled_wait_for_the_close_is_left)
{
	struct evtask *task;

	connect_first();
	task = start(wait_closed_and_say, NULL);
	run_turns(1);
	evtask_cancel(task, NULL);
	run_turns(1);
	ck_assert_said("closed -125");
	evtask_unref(task);
	close_pair();
	run_dry();
}
END_TEST

START_TEST(streams_are_closed_with_their_loop)
{
	connect_first();
	spawn(read_and_say, NULL);
	run_turns(1);
	replace_loop(NULL);
	ck_assert_said("r-125");
	ck_assert_int_eq(evtask_stream_fd(near), -1);
	close_pair();
}
END_TEST

START_TEST(a_rest_nobody_holds_goes_with_the_loop)
{
	connect_first();
	fill_socket();
	spawn(leave_five, NULL);
	run_turns(1);
	evtask_stream_unref(near);
	near = NULL;
	replace_loop(NULL);
	close_pair();
}
END_TEST

/* Being made, and being seen. */

START_TASK_TEST(what_no_stream_can_be_made_of_is_said)
{
	struct evtask_stream *stream;
	FILE *file = tmpfile();

	ck_assert_int_eq(evtask_stream_new(fileno(file), &stream), -EPERM);
	ck_assert_int_eq(evtask_stream_new(-1, &stream), -EBADF);
	ck_assert_int_eq(evtask_stream_new(fileno(file), NULL), -EINVAL);
	fclose(file);
	return 0;
}

START_TEST(outside_a_task_nothing_is_read_or_written)
{
	struct evtask_stream *stream;
	const char *line;
	char byte;

	connect_first();
	ck_assert_int_eq(evtask_stream_new(0, &stream), -EINVAL);
	ck_assert_int_eq(evtask_stream_read(near, &byte, 1), -EINVAL);
	ck_assert_int_eq(evtask_stream_read_exactly(near, &byte, 1), -EINVAL);
	ck_assert_int_eq(evtask_stream_readline(near, &line), -EINVAL);
	ck_assert_int_eq(evtask_stream_read_until(near, "x", 1, &line),
	    -EINVAL);
	ck_assert_int_eq(evtask_stream_write(near, "x", 1), -EINVAL);
	ck_assert_int_eq(evtask_stream_write_nowait(near, "x", 1), -EINVAL);
	ck_assert_int_eq(evtask_stream_drain(near), -EINVAL);
	ck_assert_int_eq(evtask_stream_wait_closed(near), -EINVAL);
	ck_assert_int_eq(evtask_open_connection("::1", 1, &stream), -EINVAL);
	ck_assert_int_eq(evtask_open_unix_connection("/", &stream), -EINVAL);
	ck_assert_int_eq(evtask_stream_write_eof(NULL), -EINVAL);
	evtask_stream_close(NULL);
	evtask_stream_abort(NULL);
	evtask_stream_unref(NULL);
	close_pair();
}
END_TEST

START_TEST(a_wait_says_what_it_waits_for)
{
	struct evtask_wait_info wait;
	struct evtask *task;

	connect_first();
	task = start(read_and_say, NULL);
	run_turns(1);
	ck_assert_int_eq(evtask_get_wait(task, &wait), 1);
	ck_assert_str_eq(wait.op, "stream.read");
	ck_assert_str_eq(wait.type, "stream");
	ck_assert_str_eq(wait.name, evtask_stream_name(near));
	ck_assert_ptr_nonnull(strstr(wait.site->file, "check_stream.c"));
	far_writes("x");
	run_turns(2);
	ck_assert_said("'x'");
	evtask_unref(task);
	close_pair();
}
END_TEST

static struct evtask_resource_info
listed(void)
{
	struct evtask_resource_info info;

	ck_assert_uint_eq(evtask_all_resources(loop, 0, &info, 1), 1);
	return info;
}

START_TEST(an_open_stream_is_listed_with_who_reads_and_who_write)
{
	struct evtask_resource_info info;
	struct evtask *reader, *writer, *next, *waiters[4];

	connect_first();
	fill_big();
	info = listed();
	ck_assert_str_eq(info.type, "stream");
	ck_assert_str_eq(info.name, evtask_stream_name(near));
	ck_assert_ptr_null(info.reader);
	ck_assert_ptr_null(info.writer);
	ck_assert_uint_eq(info.waiting, 0);
	reader = start(read_and_say, NULL);
	writer = start(write_big, "w");
	next = start(write_big, "n");
	run_turns(2);
	info = listed();
	ck_assert_ptr_eq(info.reader, reader);
	ck_assert_ptr_eq(info.writer, writer);
	ck_assert_uint_eq(info.waiting, 3);
	ck_assert_uint_eq(info.waits, 3);
	ck_assert_uint_eq(evtask_resource_waiters(info.resource, waiters, 4),
	    3);
	ck_assert_ptr_eq(waiters[0], reader);
	ck_assert_ptr_eq(waiters[1], writer);
	ck_assert_ptr_eq(waiters[2], next);
	/* One who is cancelled is not there any more. */
	ck_assert(evtask_cancel(next, NULL));
	ck_assert(evtask_cancel(writer, NULL));
	far_writes("x");
	run_turns(3);
	info = listed();
	ck_assert_ptr_null(info.reader);
	ck_assert_ptr_null(info.writer);
	ck_assert_uint_eq(info.waiting, 0);
	evtask_stream_abort(near);
	ck_assert_uint_eq(evtask_all_resources(loop, 0, NULL, 0), 0);
	run_dry();
	evtask_unref(reader);
	evtask_unref(writer);
	evtask_unref(next);
	close_pair();
}
END_TEST

START_TASK_TEST(what_is_not_read_and_not_sent_of_a_stream_is_listed)
{
	struct evtask_resource_info info;
	const char *line;

	connect_pair();
	fill_big();
	evtask_stream_set_limits(near, 4096, sizeof big);
	far_writes("one\nand more");
	ck_assert_int_eq(evtask_stream_readline(near, &line), 4);
	info = listed();
	ck_assert_int_eq(info.size, 8);
	ck_assert_int_eq(info.capacity, 4096);
	ck_assert_int_eq(info.unsent, 0);
	ck_assert_int_eq(evtask_stream_write_nowait(near, big, sizeof big), 0);
	info = listed();
	ck_assert_int_gt(info.unsent, 0);
	ck_assert_int_lt(info.unsent, (int64_t)sizeof big);
	evtask_stream_abort(near);
	close_pair();
	return 0;
}

START_TASK_TEST(the_descriptor_is_made_non_blocking_and_closed)
{
	int pair[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0,
	    pair), 0);
	far = pair[1];
	ck_assert_int_eq(evtask_stream_new(pair[0], &near), 0);
	ck_assert_int_eq(evtask_stream_fd(near), pair[0]);
	ck_assert(fcntl(pair[0], F_GETFL) & O_NONBLOCK);
	ck_assert_ptr_eq(evtask_stream_ref(near), near);
	evtask_stream_unref(near);
	ck_assert_int_eq(fcntl(pair[0], F_GETFD), FD_CLOEXEC);
	evtask_stream_unref(near);
	ck_assert_int_eq(fcntl(pair[0], F_GETFD), -1);
	near = NULL;
	close_pair();
	return 0;
}

CORE_SUITE("stream",
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
    without_edges_what_nobody_reads_is_not_watched,
    without_edges_the_end_behind_the_last_bytes_is_heard,
    without_streams_nothing_is_watched,
    exactly_so_many_bytes_are_waited_for,
    an_end_before_so_many_bytes_is_an_error_that_says_how_many,
    a_cancelled_read_of_so_many_says_how_many_it_has,
    lines_are_read_one_by_one,
    what_follows_a_line_can_be_read_otherwise,
    a_separator_may_come_in_pieces,
    an_end_before_the_separator_leaves_what_came,
    a_line_longer_than_the_limit_is_refused_and_stays,
    lines_may_be_as_long_as_the_limit,
    a_cancelled_readline_loses_nothing,
    what_is_written_arrives,
    writing_waits_while_the_other_side_is_slow,
    writers_stand_in_line_and_are_not_mixed,
    a_cancelled_write_says_how_far_it_came,
    one_cancelled_in_line_lets_the_next_write,
    writing_where_nobody_reads_says_so_and_raises_no_signal,
    what_need_not_wait_is_sent_at_once,
    what_cannot_be_sent_yet_is_left_to_the_loop,
    no_more_than_the_limit_is_left_to_the_loop,
    who_writes_next_sends_what_was_left_first,
    draining_is_over_when_the_rest_is_sent,
    a_cancelled_drain_leaves_the_rest_to_the_loop,
    the_end_of_writing_comes_behind_what_is_left,
    closing_ends_reading_and_refuses_writing,
    closing_wakes_who_reads_and_who_write,
    what_is_left_is_sent_before_the_descriptor_is_closed,
    what_is_left_is_sent_though_nobody_holds_the_stream,
    aborting_drops_what_is_left,
    a_rest_that_cannot_be_sent_is_dropped,
    a_cancelled_wait_for_the_close_is_left,
    streams_are_closed_with_their_loop,
    a_rest_nobody_holds_goes_with_the_loop,
    what_no_stream_can_be_made_of_is_said,
    outside_a_task_nothing_is_read_or_written,
    a_wait_says_what_it_waits_for,
    an_open_stream_is_listed_with_who_reads_and_who_write,
    what_is_not_read_and_not_sent_of_a_stream_is_listed,
    the_descriptor_is_made_non_blocking_and_closed)
