/*
 * programs.c - programs of which every allocation fails once, by turns.
 */
#include "tests/programs.h"

#include <stdio.h>

#include "tests/starve.h"
#include "tests/suite.h"

/* Those of starve_main(), for its test. */
static const struct program *programs;

int
sleep_a_second(void *arg)
{
	(void)arg;
	return evtask_sleep(SECOND);
}

int
sleep_for_ever(void *arg)
{
	(void)arg;
	return evtask_sleep(EVTASK_FOREVER);
}

int
return_text(void *arg)
{
	struct evtask_value v;
	int r = evtask_value_format(&v, "%s %d", "text", 42);

	(void)arg;
	return r < 0 ? r : evtask_return(v);
}

void
count(void *arg)
{
	++*(int *)arg;
}

int
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

int
run_without_loop(evtask_fn fn)
{
	return fn(NULL);
}

static void
starve(const struct program *program)
{
	long before, after, n;
	bool failed;
	int r;

	/* libevent says what it could not do on stderr; once is enough to
	 * know, and the first run fills what libraries keep for ever. */
	fclose(stderr);
	r = program->run(program->fn);
	ck_assert_msg(r == 0, "%s: %d", program->name, r);
	for (n = 0;; n++) {
		before = starve_live();
		starve_after(n);
		r = program->run(program->fn);
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

START_TEST(every_allocation_may_fail)
{
	starve(&programs[_i]);
}
END_TEST

int
starve_main(const char *suite, void (*set_up)(void), void (*take_down)(void),
    const struct program *of_suite, int n)
{
	Suite *s;
	TCase *tc;

	if (!starve_is_possible())
		return 0;
	programs = of_suite;
	s = suite_create(suite);
	tc = tcase_create(suite);
	tcase_set_timeout(tc, 120);
	tcase_add_checked_fixture(tc, set_up, take_down);
	tcase_add_loop_test(tc, every_allocation_may_fail, 0, n);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
