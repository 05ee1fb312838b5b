/* Deadlines, against a naive list of them. */
#include "tests/timers.h"

START_TEST(without_timers_there_is_no_first)
{
	ck_assert_ptr_null(first());
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
	/* Every shape of a small heap, every place in it; _i: sorted before. */
	for (int n = 1; n <= 40; n++) {
		for (int gone = 0; gone < n; gone++) {
			for (int i = 0; i < n; i++)
				add(i, (i * 7919) % 101);
			if (_i)
				sort_all();
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
		sort_all();
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
	ck_assert_uint_eq(timers.armed, 200);
	ck_assert_uint_le(timers.capacity, 4 * 200);
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
	ck_assert_uint_eq(timers.armed, MANY);
	ck_assert_uint_le(timers.capacity, 4 * MANY);
}
END_TEST

START_TEST(closing_the_gaps_the_first_is_not_lost)
{
	uint32_t capacity;
	int n = 0;

	do
		add(n, 1000 + n);
	while (++n < (int)(capacity = timers.capacity));
	timers_move(&timers, &items[n - 2], 7);
	for (int i = 0; i < n * 3 / 4; i++)
		timers_remove(&timers, &items[i]);
	add(n, 8);
	ck_assert_uint_eq(timers.capacity, capacity);
	ck_assert_int_eq(take(), n - 2);
	ck_assert_int_eq(timers_first_us(&timers), 8);
	ck_assert_int_eq(take(), n);
	for (int i = n * 3 / 4; i < n; i++)
		if (i != n - 2)
			ck_assert_int_eq(take(), i);
	ck_assert_int_eq(take(), -1);
}
END_TEST

START_TEST(the_last_place_is_never_vacant)
{
	struct ready ready;

	ck_assert_int_eq(ready_init(&ready), 0);
	ck_assert_int_eq(ready_reserve(&ready, MANY), 0);
	for (int i = 0; i < 3; i++)
		add(i, 10 + i);
	sort_all();
	add(3, 5);
	timers_remove(&timers, &items[2]);
	ck_assert_ptr_eq(timers_any(&timers), &items[3]);
	timers_expire(&timers, 5, &ready);
	ck_assert_ptr_eq(timers_any(&timers), &items[1]);
	timers_remove(&timers, &items[1]);
	ck_assert_ptr_eq(timers_any(&timers), &items[0]);
	timers_remove(&timers, &items[0]);
	ck_assert_ptr_null(timers_any(&timers));
	ready_release(&ready);
}
END_TEST

START_TEST(woken_for_a_deadline_that_was_taken_back_it_knows_the_next)
{
	struct ready ready;

	ck_assert_int_eq(ready_init(&ready), 0);
	for (int i = 0; i < 100; i++)
		add(i, i);
	sort_all();
	for (int i = 0; i < 50; i++)
		timers_remove(&timers, &items[i]);
	timers_expire(&timers, 10, &ready);
	ck_assert(ready_empty(&ready));
	ck_assert_int_eq(timers.first_us, 50);
	ready_release(&ready);
}
END_TEST

/* A random course. */

enum { TIMES = 40 };		/* deadlines, of which many are equal */

/* A list without order. */
static struct {
	int64_t when_us;
	long order;		/* 0: not armed */
} model[MANY];
static long model_order;

static int
model_first(void)
{
	int first = -1;

	for (int i = 0; i < MANY; i++)
		if (model[i].order > 0 && (first < 0 ||
		    model[i].when_us < model[first].when_us ||
		    (model[i].when_us == model[first].when_us &&
		    model[i].order < model[first].order)))
			first = i;
	return first;
}

/* No place knows its owner wrongly, and none of the heap is before its
 * parent. Not asserted one by one, which takes long. */
static bool
stands_right(uint32_t at)
{
	const struct timer *timer = &timers.at[at];
	const struct timer *parent = &timers.at[at > 0 ? (at - 1) / 8 : 0];
	const struct runnable *r = timer->runs;

	return (at >= timers.sorted || timer->when_us > parent->when_us ||
	    (timer->when_us == parent->when_us &&
	    timer->order >= parent->order)) &&
	    (r == NULL || (r->armed && !r->queued && r->slot == at &&
	    timer->when_us >= timers.first_us));
}

/* What timers.c says of itself. */
static void
check_invariants(void)
{
	uint32_t armed = 0, right = 0;

	for (uint32_t at = 0; at < timers.n; at++) {
		right += stands_right(at);
		armed += timers.at[at].runs != NULL;
	}
	ck_assert_uint_eq(right, timers.n);
	ck_assert_uint_eq(timers.armed, armed);
	ck_assert(timers.n == 0 || timers.at[timers.n - 1].runs != NULL);
	ck_assert(timers.first == UINT32_MAX ||
	    timers.at[timers.first].when_us == timers.first_us);
	ck_assert_uint_le(timers.sorted, timers.n);
	ck_assert_uint_le(timers.capacity, 4 * MANY);
}

static void
check_first(void)
{
	int want = model_first();

	ck_assert_int_eq(timers_first_us(&timers), want < 0 ? INT64_MAX :
	    model[want].when_us);
	ck_assert_ptr_eq(first(), want < 0 ? NULL : &items[want]);
}

static void
arm_or_move(int i, int64_t when_us)
{
	if (model[i].order > 0)
		timers_move(&timers, &items[i], when_us);
	else
		add(i, when_us);
	model[i].when_us = when_us;
	model[i].order = ++model_order;
	ck_assert_int_eq(timers_when_us(&timers, &items[i]), when_us);
}

static void
disarm(int i)
{
	if (model[i].order > 0)
		timers_remove(&timers, &items[i]);
	ck_assert(!items[i].armed);
	model[i].order = 0;
}

static void
expire(int64_t now_us)
{
	struct ready ready;
	struct runnable *r;
	int want;

	ck_assert_int_eq(ready_init(&ready), 0);
	ck_assert_int_eq(ready_reserve(&ready, MANY), 0);
	timers_expire(&timers, now_us, &ready);
	ready_begin_turn(&ready);
	while ((want = model_first()) >= 0 && model[want].when_us <= now_us) {
		r = ready_peek(&ready);
		ck_assert_ptr_eq(r, &items[want]);
		ready_take(&ready, r);
		model[want].order = 0;
	}
	ck_assert_ptr_null(ready_peek(&ready));
	ready_release(&ready);
}

/* Many of them, as a storm of clients would. */
static void
arm_many(int from, int64_t now_us)
{
	for (int i = from; i < MANY; i++)
		arm_or_move(i, now_us + rand() % TIMES);
}

static void
disarm_many(int from)
{
	for (int i = from; i < MANY; i++)
		disarm(i);
}

START_TEST(a_random_course_agrees_with_a_naive_list)
{
	int64_t now_us = 0;

	memset(model, 0, sizeof model);
	srand((unsigned int)_i);
	for (long step = 0; step < 6000; step++) {
		int i = rand() % MANY;

		switch (rand() % 64) {
		case 0: check_first(); break;
		case 1: expire(now_us += rand() % 3); break;
		case 2: timers_trim(&timers); break;
		case 3: disarm(model_first() < 0 ? i : model_first()); break;
		case 4:
			if (rand() % 8 == 0)
				arm_many(i, now_us);
			break;
		case 5:
			if (rand() % 4 == 0)
				disarm_many(i);
			break;
		default:
			if (rand() % 3 == 0)
				disarm(i);
			else
				arm_or_move(i, rand() % 50 == 0 ? INT64_MAX :
				    now_us + rand() % TIMES);
		}
		check_invariants();
	}
	while (model_first() >= 0)
		disarm(model_first());
	check_first();
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
	tcase_add_test(tc, equal_deadlines_keep_their_order_when_others_are_removed);
	tcase_add_test(tc, armed_again_a_timer_comes_after_its_equals);
	tcase_add_loop_test(tc, any_place_can_be_removed, 0, 2);
	tcase_add_loop_test(tc,
	    what_is_moved_takes_its_new_place_behind_its_equals, 0, 2);
	tcase_add_test(tc, what_is_due_is_queued_in_order_and_the_rest_stays);
	tcase_add_test(tc, trimmed_after_a_peak_it_holds_what_it_held);
	tcase_add_test(tc, what_is_disarmed_leaves_no_more_places_than_there_were_timers);
	tcase_add_test(tc, what_is_moved_leaves_no_more_places_than_there_were_timers);
	tcase_add_test(tc, closing_the_gaps_the_first_is_not_lost);
	tcase_add_test(tc, the_last_place_is_never_vacant);
	tcase_add_test(tc, woken_for_a_deadline_that_was_taken_back_it_knows_the_next);
	tcase_add_loop_test(tc, a_random_course_agrees_with_a_naive_list, 0,
	    20);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
