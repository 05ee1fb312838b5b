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
	adr	x30, 1f			/* a return address, for unwinders */
	br	x9			/* entry(arg), as a jump: see x86_64 */
1:	brk	#1			/* entry never returns */
	.cfi_endproc
	.size	switch_start, . - switch_start

/*
 * int switch_unwind(void *parked, int (*walk)(void *arg), void *arg)
 *
 * While walk runs, x19 is the struct parked, and the unwind table says that our
 * caller is what parked there: the stack pointer (CFA) is its second word, the
 * address to go on at its first, x29 its third. All other registers were
 * nobody's when it parked: switch_stack() names them as clobbered.
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
	.cfi_escape 0x0f, 3, 0x83, 8, 0x06	/* CFA = *(x19 + 8) */
	.cfi_escape 0x10, 30, 2, 0x83, 0	/* the pc is at x19 + 0 */
	.cfi_escape 0x10, 29, 2, 0x83, 16	/* x29 is at x19 + 16 */
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
