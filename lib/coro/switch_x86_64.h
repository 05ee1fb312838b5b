/*
 * switch_x86_64.h - the switch under the System V ABI.
 *
 * All that a call may destroy, and what it may not (rbx, r12-r15), is named as
 * clobbered. rbp cannot be: it is pushed, and then the address to go on at, and
 * the stack pointer is all that is written elsewhere. mxcsr and the x87 control
 * word are callee-saved too, and deliberately not switched: no coroutine
 * changes them behind its neighbours' back.
 *
 * It ends in an indirect jump and not in `ret`: nothing was called, so there
 * is nothing to return from, and the calls around it stay paired with their
 * returns in the processor's predictor.
 *
 * The compiler knows of no push: it must not keep anything below the stack
 * pointer, as leaf functions may, in the "red zone". configure says so
 * (-mno-red-zone), and a test of check_coro.c looks.
 */
#ifndef CORO_SWITCH_X86_64_H
#define CORO_SWITCH_X86_64_H

#ifdef __CET__
#define SWITCH_TARGET "endbr64\n\t"	/* where an indirect jump may land */
#else
#define SWITCH_TARGET ""
#endif

#ifdef __AVX512F__
#define SWITCH_AVX512 \
	, "xmm16", "xmm17", "xmm18", "xmm19", "xmm20", "xmm21", "xmm22", \
	"xmm23", "xmm24", "xmm25", "xmm26", "xmm27", "xmm28", "xmm29", \
	"xmm30", "xmm31", "k1", "k2", "k3", "k4", "k5", "k6", "k7"
#else
#define SWITCH_AVX512
#endif

static inline __attribute__((__always_inline__)) void **
switch_stack(void **save, void **to)
{
	__asm__ volatile(
	    "leaq	1f(%%rip), %%rdx\n\t"
	    "pushq	%%rbp\n\t"		/* parked.fp */
	    "pushq	%%rdx\n\t"		/* parked.pc */
	    "movq	%%rsp, (%%rdi)\n\t"	/* *save: we are parked */
	    "movq	(%%rsi), %%rsp\n\t"	/* what is switched to */
	    "popq	%%rcx\n\t"
	    "popq	%%rbp\n\t"
	    "jmp	*%%rcx\n"
	    "1:\n\t"
	    SWITCH_TARGET
	    : "+S" (to), "+D" (save)
	    :
	    : "rax", "rbx", "rcx", "rdx", "r8", "r9", "r10", "r11", "r12",
	      "r13", "r14", "r15", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4",
	      "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11",
	      "xmm12", "xmm13", "xmm14", "xmm15", "memory", "cc"
	      SWITCH_AVX512);
	return to;
}

#undef SWITCH_TARGET
#undef SWITCH_AVX512

#endif
