/* Folding: equal stacks are one group, however many groups there are. */
#include "lib/console/stacks.h"
#include "tests/suite.h"

static struct stacks stacks;

static void
add(uintptr_t inner, uintptr_t outer, uint64_t task)
{
	void *frames[] = { (void *)inner, (void *)outer };

	ck_assert_int_eq(stacks_add(&stacks, frames, outer != 0 ? 2 : 1, task,
	    10), 0);
}

START_TEST(equal_stacks_are_one_group)
{
	stacks_init(&stacks);
	add(1, 2, 7);
	add(1, 0, 8);
	add(2, 1, 9);
	add(1, 2, 10);
	stacks_sort(&stacks);
	ck_assert_uint_eq(stacks.n, 3);
	ck_assert_uint_eq(stacks.groups[0].count, 2);
	ck_assert_int_eq(stacks.groups[0].waited_us, 20);
	ck_assert_uint_eq(stacks.groups[0].tasks[0], 7);
	ck_assert_uint_eq(stacks.groups[0].tasks[1], 10);
	ck_assert_int_eq(stacks.groups[0].n_frames, 2);
	/* Of equal size the older one is first. */
	ck_assert_uint_eq(stacks.groups[1].tasks[0], 8);
	ck_assert_uint_eq(stacks.groups[2].tasks[0], 9);
	stacks_release(&stacks);
}
END_TEST

START_TEST(many_groups_and_many_tasks)
{
	stacks_init(&stacks);
	for (uintptr_t i = 0; i < 10000; i++)
		for (uintptr_t k = 0; k <= i % 3; k++)
			add(i + 1, 5, i * 10 + k + 1);
	stacks_sort(&stacks);
	ck_assert_uint_eq(stacks.n, 10000);
	ck_assert_uint_eq(stacks.groups[0].count, 3);
	ck_assert_uint_eq(stacks.groups[9999].count, 1);
	for (int i = 0; i < 100; i++)
		add(1, 5, 1);
	stacks_release(&stacks);
	ck_assert_uint_eq(stacks.n, 0);
}
END_TEST

START_TEST(of_many_tasks_the_first_are_named)
{
	stacks_init(&stacks);
	for (uint64_t i = 1; i <= 100; i++)
		add(1, 2, i);
	ck_assert_uint_eq(stacks.groups[0].count, 100);
	ck_assert_uint_eq(stacks.groups[0].tasks[STACK_EXAMPLES_MAX - 1],
	    STACK_EXAMPLES_MAX);
	stacks_release(&stacks);
}
END_TEST

START_TEST(none_is_none)
{
	stacks_init(&stacks);
	stacks_sort(&stacks);
	stacks_release(&stacks);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("stacks");
	TCase *tc = tcase_create("stacks");

	tcase_add_test(tc, equal_stacks_are_one_group);
	tcase_add_test(tc, many_groups_and_many_tasks);
	tcase_add_test(tc, of_many_tasks_the_first_are_named);
	tcase_add_test(tc, none_is_none);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
