/*
 * switch_registers.h - the stack switch alone, watched register by register.
 *
 * A probe loads every register that the ABI protects with a number of its own,
 * switches, by a call, and afterwards compares. Two probes switch to and fro
 * between two stacks, so whatever the switch forgets the other has overwritten.
 * Needs nothing but coro/switch.h: check_coro.c uses it on the machine at hand,
 * switch_alone.c on others, under qemu.
 */
#ifndef TESTS_SWITCH_REGISTERS_H
#define TESTS_SWITCH_REGISTERS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "coro/switch.h"

/* ASan and TSan would have to be told of the test's own stack. */
#if (defined(__x86_64__) || defined(__aarch64__)) && \
    !defined(SWITCH_UCONTEXT) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define SWITCH_REGISTERS 1

/* The switch, inlined into a function: what its assembly forgets to name, the
 * compiler does not save. */
void switch_called(void **save, void **to);

__attribute__((__noinline__, __used__)) void
switch_called(void **save, void **to)
{
	switch_stack(save, to);
}

/* And inlined where something is needed afterwards: what it forgets to name is
 * where the compiler keeps that. */
static __attribute__((__noinline__)) uint64_t
switch_keeping(void **save, void **to, uint64_t kept)
{
	switch_stack(save, to);
	return kept;
}

/*
 * int probe(const uint64_t *seed, void **save_sp, void **to_sp): loads the
 * registers from seed[], switches, and returns 0 when they hold it still,
 * else the number of the first that does not, from 1.
 */
int switch_probe(const uint64_t *seed, void **save_sp, void **to_sp);

#ifdef __x86_64__
enum { SWITCH_N_REGISTERS = 6 };
static const char *const switch_register_names[] = {
	"rbx", "rbp", "r12", "r13", "r14", "r15",
};
__asm__(
"	.text\n"
"	.type	switch_probe, @function\n"
"	.globl	switch_probe\n"
"switch_probe:\n"
"	pushq	%rbp\n"
"	pushq	%rbx\n"
"	pushq	%r12\n"
"	pushq	%r13\n"
"	pushq	%r14\n"
"	pushq	%r15\n"
"	pushq	%rdi\n"		/* seed: needed again; stack is aligned */
"	movq	0(%rdi), %rbx\n"
"	movq	8(%rdi), %rbp\n"
"	movq	16(%rdi), %r12\n"
"	movq	24(%rdi), %r13\n"
"	movq	32(%rdi), %r14\n"
"	movq	40(%rdi), %r15\n"
"	movq	%rsi, %rdi\n"
"	movq	%rdx, %rsi\n"
"	call	switch_called\n"
"	popq	%rdi\n"
"	movl	$1, %eax\n"
"	cmpq	%rbx, 0(%rdi)\n"
"	jne	1f\n"
"	incl	%eax\n"
"	cmpq	%rbp, 8(%rdi)\n"
"	jne	1f\n"
"	incl	%eax\n"
"	cmpq	%r12, 16(%rdi)\n"
"	jne	1f\n"
"	incl	%eax\n"
"	cmpq	%r13, 24(%rdi)\n"
"	jne	1f\n"
"	incl	%eax\n"
"	cmpq	%r14, 32(%rdi)\n"
"	jne	1f\n"
"	incl	%eax\n"
"	cmpq	%r15, 40(%rdi)\n"
"	jne	1f\n"
"	xorl	%eax, %eax\n"
"1:	popq	%r15\n"
"	popq	%r14\n"
"	popq	%r13\n"
"	popq	%r12\n"
"	popq	%rbx\n"
"	popq	%rbp\n"
"	ret\n"
"	.size	switch_probe, . - switch_probe\n");
#else
enum { SWITCH_N_REGISTERS = 19 };
static const char *const switch_register_names[] = {
	"x19", "x20", "x21", "x22", "x23", "x24", "x25", "x26", "x27", "x28",
	"x29", "d8", "d9", "d10", "d11", "d12", "d13", "d14", "d15",
};
#define COMPARE_X(reg, at) \
"	ldr	x9, [x1, #" #at "]\n" \
"	cmp	" #reg ", x9\n" \
"	b.ne	1f\n" \
"	add	w0, w0, #1\n"
#define COMPARE_D(reg, at) \
"	fmov	x10, " #reg "\n" \
	COMPARE_X(x10, at)
