/*
 * operations.c - the operations of libevtask, to be counted by callgrind.
 *
 * Each is run in the main task of a loop: once to warm it, and once more
 * between two requests to callgrind, which writes down how many instructions
 * that took, under the operation's name. The clock is virtual: on it nothing
 * depends on how fast the machine is, so that the counts repeat.
 * bench/instructions runs this; alone it only shows that all of it works.
 */
#include <evtask/evtask.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/operation/operation.h"

#if defined(__has_include)
#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#endif
#endif
#ifndef CALLGRIND_ZERO_STATS
#define CALLGRIND_ZERO_STATS
#define CALLGRIND_DUMP_STATS_AT(name) ((void)(name))
#endif

static const struct family *const families[] = {
	&task_operations, &future_operations, &timer_operations,
	&sync_operations, &stream_operations,
};

enum { FAMILIES = sizeof families / sizeof families[0] };

int
nothing(void *arg)
{
	(void)arg;
	return evtask_return(evtask_value_int(1));
}

void
tick(void *arg)
{
	(void)arg;
}

int
await_other(struct evtask *other, int r)
{
	if (r == 0)
		r = evtask_await(other);
	evtask_unref(other);
	return r;
}

static int
warm(const struct operation *o, void *things)
{
	return o->run(things);
}

static int
count(const struct operation *o, void *things)
{
	int r;

	CALLGRIND_ZERO_STATS;
	r = o->run(things);
	CALLGRIND_DUMP_STATS_AT(o->name);
	return r;
}

static int
run_all(int (*run)(const struct operation *o, void *things), void **things)
{
	int r = 0;

	for (int i = 0; i < FAMILIES && r == 0; i++) {
		const struct operation *o = families[i]->operations;

		for (; o->name != NULL && r == 0; o++) {
			r = run(o, things[i]);
			if (r < 0)
				fprintf(stderr, "operations: %s: %s\n",
				    o->name, strerror(-r));
		}
	}
	return r;
}

static int
main_task(void *arg)
{
	void *things[FAMILIES] = { NULL };
	int r = 0;

	(void)arg;
	for (int i = 0; i < FAMILIES && r == 0; i++) {
		if (families[i]->make == NULL)
			continue;
		things[i] = calloc(1, families[i]->size);
		r = families[i]->make(things[i]);
	}
	if (r == 0)
		r = run_all(warm, things);
	if (r == 0)
		r = run_all(count, things);
	for (int i = 0; i < FAMILIES; i++) {
		if (things[i] != NULL)
			families[i]->free(things[i]);
		free(things[i]);
	}
	return r;
}

int
main(void)
{
	static const struct evtask_loop_options options = {
		.clock = EVTASK_CLOCK_VIRTUAL,
	};

	for (int i = 0; i < FAMILIES; i++)
		for (const struct operation *o = families[i]->operations;
		    o->name != NULL; o++)
			printf("%s %d\n", o->name, o->times);
	fflush(stdout);
	return evtask_run(main_task, NULL, &options, NULL, NULL) < 0;
}
