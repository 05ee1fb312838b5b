/*
 * launch.c - a command, started from the loop's thread, which goes on at once.
 *
 *	made --clone--> shared --execve--> the command, on its own
 *	                   `--it cannot--> ended, with error set
 *
 * posix_spawn(3) stops its thread until the child has executed, as vfork(2)
 * does, for they share a stack; a thread that may not stop needs another one
 * for that, and to be woken afterwards. Here the child has a stack of its own,
 * in the block it shares with us, and nobody waits: not for a disk, nor for a
 * processor. That it was no command is known when it has ended.
 *
 * Until it executes the child runs in our memory, beside our threads, and has
 * our thread's errno. So all it needs is made before, and it does nothing but
 * system calls of its own: no function of libc, whose locks another thread may
 * hold, and no code that a sanitizer has added to. It has no handler of ours
 * from birth (CLONE_CLEAR_SIGHAND), for that would write to our pipes.
 *
 * What the child finds odd it leaves to spawn(), which looks closely.
 */
#include <config.h>

#include "launch.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "spawn.h"

/* Three calls deep, without buffers and without signals: 200 bytes were seen,
 * unoptimized. So small the block is one that malloc(3) has at hand. */
#define STACK_BYTES 768
#define STACK_END 0x6c61756e63680a5bULL
#define NOT_EXECUTED 127

struct launch {
	_Alignas(16) uint64_t stack_end;	/* STACK_END: not overrun */
	char stack[STACK_BYTES - sizeof(uint64_t)];
	const struct spawn_request *request;
	struct ends theirs;
	volatile int error;	/* of the child's: why it is no command */
	size_t n_paths;
	char *paths[];		/* to be tried in this order; their text */
};

/* In the child. */

#define CHILD __attribute__((no_sanitize("address", "thread", "undefined")))

CHILD static long
call(long number, long a, long b, long c)
{
	return launch_call(number, a, b, c, 0);
}

/* Every signal as a fresh process has it. Handlers are gone, and what we
 * ignore would be ignored by the command: that is SIGPIPE alone (daemon.c), for
 * to ask of all 64 is the longest part of a start. */
CHILD static long
reset_signals(void)
{
	/* Of the kernel's making: SIG_DFL, no flags, no signal. */
	static const unsigned long none[4];

	launch_call(SYS_rt_sigaction, SIGPIPE, (long)none, 0, sizeof(none[0]));
	return launch_call(SYS_rt_sigprocmask, SIG_SETMASK, (long)none, 0,
	    sizeof(none[0]));
}

CHILD static long
take_ends(const struct ends *ends)
{
	long in = ends->in, r;

	if (in < 0)
		in = call(SYS_openat, AT_FDCWD, (long)"/dev/null",
		    O_RDONLY | O_CLOEXEC);
	r = in < 0 ? in : call(SYS_dup3, in, STDIN_FILENO, 0);
	if (r >= 0)
		r = call(SYS_dup3, ends->out, STDOUT_FILENO, 0);
	if (r >= 0)
		r = call(SYS_dup3, ends->err, STDERR_FILENO, 0);
	return r;
}

/* The next path is for when there is nothing at this one. */
CHILD static long
execute(const struct launch *launch)
{
	const struct spawn_request *request = launch->request;
	long r = -ENOENT;
	size_t i;

	for (i = 0; i < launch->n_paths; i++) {
		r = call(SYS_execve, (long)launch->paths[i],
		    (long)request->argv, (long)request->envp);
		if (r != -ENOENT || call(SYS_faccessat, AT_FDCWD,
		    (long)launch->paths[i], F_OK) == 0)
			break;
	}
	return r;
}

CHILD static void
child_main(void *arg)
{
	struct launch *launch = arg;
	long r = call(SYS_setsid, 0, 0, 0);

	if (r >= 0 && launch->request->cwd != NULL)
		r = call(SYS_chdir, (long)launch->request->cwd, 0, 0);
	if (r >= 0)
		r = take_ends(&launch->theirs);
	if (r >= 0)
		r = reset_signals();
	if (r >= 0)
		r = execute(launch);
	launch->error = (int)-r;
	for (;;)
		call(SYS_exit_group, NOT_EXECUTED, 0, 0);
}

/* In our thread. */

static size_t
count_folders(const char *path)
{
	size_t n = 1;

	while ((path = strchr(path, ':')) != NULL) {
		path++;
		n++;
	}
	return n;
}

/* As a shell looks: "" is the folder it starts in. */
static void
put_paths(struct launch *launch, const char *name, const char *folder)
{
	char *text = (char *)&launch->paths[launch->n_paths];
	size_t i, size;

	for (i = 0; i < launch->n_paths; i++, folder += size + 1) {
		launch->paths[i] = text;
		size = strcspn(folder, ":");
		text = mempcpy(text, folder, size);
		if (size > 0)
			*text++ = '/';
		text = stpcpy(text, name) + 1;
	}
}

static struct launch *
launch_new(const struct spawn_request *request)
{
	const char *name = request->argv[0], *folders = "";
	struct launch *launch;
	size_t n = 1;

	if (strchr(name, '/') == NULL) {
		folders = spawn_folders(request);
		n = count_folders(folders);
	}
	launch = malloc(sizeof(*launch) + strlen(folders) +
	    n * (sizeof(launch->paths[0]) + strlen(name) + 2));
	if (launch == NULL)
		return NULL;
	launch->stack_end = STACK_END;
	launch->request = request;
	launch->error = 0;
	launch->n_paths = n;
	put_paths(launch, name, folders);
	return launch;
}

static long
clone_child(struct launch *launch)
{
	struct clone_args args = {
		.flags = CLONE_VM | CLONE_CLEAR_SIGHAND,
		.exit_signal = SIGCHLD,
		.stack = (uintptr_t)launch->stack,
		.stack_size = sizeof(launch->stack),
	};

	return launch_clone(&args, sizeof(args), child_main, launch);
}

int
launch(const struct spawn_request *request, pid_t *ret_pid,
    struct ends *ret_ours, struct launch **ret_launch)
{
	struct launch *launch = launch_new(request);
	struct ends ours, theirs;
	long pid;
	int r;

	if (launch == NULL)
		return -ENOMEM;
	r = pipes_make(request->stdin_open, &ours, &theirs);
	if (r < 0) {
		free(launch);
		return r;
	}
	launch->theirs = theirs;
	pid = clone_child(launch);
	ends_close(&theirs);
	if (pid < 0) {
		ends_close(&ours);
		free(launch);
		return (int)pid;
	}
	*ret_pid = (pid_t)pid;
	*ret_ours = ours;
	*ret_launch = launch;
	return 0;
}

int
launch_result(const struct launch *launch)
{
	assert(launch->stack_end == STACK_END);
	return -launch->error;
}
