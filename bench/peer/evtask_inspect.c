/*
 * evtask_inspect.c - libevtask in the race: the rows about looking in.
 */
#include "bench/peer/evtask_inspect.h"

#include <evtask/inspect_stack.h>
#include <evtask/inspect_watchdog.h>
#include <stdatomic.h>
#include <time.h>

#include "bench/measure.h"

enum { MOST_FRAMES = 64 };

/* stack: a task parks so deep that its stack has n frames, as is seen; then
 * it is captured again and again. */

static int descend(void *arg);
static int (*volatile deeper)(void *arg) = descend;

static int
descend(void *arg)
{
	long depth = (intptr_t)arg;
	int r = depth > 0 ? deeper((void *)(intptr_t)(depth - 1)) :
	    evtask_sleep(EVTASK_FOREVER);

	__asm__ volatile("");	/* it comes back here: each is a frame */
	return r;
}

static struct evtask *
park_at(long depth)
{
	struct evtask *task;
	int r = evtask_create(descend, (void *)(intptr_t)depth, NULL, &task);

	if (r == 0)
		r = evtask_sleep(0);
	if (r < 0)
		die("park", r);
	return task;
}

static struct evtask *
park_with(long n)
{
	void *frames[MOST_FRAMES];
	struct evtask *task = park_at(0);
	long least = evtask_get_stack(task, frames, MOST_FRAMES);

	evtask_cancel(task, NULL);
	evtask_unref(task);
	task = park_at(n - least);
	if (evtask_get_stack(task, frames, MOST_FRAMES) != n)
		die("not as many frames", 0);
	return task;
}

static const struct evtask *parked;

static double
stack_ns(long n, long ops)
{
	void *frames[MOST_FRAMES];
	int64_t begin = cpu_ns();

	(void)n;
	for (long i = 0; i < ops; i++)
		evtask_get_stack(parked, frames, MOST_FRAMES);
	return (double)(cpu_ns() - begin) / (double)ops;
}

static int
stack_main(void *arg)
{
	struct evtask *task = park_with(*(long *)arg);

	parked = task;
	report_per_op("ns", stack_ns, *(long *)arg);
	evtask_cancel(task, NULL);
	evtask_unref(task);
	return 0;
}

void
inspect_stack(long n)
{
	run_main(stack_main, &n);
}

/* owner: a lock that nobody contends knows its owner, since when, and where it
 * was taken; a semaphore of one unit is the same without that. */

static double
lock_ns(struct evtask_lock *lock, long ops)
{
	int64_t begin = cpu_ns();
	int r = 0;

	for (long i = 0; i < ops && r == 0; i++) {
		r = evtask_lock_acquire(lock);
		if (r == 0)
			r = evtask_lock_release(lock);
	}
	if (r < 0)
		die("lock", r);
	return (double)(cpu_ns() - begin) / (double)ops;
}

static double
semaphore_ns(struct evtask_semaphore *semaphore, long ops)
{
	int64_t begin = cpu_ns();
	int r = 0;

	for (long i = 0; i < ops && r == 0; i++) {
		r = evtask_semaphore_acquire(semaphore);
		if (r == 0)
			r = evtask_semaphore_release(semaphore);
	}
	if (r < 0)
		die("semaphore", r);
	return (double)(cpu_ns() - begin) / (double)ops;
}

static int
owner_main(void *arg)
{
	struct evtask_semaphore *semaphore = NULL;
	struct evtask_lock *lock = NULL;
	int r = evtask_lock_new(NULL, &lock);
	long ops = 1000000;
	double ns;

	(void)arg;
	if (r == 0)
		r = evtask_semaphore_new(NULL, 1, true, &semaphore);
	if (r < 0)
		return r;
	lock_ns(lock, ops / 10);
	semaphore_ns(semaphore, ops / 10);
	ns = lock_ns(lock, ops);
	report("lock", ns);
	report("owner", ns - semaphore_ns(semaphore, ops));
	evtask_lock_free(lock);
	evtask_semaphore_free(semaphore);
	return 0;
}

void
inspect_owner(long n)
{
	run_main(owner_main, &n);
}

/* stall: a task blocks the loop; how much later than the threshold the
 * watchdog says so, at worst. */

enum { THRESHOLD_MS = 200 };

static _Atomic int64_t seen_ns;

static void
on_stall(const struct evtask_stall *stall, void *arg)
{
	(void)arg;
	if (!stall->over)
		atomic_store(&seen_ns, now_ns());
}

static double
late_ms(void)
{
	const struct timespec block = { .tv_nsec = 2 * THRESHOLD_MS * 1000000 };
	int64_t begin;

	atomic_store(&seen_ns, 0);
	begin = now_ns();
	nanosleep(&block, NULL);	/* what a task must not do */
	if (atomic_load(&seen_ns) == 0)
		die("a stall was not seen", 0);
	return (double)(atomic_load(&seen_ns) - begin) / 1e6 - THRESHOLD_MS;
}

static int
stall_main(void *arg)
{
	const struct evtask_watchdog_options options = {
		.threshold_us = THRESHOLD_MS * 1000, .stalled = on_stall,
	};
	struct evtask_watchdog *watchdog;
	double worst = 0;
	int r = evtask_watchdog_start(evtask_get_running_loop(), &options,
	    &watchdog);

	for (long i = 0; i < *(long *)arg && r == 0; i++) {
		double ms;

		r = evtask_sleep(10000);
		ms = late_ms();
		worst = ms > worst ? ms : worst;
	}
	report("late", worst);
	evtask_watchdog_stop(watchdog);
	return r;
}

void
inspect_stall(long n)
{
	run_main(stall_main, &n);
}
