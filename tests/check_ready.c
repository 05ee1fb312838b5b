/* The ready queue: order, gaps, wraparound, and room that is there. */
#include "core/ready.h"

#include <errno.h>
#include <stdbool.h>

#include "tests/suite.h"

enum { CAPACITY = 256 };	/* of a new ring */

static struct ready ready;
static struct runnable items[4 * CAPACITY];

static void
setup(void)
{
	ck_assert_int_eq(ready_init(&ready), 0);
	for (size_t i = 0; i < sizeof items / sizeof *items; i++)
		items[i] = (struct runnable){ .run = NULL };
}

static void
teardown(void)
{
	ready_release(&ready);
}

static void
push_range(int from, int to)
{
	for (int i = from; i < to; i++)
		ready_push(&ready, &items[i]);
}

/* The number of the next of the turn, taken; -1: the turn is over. */
static int
take(void)
{
	struct runnable *r;

	while ((r = ready_peek(&ready)) != NULL) {
		ready_take(&ready, r);
		if (r != &ready.gap)
			return (int)(r - items);
		r->run(r);
	}
	return -1;
}

START_TEST(a_new_queue_is_empty)
{
	ck_assert(ready_empty(&ready));
	ready_begin_turn(&ready);
	ck_assert_ptr_null(ready_peek(&ready));
}
END_TEST

START_TEST(what_comes_first_is_run_first)
{
	ck_assert_int_eq(ready_reserve(&ready, 3), 0);
	push_range(0, 3);
	ready_begin_turn(&ready);
	ck_assert_int_eq(take(), 0);
	ck_assert_int_eq(take(), 1);
	ck_assert_int_eq(take(), 2);
	ck_assert_int_eq(take(), -1);
	ck_assert(ready_empty(&ready));
}
END_TEST

START_TEST(peeking_takes_nothing)
{
	ck_assert_int_eq(ready_reserve(&ready, 1), 0);
	push_range(0, 1);
	ready_begin_turn(&ready);
	ck_assert_ptr_eq(ready_peek(&ready), &items[0]);
	ck_assert_ptr_eq(ready_peek(&ready), &items[0]);
	ck_assert(items[0].queued);
	ck_assert_int_eq(take(), 0);
	ck_assert(!items[0].queued);
}
END_TEST

START_TEST(what_is_queued_during_a_turn_waits_for_the_next)
{
	ck_assert_int_eq(ready_reserve(&ready, 2), 0);
	push_range(0, 1);
	ready_begin_turn(&ready);
	ck_assert_int_eq(take(), 0);
	push_range(0, 2);
	ck_assert_int_eq(take(), -1);
	ck_assert(!ready_empty(&ready));
	ready_begin_turn(&ready);
	ck_assert_int_eq(take(), 0);
	ck_assert_int_eq(take(), 1);
	ck_assert_int_eq(take(), -1);
}
END_TEST

START_TEST(what_is_taken_out_is_skipped)
{
	ck_assert_int_eq(ready_reserve(&ready, 4), 0);
	push_range(0, 4);
	ready_begin_turn(&ready);
	ready_remove(&ready, &items[0]);
	ready_remove(&ready, &items[2]);
	ready_remove(&ready, &items[3]);
	ck_assert(!items[2].queued);
	ck_assert_int_eq(take(), 1);
	ck_assert_int_eq(take(), -1);
	ck_assert(ready_empty(&ready));
}
END_TEST

START_TEST(taking_out_what_is_not_queued_does_nothing)
{
	ck_assert_int_eq(ready_reserve(&ready, 2), 0);
	push_range(0, 1);
	/* Never queued: its slot, 0, is another's. */
	ready_remove(&ready, &items[1]);
	ready_begin_turn(&ready);
	ck_assert_int_eq(take(), 0);
	/* Taken already: its old slot may be another's. */
	push_range(1, 2);
	ready_remove(&ready, &items[0]);
	ready_begin_turn(&ready);
	ck_assert_int_eq(take(), 1);
}
END_TEST

