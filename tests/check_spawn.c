/*
 * check_spawn.c - daemon/spawn.c: a command, started, or the reason why not.
 */
#include <config.h>

#include "daemon/spawn.h"

#include <evtask/evtask.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "children.h"
#include "daemon/launch.h"

#define FOLDER "/tmp/evtask-spawn-XXXXXX"

static char folder[sizeof(FOLDER)];
static struct spawn_child child;
static start_fn way;

/* Whether it executes another program than we do, or has ended. */
static bool
has_left(pid_t pid)
{
	char path[64], ours[256] = "", its[256] = "";
	siginfo_t info = { 0 };

	ck_assert_int_eq(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG |
	    WNOWAIT), 0);
	snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	ck_assert_int_gt(readlink("/proc/self/exe", ours, sizeof(ours)), 0);
	return info.si_pid != 0 ||
	    (readlink(path, its, sizeof(its)) > 0 && strcmp(ours, its) != 0);
}

/* The fast way, as if it were the other: it answers when it is known whether
 * the child is the command. */
static int
launch_and_see(const struct spawn_request *request,
    struct spawn_child *ret_child)
{
	int r = spawn_launch(request, ret_child);

	if (r == -ENOSYS)
		return spawn(request, ret_child); /* under Valgrind */
	if (r < 0)
		return r;
	while (!has_left(ret_child->pid))
		sched_yield();
	if (spawn_executed(ret_child))
		return 0;
	r = launch_result(ret_child->launch);
	ck_assert_int_eq(waitpid(ret_child->pid, NULL, 0), ret_child->pid);
	spawn_child_release(ret_child);
	ret_child->pid = 0;
	return r;
}

