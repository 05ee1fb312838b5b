/*
 * switch_aarch64.S - the first instructions of a new stack.
 */
	.text

/* Reached by a switch: sp is at first->entry, as switch.c laid it out. */
	.globl	switch_start
	.hidden	switch_start
	.type	switch_start, %function
	.p2align 4
switch_start:
	.cfi_startproc
	.cfi_undefined x30		/* nobody called us: unwinders stop */
	hint	#36			/* bti j: a jump may land here */
	ldp	x9, x0, [sp], #16	/* first->entry, first->arg */
	adr	x30, 1f			/* a return address, for unwinders */
	br	x9			/* entry(arg), as a jump: see x86_64 */
1:	brk	#1			/* entry never returns */
	.cfi_endproc
	.size	switch_start, . - switch_start

/*
 * int switch_unwind(void *parked, int (*walk)(void *arg), void *arg)
 *
 * While walk runs, x19 is the struct parked, and the unwind table says that our
 * caller is what parked there: its stack pointer (CFA) is above the two words,
 * which are the address to go on at, and x29. All other registers were nobody's
 * when it parked: switch_stack() names them as clobbered.
 */
	.globl	switch_unwind
	.hidden	switch_unwind
	.type	switch_unwind, %function
	.p2align 4
switch_unwind:
	.cfi_startproc
	hint	#34			/* bti c */
	stp	x29, x30, [sp, #-32]!
	.cfi_def_cfa_offset 32
	.cfi_rel_offset x29, 0
	.cfi_rel_offset x30, 8
	str	x19, [sp, #16]		/* the ABI wants it back */
	.cfi_rel_offset x19, 16
	mov	x29, sp
	mov	x19, x0			/* parked: walk keeps it */
	mov	x0, x2			/* arg */
	.cfi_remember_state
	.cfi_def_cfa x19, 16
	.cfi_offset x30, -16
	.cfi_offset x29, -8
	blr	x1			/* walk(arg) */
	nop				/* still under what is said above */
	.cfi_restore_state
	ldr	x19, [sp, #16]
	ldp	x29, x30, [sp], #32
	.cfi_restore x19
	.cfi_restore x29
	.cfi_restore x30
	.cfi_def_cfa_offset 0
	ret				/* what walk returned is in w0 */
	.cfi_endproc
	.size	switch_unwind, . - switch_unwind

	.section .note.GNU-stack, "", %progbits
