/*
 * Queues: every value put in comes out once, to one taker.
 */
#include "tests/core.h"

static struct evtask_queue *queue;

static int
by_number(struct evtask_value a, struct evtask_value b)
{
	return (a.u.i / 10 > b.u.i / 10) - (a.u.i / 10 < b.u.i / 10);
}

static void
new_queue(enum evtask_queue_order order, size_t size_max)
{
	struct evtask_queue_options options = {
		.name = "work", .order = order, .size_max = size_max,
		.compare = by_number,
	};

	ck_assert_int_eq(evtask_queue_new(&options, &queue), 0);
	ck_assert(evtask_queue_empty(queue));
}

static void
put_now(int64_t i)
{
	ck_assert_int_eq(evtask_queue_put_nowait(queue, evtask_value_int(i)),
	    0);
}

static void
say_all(void)
{
	struct evtask_value value;

	while (evtask_queue_get_nowait(queue, &value) == 0)
		say("%" PRId64, value.u.i);
}

static int
get_and_say(void *arg)
{
	struct evtask_value value = evtask_value_int(-1);
	int r = evtask_queue_get(queue, &value);

	say("%s%" PRId64, (char *)arg, r < 0 ? r : value.u.i);
	return r == -ESHUTDOWN ? 0 : r;
}

static int
put_and_say(void *arg)
{
	int r = evtask_queue_put(queue,
	    evtask_value_int((int64_t)(intptr_t)arg));

	say("put%d", r);
	return r == -ESHUTDOWN ? 0 : r;
}

START_TEST(each_order_has_its_own_first)
{
	static const struct {
		enum evtask_queue_order order;
		const char *words;
	} orders[] = {
		{ EVTASK_QUEUE_FIFO, "30 10 21 20 31 11" },
		{ EVTASK_QUEUE_LIFO, "11 31 20 21 10 30" },
		/* by tens; of equals the oldest */
		{ EVTASK_QUEUE_PRIORITY, "10 11 21 20 30 31" },
	};
	static const int numbers[] = { 30, 10, 21, 20, 31, 11 };

	for (size_t i = 0; i < COUNT(orders); i++) {
		new_queue(orders[i].order, 0);
		for (size_t j = 0; j < COUNT(numbers); j++)
			put_now(numbers[j]);
		ck_assert_uint_eq(evtask_queue_size(queue), COUNT(numbers));
		say_all();
		ck_assert_said(orders[i].words);
		evtask_queue_free(queue);
	}
}
END_TEST

START_TEST(a_priority_queue_sorts_a_thousand)
{
	struct evtask_value value;
	int64_t last = 0;

	new_queue(EVTASK_QUEUE_PRIORITY, 0);
	for (int64_t i = 0; i < 1000; i++)
		put_now(i * 7919 % 1000 * 10);
	for (int i = 0; i < 1000; i++) {
		ck_assert_int_eq(evtask_queue_get_nowait(queue, &value), 0);
		ck_assert_int_ge(value.u.i, last);
		last = value.u.i;
	}
	ck_assert(evtask_queue_empty(queue));
	evtask_queue_free(queue);
}
END_TEST

START_TEST(the_ring_turns_and_grows)
{
	struct evtask_value value;
	int64_t in = 0, out = 0;

	new_queue(EVTASK_QUEUE_FIFO, 0);
	for (int round = 0; round < 100; round++) {
		for (int i = 0; i < 7; i++)
			put_now(in++);
		for (int i = 0; i < 5; i++) {
			ck_assert_int_eq(evtask_queue_get_nowait(queue,
			    &value), 0);
			ck_assert_int_eq(value.u.i, out++);
		}
	}
	ck_assert_uint_eq(evtask_queue_size(queue), 200);
	evtask_queue_free(queue);
}
END_TEST

START_TEST(who_takes_waits_for_who_puts)
{
	new_queue(EVTASK_QUEUE_FIFO, 0);
	spawn(get_and_say, "a");
	spawn(get_and_say, "b");
	run_turns(1);
	put_now(1);
	put_now(2);
	run_dry();
	ck_assert_said("a1 b2");
	evtask_queue_free(queue);
}
END_TEST

