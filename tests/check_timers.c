/* The heap of deadlines, against a sorted list. */
#include "core/timers.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "tests/suite.h"

enum { MANY = 1000 };

static struct timers timers;
static struct runnable items[MANY];
static int64_t when_of[MANY];

static void
setup(void)
{
	timers_init(&timers);
	memset(items, 0, sizeof items);
}

static void
teardown(void)
{
	timers_release(&timers);
}

static void
add(int i, int64_t when_us)
{
	ck_assert_int_eq(timers_add(&timers, &items[i], when_us), 0);
	when_of[i] = when_us;
}

/* The number of the first, disarmed; -1: there is none. */
static int
take(void)
{
	struct runnable *first = timers_first(&timers);

	if (first == NULL)
		return -1;
	timers_remove(&timers, first);
	return (int)(first - items);
}

START_TEST(without_timers_there_is_no_first)
{
	ck_assert_ptr_null(timers_first(&timers));
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

START_TEST(any_place_can_be_removed)
{
	/* Every shape of a small heap, every place in it. */
	for (int n = 1; n <= 40; n++) {
		for (int gone = 0; gone < n; gone++) {
			int64_t last = INT64_MIN;
			int left = 0;

			for (int i = 0; i < n; i++)
				add(i, (i * 7919) % 101);
			timers_remove(&timers, &items[gone]);
			ck_assert(!items[gone].armed);
			for (int i; (i = take()) >= 0; left++) {
				ck_assert_int_ne(i, gone);
				ck_assert_int_ge(when_of[i], last);
				last = when_of[i];
			}
			ck_assert_int_eq(left, n - 1);
		}
	}
}
END_TEST

START_TEST(what_is_moved_takes_its_new_place_behind_its_equals)
{
	for (int i = 0; i < MANY; i++)
		add(i, i);
	timers_move(&timers, &items[0], MANY - 1);
	timers_move(&timers, &items[MANY - 2], -1);
	timers_move(&timers, &items[7], 7);
	ck_assert_int_eq(timers_when_us(&timers, &items[0]), MANY - 1);
	ck_assert_int_eq(timers.first_us, -1);
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
	ck_assert_int_eq(timers.first_us, MANY / 4 + 1);
	ck_assert_int_eq(when_of[take()], MANY / 4 + 1);
	ready_release(&ready);
}
END_TEST

enum { CROWD = 5000 };

/* Of a crowd, those due by then are queued, by deadline and then by arming;
 * then the others are armed still, in that order. */
static void
expire_crowd(const int64_t *when, int64_t now_us)
{
	static struct runnable crowd[CROWD];
	struct ready ready;
	struct runnable *r;
	int n = 0, last = -1;

	memset(crowd, 0, sizeof crowd);
	ck_assert_int_eq(ready_init(&ready), 0);
	ck_assert_int_eq(ready_reserve(&ready, CROWD), 0);
	for (int i = 0; i < CROWD; i++)
		ck_assert_int_eq(timers_add(&timers, &crowd[i], when[i]), 0);
	timers_expire(&timers, now_us, &ready);
	ready_begin_turn(&ready);
	for (; n < CROWD; n++) {
		int i;

		r = ready_peek(&ready);
		if (r != NULL)
			ready_take(&ready, r);
		else if ((r = timers_first(&timers)) != NULL)
			timers_remove(&timers, r);
		ck_assert_ptr_nonnull(r);
		ck_assert(!r->armed && !r->queued);
		i = (int)(r - crowd);
		ck_assert(last < 0 || when[i] > when[last] ||
		    (when[i] == when[last] && i > last));
		ck_assert(ready.head != ready.tail || timers.n == 0 ||
		    timers.first_us > now_us);
		last = i;
	}
	ck_assert_int_eq(timers.first_us, INT64_MAX);
	ready_release(&ready);
}

START_TEST(a_crowd_expires_in_order)
{
	static const struct {
		int64_t from, apart, now_us;
		int different;
	} crowds[] = {
		{ 0, 1, CROWD, CROWD },		/* all of them */
		{ 0, 1, CROWD / 2, CROWD },	/* the upper half */
		{ 0, 1, CROWD * 9 / 10, CROWD },
		{ 0, 1, 700, CROWD },
		{ 7, 0, 7, 1 },			/* all alike */
		{ -CROWD, 3, 0, 1000 },		/* before the beginning */
		{ INT64_MIN, INT64_MAX / 8, 0, 8 },
		{ 0, INT64_C(1) << 40, INT64_C(1) << 50, CROWD },
	};
	static int64_t when[CROWD];

	for (size_t c = 0; c < sizeof crowds / sizeof crowds[0]; c++) {
		for (int i = 0; i < CROWD; i++)
			when[i] = crowds[c].from + crowds[c].apart *
			    (i * 7919 % crowds[c].different);
		expire_crowd(when, crowds[c].now_us);
	}
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

/* The model: of those armed, the smallest by deadline, then by arming. */
static struct {
	bool armed;
	int64_t when_us;
	long order;
} model[MANY];

static int
model_first(void)
{
	int first = -1;

	for (int i = 0; i < MANY; i++)
		if (model[i].armed && (first < 0 ||
		    model[i].when_us < model[first].when_us ||
		    (model[i].when_us == model[first].when_us &&
		    model[i].order < model[first].order)))
			first = i;
	return first;
}

START_TEST(a_random_course_agrees_with_a_sorted_list)
{
	srand(2);
	for (long step = 0; step < 40000; step++) {
		int i = rand() % MANY;
		int want = model_first();
		struct runnable *first = timers_first(&timers);

		ck_assert_int_eq(first != NULL ? (int)(first - items) : -1,
		    want);
		if (rand() % 8 == 0 && want >= 0)
			i = want;
		if (model[i].armed) {
			timers_remove(&timers, &items[i]);
		} else {
			model[i].when_us = rand() % 50;
			model[i].order = step;
			add(i, model[i].when_us);
		}
		model[i].armed = !model[i].armed;
	}
}
END_TEST

START_TEST(a_heap_that_cannot_grow_says_so_and_stays_as_it_was)
{
	uint32_t n, capacity;

	add(0, 3);
	n = timers.n;
	capacity = timers.capacity;
	timers.n = timers.capacity = UINT32_MAX / 2;
	ck_assert_int_eq(timers_add(&timers, &items[1], 1), -ENOMEM);
	ck_assert(!items[1].armed);
	timers.n = n;
	timers.capacity = capacity;
	ck_assert_int_eq(take(), 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("timers");
	TCase *tc = tcase_create("timers");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, without_timers_there_is_no_first);
	tcase_add_test(tc, the_earliest_is_first_whatever_the_order_of_arming);
	tcase_add_test(tc, equal_deadlines_keep_the_order_of_arming);
	tcase_add_test(tc, equal_deadlines_keep_their_order_when_others_are_removed);
	tcase_add_test(tc, armed_again_a_timer_comes_after_its_equals);
	tcase_add_test(tc, any_place_can_be_removed);
	tcase_add_test(tc, what_is_moved_takes_its_new_place_behind_its_equals);
	tcase_add_test(tc, what_is_due_is_queued_in_order_and_the_rest_stays);
	tcase_add_test(tc, a_crowd_expires_in_order);
	tcase_add_test(tc, trimmed_after_a_peak_it_holds_what_it_held);
	tcase_add_test(tc, a_random_course_agrees_with_a_sorted_list);
	tcase_add_test(tc, a_heap_that_cannot_grow_says_so_and_stays_as_it_was);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
