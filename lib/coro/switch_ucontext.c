/*
 * switch_ucontext.c - swapping stacks by swapcontext(3), for machines without
 * an assembly of their own.
 *
 * A parked context is a ucontext_t on its own stack, which is what a
 * switch is told. swapcontext also saves the signal mask, by a system
 * call: correct, and some fifty times slower than the assembly.
 */
#include <config.h>

#include "coro/switch.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <ucontext.h>

/* What switch_prepare() puts at the top of a new stack. */
struct first {
	ucontext_t context;
	void (*entry)(void *arg);
	void *arg;
};

/* makecontext() passes ints only: a pointer takes two. */
static void
start(unsigned int high, unsigned int low)
{
	struct first *first = (struct first *)
	    ((uintptr_t)high << 16 << 16 | low);

	first->entry(first->arg);
	__builtin_trap();
}

void *
switch_prepare(void *top, void (*entry)(void *arg), void *arg)
{
	/* The stack's size is not told; makecontext() needs but its top. */
	enum { ROOM = 8192 };
	struct first *first = (struct first *)
	    (((uintptr_t)top - sizeof *first) & ~(uintptr_t)63);

	getcontext(&first->context);
	first->context.uc_stack.ss_sp = (char *)first - ROOM;
	first->context.uc_stack.ss_size = ROOM;
	first->context.uc_link = NULL;
	first->entry = entry;
	first->arg = arg;
	makecontext(&first->context, (void (*)(void))start, 2,
	    (unsigned int)((uintptr_t)first >> 16 >> 16),
	    (unsigned int)(uintptr_t)first);
	return &first->context;
}

int
switch_unwind(void *parked, int (*walk)(void *arg), void *arg)
{
	(void)parked, (void)walk, (void)arg;
	return -ENOTSUP;
}

void **
switch_stack(void **save, void **to)
{
	ucontext_t here;

	*save = &here;
	swapcontext(&here, *to);
	return save;
}