START_TEST(who_puts_waits_for_room)
{
	new_queue(EVTASK_QUEUE_FIFO, 1);
	spawn(put_and_say, (void *)1);
	spawn(put_and_say, (void *)2);
	run_turns(2);
	ck_assert_said("put0");
	ck_assert(evtask_queue_full(queue));
	spawn(get_and_say, "a");
	spawn(get_and_say, "b");
	run_dry();
	ck_assert_said("a1 put0 b2");
	evtask_queue_free(queue);
}
END_TEST

START_TEST(without_waiting_a_full_or_empty_queue_says_so)
{
	struct evtask_value value;

	new_queue(EVTASK_QUEUE_FIFO, 1);
	ck_assert_int_eq(evtask_queue_get_nowait(queue, &value), -EAGAIN);
	put_now(1);
	ck_assert_int_eq(evtask_queue_put_nowait(queue, evtask_value_int(2)),
	    -EAGAIN);
	ck_assert_uint_eq(evtask_queue_size(queue), 1);
	evtask_queue_free(queue);
}
END_TEST

START_TASK_TEST(a_value_for_one_who_is_cancelled_goes_to_the_next)
{
	struct evtask *a, *b;

	new_queue(EVTASK_QUEUE_FIFO, 0);
	a = start(get_and_say, "a");
	b = start(get_and_say, "b");
	(void)!evtask_sleep(0);
	put_now(1);
	evtask_cancel(a, NULL);
	(void)!evtask_await(b);
	ck_assert_said("a-125 b1");
	evtask_unref(a);
	evtask_unref(b);
	evtask_queue_free(queue);
	return 0;
}

START_TASK_TEST(room_for_one_who_is_cancelled_goes_to_the_next)
{
	struct evtask_value value;
	struct evtask *a, *b;

	new_queue(EVTASK_QUEUE_FIFO, 1);
	put_now(0);
	a = start(put_and_say, (void *)1);
	b = start(put_and_say, (void *)2);
	(void)!evtask_sleep(0);
	ck_assert_int_eq(evtask_queue_get_nowait(queue, &value), 0);
	evtask_cancel(a, NULL);
	(void)!evtask_await(b);
	ck_assert_said("put-125 put0");
	say_all();
	ck_assert_said("2");
	evtask_unref(a);
	evtask_unref(b);
	evtask_queue_free(queue);
	return 0;
}

static int
join_and_say(void *arg)
{
	int r = evtask_queue_join(queue);

	say("%s%d", (char *)arg, r);
	return r;
}

START_TEST(join_waits_until_all_is_dealt_with)
{
	struct evtask_value value;

	new_queue(EVTASK_QUEUE_FIFO, 0);
	spawn(join_and_say, "empty");
	run_dry();
	ck_assert_said("empty0");
	put_now(1);
	put_now(2);
	spawn(join_and_say, "j");
	ck_assert_int_eq(evtask_queue_get_nowait(queue, &value), 0);
	ck_assert_int_eq(evtask_queue_get_nowait(queue, &value), 0);
	ck_assert_int_eq(evtask_queue_task_done(queue), 0);
	run_dry();
	ck_assert_said("");
	ck_assert_int_eq(evtask_queue_task_done(queue), 0);
	run_dry();
	ck_assert_said("j0");
	ck_assert_int_eq(evtask_queue_task_done(queue), -EPERM);
	evtask_queue_free(queue);
}
END_TEST

START_TEST(who_is_cancelled_no_longer_joins)
{
	struct evtask *a;

	new_queue(EVTASK_QUEUE_FIFO, 0);
	put_now(1);
	a = start(join_and_say, "j");
	run_turns(1);
	evtask_cancel(a, NULL);
	run_dry();
	ck_assert_said("j-125");
	evtask_unref(a);
	evtask_queue_free(queue);
}
END_TEST

