/* Timers that are due at once. */
#include "core/crowd.h"

#include "tests/timers.h"

START_TEST(a_crowd_is_sorted_by_deadline_and_then_by_arming)
{
	static const int64_t when[] = { 5, INT64_MIN, 5, INT64_MAX, -1, 5 };
	static const uint64_t order[] = { 9, 8, 7, 2, UINT64_MAX, 3 };
	static const int sorted[] = { 1, 4, 5, 2, 0, 3 };
	struct crowd crowd;

	ck_assert(crowd_init(&crowd, 6));
	for (int i = 0; i < 6; i++)
		crowd_add(&crowd, &(struct timer){ .when_us = when[i],
		    .order = order[i], .runs = &items[i] });
	crowd_sort(&crowd);
	for (int i = 0; i < 6; i++)
		ck_assert_ptr_eq(crowd.due[i].runs, &items[sorted[i]]);
	crowd_release(&crowd);
}
END_TEST

enum { CROWD = 5000 };

/* The next in order: from the queue what is due by then, and then those that
 * are armed still. */
static struct runnable *
take_next(struct ready *ready)
{
	struct runnable *r = ready_peek(ready);

	if (r != NULL)
		ready_take(ready, r);
	else if ((r = timers_any(&timers)) != NULL)
		timers_remove(&timers, r);
	return r;
}

/* Of a crowd, played before or not, those due by then are queued, by deadline
 * and then by arming; then the others are armed still, in that order. (Each is
 * looked at, and the sum asserted: to assert is dear under Valgrind.) */
static void
expire_crowd(const int64_t *when, int64_t now_us, bool played)
{
	static struct runnable crowd[CROWD];
	struct ready ready;
	struct runnable *r;
	int n = 0, last = -1;
	bool is_next = true;

	memset(crowd, 0, sizeof crowd);
	ck_assert_int_eq(ready_init(&ready), 0);
	ck_assert_int_eq(ready_reserve(&ready, CROWD), 0);
	for (int i = 0; i < CROWD; i++)
		n += timers_add(&timers, &crowd[i], when[i]) == 0;
	ck_assert_int_eq(n, CROWD);
	n = 0;
	if (played)
		play_all();
	timers_expire(&timers, now_us, &ready);
	ready_begin_turn(&ready);
	while (is_next && (r = take_next(&ready)) != NULL) {
		int i = (int)(r - crowd);

		is_next = !r->armed && !r->queued && (last < 0 ||
		    when[i] > when[last] || (when[i] == when[last] &&
		    i > last)) && (ready.head != ready.tail ||
		    timers_first_us(&timers) > now_us);
		last = i;
		n++;
	}
	ck_assert_msg(is_next, "%d is out of order", last);
	ck_assert_int_eq(n, CROWD);
	ck_assert_int_eq(timers_first_us(&timers), INT64_MAX);
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
		{ INT64_MIN + 1, INT64_MAX / 8, 0, 8 },
		{ 0, INT64_C(1) << 40, INT64_C(1) << 50, CROWD },
	};
	static int64_t when[CROWD];

	for (size_t c = 0; c < sizeof crowds / sizeof crowds[0]; c++) {
		for (int i = 0; i < CROWD; i++)
			when[i] = crowds[c].from + crowds[c].apart *
			    (i * 7919 % crowds[c].different);
		expire_crowd(when, crowds[c].now_us, _i);
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("crowd");
	TCase *tc = tcase_create("crowd");

	tcase_add_checked_fixture(tc, timers_setup, timers_teardown);
	tcase_add_test(tc, a_crowd_is_sorted_by_deadline_and_then_by_arming);
	tcase_add_loop_test(tc, a_crowd_expires_in_order, 0, 2);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
