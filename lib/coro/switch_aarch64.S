/*
 * switch_aarch64.S - swapping stacks under the AAPCS64.
 *
 * The ABI (6.1) lets a call destroy every register but x19-x28, the frame
 * pointer x29, and the low halves of v8-v15; these and the return address x30
 * are saved:
 *
 *	sp + 0	x19 ... x30 (96 bytes), d8 ... d15 (64 bytes)	sp + 160
 *
 * fpcr belongs to the thread and is not switched.
 */
	.text

/* void switch_stack(void **save_sp, void *to_sp) */
	.globl	switch_stack
	.hidden	switch_stack
	.type	switch_stack, %function
	.p2align 5
switch_stack:
	.cfi_startproc
	sub	sp, sp, #160		/* room for all of them */
	.cfi_adjust_cfa_offset 160
	stp	x19, x20, [sp, #0]	/* the general registers */
	.cfi_rel_offset x19, 0
	.cfi_rel_offset x20, 8
	stp	x21, x22, [sp, #16]
	.cfi_rel_offset x21, 16
	.cfi_rel_offset x22, 24
	stp	x23, x24, [sp, #32]
	.cfi_rel_offset x23, 32
	.cfi_rel_offset x24, 40
	stp	x25, x26, [sp, #48]
	.cfi_rel_offset x25, 48
	.cfi_rel_offset x26, 56
	stp	x27, x28, [sp, #64]
	.cfi_rel_offset x27, 64
	.cfi_rel_offset x28, 72
	stp	x29, x30, [sp, #80]	/* frame pointer, return address */
	.cfi_rel_offset x29, 80
	.cfi_rel_offset x30, 88
	stp	d8, d9, [sp, #96]	/* the floating-point ones */
	.cfi_rel_offset d8, 96
	.cfi_rel_offset d9, 104
	stp	d10, d11, [sp, #112]
	.cfi_rel_offset d10, 112
	.cfi_rel_offset d11, 120
	stp	d12, d13, [sp, #128]
	.cfi_rel_offset d12, 128
	.cfi_rel_offset d13, 136
	stp	d14, d15, [sp, #144]
	.cfi_rel_offset d14, 144
	.cfi_rel_offset d15, 152
	mov	x9, sp			/* sp cannot be stored directly */
	str	x9, [x0]		/* *save_sp: this context is parked */
	mov	sp, x1			/* the other stack, laid out alike */
	ldp	x19, x20, [sp, #0]
	ldp	x21, x22, [sp, #16]
	ldp	x23, x24, [sp, #32]
	ldp	x25, x26, [sp, #48]
	ldp	x27, x28, [sp, #64]
	ldp	x29, x30, [sp, #80]
	ldp	d8, d9, [sp, #96]
	ldp	d10, d11, [sp, #112]
	ldp	d12, d13, [sp, #128]
	ldp	d14, d15, [sp, #144]
	add	sp, sp, #160
	.cfi_def_cfa_offset 0
	.cfi_same_value x30
	.cfi_same_value x29
	ret				/* to where that context came from */
	.cfi_endproc
	.size	switch_stack, . - switch_stack

/* The first thing to run on a new stack: x19 is the entry, x20 its argument. */
	.type	start, %function
	.p2align 4
start:
	.cfi_startproc
	.cfi_undefined x30		/* nobody called us: unwinders stop */
	mov	x0, x20			/* entry's argument */
	blr	x19			/* entry(arg) */
	brk	#1			/* entry never returns */
	.cfi_endproc
	.size	start, . - start

/* void *switch_prepare(void *top, void (*entry)(void *), void *arg) */
	.globl	switch_prepare
	.hidden	switch_prepare
	.type	switch_prepare, %function
	.p2align 4
switch_prepare:
	.cfi_startproc
	and	x0, x0, #-16		/* the ABI aligns stacks to 16 */
	sub	x0, x0, #160		/* one saved context */
	adr	x9, start
	stp	x1, x2, [x0, #0]	/* x19: entry, x20: arg */
	stp	xzr, x9, [x0, #80]	/* no frame below; "return" to start */
	ret				/* x0: the stack pointer to switch to */
	.cfi_endproc
	.size	switch_prepare, . - switch_prepare

	.section .note.GNU-stack, "", %progbits
