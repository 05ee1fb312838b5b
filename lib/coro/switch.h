/*
 * switch.h - swapping two stacks, and nothing else.
 *
 * A context that does not run is one word: where its stack ended, with the two
 * words pushed on it that say where to go on. One file per machine implements
 * the switch: switch_x86_64.h and switch_aarch64.h, with the first instructions
 * of a new stack in a .S beside them, and switch_ucontext.c for every other.
 *
 * The switch is an inline function. Its assembly names every register that
 * the ABI knows as destroyed, so the compiler keeps what it needs where it
 * would have kept it anyway, across a call; what is left is saved by hand.
 * There is no call whose return could be guessed wrong, and the frame of
 * whoever parked describes itself to unwinders as at any other instruction.
 *
 * The signal mask and the floating-point control words are not part of a
 * context: they belong to the thread.
 */
#ifndef CORO_SWITCH_H
#define CORO_SWITCH_H

/* What a parked context pushed on its stack (not with ucontext). Above it is
 * the frame of whoever parked, and so the stack pointer with which that goes
 * on. */
struct parked {
	void *pc;	/* where it goes on */
	void *fp;	/* the frame pointer */
};

/*
 * Saves the running context, stores its address in *save, and goes on in the
 * one that *to is (saved, or prepared). Returns when somebody switches back,
 * with the `to` that was said: who knows by that who he is need remember
 * nothing meanwhile. The two may be the same.
 */
#if defined(SWITCH_UCONTEXT)
void **switch_stack(void **save, void **to);
#elif defined(__x86_64__)
#include "coro/switch_x86_64.h"
#elif defined(__aarch64__)
#include "coro/switch_aarch64.h"
#endif

/*
 * Lays out an empty stack (top: one past its last byte) so that switching to
 * the returned context calls entry(arg), which must never return.
 */
void *switch_prepare(void *top, void (*entry)(void *arg), void *arg);

/*
 * Returns what walk(arg) does, called so that an unwinder started in it goes
 * from walk to this function and on into a parked context, as if that had
 * called it; that context's stack is only read. With ucontext it cannot be
 * done: -ENOTSUP, and walk is not called.
 */
int switch_unwind(void *parked, int (*walk)(void *arg), void *arg);

#endif