START_TEST(what_was_taken_out_may_come_again_at_the_end)
{
	ck_assert_int_eq(ready_reserve(&ready, 2), 0);
	push_range(0, 2);
	ready_remove(&ready, &items[0]);
	push_range(0, 1);
	ready_begin_turn(&ready);
	ck_assert_int_eq(take(), 1);
	ck_assert_int_eq(take(), 0);
	ck_assert_int_eq(take(), -1);
}
END_TEST

/* A gap has a slot of its own: where all are reserved one too many closes all
 * of them. */
START_TEST(a_full_ring_closes_its_gaps_and_keeps_the_order)
{
	ck_assert_int_eq(ready_reserve(&ready, CAPACITY / 2), 0);
	push_range(0, CAPACITY / 2);
	for (int i = 0; i < CAPACITY / 2; i++) {
		ready_remove(&ready, &items[i]);
		ready_push(&ready, &items[i]);
	}
	ck_assert_uint_eq(ready.tail - ready.head, CAPACITY);
	ready_remove(&ready, &items[0]);
	ck_assert_uint_eq(ready.tail - ready.head, CAPACITY / 2 - 1);
	ck_assert_uint_eq(ready.reserved, CAPACITY / 2);
	ck_assert_uint_eq(ready.mask, CAPACITY - 1);
	ready_push(&ready, &items[0]);
	ready_begin_turn(&ready);
	for (int i = 1; i < CAPACITY / 2; i++)
		ck_assert_int_eq(take(), i);
	ck_assert_int_eq(take(), 0);
	ck_assert_int_eq(take(), -1);
}
END_TEST

/* They would have to be closed each time. */
START_TEST(a_ring_with_room_for_few_gaps_grows)
{
	ck_assert_int_eq(ready_reserve(&ready, CAPACITY), 0);
	push_range(0, CAPACITY);
	ready_remove(&ready, &items[5]);
	ck_assert_uint_eq(ready.mask, 2 * CAPACITY - 1);
	ck_assert_uint_eq(ready.reserved, CAPACITY);
	ready_push(&ready, &items[5]);
	ready_begin_turn(&ready);
	for (int i = 0; i < CAPACITY; i++)
		if (i != 5)
			ck_assert_int_eq(take(), i);
	ck_assert_int_eq(take(), 5);
	ck_assert_int_eq(take(), -1);
}
END_TEST

START_TEST(a_gap_gives_its_slot_back_when_it_is_passed)
{
	ck_assert_int_eq(ready_reserve(&ready, 2), 0);
	push_range(0, 2);
	ready_remove(&ready, &items[0]);
	ck_assert_uint_eq(ready.reserved, 3);
	ready_begin_turn(&ready);
	ck_assert_int_eq(take(), 1);
	ck_assert_uint_eq(ready.reserved, 2);
}
END_TEST

/* As many gaps as there is room for, and one more. */
enum { QUEUED = CAPACITY * 3 / 4, LAST = QUEUED - 1 };

static bool
is_taken_out(int i)
{
	return i % 3 == 0 || i == LAST;
}

/* The turn ends before items[turn]. */
static void
compact_within_a_turn_of(int turn)
{
	int i;

	push_range(0, turn);
	ready_begin_turn(&ready);
	push_range(turn, QUEUED);
	for (i = 0; i < QUEUED; i++)
		if (is_taken_out(i))
			ready_remove(&ready, &items[i]);
	ck_assert_uint_eq(ready.reserved, QUEUED);
	push_range(LAST, QUEUED);
	for (i = 0; i < turn; i++)
		if (!is_taken_out(i))
			ck_assert_int_eq(take(), i);
	ck_assert_int_eq(take(), -1);
	ready_begin_turn(&ready);
	for (; i < QUEUED; i++)
		if (!is_taken_out(i))
			ck_assert_int_eq(take(), i);
	ck_assert_int_eq(take(), LAST);
	ck_assert_int_eq(take(), -1);
	ck_assert(ready_empty(&ready));
	ck_assert_uint_eq(ready.mask, CAPACITY - 1);
}

