/* Deadlines, when there is no memory for more. */
#include "tests/starve.h"
#include "tests/timers.h"

START_TEST(what_cannot_be_armed_for_want_of_memory_leaves_all_as_it_was)
{
	int n = 0, r = 0;

	add(0, 3);
	for (n = 1; r == 0; n++) {
		starve_after(0);
		r = timers_add(&timers, &items[n], n);
		(void)starve_end();
	}
	ck_assert_int_eq(r, -ENOMEM);
	ck_assert(!items[--n].armed);
	ck_assert_uint_eq(timers_armed(&timers), timers.capacity);
	timers_remove(&timers, &items[1]);
	starve_after(0);
	r = timers_add(&timers, &items[n], n);	/* in its place */
	(void)starve_end();
	ck_assert_int_eq(r, 0);
	for (int i = 2; i <= n; i++)
		ck_assert_int_eq(take(), i == 3 ? 0 : i < 3 ? i : i - 1);
	ck_assert_int_eq(take(), n);
	ck_assert_int_eq(take(), -1);
}
END_TEST

START_TEST(to_be_moved_needs_no_memory)
{
	int n = 0;

	do
		add(n, n + 1);
	while (++n < (int)timers.capacity);
	timers_remove(&timers, &items[0]);
	ck_assert_int_eq(timers_first_us(&timers), 2);	/* a heap */
	add(0, 1);
	starve_after(0);
	timers_move(&timers, &items[0], n + 1);
	timers_move(&timers, &items[1], n + 1);
	timers_move(&timers, &items[n - 1], 0);
	(void)starve_end();
	ck_assert_int_eq(take(), n - 1);
	for (int i = 2; i < n - 1; i++)
		ck_assert_int_eq(take(), i);
	ck_assert_int_eq(take(), 0);
	ck_assert_int_eq(take(), 1);
	ck_assert_int_eq(take(), -1);
}
END_TEST

START_TEST(a_crowd_expires_without_memory)
{
	struct ready ready;

	ck_assert_int_eq(ready_init(&ready), 0);
	ck_assert_int_eq(ready_reserve(&ready, MANY), 0);
	for (int i = 0; i < MANY; i++)
		add(i, i);
	starve_after(0);
	timers_expire(&timers, MANY - 2, &ready);
	ck_assert(starve_end());
	ready_begin_turn(&ready);
	for (int i = 0; i < MANY - 1; i++) {
		ck_assert_ptr_eq(ready_peek(&ready), &items[i]);
		ready_take(&ready, &items[i]);
	}
	ck_assert_int_eq(take(), MANY - 1);
	ck_assert_int_eq(take(), -1);
	ready_release(&ready);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("timers without memory");
	TCase *tc = tcase_create("timers without memory");

	if (!starve_is_possible())
		return 0;
	tcase_add_checked_fixture(tc, timers_setup, timers_teardown);
	tcase_add_test(tc,
	    what_cannot_be_armed_for_want_of_memory_leaves_all_as_it_was);
	tcase_add_test(tc, to_be_moved_needs_no_memory);
	tcase_add_test(tc, a_crowd_expires_without_memory);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
