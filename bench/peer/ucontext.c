/*
 * ucontext.c - what libc offers: swapcontext(3).
 */
#include <ucontext.h>

#include "bench/measure.h"

static ucontext_t here, there;

static void
bounce(void)
{
	for (;;)
		swapcontext(&there, &here);
}

static double
switch_ns(long n, long ops)
{
	static char stack[16384];
	int64_t begin;

	(void)n;
	getcontext(&there);
	there.uc_stack.ss_sp = stack;
	there.uc_stack.ss_size = sizeof stack;
	makecontext(&there, bounce, 0);
	begin = cpu_ns();
	for (long i = 0; i < ops; i += 2)
		swapcontext(&here, &there);
	return (double)(cpu_ns() - begin) / (double)ops;
}

static void
switches(long n)
{
	report_per_op("ns", switch_ns, n);
}

static const struct measure_row rows[] = {
	{ "switch", switches },
	{ NULL, NULL }
};

int
main(int argc, char **argv)
{
	return measure_main(argc, argv, rows);
}
