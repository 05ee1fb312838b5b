/*
 * check_overflow - a task that uses up its stack says who it was.
 *
 * Each overflow happens in a child of the test, whose standard error is read.
 */
#include <evtask/overflow.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/core.h"

/* Ends, but not soon enough. */
static int
dig(volatile char *above, int depth)
{
	volatile char frame[256];

	frame[0] = above[0];
	return depth == 0 ? 0 : dig(frame, depth - 1) + frame[0];
}

static int
overflow(void *arg)
{
	volatile char top = 0;

	(void)arg;
	return dig(&top, 1000000);
}

static void *volatile fault;	/* NULL, as the compiler need not know */

static int
touch_nothing(void *arg)
{
	(void)arg;
	*(volatile char *)fault = 1;
	return 0;
}

/* Runs fn as a task named crawl in a child; what it said, and how it ended. */
static int
run_in_child(evtask_fn fn, bool watch, char *words, size_t size)
{
	struct evtask_options options = { .name = "crawl" };
	int ends[2], status;
	ssize_t n;
	pid_t child;

	ck_assert_int_eq(pipe(ends), 0);
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0) {
		dup2(ends[1], STDERR_FILENO);
		if (watch && evtask_watch_overflows() != 0)
			_exit(1);
		ck_assert_int_eq(evtask_loop_create_task(loop, fn, NULL,
		    &options, NULL), 0);
		_exit(evtask_loop_run_forever(loop) < 0);
	}
	close(ends[1]);
	n = read(ends[0], words, size - 1);
	words[n > 0 ? n : 0] = '\0';
	close(ends[0]);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	return status;
}

START_TEST(a_task_that_overflows_its_stack_is_named)
{
	char words[1024];
	int status = run_in_child(overflow, true, words, sizeof words);

	ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
	ck_assert_ptr_nonnull(strstr(words, "task crawl (id 1) overflowed"));
	ck_assert_ptr_nonnull(strstr(words, "check_overflow.c:"));
	ck_assert_ptr_nonnull(strstr(words, "(run_in_child)"));
}
END_TEST

START_TEST(another_fault_ends_the_program_without_a_word)
{
	char words[1024];
	int status = run_in_child(touch_nothing, true, words, sizeof words);

	ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
	ck_assert_str_eq(words, "");
}
END_TEST

START_TEST(unwatched_it_ends_the_program_all_the_same)
{
	char words[1024];
	int status = run_in_child(overflow, false, words, sizeof words);

	ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
	ck_assert_str_eq(words, "");
}
END_TEST

START_TEST(a_program_that_handles_faults_itself_keeps_its_handler)
{
	struct sigaction mine = { .sa_handler = SIG_IGN }, now;

	ck_assert_int_eq(sigaction(SIGSEGV, &mine, NULL), 0);
	ck_assert_int_eq(evtask_watch_overflows(), -EBUSY);
	ck_assert_int_eq(sigaction(SIGSEGV, NULL, &now), 0);
	ck_assert_ptr_eq(now.sa_handler, SIG_IGN);
}
END_TEST

START_TEST(watching_twice_is_watching_once_and_it_can_be_taken_back)
{
	stack_t now;

	ck_assert_int_eq(evtask_watch_overflows(), 0);
	ck_assert_int_eq(evtask_watch_overflows(), -EALREADY);
	evtask_unwatch_overflows();
	ck_assert_int_eq(sigaltstack(NULL, &now), 0);
	ck_assert_int_ne(now.ss_flags & SS_DISABLE, 0);
	evtask_unwatch_overflows();
	ck_assert_int_eq(evtask_watch_overflows(), 0);
	evtask_unwatch_overflows();
}
END_TEST

/* Sanitizers and Valgrind have handlers of their own. */
int
main(void)
{
	Suite *s = suite_create("overflow");
	TCase *tc = tcase_create("overflow");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc,
	    a_program_that_handles_faults_itself_keeps_its_handler);
	if (!SANITIZED && !RUNNING_ON_VALGRIND) {
		if (!test_is_left_out(
		    a_task_that_overflows_its_stack_is_named->name))
			tcase_add_test(tc,
			    a_task_that_overflows_its_stack_is_named);
		tcase_add_test(tc,
		    another_fault_ends_the_program_without_a_word);
		tcase_add_test(tc, unwatched_it_ends_the_program_all_the_same);
		tcase_add_test(tc,
		    watching_twice_is_watching_once_and_it_can_be_taken_back);
	}
	suite_add_tcase(s, tc);
	return suite_main(s);
}