START_TEST(closing_gaps_keeps_the_end_of_the_turn)
{
	/* The end stands on a gap, after one, at the start, at the end. */
	static const int turns[] = { 0, 1, 2, 99, 100, 101, QUEUED - 1,
	    QUEUED };

	ck_assert_int_eq(ready_reserve(&ready, QUEUED), 0);
	compact_within_a_turn_of(turns[_i]);
}
END_TEST

START_TEST(what_moved_when_gaps_were_closed_can_be_taken_out)
{
	ck_assert_int_eq(ready_reserve(&ready, CAPACITY), 0);
	push_range(0, CAPACITY);
	ready_remove(&ready, &items[0]);
	push_range(0, 1);
	ready_remove(&ready, &items[1]);
	ready_remove(&ready, &items[CAPACITY - 1]);
	ready_begin_turn(&ready);
	for (int i = 2; i < CAPACITY - 1; i++)
		ck_assert_int_eq(take(), i);
	ck_assert_int_eq(take(), 0);
	ck_assert_int_eq(take(), -1);
}
END_TEST

START_TEST(positions_wrap_around)
{
	ck_assert_int_eq(ready_reserve(&ready, CAPACITY), 0);
	/* Just before the counters themselves start again at 0. */
	ready.head = ready.tail = ready.turn_end = UINT32_MAX - 10;
	for (int round = 0; round < 5; round++) {
		push_range(0, CAPACITY);
		ready_remove(&ready, &items[7]);
		ready_begin_turn(&ready);
		for (int i = 0; i < CAPACITY; i++)
			if (i != 7)
				ck_assert_int_eq(take(), i);
		ck_assert_int_eq(take(), -1);
	}
	ck_assert_uint_lt(ready.head, 5 * CAPACITY);
}
END_TEST

START_TEST(gaps_are_closed_across_the_wrap)
{
	ck_assert_int_eq(ready_reserve(&ready, QUEUED), 0);
	ready.head = ready.tail = ready.turn_end = UINT32_MAX - 100;
	compact_within_a_turn_of(50);
	compact_within_a_turn_of(150);
}
END_TEST

START_TEST(reserving_more_than_there_is_grows_and_keeps_the_order)
{
	ck_assert_int_eq(ready_reserve(&ready, CAPACITY), 0);
	ready.head = ready.tail = ready.turn_end = 100;
	push_range(0, 200);
	ready_begin_turn(&ready);
	for (int i = 0; i < 60; i++)
		ck_assert_int_eq(take(), i);
	push_range(200, CAPACITY);
	ck_assert_int_eq(ready_reserve(&ready, 3 * CAPACITY), 0);
	push_range(CAPACITY, 4 * CAPACITY);
	for (int i = 60; i < 200; i++)
		ck_assert_int_eq(take(), i);
	ck_assert_int_eq(take(), -1);
	ready_begin_turn(&ready);
	for (int i = 200; i < 4 * CAPACITY; i++)
		ck_assert_int_eq(take(), i);
	ck_assert_int_eq(take(), -1);
}
END_TEST

START_TEST(what_is_given_back_can_be_reserved_again_without_growing)
{
	for (int i = 0; i < 1000; i++) {
		ck_assert_int_eq(ready_reserve(&ready, CAPACITY), 0);
		ready_unreserve(&ready, CAPACITY);
	}
	ck_assert_uint_eq(ready.mask, CAPACITY - 1);
	ck_assert_uint_eq(ready.reserved, 0);
}
END_TEST

/* Two in the queue, the turn between them, their places beyond the small ring;
 * and with what is reserved the queue stays as large as that wants. */
