/* Deadlines: who is first, and who is due. */
#include "tests/timers.h"

START_TEST(without_timers_there_is_no_first)
{
	ck_assert_ptr_null(timers_any(&timers));
	ck_assert_int_eq(timers_first_us(&timers), INT64_MAX);
}
END_TEST

START_TEST(the_earliest_is_first_whatever_the_order_of_arming)
{
	static const int64_t when[] = { 30, 10, INT64_MAX, 20, -5, INT64_MIN };
	static const int order[] = { 5, 4, 1, 3, 0, 2 };

	for (int i = 0; i < 6; i++)
		add(i, when[i]);
	for (int i = 0; i < 6; i++)
		ck_assert_int_eq(take(), order[i]);
	ck_assert_int_eq(take(), -1);
}
END_TEST

START_TEST(equal_deadlines_keep_the_order_of_arming)
{
	for (int i = 0; i < MANY; i++)
		add(i, 7);
	for (int i = 0; i < MANY; i++)
		ck_assert_int_eq(take(), i);
}
END_TEST

START_TEST(equal_deadlines_keep_their_order_when_others_are_removed)
{
	for (int i = 0; i < MANY; i++)
		add(i, i % 3);
	for (int i = 0; i < MANY; i += 5)
		timers_remove(&timers, &items[i]);
	for (int when = 0; when < 3; when++)
		for (int i = when; i < MANY; i += 3)
			if (i % 5 != 0)
				ck_assert_int_eq(take(), i);
	ck_assert_int_eq(take(), -1);
}
END_TEST

START_TEST(armed_again_a_timer_comes_after_its_equals)
{
	add(0, 7);
	add(1, 7);
	timers_remove(&timers, &items[0]);
	add(0, 7);
	ck_assert_int_eq(take(), 1);
	ck_assert_int_eq(take(), 0);
}
END_TEST

/* Of so many, one that is removed is not taken, and the others in order. */
static void
take_all_but(int gone, int n)
{
	int64_t last = INT64_MIN;
	int left = 0;

	timers_remove(&timers, &items[gone]);
	ck_assert(!items[gone].armed);
	for (int i; (i = take()) >= 0; left++) {
		ck_assert_int_ne(i, gone);
		ck_assert_int_ge(when_of[i], last);
		last = when_of[i];
	}
	ck_assert_int_eq(left, n - 1);
}

START_TEST(any_place_can_be_removed)
{
	/* Every small number, every place of it; _i: played before. */
	for (int n = 1; n <= 40; n++) {
		for (int gone = 0; gone < n; gone++) {
			for (int i = 0; i < n; i++)
				add(i, (i * 7919) % 101);
			if (_i)
				play_all();
			take_all_but(gone, n);
		}
	}
}
END_TEST

START_TEST(what_is_moved_takes_its_new_place_behind_its_equals)
{
	for (int i = 0; i < MANY; i++)
		add(i, i);
	if (_i) {
		timers_remove(&timers, &items[MANY - 1]);
		play_all();
		add(MANY - 1, MANY - 1);
	}
	timers_move(&timers, &items[0], MANY - 1);
	timers_move(&timers, &items[MANY - 2], -1);
	timers_move(&timers, &items[7], 7);
	ck_assert_int_eq(timers_when_us(&timers, &items[0]), MANY - 1);
	ck_assert_int_eq(timers_first_us(&timers), -1);
	ck_assert_int_eq(take(), MANY - 2);
	for (int i = 1; i < MANY - 2; i++)
		ck_assert_int_eq(take(), i);
	ck_assert_int_eq(take(), MANY - 1);
	ck_assert_int_eq(take(), 0);
	ck_assert_int_eq(take(), -1);
}
END_TEST

START_TEST(what_is_due_is_queued_in_order_and_the_rest_stays)
{
	struct ready ready;

	ck_assert_int_eq(ready_init(&ready), 0);
	ck_assert_int_eq(ready_reserve(&ready, MANY), 0);
	for (int i = 0; i < MANY; i++)
		add(i, i * 7919 % MANY / 2);
	timers_expire(&timers, MANY / 4, &ready);
	ready_begin_turn(&ready);
	for (int due = 0, last = -1; due < MANY / 2 + 2; due++) {
		struct runnable *r = ready_peek(&ready);
		int i = (int)(r - items);

		ck_assert_ptr_nonnull(r);
		ck_assert(!r->armed);
		ck_assert(last < 0 || when_of[i] > when_of[last] ||
		    (when_of[i] == when_of[last] && i > last));
		last = i;
		ready_take(&ready, r);
	}
	ck_assert_ptr_null(ready_peek(&ready));
	ck_assert_int_eq(timers_first_us(&timers), MANY / 4 + 1);
	ck_assert_int_eq(when_of[take()], MANY / 4 + 1);
	ready_release(&ready);
}
END_TEST

