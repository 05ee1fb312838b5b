/*
 * check_reserve - address space taken ahead.
 */
#include <config.h>

#include "coro/reserve.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "coro/announce.h"
#include "tests/suite.h"

enum {
	PIECE = 256 * 1024,
	MANY = 1000,
};

static struct reserve reserve;
static char *pieces[MANY];

static void
setup(void)
{
	reserve_init(&reserve, PIECE, PIECE);
}

static void
teardown(void)
{
	reserve_release(&reserve);
}

static void
cut(size_t n)
{
	for (size_t i = 0; i < n; i++) {
		pieces[i] = reserve_cut(&reserve, MADV_NOHUGEPAGE);
		ck_assert_ptr_nonnull(pieces[i]);
	}
}

static void
drop(size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		reserve_drop(&reserve, pieces[i]);
}

static long
mappings(void)
{
	FILE *f = fopen("/proc/self/maps", "r");
	long lines = 0;

	ck_assert_ptr_nonnull(f);
	for (int c; (c = getc(f)) != EOF;)
		lines += c == '\n';
	fclose(f);
	return lines;
}

/* Whether the system knows of memory there. */
static bool
is_mapped(char *p)
{
	unsigned char resident;

	return mincore(p, 1, &resident) == 0;
}

START_TEST(pieces_are_apart_aligned_zero_and_writable)
{
	cut(100);
	for (int i = 0; i < 100; i++) {
		ck_assert_uint_eq((uintptr_t)pieces[i] % PIECE, 0);
		ck_assert_int_eq(pieces[i][0], 0);
		ck_assert_int_eq(pieces[i][PIECE - 1], 0);
		memset(pieces[i], i + 1, PIECE);
	}
	for (int i = 0; i < 100; i++) {
		ck_assert_int_eq(pieces[i][0], i + 1);
		ck_assert_int_eq(pieces[i][PIECE - 1], i + 1);
	}
	drop(0, 100);
}
END_TEST

/* Each arena has its neighbour, or a mapping of its own; there are five. */
START_TEST(a_thousand_pieces_are_a_few_mappings)
{
	long before = mappings();

	cut(MANY);
	ck_assert_int_le(mappings(), before + 5);
	drop(0, MANY);
}
END_TEST

START_TEST(nothing_is_taken_before_it_is_needed_and_then_little)
{
	ck_assert_ptr_eq(reserve.next, reserve.end);
	cut(1);
	ck_assert_ptr_eq(reserve.next, reserve.end);
	drop(0, 1);
}
END_TEST

START_TEST(a_piece_that_is_dropped_is_gone_and_no_other)
{
	cut(3);
	reserve_drop(&reserve, pieces[1]);
	ck_assert(is_mapped(pieces[0]));
	ck_assert(!is_mapped(pieces[1]));
	ck_assert(is_mapped(pieces[2]));
	reserve_drop(&reserve, pieces[0]);
	reserve_drop(&reserve, pieces[2]);
	ck_assert_uint_eq(reserve.pieces, 0);
}
END_TEST

START_TEST(releasing_unmaps_what_was_never_cut_and_more_can_be_cut)
{
	char *next;

	cut(2);
	next = reserve.next;
	ck_assert(is_mapped(next));
	reserve_release(&reserve);
	ck_assert(!is_mapped(next));
	ck_assert(is_mapped(pieces[1]));
	pieces[2] = reserve_cut(&reserve, MADV_NOHUGEPAGE);
	ck_assert_ptr_nonnull(pieces[2]);
	pieces[2][0] = 1;
	drop(0, 3);
}
END_TEST

/* Room for two more, where many are asked for. */
START_TEST(where_much_cannot_be_had_less_is_taken)
{
	struct rlimit before, some;
	char *more[2], *none;
	long pages;
	FILE *f;

	reserve_init(&reserve, PIECE, (size_t)sysconf(_SC_PAGESIZE));
	cut(16);
	f = fopen("/proc/self/statm", "r");
	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(fscanf(f, "%ld", &pages), 1);
	fclose(f);
	ck_assert_int_eq(getrlimit(RLIMIT_AS, &before), 0);
	some = before;
	some.rlim_cur = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) +
	    5 * PIECE / 2;
	ck_assert_int_eq(setrlimit(RLIMIT_AS, &some), 0);
	more[0] = reserve_cut(&reserve, MADV_NOHUGEPAGE);
	more[1] = reserve_cut(&reserve, MADV_NOHUGEPAGE);
	none = reserve_cut(&reserve, MADV_NOHUGEPAGE);
	ck_assert_int_eq(setrlimit(RLIMIT_AS, &before), 0);
	ck_assert_ptr_nonnull(more[0]);
	ck_assert_ptr_nonnull(more[1]);
	ck_assert_ptr_null(none);
	ck_assert_uint_eq(reserve.pieces, 18);
	reserve_drop(&reserve, more[0]);
	reserve_drop(&reserve, more[1]);
	drop(0, 16);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("reserve");
	TCase *tc = tcase_create("reserve");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, pieces_are_apart_aligned_zero_and_writable);
	tcase_add_test(tc,
	    nothing_is_taken_before_it_is_needed_and_then_little);
	tcase_add_test(tc, a_piece_that_is_dropped_is_gone_and_no_other);
	tcase_add_test(tc,
	    releasing_unmaps_what_was_never_cut_and_more_can_be_cut);
	/* Those have plans of their own for the address space. */
	if (!announce_watches_malloc()) {
		tcase_add_test(tc, a_thousand_pieces_are_a_few_mappings);
		tcase_add_test(tc, where_much_cannot_be_had_less_is_taken);
	}
	suite_add_tcase(s, tc);
	return suite_main(s);
}
