/*
 * announce.h - telling ASan, TSan and Valgrind about stacks.
 *
 * Each of them watches the stack pointer and takes a jump of it for an error,
 * unless it is told. Without them every function here is empty.
 */
#ifndef CORO_ANNOUNCE_H
#define CORO_ANNOUNCE_H

#include <config.h>
#include <stdbool.h>
#include <stddef.h>

#if defined(__SANITIZE_ADDRESS__)
#define ANNOUNCE_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ANNOUNCE_ASAN 1
#endif
#endif
#if defined(__SANITIZE_THREAD__)
#define ANNOUNCE_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define ANNOUNCE_TSAN 1
#endif
#endif

#if defined(ANNOUNCE_ASAN) || defined(ANNOUNCE_TSAN)
#define ANNOUNCE 1	/* every switch must be told */
#endif

#ifdef ANNOUNCE_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif
#ifdef ANNOUNCE_TSAN
#include <sanitizer/tsan_interface.h>
#endif
#ifdef HAVE_VALGRIND_VALGRIND_H
#include <valgrind/memcheck.h>
#endif

#ifdef ANNOUNCE
/* What the sanitizers remember of a context that does not run. */
struct announced {
#ifdef ANNOUNCE_ASAN
	void *fake_stack;
	const void *bottom;	/* known at its first switch away */
	size_t size;
#endif
#ifdef ANNOUNCE_TSAN
	void *fiber;
#endif
};
#endif

/* Whether a tool runs that must see each object come from malloc(3). */
static inline bool
announce_watches_malloc(void)
{
#if defined(ANNOUNCE)
	return true;
#elif defined(HAVE_VALGRIND_VALGRIND_H)
	char probe = 0;

	/* Of Valgrind's tools only Memcheck answers. */
	return VALGRIND_MAKE_MEM_DEFINED(&probe, sizeof probe) != 0;
#else
	return false;
#endif
}

/* Whether each system call goes through a tool that may not know it, and says
 * so to everybody (Valgrind). */
static inline bool
announce_knows_all_calls(void)
{
#ifdef HAVE_VALGRIND_VALGRIND_H
	return !RUNNING_ON_VALGRIND;
#else
	return true;
#endif
}

/* A stack has come to be (Valgrind), has ended, or is used anew, by another or
 * for something else (ASan). */
static inline unsigned int
announce_stack(void *low, void *high)
{
#ifdef HAVE_VALGRIND_VALGRIND_H
	return VALGRIND_STACK_REGISTER(low, high);
#else
	(void)low, (void)high;
	return 0;
#endif
}

static inline void
announce_stack_end(unsigned int id)
{
#ifdef HAVE_VALGRIND_VALGRIND_H
	VALGRIND_STACK_DEREGISTER(id);
#endif
	(void)id;
}

static inline void
announce_stack_fresh(void *low, size_t size)
{
#ifdef ANNOUNCE_ASAN
	/* The frames of its last user never returned, to ASan's mind. */
	__asan_unpoison_memory_region(low, size);
#endif
	(void)low, (void)size;
}

#ifdef ANNOUNCE
/* A context on a stack of its own is born, or dies while another runs. */
static inline void
announce_born(struct announced *a, const void *low, size_t size)
{
#ifdef ANNOUNCE_ASAN
	a->fake_stack = NULL;
	a->bottom = low;
	a->size = size;
#endif
#ifdef ANNOUNCE_TSAN
	a->fiber = __tsan_create_fiber(0);
#endif
	(void)low, (void)size;
}

static inline void
announce_dead(struct announced *a)
{
#ifdef ANNOUNCE_TSAN
	__tsan_destroy_fiber(a->fiber);
#endif
}

/* The thread's own context is about to be left for the first time. */
static inline void
announce_thread(struct announced *a)
{
#ifdef ANNOUNCE_TSAN
	a->fiber = __tsan_get_current_fiber();
#endif
}

/* Before the stack pointer moves; last: from is never returned to. */
static inline void
announce_leave(struct announced *from, struct announced *to, bool last)
{
#ifdef ANNOUNCE_ASAN
	__sanitizer_start_switch_fiber(last ? NULL : &from->fake_stack,
	    to->bottom, to->size);
#endif
#ifdef ANNOUNCE_TSAN
	__tsan_switch_to_fiber(to->fiber, 0);
#endif
	(void)last;
}

/* After it has moved to self, from whoever ran before. */
static inline void
announce_enter(struct announced *self, struct announced *from)
{
#ifdef ANNOUNCE_ASAN
	const void *bottom;
	size_t size;

	__sanitizer_finish_switch_fiber(self->fake_stack, &bottom, &size);
	if (from->bottom == NULL) {
		from->bottom = bottom;	/* the thread's own stack */
		from->size = size;
	}
#endif
}
#endif /* ANNOUNCE */

#endif