START_TEST(trimmed_after_a_peak_it_holds_what_it_held)
{
	uint32_t peak;

	for (int i = 0; i < MANY; i++)
		add(i, i);
	peak = timers.capacity;
	timers_trim(&timers);
	ck_assert_uint_eq(timers.capacity, peak);
	for (int i = 0; i < MANY - 3; i++)
		ck_assert_int_eq(take(), i);
	timers_trim(&timers);
	ck_assert_uint_lt(timers.capacity, peak);
	add(0, MANY);
	for (int i = MANY - 3; i < MANY; i++)
		ck_assert_int_eq(take(), i);
	ck_assert_int_eq(take(), 0);
	ck_assert_int_eq(take(), -1);
}
END_TEST

START_TEST(what_is_disarmed_leaves_no_more_places_than_there_were_timers)
{
	/* Each is disarmed among some that stay, and never the last. */
	for (int i = 0; i < 100; i++)
		add(i, i);
	for (long n = 0; n < 100000; n++) {
		int i = 100 + (int)(n % 100);

		if (items[i].armed)
			timers_remove(&timers, &items[i]);
		add(i, 1000 + n % 7);
		if (n % 1000 == 0)
			ck_assert_int_eq(timers_first_us(&timers), 0);
	}
	ck_assert_uint_eq(timers_armed(&timers), 200);
	ck_assert_uint_le(timers.capacity, 2 * 200);
}
END_TEST

START_TEST(what_is_moved_leaves_no_more_places_than_there_were_timers)
{
	for (int i = 0; i < MANY; i++)
		add(i, i);
	for (long n = 0; n < 100000; n++) {
		/* Often the first, and in order, as the deadlines of
		 * connections. */
		timers_move(&timers, &items[n % MANY], MANY + n);
		if (n % 10 == 0)
			ck_assert_int_eq(timers_first_us(&timers), n + 1);
	}
	ck_assert_uint_eq(timers_armed(&timers), MANY);
	ck_assert_uint_le(timers.capacity, 2 * MANY);
}
END_TEST

START_TEST(trimmed_it_knows_who_is_first)
{
	uint32_t capacity;

	for (int i = 0; i < MANY; i++)
		add(i, 1000 + i);
	timers_move(&timers, &items[MANY - 2], 7);
	for (int i = 0; i < MANY - 3; i++)
		timers_remove(&timers, &items[i]);
	capacity = timers.capacity;
	timers_trim(&timers);
	ck_assert_uint_lt(timers.capacity, capacity);
	ck_assert_int_eq(timers.first_us, 7);
	add(0, 8);
	ck_assert_int_eq(take(), MANY - 2);
	ck_assert_int_eq(take(), 0);
	ck_assert_int_eq(take(), MANY - 3);
	ck_assert_int_eq(take(), MANY - 1);
	ck_assert_int_eq(take(), -1);
}
END_TEST

START_TEST(who_comes_takes_the_place_that_was_left_last)
{
	for (int i = 0; i < 100; i++)
		add(i, i);
	if (_i)
		play_all();
	timers_remove(&timers, &items[7]);
	timers_remove(&timers, &items[50]);
	add(100, 1000);
	add(101, -1);
	ck_assert_uint_eq(items[100].slot, 50);
	ck_assert_uint_eq(items[101].slot, 7);
	ck_assert_int_eq(take(), 101);
	for (int i = 0; i < 101; i++)
		if (i != 7 && i != 50)
			ck_assert_int_eq(take(), i);
	ck_assert_int_eq(take(), -1);
}
END_TEST

/* Who never comes up is no less armed, whatever was in the places beside. */
START_TEST(one_that_is_never_due_is_found_among_vacant_places)
{
	for (int i = 0; i < 100; i++)
		add(i, i);
	play_all();
	timers_remove(&timers, &items[42]);
	add(42, INT64_MAX);
	for (int i = 0; i < 100; i++)
		if (i != 42)
			timers_remove(&timers, &items[i]);
	ck_assert_int_eq(timers_first_us(&timers), INT64_MAX);
	ck_assert_ptr_eq(timers_any(&timers), &items[42]);
	ck_assert_int_eq(take(), 42);
	ck_assert_int_eq(take(), -1);
}
END_TEST

