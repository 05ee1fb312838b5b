/* What a loop watches for its streams, with edges and without. */
#include "tests/stream.h"

#include <event2/event.h>

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

CORE_SUITE("streams",
    without_edges_what_nobody_reads_is_not_watched,
    without_edges_the_end_behind_the_last_bytes_is_heard,
    without_streams_nothing_is_watched)
