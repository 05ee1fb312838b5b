/*
 * switch_x86_64.S - swapping stacks under the System V ABI.
 *
 * The ABI (3.2.1) lets a call destroy every register but rbx, rbp and
 * r12-r15; these six are saved, under the return address:
 *
 *	sp + 0	r15, r14, r13, r12, rbx, rbp, return address	sp + 56
 *
 * mxcsr and the x87 control word are callee-saved too, and deliberately not
 * switched: no coroutine changes them behind its neighbours' back.
 *
 * The switch ends in `ret`. Between two tasks that park in the same place,
 * the calls of the one that leaves and the returns of the one that arrives
 * pair up in the processor's return predictor, and all of them are guessed.
 */
	.text

/* void switch_stack(void **save_sp, void *to_sp) */
	.globl	switch_stack
	.hidden	switch_stack
	.type	switch_stack, @function
	.p2align 5
switch_stack:
	.cfi_startproc
	pushq	%rbp			/* the six registers the ABI */
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset rbp, 0
	pushq	%rbx			/* promises our caller to find */
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset rbx, 0
	pushq	%r12			/* unchanged */
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset r12, 0
	pushq	%r13
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset r13, 0
	pushq	%r14
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset r14, 0
	pushq	%r15
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset r15, 0
	movq	%rsp, (%rdi)		/* *save_sp: this context is parked */
	movq	%rsi, %rsp		/* the other stack, laid out alike, */
	popq	%r15			/* so the CFI stays true across */
	.cfi_adjust_cfa_offset -8
	.cfi_restore r15
	popq	%r14
	.cfi_adjust_cfa_offset -8
	.cfi_restore r14
	popq	%r13
	.cfi_adjust_cfa_offset -8
	.cfi_restore r13
	popq	%r12
	.cfi_adjust_cfa_offset -8
	.cfi_restore r12
	popq	%rbx
	.cfi_adjust_cfa_offset -8
	.cfi_restore rbx
	popq	%rbp
	.cfi_adjust_cfa_offset -8
	.cfi_restore rbp
	retq				/* to where that context came from */
	.cfi_endproc
	.size	switch_stack, . - switch_stack

/* The first thing to run on a new stack: rbx is the entry, r12 its argument. */
	.type	start, @function
	.p2align 4
start:
	.cfi_startproc
	.cfi_undefined rip		/* nobody called us: unwinders stop */
	movq	%r12, %rdi		/* entry's argument */
	callq	*%rbx			/* entry(arg), on an aligned stack */
	ud2				/* entry never returns */
	.cfi_endproc
	.size	start, . - start

/* void *switch_prepare(void *top, void (*entry)(void *), void *arg) */
	.globl	switch_prepare
	.hidden	switch_prepare
	.type	switch_prepare, @function
	.p2align 4
switch_prepare:
	.cfi_startproc
	andq	$-16, %rdi		/* the ABI aligns stacks to 16 */
	leaq	start(%rip), %rax
	movq	$0, -8(%rdi)		/* the end of every chain of frames */
	movq	$0, -16(%rdi)
	movq	%rax, -24(%rdi)		/* "return address" */
	movq	$0, -32(%rdi)		/* rbp */
	movq	%rsi, -40(%rdi)		/* rbx: entry */
	movq	%rdx, -48(%rdi)		/* r12: arg */
	movq	$0, -56(%rdi)		/* r13 */
	movq	$0, -64(%rdi)		/* r14 */
	movq	$0, -72(%rdi)		/* r15 */
	leaq	-72(%rdi), %rax		/* the stack pointer to switch to */
	retq
	.cfi_endproc
	.size	switch_prepare, . - switch_prepare

	.section .note.GNU-stack, "", @progbits
