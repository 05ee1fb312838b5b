/* Streams: their ends, being made, and being seen. */
#include "tests/stream.h"

#include <evtask/inspect_graph.h>
#include <fcntl.h>

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
	ck_assert_ptr_nonnull(strstr(wait.site->file, "stream.h"));
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
