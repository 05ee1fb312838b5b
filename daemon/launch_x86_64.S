/*
 * launch_x86_64.S - system calls that leave errno alone, and the one that
 * returns on another stack.
 */
	.text

/* long launch_call(long number, long a, long b, long c, long d) */
	.globl	launch_call
	.hidden	launch_call
	.type	launch_call, @function
	.p2align 4
launch_call:
	.cfi_startproc
#ifdef __CET__
	endbr64
#endif
	movq	%rdi, %rax		/* the number */
	movq	%rsi, %rdi		/* a: each moves up by one */
	movq	%rdx, %rsi		/* b */
	movq	%rcx, %rdx		/* c */
	movq	%r8, %r10		/* d: rcx will be the kernel's */
	syscall
	retq				/* what it says is in rax */
	.cfi_endproc
	.size	launch_call, . - launch_call

/*
 * long launch_clone(struct clone_args *args, size_t size,
 *     void (*fn)(void *arg), void *arg)
 *
 * The system call keeps all registers but rax, rcx and r11, in the child as
 * well, so nothing is handed over on either stack.
 */
	.globl	launch_clone
	.hidden	launch_clone
	.type	launch_clone, @function
	.p2align 4
launch_clone:
	.cfi_startproc
#ifdef __CET__
	endbr64
#endif
	movq	%rcx, %r8		/* arg: rcx will be the kernel's */
	movl	$435, %eax		/* clone3: args and size are in place */
	syscall
	testq	%rax, %rax		/* 0 in the child */
	jz	1f
	retq				/* a pid or -errno, in the parent */
	.cfi_undefined rip		/* nobody called the child */
1:	xorl	%ebp, %ebp		/* nor is there a frame above it */
	movq	%r8, %rdi		/* arg */
	callq	*%rdx			/* fn(arg), on an aligned stack */
	ud2				/* fn never returns */
	.cfi_endproc
	.size	launch_clone, . - launch_clone

	.section .note.GNU-stack, "", @progbits