START_TEST(trimming_gives_back_what_is_not_reserved_and_keeps_the_order)
{
	ck_assert_int_eq(ready_reserve(&ready, 4 * CAPACITY - 1), 0);
	for (int i = 0; i < 3 * CAPACITY + 7; i++) {
		ready_push(&ready, &items[i]);
		ready_begin_turn(&ready);
		ck_assert_int_eq(take(), i);
	}
	push_range(0, 4);
	ready_remove(&ready, &items[1]);
	ready_begin_turn(&ready);
	push_range(4, 6);
	ready_trim(&ready);
	ck_assert_uint_eq(ready.mask, 4 * CAPACITY - 1);
	ready_unreserve(&ready, 4 * CAPACITY - 7);
	ready_trim(&ready);
	ck_assert_uint_eq(ready.mask, CAPACITY - 1);
	ck_assert_int_eq(take(), 0);
	ck_assert_int_eq(take(), 2);
	ready_remove(&ready, &items[3]);
	ck_assert_int_eq(take(), -1);
	ready_begin_turn(&ready);
	ck_assert_int_eq(take(), 4);
	ck_assert_int_eq(take(), 5);
	ck_assert_int_eq(take(), -1);
	ck_assert_int_eq(ready_reserve(&ready, 4 * CAPACITY - 6), 0);
	push_range(0, 4 * CAPACITY);
	ready_begin_turn(&ready);
	for (int i = 0; i < 4 * CAPACITY; i++)
		ck_assert_int_eq(take(), i);
}
END_TEST

START_TEST(reserving_beyond_all_bounds_changes_nothing)
{
	ck_assert_int_eq(ready_reserve(&ready, 5), 0);
	/* As if there were a ring of 2^31 already. */
	ready.mask = UINT32_MAX / 2;
	ck_assert_int_eq(ready_reserve(&ready, UINT32_MAX / 2), -ENOMEM);
	ck_assert_uint_eq(ready.reserved, 5);
	ready.mask = CAPACITY - 1;
}
END_TEST

START_TEST(what_has_run_is_counted_without_gaps)
{
	ck_assert_int_eq(ready_reserve(&ready, 4), 0);
	push_range(0, 4);
	ready_remove(&ready, &items[0]);
	ready_remove(&ready, &items[2]);
	ready_begin_turn(&ready);
	ck_assert_uint_eq(ready_ran(&ready), 0);
	ck_assert_int_eq(take(), 1);
	ck_assert_uint_eq(ready_ran(&ready), 1);
	ck_assert_uint_eq(ready_count(&ready), 1);
	ck_assert_uint_eq(ready_ran(&ready), 0);
	ck_assert_int_eq(take(), 3);
	ck_assert_int_eq(take(), -1);
	ck_assert_uint_eq(ready_count(&ready), 1);
}
END_TEST

START_TEST(a_turn_is_clear_to_its_end_unless_it_is_watched)
{
	ck_assert_int_eq(ready_reserve(&ready, 4), 0);
	ready.head = ready.tail = UINT32_MAX - 1;
	push_range(0, 3);
	ready_begin_turn(&ready);
	push_range(3, 4);
	for (int i = 0; i < 3; i++) {
		ck_assert(ready_is_clear(&ready));
		ck_assert_int_eq(take(), i);
	}
	ck_assert(!ready_is_clear(&ready));
	push_range(0, 3);
	ready_begin_turn(&ready);
	ck_assert_int_eq(take(), 3);
	ready_watch(&ready);
	for (int i = 0; i < 3; i++) {
		ck_assert(!ready_is_clear(&ready));
		ck_assert_int_eq(take(), i);
	}
	ck_assert_int_eq(take(), -1);
}
END_TEST

START_TEST(turns_begin_by_themselves_until_a_look_is_due)
{
	ck_assert_int_eq(ready_reserve(&ready, 4), 0);
	ready_look_after(&ready, 3);
	ready_ran_alone(&ready);
	push_range(0, 4);
	ready_remove(&ready, &items[1]);	/* a gap does not count */
	ready_begin_turn(&ready);
	ck_assert(ready_may_turn(&ready));
	ck_assert_int_eq(take(), 0);
	ck_assert(ready_may_turn(&ready));
	ck_assert_int_eq(take(), 2);
	ck_assert(!ready_may_turn(&ready));
	ready_look_after(&ready, 5);
	ck_assert(ready_may_turn(&ready));
	ready_look_soon(&ready);
	ck_assert(!ready_may_turn(&ready));
	ck_assert_int_eq(take(), 3);
	ck_assert(!ready_may_turn(&ready));
}
END_TEST

