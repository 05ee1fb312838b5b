/*
 * switch_aarch64.h - the switch under the AAPCS64.
 *
 * All registers are named as clobbered but sp and the frame pointer x29,
 * which are saved beside the address to go on at, and x18, which is the
 * platform's. fpcr belongs to the thread and is not switched.
 */
#ifndef CORO_SWITCH_AARCH64_H
#define CORO_SWITCH_AARCH64_H

static inline __attribute__((__always_inline__)) void **
switch_stack(void **save, void **to)
{
	struct parked here;
	register struct parked *from __asm__("x0") = &here;
	register void **at __asm__("x2") = save;
	register void **next __asm__("x3") = to;

	__asm__ volatile(
	    "adr	x9, 1f\n\t"
	    "mov	x10, sp\n\t"		/* sp cannot be stored */
	    "stp	x9, x10, [x0]\n\t"	/* here.pc, here.sp */
	    "str	x29, [x0, #16]\n\t"	/* here.fp */
	    "str	x0, [x2]\n\t"		/* *save: we are parked */
	    "ldr	x1, [x3]\n\t"		/* what is switched to */
	    "ldp	x9, x10, [x1]\n\t"
	    "ldr	x29, [x1, #16]\n\t"
	    "mov	sp, x10\n\t"
	    "br	x9\n"
	    "1:	hint	#36\n\t"		/* bti j: a jump may land here */
	    : "+r" (from), "+r" (at), "+r" (next)
	    :
	    : "x1", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12",
	      "x13", "x14", "x15", "x16", "x17", "x19", "x20", "x21",
	      "x22", "x23", "x24", "x25", "x26", "x27", "x28", "x30",
	      "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9",
	      "v10", "v11", "v12", "v13", "v14", "v15", "v16", "v17", "v18",
	      "v19", "v20", "v21", "v22", "v23", "v24", "v25", "v26", "v27",
	      "v28", "v29", "v30", "v31", "memory", "cc");
	return next;
}

#endif
