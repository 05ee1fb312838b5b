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
#include <stdio.h>
#include <stdlib.h>

#include "tests/starve.h"
#include "tests/suite.h"

struct program {
	evtask_fn fn;
	const char *name;
};

#define ROW(fn) { fn, #fn }

/* Anything but success, or want of memory, is a fault. */
static inline int
expect(bool is_so, int r)
{
	return r < 0 ? r : is_so ? 0 : -EPROTO;
}

/* A program that is the main task of a loop; time is virtual. */
static inline int
run_program(evtask_fn fn)
{
	static const struct evtask_loop_options options = {
		.clock = EVTASK_CLOCK_VIRTUAL, .stack_size_bytes = 256 * 1024,
	};
	struct evtask_error *error = NULL;
	struct evtask_value value = evtask_value_none();
	int r = evtask_run(fn, NULL, &options, &value, &error);

	evtask_error_unref(error);
	evtask_value_unref(value);
	return r;
}

static inline void
starve(int (*run)(evtask_fn fn), const struct program *program)
{
	long before, after, n;
	bool failed;
	int r;

	/* libevent says what it could not do on stderr; once is enough to
	 * know, and the first run fills what libraries keep for ever. */
	fclose(stderr);
	r = run(program->fn);
	ck_assert_msg(r == 0, "%s: %d", program->name, r);
	for (n = 0;; n++) {
		before = starve_live();
		starve_after(n);
		r = run(program->fn);
		failed = starve_end();
		after = starve_live();
		ck_assert_msg(r == 0 || (r == -ENOMEM && failed),
		    "%s, allocation %ld: %d", program->name, n, r);
		ck_assert_msg(before == after, "%s, allocation %ld: %ld left",
		    program->name, n, after - before);
		if (!failed)
			break;
	}
	ck_assert_int_gt(n, 10);
}

#endif
