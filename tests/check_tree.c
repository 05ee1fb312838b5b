/*
 * check_tree.c - daemon/tree.c: what belongs to a command, however it hides.
 */
#include "daemon/tree.h"

#include "children.h"

#define MARKER "EVTASK_JOB=0123456789abcdef"
#define OTHER_MARKER "EVTASK_JOB=fedcba9876543210"

/* A process that neither holds our pipes nor says a word. */
#define QUIET "</dev/null >/dev/null 2>&1"
#define SLEEP "sleep 1000 " QUIET

static struct spawn_child child;
static struct tree tree;

static void
setup(void)
{
	become_subreaper();
}

static void
teardown(void)
{
	spawn_child_release(&child);
	end_children();
}

/* Starts a script as a job, and is told of one process of it. */
static struct proc
start_job(const char *script)
{
	child = start_script(script, MARKER);
	tree = (struct tree){ identify(&child), MARKER };
	return read_proc(child.ends.out);
}

/* The script says the pid of one of its processes, which is found and killed
 * with all the others; the outsider is not. */
static void
kills_all_of(const char *script)
{
	struct spawn_child outsider = start_script("exec sleep 1000",
	    OTHER_MARKER);
	struct proc other = identify(&outsider);
	struct proc hidden = start_job(script);
	size_t left = 99;

	ck_assert(lives(&hidden));
	ck_assert_int_eq(tree_kill(&tree, CHILD_TIMEOUT_MS, &left), 0);
	ck_assert_uint_eq(left, 0);
	ck_assert(!lives(&hidden));
	ck_assert(!lives(&tree.root));
	ck_assert(lives(&other));
	spawn_child_release(&outsider);
}

START_TEST(children_and_grandchildren_belong)
{
	kills_all_of("sh -c '" SLEEP " & echo $!; wait' & wait");
}
END_TEST

START_TEST(a_child_in_a_session_of_its_own_belongs)
{
	kills_all_of("setsid sh -c 'echo $$; exec " SLEEP "' & wait");
}
END_TEST

START_TEST(a_double_forked_orphan_in_its_own_session_belongs)
{
	kills_all_of("sh -c 'setsid sh -c \"echo \\$\\$; exec " SLEEP "\" &'; "
	    "exec " SLEEP);
}
END_TEST

START_TEST(an_orphan_outlives_the_root_and_still_belongs)
{
	struct proc orphan = start_job(
	    "setsid sh -c 'echo $$; exec " SLEEP "' &");

	reap(&child);
	ck_assert(lives(&orphan));
	ck_assert_int_eq(tree_kill(&tree, CHILD_TIMEOUT_MS, NULL), 0);
	ck_assert(!lives(&orphan));
}
END_TEST

START_TEST(what_a_root_has_left_belongs_whenever_that_had_started)
{
	struct proc orphan = start_job(
	    "sh -c 'echo $$; exec " SLEEP "' &");

	reap(&child);
	tree.root.start_ticks = 0;
	tree.marker = NULL;
	ck_assert_int_eq(tree_kill(&tree, CHILD_TIMEOUT_MS, NULL), 0);
	ck_assert(!lives(&orphan));
}
END_TEST

START_TEST(an_orphan_without_the_marker_belongs_by_its_session)
{
	kills_all_of("sh -c 'env -i sh -c \"echo \\$\\$; exec " SLEEP "\" &'; "
	    "exec " SLEEP);
}
END_TEST

START_TEST(what_an_orphan_has_started_belongs)
{
	kills_all_of("sh -c 'setsid sh -c \"env -i setsid sh -c \\\"echo "
	    "\\\\\\$\\\\\\$; exec " SLEEP "\\\" & wait\" &'; exec " SLEEP);
}
END_TEST

