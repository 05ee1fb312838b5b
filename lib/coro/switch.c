/*
 * switch.c - laying out a new stack, as if it had been switched away from.
 *
 * What its first switch finds is a context parked at switch_start, which calls
 * the entry that stands above it. The frame pointer is NULL: the chain of
 * frames ends there.
 */
#include "coro/switch.h"

#include <stddef.h>
#include <stdint.h>

struct first {
	struct parked parked;		/* first: the context itself */
	void (*entry)(void *arg);	/* switch_start pops these */
	void *arg;
};

_Static_assert(offsetof(struct first, entry) == sizeof(struct parked) &&
    offsetof(struct first, arg) == sizeof(struct parked) + sizeof(void *) &&
    sizeof(struct first) % 16 == 0, "as switch_start reads it");

void switch_start(void) __attribute__((__visibility__("hidden")));

void *
switch_prepare(void *top, void (*entry)(void *arg), void *arg)
{
	/* Calls want the stack aligned to 16 bytes, on both machines. */
	struct first *first = (struct first *)
	    (((uintptr_t)top - sizeof *first) & ~(uintptr_t)15);

	*first = (struct first){
		.parked = { .pc = (void *)switch_start },
		.entry = entry, .arg = arg,
	};
	return first;
}
