/* The event ring: every event once, and what a slow reader lost, exactly. */
#include <string.h>
#include "lib/console/ring.h"
#include "tests/suite.h"

static struct ring ring;

static void
set_up(void)
{
	ck_assert_int_eq(ring_init(&ring, 8), 0);
}

static void
tear_down(void)
{
	ring_release(&ring);
}

static void
push(uint32_t count)
{
	ring_push(&ring, (struct ring_record){ .count = count,
	    .task = ring.seq + 1 });
}

/* Reads one event; returns its seq, 0: there is none. */
static uint64_t
read_one(struct ring_cursor *cursor)
{
	const struct ring_record *record = ring_at(&ring, cursor);
	uint64_t seq = cursor->seq;

	if (record == NULL)
		return 0;
	ck_assert_uint_ge(seq, record->seq);
	ck_assert_uint_lt(seq, record->seq + record->count);
	ring_next(cursor, record);
	return seq;
}

START_TEST(a_reader_sees_each_event_once_and_in_order)
{
	struct ring_cursor cursor = ring_after(&ring, 0);
	struct ring_gap gap;

	push(1);
	push(1);
	ck_assert(!ring_lost(&ring, &cursor, &gap));
	ck_assert_uint_eq(read_one(&cursor), 1);
	ck_assert_uint_eq(read_one(&cursor), 2);
	ck_assert_uint_eq(read_one(&cursor), 0);
	push(1);
	ck_assert_uint_eq(read_one(&cursor), 3);
}
END_TEST

START_TEST(a_record_of_three_has_three_numbers)
{
	struct ring_cursor cursor = ring_after(&ring, 0);

	push(3);
	push(1);
	ck_assert_uint_eq(ring.seq, 4);
	ck_assert_uint_eq(read_one(&cursor), 1);
	ck_assert_uint_eq(read_one(&cursor), 2);
	ck_assert_uint_eq(read_one(&cursor), 3);
	ck_assert_uint_eq(read_one(&cursor), 4);
}
END_TEST

START_TEST(a_reader_may_begin_within_a_record)
{
	struct ring_cursor cursor;

	push(1);
	push(5);
	cursor = ring_after(&ring, 3);
	ck_assert_uint_eq(read_one(&cursor), 4);
}
END_TEST

START_TEST(a_reader_that_was_overtaken_learns_exactly_what_it_lost)
{
	struct ring_cursor cursor = ring_after(&ring, 0);
	struct ring_gap gap;
	int i;

	push(1);
	ck_assert_uint_eq(read_one(&cursor), 1);
	for (i = 0; i < 11; i++)
		push(2);
	ck_assert(ring_lost(&ring, &cursor, &gap));
	ck_assert_uint_eq(gap.from_seq, 2);
	ck_assert_uint_eq(gap.to_seq, 7);
	ck_assert(!ring_lost(&ring, &cursor, &gap));
	ck_assert_uint_eq(read_one(&cursor), 8);
}
END_TEST

START_TEST(a_reader_within_an_overwritten_record_loses_its_rest)
{
	struct ring_cursor cursor = ring_after(&ring, 0);
	struct ring_gap gap;
	int i;

	push(3);
	ck_assert_uint_eq(read_one(&cursor), 1);
	for (i = 0; i < 8; i++)
		push(1);
	ck_assert(ring_lost(&ring, &cursor, &gap));
	ck_assert_uint_eq(gap.from_seq, 2);
	ck_assert_uint_eq(gap.to_seq, 3);
}
END_TEST

START_TEST(the_past_beyond_the_ring_is_a_gap)
{
	struct ring_cursor cursor;
	struct ring_gap gap;
	int i;

	for (i = 0; i < 20; i++)
		push(1);
	cursor = ring_after(&ring, 4);
	ck_assert(ring_lost(&ring, &cursor, &gap));
	ck_assert_uint_eq(gap.from_seq, 5);
	ck_assert_uint_eq(gap.to_seq, 12);
}
END_TEST

START_TEST(the_future_is_now)
{
	struct ring_cursor cursor = ring_after(&ring, 1000);
	struct ring_gap gap;

	push(1);
	ck_assert(!ring_lost(&ring, &cursor, &gap));
	ck_assert_uint_eq(read_one(&cursor), 1);
}
END_TEST

START_TEST(every_place_is_found)
{
	struct ring_cursor cursor;
	uint64_t seq;
	int i;

	for (i = 0; i < 13; i++)
		push(1 + (uint32_t)i % 3);
	for (seq = ring_at(&ring, &(struct ring_cursor){ 5, 0 })->seq;
	    seq < ring.seq; seq++) {
		cursor = ring_after(&ring, seq);
		ck_assert_uint_eq(read_one(&cursor), seq + 1);
	}
}
END_TEST

START_TEST(a_record_that_is_skipped_is_skipped_whole)
{
	struct ring_cursor cursor = ring_after(&ring, 0);

	push(4);
	push(1);
	ring_skip(&cursor, ring_at(&ring, &cursor));
	ck_assert_uint_eq(read_one(&cursor), 5);
}
END_TEST

START_TEST(texts_are_released_as_they_are_overwritten)
{
	int i;

	/* For the leak checker. */
	for (i = 0; i < 20; i++)
		ring_push(&ring, (struct ring_record){ .count = 1,
		    .text = strdup("words") });
	ck_assert_uint_eq(ring.pushed, 20);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("ring");
	TCase *tc = tcase_create("ring");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, a_reader_sees_each_event_once_and_in_order);
	tcase_add_test(tc, a_record_of_three_has_three_numbers);
	tcase_add_test(tc, a_reader_may_begin_within_a_record);
	tcase_add_test(tc,
	    a_reader_that_was_overtaken_learns_exactly_what_it_lost);
	tcase_add_test(tc,
	    a_reader_within_an_overwritten_record_loses_its_rest);
	tcase_add_test(tc, the_past_beyond_the_ring_is_a_gap);
	tcase_add_test(tc, the_future_is_now);
	tcase_add_test(tc, every_place_is_found);
	tcase_add_test(tc, a_record_that_is_skipped_is_skipped_whole);
	tcase_add_test(tc, texts_are_released_as_they_are_overwritten);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
