/*
 * switch_aarch64.h - the switch under the AAPCS64.
 *
 * All registers are named as clobbered but the frame pointer x29, which is
 * pushed with the address to go on at. x18, which other platforms have taken
 * for themselves, is one like any other on Linux. fpcr belongs to the thread
 * and is not switched.
 */
#ifndef CORO_SWITCH_AARCH64_H
#define CORO_SWITCH_AARCH64_H

static inline __attribute__((__always_inline__)) void **
switch_stack(void **save, void **to)
{
	register void **at __asm__("x0") = save;
	register void **next __asm__("x1") = to;

	__asm__ volatile(
	    "adr	x9, 1f\n\t"
	    "stp	x9, x29, [sp, #-16]!\n\t"	/* struct parked */
	    "mov	x10, sp\n\t"		/* sp cannot be stored */
	    "str	x10, [x0]\n\t"		/* *save: we are parked */
	    "ldr	x10, [x1]\n\t"		/* what is switched to */
	    "mov	sp, x10\n\t"
	    "ldp	x9, x29, [sp], #16\n\t"
	    "br	x9\n"
	    "1:	hint	#36\n\t"		/* bti j: jumps may land here */
	    : "+r" (at), "+r" (next)
	    :
	    : "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11",
	      "x12", "x13", "x14", "x15", "x16", "x17", "x18", "x19", "x20",
	      "x21", "x22", "x23", "x24", "x25", "x26", "x27", "x28", "x30",
	      "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9",
	      "v10", "v11", "v12", "v13", "v14", "v15", "v16", "v17", "v18",
	      "v19", "v20", "v21", "v22", "v23", "v24", "v25", "v26", "v27",
	      "v28", "v29", "v30", "v31", "memory", "cc");
	return next;
}

#endif
