/*
 * check_slab - cells of one size.
 */
#include "core/slab.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/suite.h"

enum { CELL = 192, MANY = 50000 };	/* some ten chunks */

static struct slab slab;
static void *cells[MANY];

static void
setup(void)
{
	slab_init(&slab, CELL, NULL);
}

static void
teardown(void)
{
	slab_release(&slab);
}

static void
take_many(void)
{
	for (size_t i = 0; i < MANY; i++) {
		cells[i] = slab_get(&slab);
		ck_assert_ptr_nonnull(cells[i]);
		memset(cells[i], (int)i, CELL);
	}
}

static bool
is_kept(const unsigned char *cell, size_t i)
{
	for (size_t at = 0; at < CELL; at++)
		if (cell[at] != (unsigned char)i)
			return false;
	return true;
}

static size_t
chunks(void)
{
	size_t n = 0;

	/* The first member of a chunk is the next one. */
	for (void **chunk = (void **)slab.chunks; chunk != NULL;
	    chunk = *chunk)
		n++;
	return n;
}

START_TEST(cells_are_apart_and_aligned)
{
	take_many();
	for (size_t i = 0; i < MANY; i++) {
		ck_assert_uint_eq((uintptr_t)cells[i] % CACHE_LINE, 0);
		ck_assert(is_kept(cells[i], i));
	}
	for (size_t i = 0; i < MANY; i++)
		slab_put(&slab, cells[i]);
}
END_TEST

START_TEST(the_cell_put_back_last_is_taken_first)
{
	void *a = slab_get(&slab), *b = slab_get(&slab);

	if (slab.plain) {
		slab_put(&slab, a);
		slab_put(&slab, b);
		return;
	}
	slab_put(&slab, a);
	slab_put(&slab, b);
	ck_assert_ptr_eq(slab_get(&slab), b);
	ck_assert_ptr_eq(slab_get(&slab), a);
}
END_TEST

static size_t made;

static void
make(struct slab *of, void *cell)
{
	ck_assert_ptr_eq(of, &slab);
	memset(cell, 0x5a, CELL);
	made++;
}

/* But for its first pointer, which was the slab's. */
static bool
is_made(const unsigned char *cell)
{
	for (size_t at = sizeof(void *); at < CELL; at++)
		if (cell[at] != 0x5a)
			return false;
	return true;
}

START_TEST(a_cell_is_made_once_and_comes_back_as_it_was_left)
{
	void *a;

	made = 0;
	slab_init(&slab, CELL, make);
	for (size_t i = 0; i < MANY; i++)
		ck_assert(is_made(cells[i] = slab_get(&slab)));
	ck_assert_uint_ge(made, MANY);
	for (size_t i = 0; i < MANY; i++)
		slab_put(&slab, cells[i]);
	made = 0;
	ck_assert(is_made(a = slab_get(&slab)));
	ck_assert_uint_eq(made, slab.plain ? 1 : 0);
	slab_put(&slab, a);
}
END_TEST

START_TEST(trimming_gives_back_the_chunks_that_hold_nothing)
{
	size_t before;

	take_many();
	if (slab.plain) {
		for (size_t i = 0; i < MANY; i++)
			slab_put(&slab, cells[i]);
		return;
	}
	before = chunks();
	ck_assert_uint_gt(before, 3);
	ck_assert_uint_eq(slab_trim(&slab), 0);
	/* One cell of each thousand stays, of the first half. */
	for (size_t i = 0; i < MANY; i++)
		if (i >= MANY / 2 || i % 1000 != 0)
			slab_put(&slab, cells[i]);
	ck_assert_uint_gt(slab_trim(&slab), 0);
	ck_assert_uint_lt(chunks(), before);
	for (size_t i = 0; i < MANY / 2; i += 1000)
		ck_assert(is_kept(cells[i], i));
	for (size_t i = 0; i < MANY / 2; i += 1000)
		slab_put(&slab, cells[i]);
	ck_assert_uint_gt(slab_trim(&slab), 0);
	ck_assert_uint_eq(chunks(), 1);	/* the first */
	take_many();			/* and all goes on */
	for (size_t i = 0; i < MANY; i++)
		slab_put(&slab, cells[i]);
}
END_TEST

