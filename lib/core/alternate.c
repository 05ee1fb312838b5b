/*
 * alternate.c - the stack on which a thread handles signals: one for all who
 * want it, as a thread can have but one. Tasks have little stack to give, and
 * one that has overflowed has none.
 */
#include "core/alternate.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>

enum { ALTERNATE_BYTES = 64 * 1024 };

static _Thread_local struct {
	void *memory;
	unsigned int users;	/* 0: there is none */
} alternate;

int
alternate_get(void)
{
	stack_t old, new = { .ss_size = ALTERNATE_BYTES };

	if (alternate.users > 0) {
		alternate.users++;
		return 0;
	}
	if (sigaltstack(NULL, &old) < 0)
		return -errno;
	if ((old.ss_flags & SS_DISABLE) == 0)
		return -EBUSY;
	new.ss_sp = mmap(NULL, ALTERNATE_BYTES, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (new.ss_sp == MAP_FAILED)
		return -ENOMEM;
	if (sigaltstack(&new, NULL) < 0) {
		int r = -errno;

		munmap(new.ss_sp, ALTERNATE_BYTES);
		return r;
	}
	alternate.memory = new.ss_sp;
	alternate.users = 1;
	return 0;
}

void
alternate_put(void)
{
	if (--alternate.users > 0)
		return;
	(void)sigaltstack(&(stack_t){ .ss_flags = SS_DISABLE }, NULL);
	munmap(alternate.memory, ALTERNATE_BYTES);
	alternate.memory = NULL;
}
