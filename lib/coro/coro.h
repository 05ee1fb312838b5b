/*
 * coro.h - coroutines: contexts that are switched between.
 *
 * A coro knows no loop and no future: it is a place to continue. The thread's
 * own stack is one too.
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
#ifdef ANNOUNCE
	struct announced announced;
#endif
};

/* Makes the running thread's own context known, to be switched back to. */
void coro_init_thread(struct coro *coro);

/* A coro that will run entry(arg) on this stack when first switched to, with
 * its frames from top downwards: what lies between that and stack_top() is the
 * caller's. entry begins with coro_begin() and ends with coro_leave(); or with
 * coro_rest(), and then it is always the same on that stack. */
static inline void
coro_init(struct coro *coro, struct stack *stack, void *top,
    void (*entry)(void *arg), void *arg)
{
	coro->parked = stack->rests != NULL ? stack->rests :
	    switch_prepare(top, entry, arg);
#ifdef ANNOUNCE
	announce_born(&coro->announced, stack->base, stack->size);
#endif
}

/* The same on a stack where something rests (never with sanitizers). */
static inline void
coro_wake(struct coro *coro, const struct stack *stack)
{
	coro->parked = stack->rests;
}

/*
 * coro_switch() goes on in `to` and returns when somebody goes on in `from`,
 * the running one, which is what it returns: it need not be kept meanwhile. The
 * two may be the same. coro_leave() never returns; the stack is free once `to`
 * runs, and `from` must live until then: keep it on the very stack that is
 * left. coro_begin() is the first call on a new stack.
 *
 * coro_rest() leaves too, and its frame stays: it returns when coro_init() has
 * made another coro on that stack, and that one begins. Or else it does not,
 * and entry is called anew: when the stack was trimmed, and for sanitizers,
 * which want to see each context begin and end.
 *
 * All are inline, so that no call is left without its return.
 */
#ifdef ANNOUNCE
struct coro *coro_switch(struct coro *from, struct coro *to);
_Noreturn void coro_leave(struct coro *from, struct coro *to);
void coro_begin(struct coro *self);

static inline void
coro_rest(struct stack *stack, struct coro *from, struct coro *to)
{
	(void)stack;
	coro_leave(from, to);
}
#else
static inline __attribute__((__always_inline__)) struct coro *
coro_switch(struct coro *from, struct coro *to)
{
	return (struct coro *)switch_stack(&from->parked, &to->parked);
}

_Noreturn static inline void
coro_leave(struct coro *from, struct coro *to)
{
	switch_stack(&from->parked, &to->parked);
	__builtin_unreachable();
}

static inline void
coro_begin(struct coro *self)
{
	(void)self;
}

static inline __attribute__((__always_inline__)) void
coro_rest(struct stack *stack, struct coro *from, struct coro *to)
{
	(void)from;
	switch_stack(&stack->rests, &to->parked);
}
#endif

/* `to` takes the place of `from`, which is at its end, in the context that
 * runs: no switch happens. */
static inline void
coro_adopt(struct coro *to, const struct coro *from)
{
#ifdef ANNOUNCE
	*to = *from;
#else
	(void)to, (void)from;
#endif
}

#endif
