/*
 * switch.h - swapping two stacks, and nothing else.
 *
 * A context that does not run is one word: the stack pointer under which the
 * registers it must find again are saved. One file per machine implements
 * the two calls: switch_x86_64.S, switch_aarch64.S, and switch_ucontext.c for
 * every other. The signal mask and the floating-point control words are not
 * part of a context: they belong to the thread.
 */
#ifndef CORO_SWITCH_H
#define CORO_SWITCH_H

/*
 * Saves the running context, stores its stack pointer in *save_sp, and goes
 * on where to_sp was saved (or prepared). Returns when somebody switches back.
 */
void switch_stack(void **save_sp, void *to_sp);

/*
 * Lays out an empty stack (top: one past its last byte) so that switching to
 * the returned stack pointer calls entry(arg), which must never return.
 */
void *switch_prepare(void *top, void (*entry)(void *arg), void *arg);

#endif
