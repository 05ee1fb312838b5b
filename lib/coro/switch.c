/*
 * switch.c - laying out a new stack, as if it had been switched away from.
 *
 * What its first switch finds is a context parked at switch_start, which calls
 * the entry that stands behind it. The frame pointer is NULL: the chain of
 * frames ends there.
 */
#include "coro/switch.h"

#include <stddef.h>
#include <stdint.h>

struct first {
	struct parked parked;		/* first: the context itself */
	void (*entry)(void *arg);	/* switch_start knows these places */
	void *arg;
};

_Static_assert(offsetof(struct first, entry) == 24 &&
    offsetof(struct first, arg) == 32, "as switch_start reads it");

void switch_start(void) __attribute__((__visibility__("hidden")));

void *
switch_prepare(void *top, void (*entry)(void *arg), void *arg)
{
	/* Calls want the stack aligned to 16 bytes, on both machines. */
	struct first *first = (struct first *)
	    (((uintptr_t)top - sizeof *first) & ~(uintptr_t)15);

	*first = (struct first){
		.parked = { .pc = (void *)switch_start, .sp = first },
		.entry = entry, .arg = arg,
	};
	return first;
}
