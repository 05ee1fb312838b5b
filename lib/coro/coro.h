/*
 * coro.h - coroutines: contexts that are switched between.
 *
 * A coro knows no loop and no future: it is a place to continue. The thread's
 * own stack is one too, with stack NULL.
 */
#ifndef CORO_CORO_H
#define CORO_CORO_H

#include <stdbool.h>
#include <stddef.h>

#include "coro/announce.h"
#include "coro/stack.h"
#include "coro/switch.h"

struct coro {
	void *parked;		/* its context, while it does not run */
	struct stack *stack;	/* borrowed; NULL: the thread's own */
#ifdef ANNOUNCE
	struct announced announced;
#endif
};

/* Makes the running thread's own context known, to be switched back to. */
void coro_init_thread(struct coro *coro);

/* A coro that will run entry(arg) on this stack when first switched to. entry
 * begins with coro_begin() and ends with coro_leave(). */
void coro_init(struct coro *coro, struct stack *stack,
    void (*entry)(void *arg), void *arg);

/*
 * coro_switch() goes on in `to` and returns when somebody goes on in `from`,
 * the running one. coro_leave() never returns; the stack is free once `to`
 * runs, and `from` must live until then: keep it on the very stack that is
 * left. coro_begin() is the first call on a new stack.
 *
 * All are inline, so that no call is left without its return.
 */
#ifdef ANNOUNCE
void coro_switch(struct coro *from, struct coro *to);
_Noreturn void coro_leave(struct coro *from, struct coro *to);
void coro_begin(struct coro *self);
#else
static inline void
coro_switch(struct coro *from, struct coro *to)
{
	switch_stack(&from->parked, to->parked);
}

_Noreturn static inline void
coro_leave(struct coro *from, struct coro *to)
{
	switch_stack(&from->parked, to->parked);
	__builtin_unreachable();
}

static inline void
coro_begin(struct coro *self)
{
	(void)self;
}
#endif

/* Hands the stack and the running context of `from`, which is at its end, on
 * to `to`, which takes its place: no switch happens. */
void coro_adopt(struct coro *to, struct coro *from);

#endif
