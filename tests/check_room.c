/*
 * check_room - memory of an array that grows.
 */
#include <config.h>

#include "coro/room.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "coro/announce.h"
#include "tests/address_space.h"
#include "tests/suite.h"

enum { KIB = 1024 };

/* From the heap into the heap, out of it, among mappings, and back. */
static const size_t sizes[] = {
	100, 64 * KIB, 128 * KIB, 131 * KIB, 4096 * KIB, 200 * KIB,
	128 * KIB - 1, 64 * KIB, 1,
};

static void
fill(unsigned char *p, size_t size)
{
	for (size_t i = 0; i < size; i++)
		p[i] = (unsigned char)(i * 7);
}

static bool
is_filled(const unsigned char *p, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (p[i] != (unsigned char)(i * 7))
			return false;
	return true;
}

START_TEST(what_was_there_is_kept_however_it_grows_and_shrinks)
{
	unsigned char *p = NULL;
	size_t size = 0;

	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		size_t kept = size < sizes[i] ? size : sizes[i];

		p = room_resize(p, size, sizes[i]);
		ck_assert_ptr_nonnull(p);
		ck_assert_uint_eq((uintptr_t)p % 64, 0);
		ck_assert(is_filled(p, kept));
		size = sizes[i];
		fill(p, size);
	}
	ck_assert_ptr_null(room_resize(p, size, 0));
}
END_TEST

START_TEST(no_bytes_are_no_memory)
{
	ck_assert_ptr_null(room_resize(NULL, 0, 0));
}
END_TEST

/* Of a large one, and of one that is to become large. */
START_TEST(without_memory_it_stays_as_it_was)
{
	size_t size = _i == 0 ? 100 : 256 * KIB;
	struct rlimit before;
	unsigned char *p = room_resize(NULL, 0, size), *larger;

	ck_assert_ptr_nonnull(p);
	fill(p, size);
	before = address_space_take();
	larger = room_resize(p, size, (size_t)64 * 1024 * KIB);
	address_space_give(before);
	ck_assert_ptr_null(larger);
	ck_assert(is_filled(p, size));
	room_resize(p, size, 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("room");
	TCase *tc = tcase_create("room");

	tcase_add_test(tc, what_was_there_is_kept_however_it_grows_and_shrinks);
	tcase_add_test(tc, no_bytes_are_no_memory);
	/* Those have plans of their own for the address space. */
	if (!announce_watches_malloc())
		tcase_add_loop_test(tc, without_memory_it_stays_as_it_was, 0,
		    2);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
