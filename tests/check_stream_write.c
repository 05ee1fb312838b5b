/* Writing to a stream: waiting, in line, and leaving the rest to the loop. */
#include "tests/stream.h"

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

CORE_SUITE("stream_write",
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
    a_cancelled_drain_leaves_the_rest_to_the_loop)