enum { CROWD = 200000 };

/* (The sum is asserted: to assert is dear under Valgrind.) */
static struct runnable *
arm_crowd(void)
{
	struct runnable *crowd = calloc(CROWD, sizeof *crowd);
	int n = 0;

	for (int i = 0; i < CROWD; i++)
		n += timers_add(&timers, &crowd[i], i) == 0;
	ck_assert_int_eq(n, CROWD);
	return crowd;
}

/* How many looks it takes to know who is first. */
static int
looks(int64_t first_us)
{
	int n = 0;

	do {
		ck_assert_int_le(timers.first_us, first_us);
		ck_assert_int_le(timers_first_us(&timers), first_us);
		n++;
	} while (timers.first == TIMERS_UNKNOWN);
	ck_assert_int_eq(timers.first_us, first_us);
	return n;
}

START_TEST(a_look_goes_through_no_more_than_its_share)
{
	struct runnable *crowd = arm_crowd();

	timers_remove(&timers, &crowd[0]);
	ck_assert_int_eq(looks(1), 4);		/* of all that have come */
	for (int i = 1; i < CROWD - 1; i++)
		timers_remove(&timers, &crowd[i]);
	ck_assert_int_gt(looks(CROWD - 1), 2);	/* of all that have gone */
	timers_remove(&timers, &crowd[CROWD - 1]);
	free(crowd);
}
END_TEST

START_TEST(those_that_come_have_a_part_before_it_matters)
{
	struct runnable *crowd = arm_crowd();
	struct ready ready;

	ck_assert_int_eq(ready_init(&ready), 0);
	for (int i = 0; i < 4; i++)
		timers_expire(&timers, -1, &ready);
	ck_assert_uint_le(timers.n - timers.played, TIMERS_LATE);
	ck_assert(ready_empty(&ready));
	ready_release(&ready);
	free(crowd);
}
END_TEST

START_TEST(woken_for_a_deadline_that_was_taken_back_it_knows_the_next)
{
	struct ready ready;

	ck_assert_int_eq(ready_init(&ready), 0);
	for (int i = 0; i < 100; i++)
		add(i, i);
	play_all();
	for (int i = 0; i < 50; i++)
		timers_remove(&timers, &items[i]);
	timers_expire(&timers, 10, &ready);
	ck_assert(ready_empty(&ready));
	ck_assert_int_eq(timers.first_us, 50);
	ready_release(&ready);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("timers");
	TCase *tc = tcase_create("timers");

	tcase_add_checked_fixture(tc, timers_setup, timers_teardown);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, without_timers_there_is_no_first);
	tcase_add_test(tc, the_earliest_is_first_whatever_the_order_of_arming);
	tcase_add_test(tc, equal_deadlines_keep_the_order_of_arming);
	tcase_add_test(tc,
	    equal_deadlines_keep_their_order_when_others_are_removed);
	tcase_add_test(tc, armed_again_a_timer_comes_after_its_equals);
	tcase_add_loop_test(tc, any_place_can_be_removed, 0, 2);
	tcase_add_loop_test(tc,
	    what_is_moved_takes_its_new_place_behind_its_equals, 0, 2);
	tcase_add_test(tc, what_is_due_is_queued_in_order_and_the_rest_stays);
	tcase_add_test(tc, trimmed_after_a_peak_it_holds_what_it_held);
	tcase_add_test(tc,
	    what_is_disarmed_leaves_no_more_places_than_there_were_timers);
	tcase_add_test(tc,
	    what_is_moved_leaves_no_more_places_than_there_were_timers);
	tcase_add_test(tc, trimmed_it_knows_who_is_first);
	tcase_add_loop_test(tc,
	    who_comes_takes_the_place_that_was_left_last, 0, 2);
	tcase_add_test(tc, one_that_is_never_due_is_found_among_vacant_places);
	tcase_add_test(tc, a_look_goes_through_no_more_than_its_share);
	tcase_add_test(tc, those_that_come_have_a_part_before_it_matters);
	tcase_add_test(tc,
	    woken_for_a_deadline_that_was_taken_back_it_knows_the_next);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
