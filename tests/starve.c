/* starve.c - a malloc that fails when it is told to, before glibc's own. */
#include "tests/starve.h"
#include <config.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#ifdef HAVE_VALGRIND_VALGRIND_H
#include <valgrind/valgrind.h>
#else
#define RUNNING_ON_VALGRIND 0
#endif

static long until_failure = -1; /* allocations that succeed; -1: all */
static bool failed;
static _Atomic long live;

void
starve_after(long n)
{
	failed = false;
	until_failure = n;
}

bool
starve_end(void)
{
	until_failure = -1;
	return failed;
}

long
starve_live(void)
{
	return live;
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)

bool
starve_is_possible(void)
{
	puts("1..0 # SKIP the sanitizer has a malloc of its own");
	return false;
}

#else

bool
starve_is_possible(void)
{
	if (RUNNING_ON_VALGRIND)
		puts("1..0 # SKIP Valgrind has a malloc of its own");
	return !RUNNING_ON_VALGRIND;
}

/* glibc's own names. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *p);

static bool
is_time_to_fail(void)
{
	if (until_failure < 0 || until_failure-- > 0)
		return false;
	failed = true;
	errno = ENOMEM;
	return true;
}

void *
malloc(size_t size)
{
	if (is_time_to_fail())
		return NULL;
	live++;
	return __libc_malloc(size);
}

void *
calloc(size_t n, size_t size)
{
	if (is_time_to_fail())
		return NULL;
	live++;
	return __libc_calloc(n, size);
}

void *
realloc(void *p, size_t size)
{
	if (is_time_to_fail())
		return NULL;
	live += p == NULL;
	return __libc_realloc(p, size);
}

void *
aligned_alloc(size_t alignment, size_t size)
{
	if (is_time_to_fail())
		return NULL;
	live++;
	return __libc_memalign(alignment, size);
}

void
free(void *p)
{
	live -= p != NULL;
	__libc_free(p);
}

#endif