START_TEST(what_is_pushed_next_may_belong_to_the_turn)
{
	ck_assert_int_eq(ready_reserve(&ready, 4), 0);
	push_range(0, 2);
	ready_begin_turn(&ready);
	ready_extend_turn(&ready);
	push_range(2, 4);
	for (int i = 0; i < 3; i++) {
		ck_assert(ready_is_clear(&ready));
		ck_assert_int_eq(take(), i);
	}
	ck_assert(!ready_is_clear(&ready));
	ck_assert_int_eq(take(), -1);
}
END_TEST

/* Against a model so simple that it is right: an array of numbers. */
START_TEST(a_random_course_agrees_with_a_list)
{
	static int model[4 * CAPACITY];
	int n = 0, turn = 0, reserved = 0;

	srand(1);
	for (int step = 0; step < 200000; step++) {
		int i = rand() % (2 * CAPACITY), at;

		switch (rand() % 4) {
		case 0:
		case 1:
			if (items[i].queued)
				break;
			if (n == reserved) {
				ck_assert_int_eq(ready_reserve(&ready, 1), 0);
				reserved++;
			}
			ready_push(&ready, &items[i]);
			model[n++] = i;
			break;
		case 2:
			ready_remove(&ready, &items[i]);
			for (at = 0; at < n && model[at] != i; at++)
				;
			if (at == n)
				break;
			for (n--, turn -= at < turn; at < n; at++)
				model[at] = model[at + 1];
			break;
		case 3:
			if (turn == 0) {
				ck_assert_int_eq(take(), -1);
				ready_begin_turn(&ready);
				turn = n;
				break;
			}
			ck_assert_int_eq(take(), model[0]);
			for (n--, turn--, at = 0; at < n; at++)
				model[at] = model[at + 1];
		}
		ck_assert_uint_le(ready.tail - ready.head, ready.reserved);
		ck_assert_uint_le(ready.reserved, ready.mask + 1);
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("ready");
	TCase *tc = tcase_create("ready");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, a_new_queue_is_empty);
	tcase_add_test(tc, what_comes_first_is_run_first);
	tcase_add_test(tc, peeking_takes_nothing);
	tcase_add_test(tc, what_is_queued_during_a_turn_waits_for_the_next);
	tcase_add_test(tc, what_is_taken_out_is_skipped);
	tcase_add_test(tc, taking_out_what_is_not_queued_does_nothing);
	tcase_add_test(tc, what_was_taken_out_may_come_again_at_the_end);
	tcase_add_test(tc, a_full_ring_closes_its_gaps_and_keeps_the_order);
	tcase_add_test(tc, a_ring_with_room_for_few_gaps_grows);
	tcase_add_test(tc, a_gap_gives_its_slot_back_when_it_is_passed);
	tcase_add_loop_test(tc, closing_gaps_keeps_the_end_of_the_turn, 0, 8);
	tcase_add_test(tc, what_moved_when_gaps_were_closed_can_be_taken_out);
	tcase_add_test(tc, positions_wrap_around);
	tcase_add_test(tc, gaps_are_closed_across_the_wrap);
	tcase_add_test(tc,
	    reserving_more_than_there_is_grows_and_keeps_the_order);
	tcase_add_test(tc,
	    what_is_given_back_can_be_reserved_again_without_growing);
	tcase_add_test(tc,
	    trimming_gives_back_what_is_not_reserved_and_keeps_the_order);
	tcase_add_test(tc, reserving_beyond_all_bounds_changes_nothing);
	tcase_add_test(tc, what_has_run_is_counted_without_gaps);
	tcase_add_test(tc, a_turn_is_clear_to_its_end_unless_it_is_watched);
	tcase_add_test(tc, turns_begin_by_themselves_until_a_look_is_due);
	tcase_add_test(tc, what_is_pushed_next_may_belong_to_the_turn);
	tcase_add_test(tc, a_random_course_agrees_with_a_list);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