START_TEST(an_orphan_of_another_job_is_left_alone)
{
	struct spawn_child other = start_script(
	    "setsid sh -c 'echo $$; exec " SLEEP "' &", OTHER_MARKER);
	struct proc orphan = read_proc(other.ends.out);

	reap(&other);
	start_job("echo $$; exec " SLEEP);
	ck_assert_int_eq(tree_kill(&tree, CHILD_TIMEOUT_MS, NULL), 0);
	ck_assert(lives(&orphan));
	spawn_child_release(&other);
}
END_TEST

START_TEST(a_later_process_of_the_roots_number_is_left_alone)
{
	struct proc later = start_job("echo $$; exec " SLEEP);

	tree.root.start_ticks = _i == 0 ? 0 : tree.root.start_ticks - 1;
	tree.marker = OTHER_MARKER;
	ck_assert_int_eq(tree_signal(&tree, SIGKILL), 0);
	ck_assert_int_eq(tree_kill(&tree, CHILD_TIMEOUT_MS, NULL), 0);
	ck_assert(lives(&later));
}
END_TEST

START_TEST(a_signal_reaches_all_and_they_are_counted)
{
	struct proc hidden = start_job(
	    "setsid sh -c 'echo $$; exec " SLEEP "' & exec " SLEEP);

	ck_assert_int_eq(tree_signal(&tree, SIGTERM), 2);
	ck_assert_int_eq(WTERMSIG(reap(&child)), SIGTERM);
	proc_wait_ended(&hidden, CHILD_TIMEOUT_MS);
	ck_assert(!lives(&hidden));
	ck_assert_int_eq(tree_signal(&tree, SIGTERM), 0);
}
END_TEST

START_TEST(stopped_and_deaf_processes_are_killed)
{
	kills_all_of("trap '' TERM HUP INT; sh -c 'echo $$; kill -STOP $$; "
	    SLEEP "' & while :; do wait; done");
}
END_TEST

START_TEST(a_tree_that_grows_while_it_is_killed_is_killed)
{
	kills_all_of("echo $$; while :; do setsid " SLEEP " & "
	    "setsid true; done");
}
END_TEST

START_TEST(no_time_at_all_says_what_was_left)
{
	size_t left = 0;

	start_job("echo $$; exec " SLEEP);
	ck_assert_int_eq(tree_kill(&tree, 0, &left), -ETIMEDOUT);
	ck_assert_uint_eq(left, 1);
	ck_assert_int_eq(WTERMSIG(reap(&child)), SIGKILL);
}
END_TEST

START_TEST(the_tree_of_this_process_is_all_but_itself)
{
	struct proc escaped = start_job(
	    "env -i setsid sh -c 'echo $$; exec " SLEEP "' &");

	reap(&child);
	ck_assert_int_eq(tree_signal(&tree, SIGTERM), 0);
	ck_assert(lives(&escaped));
	end_children();
	ck_assert(!lives(&escaped));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("tree");
	TCase *tc = tcase_create("tree");

	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, children_and_grandchildren_belong);
	tcase_add_test(tc, a_child_in_a_session_of_its_own_belongs);
	tcase_add_test(tc, a_double_forked_orphan_in_its_own_session_belongs);
	tcase_add_test(tc, an_orphan_outlives_the_root_and_still_belongs);
	tcase_add_test(tc,
	    what_a_root_has_left_belongs_whenever_that_had_started);
	tcase_add_test(tc, an_orphan_without_the_marker_belongs_by_its_session);
	tcase_add_test(tc, what_an_orphan_has_started_belongs);
	tcase_add_test(tc, an_orphan_of_another_job_is_left_alone);
	tcase_add_loop_test(tc,
	    a_later_process_of_the_roots_number_is_left_alone, 0, 2);
	tcase_add_test(tc, a_signal_reaches_all_and_they_are_counted);
	tcase_add_test(tc, stopped_and_deaf_processes_are_killed);
	tcase_add_test(tc, a_tree_that_grows_while_it_is_killed_is_killed);
	tcase_add_test(tc, no_time_at_all_says_what_was_left);
	tcase_add_test(tc, the_tree_of_this_process_is_all_but_itself);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
