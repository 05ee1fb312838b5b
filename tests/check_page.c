/* A page: the first few of many. */
#include "lib/console/page.h"
#include "tests/suite.h"

static struct page page;

static int
by_number(const void *a, const void *b)
{
	const int *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void
offer(const int *numbers, size_t n, size_t limit)
{
	size_t i;

	ck_assert_int_eq(page_init(&page, limit, by_number), 0);
	for (i = 0; i < n; i++)
		page_offer(&page, &numbers[i]);
}

static void
assert_page(const int *numbers, size_t n, bool more)
{
	size_t i;

	ck_assert_uint_eq(page.count, n);
	for (i = 0; i < n; i++)
		ck_assert_int_eq(*(const int *)page.items[i], numbers[i]);
	ck_assert(page.more == more);
	page_release(&page);
}

static const int mixed[] = { 5, 3, 9, 1, 7, 2, 8 };

START_TEST(the_first_in_order_are_kept_whatever_the_order_they_come_in)
{
	offer(mixed, 7, 3);
	assert_page((const int[]){ 1, 2, 3 }, 3, true);
}
END_TEST

START_TEST(fewer_than_the_limit_are_all_kept_and_no_more_follow)
{
	offer(mixed, 7, 7);
	assert_page((const int[]){ 1, 2, 3, 5, 7, 8, 9 }, 7, false);
	offer(mixed, 2, 7);
	assert_page((const int[]){ 3, 5 }, 2, false);
}
END_TEST

START_TEST(a_page_of_one)
{
	offer(mixed, 7, 1);
	assert_page((const int[]){ 1 }, 1, true);
}
END_TEST

START_TEST(nothing_offered_is_an_empty_page)
{
	offer(mixed, 0, 3);
	assert_page(NULL, 0, false);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("page");
	TCase *tc = tcase_create("page");

	tcase_add_test(tc,
	    the_first_in_order_are_kept_whatever_the_order_they_come_in);
	tcase_add_test(tc,
	    fewer_than_the_limit_are_all_kept_and_no_more_follow);
	tcase_add_test(tc, a_page_of_one);
	tcase_add_test(tc, nothing_offered_is_an_empty_page);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
