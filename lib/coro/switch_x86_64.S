/*
 * switch_x86_64.S - the first instructions of a new stack.
 */
	.text

/* Reached by a switch: rcx is the struct first that switch.c laid out. */
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
	movq	32(%rcx), %rdi		/* first->arg */
	callq	*24(%rcx)		/* first->entry, on an aligned stack */
	ud2				/* entry never returns */
	.cfi_endproc
	.size	switch_start, . - switch_start

	.section .note.GNU-stack, "", @progbits
