/*
 * switch_aarch64.S - the first instructions of a new stack.
 */
	.text

/* Reached by a switch: x1 is the struct first that switch.c laid out. */
	.globl	switch_start
	.hidden	switch_start
	.type	switch_start, %function
	.p2align 4
switch_start:
	.cfi_startproc
	.cfi_undefined x30		/* nobody called us: unwinders stop */
	hint	#36			/* bti j: a jump may land here */
	ldp	x9, x0, [x1, #24]	/* first->entry, first->arg */
	mov	x30, xzr
	blr	x9			/* entry(arg) */
	brk	#1			/* entry never returns */
	.cfi_endproc
	.size	switch_start, . - switch_start

	.section .note.GNU-stack, "", %progbits