/* Pages of the first chunk that have memory. */
static size_t
resident_pages(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), n = 0;
	static unsigned char resident[512];
	size_t pages = 2 * 1024 * 1024 / page;

	ck_assert_uint_le(pages, sizeof resident);
	ck_assert_int_eq(mincore(slab.chunks, pages * page, resident), 0);
	for (size_t i = 0; i < pages; i++)
		n += resident[i] & 1;
	return n;
}

START_TEST(a_newest_chunk_in_use_is_cut_on_after_trimming)
{
	size_t n = 3000;

	for (size_t i = 0; i < n; i++)
		cells[i] = slab_get(&slab);
	memset(cells[n - 1], 0x5a, CELL);
	for (size_t i = 0; i < n - 1; i++)
		slab_put(&slab, cells[i]);
	(void)slab_trim(&slab);
	for (size_t i = 0; i < n - 1; i++) {
		cells[i] = slab_get(&slab);
		memset(cells[i], (int)i, CELL);
	}
	for (size_t i = 0; i < n - 1; i++)
		ck_assert(is_kept(cells[i], i));
	ck_assert(is_kept(cells[n - 1], 0x5a));
	for (size_t i = 0; i < n; i++)
		slab_put(&slab, cells[i]);
}
END_TEST

START_TEST(memory_is_taken_by_as_much_again_as_there_is)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	if (slab.plain || page != 4096)
		return;
	for (size_t n = 1; n <= 1000; n++) {
		size_t used = (CACHE_LINE + n * CELL + page - 1) / page, pages;

		(void)slab_get(&slab);
		pages = resident_pages();
		ck_assert_uint_ge(pages, used);
		ck_assert_uint_lt(pages, used * 2 + 2);
		ck_assert_uint_le(pages, used + 17);	/* a batch */
	}
}
END_TEST

START_TEST(where_huge_pages_are_slow_cells_come_from_small_ones)
{
	slab.slow = true;
	take_many();
	for (size_t i = 0; i < MANY; i++)
		ck_assert(is_kept(cells[i], i));
	for (size_t i = 0; i < MANY; i++)
		slab_put(&slab, cells[i]);
	(void)slab_trim(&slab);
	ck_assert(slab.plain || chunks() == 1);
}
END_TEST

START_TEST(a_cell_may_be_larger_than_a_page)
{
	slab_init(&slab, 5 * 4096, NULL);
	for (size_t i = 0; i < 500; i++) {
		cells[i] = slab_get(&slab);
		memset(cells[i], (int)i, 5 * 4096);
	}
	for (size_t i = 0; i < 500; i++) {
		ck_assert(is_kept(cells[i], i));
		slab_put(&slab, cells[i]);
	}
}
END_TEST

START_TEST(a_slab_that_was_never_used_can_be_trimmed_and_released)
{
	ck_assert_uint_eq(slab_trim(&slab), 0);
	ck_assert_uint_eq(chunks(), 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("slab");
	TCase *tc = tcase_create("slab");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, cells_are_apart_and_aligned);
	tcase_add_test(tc, the_cell_put_back_last_is_taken_first);
	tcase_add_test(tc, a_cell_is_made_once_and_comes_back_as_it_was_left);
	tcase_add_test(tc, trimming_gives_back_the_chunks_that_hold_nothing);
	tcase_add_test(tc, a_newest_chunk_in_use_is_cut_on_after_trimming);
	tcase_add_test(tc, memory_is_taken_by_as_much_again_as_there_is);
	tcase_add_test(tc,
	    where_huge_pages_are_slow_cells_come_from_small_ones);
	tcase_add_test(tc, a_cell_may_be_larger_than_a_page);
	tcase_add_test(tc,
	    a_slab_that_was_never_used_can_be_trimmed_and_released);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
