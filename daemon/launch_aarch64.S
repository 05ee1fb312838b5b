/*
 * launch_aarch64.S - system calls that leave errno alone, and the one that
 * returns on another stack.
 */
	.text

/* long launch_call(long number, long a, long b, long c, long d) */
	.globl	launch_call
	.hidden	launch_call
	.type	launch_call, %function
	.p2align 4
launch_call:
	.cfi_startproc
	hint	#34			/* bti c */
	mov	x8, x0			/* the number */
	mov	x0, x1			/* a: each moves up by one */
	mov	x1, x2			/* b */
	mov	x2, x3			/* c */
	mov	x3, x4			/* d */
	svc	#0
	ret				/* what it says is in x0 */
	.cfi_endproc
	.size	launch_call, . - launch_call

/*
 * long launch_clone(struct clone_args *args, size_t size,
 *     void (*fn)(void *arg), void *arg)
 *
 * The system call keeps all registers but x0, in the child as well, so nothing
 * is handed over on either stack.
 */
	.globl	launch_clone
	.hidden	launch_clone
	.type	launch_clone, %function
	.p2align 4
launch_clone:
	.cfi_startproc
	hint	#34			/* bti c */
	mov	x8, #435		/* clone3: args and size are in place */
	svc	#0
	cbz	x0, 1f			/* 0 in the child */
	ret				/* a pid or -errno, in the parent */
	.cfi_undefined x30		/* nobody called the child */
1:	mov	x29, xzr		/* nor is there a frame above it */
	mov	x0, x3			/* arg */
	blr	x2			/* fn(arg), on an aligned stack */
	brk	#1			/* fn never returns */
	.cfi_endproc
	.size	launch_clone, . - launch_clone

	.section .note.GNU-stack, "", %progbits
