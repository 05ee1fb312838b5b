/* The hash table of nodes. */
#include "lib/console/index.h"
#include "tests/suite.h"

#define MANY 10000

struct item {
	struct index_node node;
	int n;
};

static struct index table;
static struct item items[MANY];

static void
set_up(void)
{
	ck_assert_int_eq(index_init(&table), 0);
}

static void
tear_down(void)
{
	index_release(&table);
}

static int
count(uint64_t hash)
{
	struct index_node *node;
	int n = 0;

	for (node = index_find(&table, hash); node != NULL;
	    node = index_find_next(node))
		n++;
	return n;
}

START_TEST(what_was_added_is_found_however_many_there_are)
{
	struct index_node *node;
	int i;

	for (i = 0; i < MANY; i++) {
		items[i].n = i;
		index_add(&table, &items[i].node, index_hash_number(i));
	}
	for (i = 0; i < MANY; i++) {
		node = index_find(&table, index_hash_number(i));
		ck_assert_ptr_nonnull(node);
		ck_assert_int_eq(index_entry(node, struct item, node)->n, i);
	}
	ck_assert_ptr_null(index_find(&table, index_hash_number(MANY)));
}
END_TEST

START_TEST(equal_hashes_are_all_found_and_taken_out_one_by_one)
{
	int i;

	for (i = 0; i < 5; i++)
		index_add(&table, &items[i].node, 42);
	index_add(&table, &items[5].node, 42 + 64);
	ck_assert_int_eq(count(42), 5);
	index_remove(&table, &items[2].node);
	ck_assert_int_eq(count(42), 4);
	index_remove(&table, &items[0].node);
	index_remove(&table, &items[4].node);
	ck_assert_int_eq(count(42), 2);
	ck_assert_int_eq(count(42 + 64), 1);
}
END_TEST

START_TEST(a_node_that_is_not_in_it_is_left_alone)
{
	struct item one = {0};

	index_remove(&table, &one.node);
	index_add(&table, &one.node, 1);
	index_remove(&table, &one.node);
	index_remove(&table, &one.node);
	ck_assert_uint_eq(table.count, 0);
}
END_TEST

START_TEST(texts_hash_by_all_their_bytes)
{
	ck_assert(index_hash_text("nap") != index_hash_text("naq"));
	ck_assert(index_hash_text("nap") == index_hash_text("nap"));
	ck_assert(index_hash_text("") != index_hash_text("\1"));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("index");
	TCase *tc = tcase_create("index");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, what_was_added_is_found_however_many_there_are);
	tcase_add_test(tc,
	    equal_hashes_are_all_found_and_taken_out_one_by_one);
	tcase_add_test(tc, a_node_that_is_not_in_it_is_left_alone);
	tcase_add_test(tc, texts_hash_by_all_their_bytes);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
