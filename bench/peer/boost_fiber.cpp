/*
 * boost_fiber.cpp - Boost.Fiber, with its default scheduler and stacks; with
 * -DGUARDED its stacks have guard pages, as those of libevtask have.
 */
#include <boost/fiber/all.hpp>
#include <chrono>
#include <memory>
#include <vector>

#include "bench/measure.h"

namespace fibers = boost::fibers;

#ifdef GUARDED
typedef fibers::protected_fixedsize_stack stack_type;
#else
typedef fibers::fixedsize_stack stack_type;
#endif

template <typename Fn>
static fibers::fiber
create(Fn fn)
{
	return fibers::fiber(fibers::launch::post, std::allocator_arg,
	    stack_type(), fn);
}

template <typename Fn>
static void
create_all(std::vector<fibers::fiber> &tasks, long n, Fn fn)
{
	tasks.reserve(n);
	for (long i = 0; i < n; i++)
		tasks.push_back(create(fn));
}

static void
join_all(std::vector<fibers::fiber> &tasks)
{
	for (auto &task : tasks)
		task.join();
	tasks.clear();
}

/* yield */

static double
yield_ns(long n, long ops)
{
	std::vector<fibers::fiber> tasks;
	long left = ops + 2 * n;
	int64_t begin = 0, end = 0;

	create_all(tasks, n, [&] {
		while (left > 0) {
			boost::this_fiber::yield();
			left--;
			if (left == ops)
				begin = cpu_ns();
			else if (left == 0)
				end = cpu_ns();
		}
	});
	join_all(tasks);
	return (double)(end - begin) / (double)ops;
}

static void
yield(long n)
{
	report_per_op("ns", yield_ns, n);
}

/* spawn */

static double
spawn_ns(long, long ops)
{
	int64_t begin = cpu_ns();

	for (long i = 0; i < ops; i++)
		if (fibers::async(fibers::launch::post, std::allocator_arg,
		    stack_type(), [i] { return i; }).get() != i)
			abort();
	return (double)(cpu_ns() - begin) / (double)ops;
}

static void
spawn(long n)
{
	report_per_op("ns", spawn_ns, n);
}

/* join, alive */

template <typename Fn>
static void
crowd(long n, Fn fn)
{
	std::vector<fibers::fiber> tasks;

	tasks.reserve((size_t)n);
	for (const char *key : { "cold", "warm" }) {
		int64_t begin = cpu_ns();

		create_all(tasks, n, fn);
		join_all(tasks);
		report(key, (double)(cpu_ns() - begin) / (double)n);
	}
}

static void
join(long n)
{
	crowd(n, [] {});
}

static void
alive(long n)
{
	crowd(n, [] { boost::this_fiber::yield(); });
}

/* asleep */

static void
asleep(long n)
{
	auto until = std::chrono::steady_clock::now() +
	    std::chrono::seconds(1) +
	    std::chrono::microseconds(n * 50 * patience());
	double before = resident_bytes();
	std::vector<fibers::fiber> tasks;
	long count = 0;

	create_all(tasks, n, [&] {
		count++;
		boost::this_fiber::sleep_until(until);
		count--;
	});
	boost::this_fiber::yield();
	if (count < n) {
		fprintf(stderr, "boost_fiber: not all were asleep\n");
		exit(1);
	}
	report("bytes", (resident_bytes() - before) / (double)n);
	report("tables", status_bytes("VmPTE") / (double)n);
	report("maps", (double)mappings());
	join_all(tasks);
	report("cpu", (double)cpu_ns() / 1e9);
}

static const struct measure_row rows[] = {
#ifndef GUARDED
	{ "yield", yield },
	{ "spawn", spawn },
	{ "join", join },
#endif
	{ "alive", alive },
	{ "asleep", asleep },
	{ nullptr, nullptr }
};

int
main(int argc, char **argv)
{
	return measure_main(argc, argv, rows);
}
