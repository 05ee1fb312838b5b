/*
 * coro.c - coroutines: the switch, with the sanitizers told.
 *
 * A switch has two halves, on two stacks. For the sanitizers the half that
 * arrives must know which context was left, and whether for good; one note per
 * thread carries that across, and only builds for sanitizers have it.
 */
#include "coro/coro.h"

#ifdef ANNOUNCE
static _Thread_local struct {
	struct coro *coro;
	bool last;
} left;

static void
leave(struct coro *from, struct coro *to, bool last)
{
	left.coro = from;
	left.last = last;
	announce_leave(&from->announced, &to->announced, last);
}

static void
enter(struct coro *self)
{
	announce_enter(&self->announced, &left.coro->announced);
	if (left.last)
		announce_dead(&left.coro->announced);
}

struct coro *
coro_switch(struct coro *from, struct coro *to)
{
	if (from == to)
		return from;
	leave(from, to, false);
	switch_stack(&from->parked, &to->parked);
	enter(from);
	return from;
}

void
coro_leave(struct coro *from, struct coro *to)
{
	leave(from, to, true);
	switch_stack(&from->parked, &to->parked);
	__builtin_unreachable();
}

void
coro_begin(struct coro *self)
{
	enter(self);
}
#endif

void
coro_init_thread(struct coro *coro)
{
	*coro = (struct coro){ .parked = NULL };
#ifdef ANNOUNCE
	announce_thread(&coro->announced);
#endif
}