__asm__(
"	.text\n"
"	.type	switch_probe, %function\n"
"	.globl	switch_probe\n"
"switch_probe:\n"
"	sub	sp, sp, #176\n"
"	stp	x19, x20, [sp, #0]\n"
"	stp	x21, x22, [sp, #16]\n"
"	stp	x23, x24, [sp, #32]\n"
"	stp	x25, x26, [sp, #48]\n"
"	stp	x27, x28, [sp, #64]\n"
"	stp	x29, x30, [sp, #80]\n"
"	stp	d8, d9, [sp, #96]\n"
"	stp	d10, d11, [sp, #112]\n"
"	stp	d12, d13, [sp, #128]\n"
"	stp	d14, d15, [sp, #144]\n"
"	str	x0, [sp, #160]\n"	/* seed: needed again */
"	ldp	x19, x20, [x0, #0]\n"
"	ldp	x21, x22, [x0, #16]\n"
"	ldp	x23, x24, [x0, #32]\n"
"	ldp	x25, x26, [x0, #48]\n"
"	ldp	x27, x28, [x0, #64]\n"
"	ldr	x29, [x0, #80]\n"
"	ldr	d8, [x0, #88]\n"
"	ldr	d9, [x0, #96]\n"
"	ldr	d10, [x0, #104]\n"
"	ldr	d11, [x0, #112]\n"
"	ldr	d12, [x0, #120]\n"
"	ldr	d13, [x0, #128]\n"
"	ldr	d14, [x0, #136]\n"
"	ldr	d15, [x0, #144]\n"
"	mov	x0, x1\n"
"	mov	x1, x2\n"
"	bl	switch_called\n"
"	ldr	x1, [sp, #160]\n"
"	mov	w0, #1\n"
	COMPARE_X(x19, 0) COMPARE_X(x20, 8) COMPARE_X(x21, 16)
	COMPARE_X(x22, 24) COMPARE_X(x23, 32) COMPARE_X(x24, 40)
	COMPARE_X(x25, 48) COMPARE_X(x26, 56) COMPARE_X(x27, 64)
	COMPARE_X(x28, 72) COMPARE_X(x29, 80)
	COMPARE_D(d8, 88) COMPARE_D(d9, 96) COMPARE_D(d10, 104)
	COMPARE_D(d11, 112) COMPARE_D(d12, 120) COMPARE_D(d13, 128)
	COMPARE_D(d14, 136) COMPARE_D(d15, 144)
"	mov	w0, #0\n"
"1:	ldp	x19, x20, [sp, #0]\n"
"	ldp	x21, x22, [sp, #16]\n"
"	ldp	x23, x24, [sp, #32]\n"
"	ldp	x25, x26, [sp, #48]\n"
"	ldp	x27, x28, [sp, #64]\n"
"	ldp	x29, x30, [sp, #80]\n"
"	ldp	d8, d9, [sp, #96]\n"
"	ldp	d10, d11, [sp, #112]\n"
"	ldp	d12, d13, [sp, #128]\n"
"	ldp	d14, d15, [sp, #144]\n"
"	add	sp, sp, #176\n"
"	ret\n"
"	.size	switch_probe, . - switch_probe\n");
#endif

static struct {
	void *here, *there;	/* the two contexts */
	uint64_t seeds[2][SWITCH_N_REGISTERS];
	void *arg;		/* what entry was given */
	uintptr_t frame;	/* of entry */
	int lost;		/* by the other stack's probe */
} switch_probed;

static void
switch_probe_entry(void *arg)
{
	switch_probed.arg = arg;
	switch_probed.frame = (uintptr_t)__builtin_frame_address(0);
	for (;;) {
		int lost = switch_probe(switch_probed.seeds[1],
		    &switch_probed.there, &switch_probed.here);

		if (lost != 0)
			switch_probed.lost = lost;
		(void)switch_keeping(&switch_probed.there, &switch_probed.here,
		    switch_probed.seeds[1][0]);
	}
}

/* The name of a register that did not survive, or what else went wrong; ""
 * when all is well. */
static const char *
switch_registers_survive(void)
{
	static char stack[64 * 1024] __attribute__((__aligned__(16)));
	char *top = stack + sizeof stack;

	for (int i = 0; i < SWITCH_N_REGISTERS; i++) {
		switch_probed.seeds[0][i] = UINT64_C(0x1111000011110000) +
		    (uint64_t)i;
		switch_probed.seeds[1][i] = UINT64_C(0xeeee5555eeee5555) -
		    (uint64_t)i;
	}
	/* An odd top: it is aligned for us. */
	switch_probed.there = switch_prepare(top - 8, switch_probe_entry,
	    stack);
	for (int round = 0; round < 10; round++) {
		int lost = switch_probe(switch_probed.seeds[0],
		    &switch_probed.here, &switch_probed.there);

		if (lost == 0)
			lost = switch_probed.lost;
		if (lost != 0)
			return switch_register_names[lost - 1];
		if (switch_probed.arg != stack)
			return "the argument";
		if (switch_probed.frame % 16 != 0)
			return "the alignment";
		if (switch_probed.frame <= (uintptr_t)stack ||
		    switch_probed.frame >= (uintptr_t)top)
			return "the stack";
		if (switch_keeping(&switch_probed.here, &switch_probed.there,
		    switch_probed.seeds[0][0]) != switch_probed.seeds[0][0])
			return "what is kept in another";
	}
	return "";
}

#endif
#endif
