/*
 * boost_context.cpp - Boost.Context's fcontext, the switch beneath Boost.Fiber
 * and beneath boost::context::fiber.
 */
#include <boost/context/detail/fcontext.hpp>

#include "bench/measure.h"

using namespace boost::context::detail;

static void
bounce(transfer_t from)
{
	for (;;)
		from = jump_fcontext(from.fctx, nullptr);
}

static double
switch_ns(long, long ops)
{
	static char stack[16384];
	transfer_t there = { make_fcontext(stack + sizeof stack, sizeof stack,
	    bounce), nullptr };
	int64_t begin = cpu_ns();

	for (long i = 0; i < ops; i += 2)
		there = jump_fcontext(there.fctx, nullptr);
	return (double)(cpu_ns() - begin) / (double)ops;
}

static void
switches(long n)
{
	report_per_op("ns", switch_ns, n);
}

static const struct measure_row rows[] = {
	{ "switch", switches },
	{ nullptr, nullptr }
};

int
main(int argc, char **argv)
{
	return measure_main(argc, argv, rows);
}