START_TEST(a_queue_that_is_shut_down_gives_out_what_it_has)
{
	new_queue(EVTASK_QUEUE_FIFO, 1);
	put_now(1);
	spawn(put_and_say, (void *)2);
	run_turns(1);
	evtask_queue_shutdown(queue, false);
	spawn(get_and_say, "a");
	spawn(get_and_say, "b");
	run_dry();
	ck_assert_said("put-108 a1 b-108");
	ck_assert_int_eq(evtask_queue_put_nowait(queue, evtask_value_int(3)),
	    -ESHUTDOWN);
	evtask_queue_free(queue);
}
END_TEST

START_TEST(shut_down_at_once_it_drops_what_it_has)
{
	new_queue(EVTASK_QUEUE_FIFO, 0);
	put_now(1);
	spawn(join_and_say, "j");
	run_turns(1);
	evtask_queue_shutdown(queue, true);
	spawn(get_and_say, "a");
	run_dry();
	ck_assert_said("j0 a-108");
	ck_assert_int_eq(evtask_queue_task_done(queue), -EPERM);
	evtask_queue_free(queue);
}
END_TEST

START_TEST(who_waits_learns_that_it_is_shut_down)
{
	new_queue(EVTASK_QUEUE_FIFO, 0);
	spawn(get_and_say, "a");
	spawn(get_and_say, "b");
	run_turns(1);
	evtask_queue_shutdown(queue, false);
	run_dry();
	ck_assert_said("a-108 b-108");
	evtask_queue_free(queue);
}
END_TEST

/* A value that counts its references. */
static int refs;

static void
count_ref(void *p)
{
	(void)p;
	refs++;
}

static void
count_unref(void *p)
{
	(void)p;
	refs--;
}

static const struct evtask_type counted = {
	.name = "counted", .ref = count_ref, .unref = count_unref,
};

START_TEST(values_are_owned_all_the_way)
{
	struct evtask_value value = { .type = &counted };

	new_queue(EVTASK_QUEUE_FIFO, 1);
	refs = 3;
	ck_assert_int_eq(evtask_queue_put_nowait(queue, value), 0);
	ck_assert_int_eq(refs, 3);
	ck_assert_int_eq(evtask_queue_put_nowait(queue, value), -EAGAIN);
	ck_assert_int_eq(refs, 2);
	ck_assert_int_eq(evtask_queue_put(queue, value), -EINVAL);
	ck_assert_int_eq(refs, 1);
	evtask_queue_free(queue);
	ck_assert_int_eq(refs, 0);
	evtask_queue_free(NULL);
}
END_TEST

START_TEST(bad_calls_change_nothing)
{
	struct evtask_queue_options options = {
		.order = EVTASK_QUEUE_PRIORITY,
	};
	struct evtask_value value;

	ck_assert_int_eq(evtask_queue_new(&options, &queue), -EINVAL);
	ck_assert_int_eq(evtask_queue_new(NULL, &queue), 0);
	ck_assert_int_eq(evtask_queue_get(queue, &value), -EINVAL);
	ck_assert_int_eq(evtask_queue_join(queue), -EINVAL);
	evtask_queue_free(queue);
}
END_TEST

CORE_SUITE("queue",
    each_order_has_its_own_first,
    a_priority_queue_sorts_a_thousand,
    the_ring_turns_and_grows,
    who_takes_waits_for_who_puts,
    who_puts_waits_for_room,
    without_waiting_a_full_or_empty_queue_says_so,
    a_value_for_one_who_is_cancelled_goes_to_the_next,
    room_for_one_who_is_cancelled_goes_to_the_next,
    join_waits_until_all_is_dealt_with,
    who_is_cancelled_no_longer_joins,
    a_queue_that_is_shut_down_gives_out_what_it_has,
    shut_down_at_once_it_drops_what_it_has,
    who_waits_learns_that_it_is_shut_down,
    values_are_owned_all_the_way,
    bad_calls_change_nothing)
