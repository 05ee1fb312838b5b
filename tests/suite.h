/*
 * suite.h - the main() of a check program: its suite as TAP on stdout, each
 * test in a process of its own (CK_FORK=no: all in this one, for a debugger).
 *
 *	int
 *	main(void)
 *	{
 *		Suite *s = suite_create("lock");
 *		TCase *tc = tcase_create("lock");
 *
 *		tcase_add_test(tc, acquire_of_a_free_lock_does_not_suspend);
 *		suite_add_tcase(s, tc);
 *		return suite_main(s);
 *	}
 */
#ifndef TESTS_SUITE_H
#define TESTS_SUITE_H

#include <check.h>
#include <stdlib.h>

static inline int
suite_main(Suite *suite)
{
	SRunner *runner = srunner_create(suite);
	int failed;

	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif
