/*
 * switch_x86_64.S - the first instructions of a new stack.
 */
	.text

/*
 * Reached by a switch: rsp is at first->entry, as switch.c laid it out. entry
 * is jumped to: a call that never returns would leave the processor's
 * predictor of returns one off, for whoever is switched to next.
 */
	.globl	switch_start
	.hidden	switch_start
	.type	switch_start, @function
	.p2align 4
switch_start:
	.cfi_startproc
	.cfi_undefined rip		/* nobody called us: unwinders stop */
#ifdef __CET__
	endbr64
#endif
	popq	%rcx			/* first->entry */
	popq	%rdi			/* first->arg */
	leaq	1f(%rip), %rax
	pushq	%rax			/* a return address, for unwinders */
	jmp	*%rcx			/* entry(arg), on an aligned stack */
1:	ud2				/* entry never returns */
	.cfi_endproc
	.size	switch_start, . - switch_start

/*
 * int switch_unwind(void *parked, int (*walk)(void *arg), void *arg)
 *
 * While walk runs, rbx is the struct parked, and the unwind table says that our
 * caller is what parked there: its stack pointer (CFA) is above the two words,
 * which are the address to go on at, and rbp. All other registers were nobody's
 * when it parked: switch_stack() names them as clobbered.
 */
	.globl	switch_unwind
	.hidden	switch_unwind
	.type	switch_unwind, @function
	.p2align 4
switch_unwind:
	.cfi_startproc
	pushq	%rbx			/* the ABI wants it back; aligns */
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset rbx, 0
	movq	%rdi, %rbx		/* parked: walk keeps it */
	movq	%rdx, %rdi		/* arg */
	.cfi_remember_state
	.cfi_def_cfa rbx, 16
	.cfi_offset rip, -16
	.cfi_offset rbp, -8
	callq	*%rsi			/* walk(arg) */
	nop				/* still under what is said above */
	.cfi_restore_state
	popq	%rbx
	.cfi_adjust_cfa_offset -8
	.cfi_restore rbx
	retq				/* what walk returned is in eax */
	.cfi_endproc
	.size	switch_unwind, . - switch_unwind

	.section .note.GNU-stack, "", @progbits