static void
make_folder(void)
{
	strcpy(folder, FOLDER);
	ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void
set_up_spawned(void)
{
	way = spawn;
	make_folder();
}

static void
set_up_launched(void)
{
	way = launch_and_see;
	make_folder();
}

static void
teardown(void)
{
	char command[128];

	spawn_child_release(&child);
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	ck_assert_int_eq(system(command), 0);
}

/* A file in the folder, and its path. */
static const char *
make_file(const char *name, const char *text, mode_t mode)
{
	static char path[128];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	out = fopen(path, "w");
	ck_assert_ptr_nonnull(out);
	fputs(text, out);
	ck_assert_int_eq(fclose(out), 0);
	ck_assert_int_eq(chmod(path, mode), 0);
	return path;
}

static int
start(const char *program, const char *argument, const char *cwd,
    const char *path)
{
	char *argv[] = { (char *)program, (char *)argument, NULL };
	char variable[128];
	char *envp[] = { variable, NULL };
	struct spawn_request request = { .argv = argv, .envp = envp,
		.cwd = cwd };

	snprintf(variable, sizeof(variable), "PATH=%s",
	    path != NULL ? path : "/usr/bin:/bin");
	return way(&request, &child);
}

static int
count_fds(void)
{
	int fd, n = 0;

	for (fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

/* Starting fails like that, there, and leaves nothing open. Who launches is
 * not told where, and all that counts is that it is no success. */
static void
fails(int r, enum spawn_step step, const char *program, const char *cwd)
{
	int before = count_fds();

	if (way == spawn) {
		ck_assert_int_eq(start(program, NULL, cwd, folder), r);
		ck_assert_int_eq(child.step, step);
	} else {
		ck_assert_int_lt(start(program, NULL, cwd, folder), 0);
	}
	ck_assert_int_eq(child.pid, 0);
	ck_assert_int_eq(child.ends.out, -1);
	ck_assert_int_eq(count_fds(), before);
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
}

static void
says(int fd, const char *expected)
{
	char line[256];

	ck_assert_str_eq(read_line(fd, line, sizeof(line)), expected);
}

START_TEST(stdout_and_stderr_come_apart)
{
	child = start_script_by(way, "echo out; echo err >&2", NULL);
	says(child.ends.out, "out");
	says(child.ends.err, "err");
	ck_assert_int_eq(WEXITSTATUS(reap(&child)), 0);
	says(child.ends.out, "");
	says(child.ends.err, "");
}
END_TEST

START_TEST(stdin_is_empty_unless_asked_for)
{
	child = start_script_by(way, "cat; echo end", NULL);
	says(child.ends.out, "end");
	ck_assert_int_eq(child.ends.in, -1);
	reap(&child);
}
END_TEST

START_TEST(stdin_asked_for_is_a_pipe)
{
	char *argv[] = { (char *)"cat", NULL };
	char *envp[] = { (char *)"PATH=/usr/bin:/bin", NULL };
	struct spawn_request request = { .argv = argv, .envp = envp,
		.stdin_open = true };

	ck_assert_int_eq(way(&request, &child), 0);
	ck_assert_int_eq(write(child.ends.in, "hello\n", 6), 6);
	says(child.ends.out, "hello");
	close(child.ends.in);
	child.ends.in = -1;
	ck_assert_int_eq(WEXITSTATUS(reap(&child)), 0);
}
END_TEST

START_TEST(our_ends_do_not_block_and_are_not_inherited)
{
	char byte;

	child = start_script_by(way, "exec sleep 1000", NULL);
	ck_assert_int_eq(read(child.ends.out, &byte, 1), -1);
	ck_assert_int_eq(errno, EAGAIN);
	ck_assert_int_eq(fcntl(child.ends.out, F_GETFD), FD_CLOEXEC);
	ck_assert_int_eq(fcntl(child.ends.err, F_GETFD), FD_CLOEXEC);
	kill(child.pid, SIGKILL);
	reap(&child);
}
END_TEST

START_TEST(the_child_leads_a_session_and_a_group)
{
	child = start_script_by(way, "echo up; exec sleep 1000", NULL);
	says(child.ends.out, "up");
	ck_assert_int_eq(getsid(child.pid), child.pid);
	ck_assert_int_eq(getpgid(child.pid), child.pid);
	kill(child.pid, SIGKILL);
	reap(&child);
}
END_TEST

static void
on_signal(int signo)
{
}

START_TEST(the_child_has_default_signals_and_an_empty_mask)
{
	sigset_t all, before;
	char line[256];

	/* As evtaskd; we may be run by nohup(1). */
	for (int signo = 1; signo < NSIG; signo++)
		signal(signo, SIG_DFL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGTERM, on_signal);
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	child = start_script_by(way,
	    "grep -E 'Sig(Blk|Ign)' /proc/self/status", NULL);
	sigprocmask(SIG_SETMASK, &before, NULL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	says(child.ends.out, "SigBlk:\t0000000000000000");
	read_line(child.ends.out, line, sizeof(line));
	ck_assert_int_eq(strncmp(line, "SigIgn:\t", 8), 0);
	/* Signals 32 and 33 are the C library's own. */
	ck_assert_uint_eq(strtoull(line + 8, NULL, 16) & 0x7fffffff, 0);
	reap(&child);
}
END_TEST

START_TEST(the_environment_is_the_one_given)
{
	setenv("SECRET", "x", 1);
	child = start_script_by(way, "echo $SECRET$GIVEN", "GIVEN=here");
	says(child.ends.out, "here");
	reap(&child);
}
END_TEST

START_TEST(it_starts_in_the_folder_given)
{
	ck_assert_int_eq(start("pwd", NULL, folder, NULL), 0);
	says(child.ends.out, folder);
	reap(&child);
}
END_TEST

START_TEST(a_path_is_relative_to_that_folder)
{
	make_file("hi", "#!/bin/sh\necho hi $0\n", 0755);
	ck_assert_int_eq(start("./hi", NULL, folder, NULL), 0);
	says(child.ends.out, "hi ./hi");
	reap(&child);
}
END_TEST

START_TEST(a_name_is_looked_for_in_the_childs_path)
{
	char path[64];

	make_file("only-here", "#!/bin/sh\necho found\n", 0755);
	ck_assert_int_eq(start("only-here", NULL, NULL, NULL), -ENOENT);
	snprintf(path, sizeof(path), "/nonexistent:%s", folder);
	ck_assert_int_eq(start("only-here", NULL, NULL, path), 0);
	says(child.ends.out, "found");
	reap(&child);
	spawn_child_release(&child);
	ck_assert_int_eq(start("only-here", NULL, folder, ""), 0);
	reap(&child);
}
END_TEST

START_TEST(what_is_not_there_is_not_found)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/nothing", folder);
	fails(-ENOENT, SPAWN_FIND, "nothing", NULL);
	fails(-ENOENT, SPAWN_FIND, path, NULL);
	fails(-ENOENT, SPAWN_FIND, "/dev/null/x", NULL);
	fails(-ENOENT, SPAWN_FIND, "", NULL);
}
END_TEST

START_TEST(what_is_not_executable_is_refused)
{
	fails(-EACCES, SPAWN_FIND, make_file("plain", "text", 0644), NULL);
	fails(-EACCES, SPAWN_FIND, "plain", NULL);
	fails(-EACCES, SPAWN_FIND, folder, NULL);
}
END_TEST

/* Valgrind makes a fork of what is a vfork, and then what the child meets is
 * not told to us; what we see before is. */
static bool
under_valgrind(void)
{
	const char *preload = getenv("LD_PRELOAD");

	return preload != NULL && strstr(preload, "vgpreload") != NULL;
}

START_TEST(a_folder_that_may_not_be_searched_is_passed_over)
{
	char path[64];

	make_file("here", "#!/bin/sh\n", 0755);
	snprintf(path, sizeof(path), "%s/shut", folder);
	ck_assert_int_eq(mkdir(path, 0), 0);
	ck_assert_int_eq(start("here", NULL, NULL, path), -ENOENT);
	snprintf(path, sizeof(path), "%s/shut:%s", folder, folder);
	ck_assert_int_eq(start("here", NULL, NULL, path), 0);
	reap(&child);
}
END_TEST

START_TEST(a_file_of_no_known_format_is_refused)
{
	if (under_valgrind())
		return;
	fails(-ENOEXEC, SPAWN_EXEC, make_file("noise", "noise\n", 0755), NULL);
}
END_TEST

START_TEST(a_script_without_its_interpreter_is_not_started)
{
	if (under_valgrind())
		return;
	fails(-ENOENT, SPAWN_EXEC,
	    make_file("script", "#!/no/such/interpreter\n", 0755), NULL);
}
END_TEST

START_TEST(a_folder_that_is_not_one_is_told_from_the_program)
{
	fails(-ENOENT, SPAWN_CWD, "/bin/sh", "/no/such/folder");
	fails(-ENOTDIR, SPAWN_CWD, "/bin/sh", "/dev/null");
}
END_TEST

START_TEST(no_descriptor_left_is_said_so)
{
	struct rlimit limit;
	int fd = open("/dev/null", O_RDONLY);

	/* Room for one more, which is not room for a pipe. */
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
	limit.rlim_cur = (rlim_t)fd + 1;
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	fails(-EMFILE, SPAWN_PIPES, "/bin/true", NULL);
	limit.rlim_cur = limit.rlim_max;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
}
END_TEST

START_TEST(what_fails_in_a_child_that_is_launched_is_not_our_errno)
{
	char *argv[] = { (char *)"/no/such/program", NULL };
	struct spawn_request request = { .argv = argv, .envp = argv + 1 };
	siginfo_t info = { 0 };
	int r = spawn_launch(&request, &child);

	if (r == -ENOSYS)
		return; /* under Valgrind */
	ck_assert_int_eq(r, 0);
	errno = EXDEV;
	while (info.si_pid == 0)
		ck_assert_int_eq(waitid(P_PID, (id_t)child.pid, &info,
		    WEXITED | WNOHANG | WNOWAIT), 0);
	ck_assert_int_eq(errno, EXDEV);
	ck_assert(!spawn_executed(&child));
	reap(&child);
}
END_TEST

/* In a task, as evtaskd spawns. */

static struct spawn_request request;

static int
await_spawn(void *arg)
{
	return spawn_await(&request, &child);
}

/* Runs it on a loop; after n turns, if that is not negative, it is cancelled.
 * Returns how the task ended; *ret_error is the caller's. */
static int
spawn_on_loop(char **argv, const char *cwd, int turns,
    struct evtask_error **ret_error)
{
	static char *envp[] = { (char *)"PATH=/usr/bin:/bin", NULL };
	struct evtask_error *error = NULL;
	struct evtask_loop *loop;
	struct evtask *task;
	int r;

	request = (struct spawn_request){ .argv = argv, .envp = envp,
		.cwd = cwd };
	child = (struct spawn_child)SPAWN_NO_CHILD;
	ck_assert_int_eq(evtask_loop_new(NULL, &loop), 0);
	ck_assert_int_eq(evtask_loop_create_task(loop, await_spawn, NULL, NULL,
	    &task), 0);
	for (; turns > 0; turns--) {
		evtask_loop_stop(loop);
		ck_assert_int_eq(evtask_loop_run_forever(loop), 0);
	}
	if (turns == 0)
		evtask_cancel(task, NULL);
	ck_assert_int_eq(evtask_loop_run_until_complete(loop, task), 0);
	r = evtask_exception(task, &error);
	if (ret_error != NULL)
		*ret_error = evtask_error_ref(error);
	evtask_unref(task);
	ck_assert_int_eq(evtask_loop_free(loop), 0);
	return r;
}

START_TEST(a_task_gets_the_child)
{
	char *argv[] = { (char *)"echo", (char *)"hi", NULL };

	ck_assert_int_eq(spawn_on_loop(argv, NULL, -1, NULL), 0);
	says(child.ends.out, "hi");
	reap(&child);
}
END_TEST

/* A cancel comes before the thread begins, or when the child may be there
 * already: then it is handed over nevertheless. */
START_TEST(a_cancel_loses_no_child)
{
	char *argv[] = { (char *)"sleep", (char *)"1000", NULL };
	int r = spawn_on_loop(argv, NULL, _i, NULL);

	if (child.pid == 0) {
		ck_assert_int_eq(r, -ECANCELED);
		ck_assert_int_eq(child.ends.out, -1);
	} else {
		ck_assert_int_eq(kill(child.pid, SIGKILL), 0);
		reap(&child);
	}
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
}
END_TEST

static const struct {
	const char *program, *cwd;
	const char *type;
	int code;
	const char *says;
} failures[] = {
	{ "no-such-program", NULL, "SpawnError", -ENOENT,
	  "cannot start \"no-such-program\": there is no such program in "
	  "PATH; give its path" },
	{ "/no/such/file", NULL, "SpawnError", -ENOENT,
	  "cannot start \"/no/such/file\": there is no such file" },
	{ "/etc/passwd", NULL, "SpawnError", -EACCES,
	  "cannot start \"/etc/passwd\": it is not executable; chmod +x it, "
	  "or start its interpreter" },
	{ "true", "/no/such/folder", "CwdError", -ENOENT,
	  "cannot start \"true\" in \"/no/such/folder\": No such file or "
	  "directory; give a folder that is there as cwd" },
};

START_TEST(a_failure_raises_a_sentence)
{
	char *argv[] = { (char *)failures[_i].program, NULL };
	struct evtask_error *error;

	ck_assert_int_eq(spawn_on_loop(argv, failures[_i].cwd, -1, &error), 0);
	ck_assert_int_eq(evtask_error_code(error), failures[_i].code);
	ck_assert_str_eq(evtask_error_type(error), failures[_i].type);
	ck_assert_str_eq(evtask_error_message(error), failures[_i].says);
	evtask_error_unref(error);
}
END_TEST

/* Either way of starting. */
static void
add_start_tests(Suite *s, const char *name, SFun set_up)
{
	TCase *tc = tcase_create(name);

	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, set_up, teardown);
	tcase_add_test(tc, stdout_and_stderr_come_apart);
	tcase_add_test(tc, stdin_is_empty_unless_asked_for);
	tcase_add_test(tc, stdin_asked_for_is_a_pipe);
	tcase_add_test(tc, our_ends_do_not_block_and_are_not_inherited);
	tcase_add_test(tc, the_child_leads_a_session_and_a_group);
	tcase_add_test(tc, the_child_has_default_signals_and_an_empty_mask);
	tcase_add_test(tc, the_environment_is_the_one_given);
	tcase_add_test(tc, it_starts_in_the_folder_given);
	tcase_add_test(tc, a_path_is_relative_to_that_folder);
	tcase_add_test(tc, a_name_is_looked_for_in_the_childs_path);
	tcase_add_test(tc, what_is_not_there_is_not_found);
	tcase_add_test(tc, what_is_not_executable_is_refused);
	tcase_add_test(tc, a_file_of_no_known_format_is_refused);
	tcase_add_test(tc, a_script_without_its_interpreter_is_not_started);
	tcase_add_test(tc, a_folder_that_is_not_one_is_told_from_the_program);
	tcase_add_test(tc, no_descriptor_left_is_said_so);
	suite_add_tcase(s, tc);
}

int
main(void)
{
	Suite *s = suite_create("spawn");
	TCase *tc = tcase_create("each");

	add_start_tests(s, "spawned", set_up_spawned);
	add_start_tests(s, "launched", set_up_launched);
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, set_up_spawned, teardown);
	tcase_add_test(tc,
	    a_folder_that_may_not_be_searched_is_passed_over);
	tcase_add_test(tc,
	    what_fails_in_a_child_that_is_launched_is_not_our_errno);
	tcase_add_test(tc, a_task_gets_the_child);
	tcase_add_loop_test(tc, a_cancel_loses_no_child, 0, 6);
	tcase_add_loop_test(tc, a_failure_raises_a_sentence, 0,
	    (int)(sizeof(failures) / sizeof(failures[0])));
	suite_add_tcase(s, tc);
	return suite_main(s);
}
