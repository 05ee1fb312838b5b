/*
 * programs.h - programs of which every allocation fails once, by turns. What
 * is done then either succeeds all the same or says -ENOMEM; nothing hangs,
 * and no byte is left behind.
 *
 * While an allocation may fail nothing is asserted, for assertions allocate:
 * each program only returns what it came to, and releases what it made,
 * however far it came.
 */
#ifndef TESTS_PROGRAMS_H
#define TESTS_PROGRAMS_H

#include <errno.h>
#include <evtask/evtask.h>
#include <stdbool.h>

#define SECOND INT64_C(1000000)

/* Run as the main task of a loop, or as it is: it has a loop of its own. Time
 * is virtual. */
struct program {
	int (*run)(evtask_fn fn);
	evtask_fn fn;
	const char *name;
};

int run_program(evtask_fn fn);
int run_without_loop(evtask_fn fn);

#define ROW(fn) { run_program, fn, #fn }

/* The main of a file of programs: a test each, between what sets it up and
 * what takes that down (NULL: nothing). */
int starve_main(const char *suite, void (*set_up)(void),
    void (*take_down)(void), const struct program *programs, int n);

/* Anything but success, or want of memory, is a fault. */
static inline int
expect(bool is_so, int r)
{
	return r < 0 ? r : is_so ? 0 : -EPROTO;
}

/* What programs start: coroutines, and a callback that counts in an int. */
int sleep_a_second(void *arg);
int sleep_for_ever(void *arg);
int return_text(void *arg);
void count(void *arg);

#endif
