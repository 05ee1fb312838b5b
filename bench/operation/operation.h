/*
 * operation.h - the operations of libevtask that are counted, by families:
 * each has a file, with what its operations work on.
 *
 * If you add an operation here: its family's table, and a line of
 * bench/instructions.txt.
 */
#ifndef BENCH_OPERATION_H
#define BENCH_OPERATION_H

#include <stddef.h>

enum { TIMES = 2000 };		/* how often each is done */

/* `run` is in the main task of a loop; 0, or -errno, which ends all. */
struct operation {
	const char *name;
	int (*run)(void *things);
	int times;		/* what is counted is divided by that */
};

/*
 * What the operations work on is made before the first operation of all, in
 * `size` bytes of zeroes, and freed after the last, even when `make` fails.
 * They are run in the table's order, which ends without a name.
 */
struct family {
	size_t size;
	int (*make)(void *things);
	void (*free)(void *things);
	const struct operation *operations;
};

extern const struct family task_operations, future_operations,
    timer_operations, sync_operations, stream_operations;

/* Awaits a task, unless r says that something has failed, and drops it. */
struct evtask;
int await_other(struct evtask *other, int r);

/* A coroutine that ends at once, and a callback that does nothing. */
int nothing(void *arg);
void tick(void *arg);

#endif
