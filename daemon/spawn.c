/*
 * spawn.c - the seam "a command, started".
 *
 * Most are launched (launch.c), and this is the way of the rest: where that
 * cannot be done, and to say why a command cannot be executed.
 *
 * posix_spawn(3), and in a helper thread: fork(2) copies the page tables of
 * all of evtaskd, and the vfork inside posix_spawn stops its thread until the
 * child has executed. The child shares nothing with the loop: its own session
 * (no terminal that could ask for a password or send SIGHUP), its own process
 * group, default signals, an empty mask.
 *
 * The system answers ENOENT for a missing program, a missing interpreter and
 * a missing folder alike. So the folder is opened, and the program looked for,
 * before; the folder that was opened is the one the child changes to.
 */
#include <config.h>

#include "spawn.h"

#include <errno.h>
#include <evtask/error.h>
#include <evtask/thread.h>
#include <fcntl.h>
#include <paths.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "launch.h"

void
spawn_child_release(struct spawn_child *child)
{
	ends_close(&child->ends);
	free(child->launch);
	child->launch = NULL;
}

/* The folder as a descriptor for the ..._at calls; ours is left as it is. */
static int
open_cwd(const char *cwd, int *ret_fd)
{
	int fd;

	if (cwd == NULL)
		return 0;
	fd = open(cwd, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	*ret_fd = fd;
	return faccessat(fd, ".", X_OK, AT_EACCESS) < 0 ? -errno : 0;
}

/* execve(2) takes regular files with an x. */
static int
check_program(int cwd, const char *path)
{
	struct stat st;

	if (fstatat(cwd, path, &st, 0) < 0)
		return errno == ENOTDIR ? -ENOENT : -errno;
	if (!S_ISREG(st.st_mode) || faccessat(cwd, path, X_OK, AT_EACCESS) < 0)
		return -EACCES;
	return 0;
}

const char *
spawn_folders(const struct spawn_request *request)
{
	static const char name[] = "PATH=";
	char *const *envp = request->envp;

	for (; *envp != NULL; envp++)
		if (strncmp(*envp, name, strlen(name)) == 0)
			return *envp + strlen(name);
	return _PATH_DEFPATH;
}

/* Looks for a name as a shell does: the first that can be executed; else
 * -EACCES when one was there, else -ENOENT. Folders that may not be searched
 * are passed over. */
static int
search_path(const struct spawn_request *request, int cwd, char **ret_path)
{
	const char *folder = spawn_folders(request);
	int r, answer = -ENOENT;
	size_t size;
	char *path;

	for (;; folder += size + 1) {
		size = strcspn(folder, ":");
		if (asprintf(&path, "%.*s%s%s", (int)size, folder,
		    size > 0 ? "/" : "", request->argv[0]) < 0)
			return -ENOMEM;
		r = check_program(cwd, path);
		if (r == 0) {
			*ret_path = path;
			return 0;
		}
		if (r == -EACCES &&
		    faccessat(cwd, path, F_OK, AT_EACCESS) == 0)
			answer = r;
		free(path);
		if (folder[size] == '\0')
			return answer;
	}
}

static int
find_program(const struct spawn_request *request, int cwd, char **ret_path)
{
	const char *name = request->argv[0];
	int r;

	if (*name == '\0')
		return -ENOENT;
	if (strchr(name, '/') == NULL)
		return search_path(request, cwd, ret_path);
	r = check_program(cwd, name);
	if (r < 0)
		return r;
	*ret_path = strdup(name);
	return *ret_path != NULL ? 0 : -ENOMEM;
}

/* What the child does before it executes. posix_spawn calls fail with a
 * positive errno, all of these for want of memory only. */
static int
add_actions(posix_spawn_file_actions_t *actions, int cwd,
    const struct ends *ends)
{
	int r = 0;

	if (cwd != AT_FDCWD)
		r = posix_spawn_file_actions_addfchdir_np(actions, cwd);
	if (r == 0 && ends->in >= 0)
		r = posix_spawn_file_actions_adddup2(actions, ends->in, 0);
	else if (r == 0)
		r = posix_spawn_file_actions_addopen(actions, 0, "/dev/null",
		    O_RDONLY, 0);
	if (r == 0)
		r = posix_spawn_file_actions_adddup2(actions, ends->out, 1);
	if (r == 0)
		r = posix_spawn_file_actions_adddup2(actions, ends->err, 2);
	return -r;
}

static void
set_attributes(posix_spawnattr_t *attributes)
{
	sigset_t none, all;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawnattr_setsigmask(attributes, &none);
	posix_spawnattr_setsigdefault(attributes, &all);
	posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSID |
	    POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
}

static int
execute(const struct spawn_request *request, const char *path, int cwd,
    const struct ends *ends, pid_t *ret_pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int r;

	if (posix_spawn_file_actions_init(&actions) != 0)
		return -ENOMEM;
	if (posix_spawnattr_init(&attributes) != 0) {
		posix_spawn_file_actions_destroy(&actions);
		return -ENOMEM;
	}
	set_attributes(&attributes);
	r = add_actions(&actions, cwd, ends);
	if (r == 0)
		r = -posix_spawn(ret_pid, path, &actions, &attributes,
		    request->argv, request->envp);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return r;
}

/* The steps in their order; each leaves its name while it is under way. */
static int
start(const struct spawn_request *request, struct spawn_child *child,
    struct ends *theirs, int *cwd, char **path)
{
	int r;

	child->step = SPAWN_CWD;
	r = open_cwd(request->cwd, cwd);
	if (r < 0)
		return r;
	child->step = SPAWN_FIND;
	r = find_program(request, *cwd, path);
	if (r < 0)
		return r;
	child->step = SPAWN_PIPES;
	r = pipes_make(request->stdin_open, &child->ends, theirs);
	if (r < 0)
		return r;
	child->step = SPAWN_EXEC;
	r = execute(request, *path, *cwd, theirs, &child->pid);
	if (r == 0)
		child->step = SPAWN_STARTED;
	return r;
}

int
spawn(const struct spawn_request *request, struct spawn_child *ret_child)
{
	struct ends theirs = { -1, -1, -1 };
	int r, cwd = AT_FDCWD;
	char *path = NULL;

	*ret_child = (struct spawn_child)SPAWN_NO_CHILD;
	r = start(request, ret_child, &theirs, &cwd, &path);
	ends_close(&theirs);
	free(path);
	if (cwd >= 0)
		close(cwd);
	if (r < 0)
		spawn_child_release(ret_child);
	return r;
}

/* Says what failed in the user's words: the program, and the way out. */
static int
raise_failure(const struct spawn_request *request, enum spawn_step step, int r)
{
	const char *program = request->argv[0];
	const char *why = strerror(-r);

	if (step == SPAWN_CWD)
		return evtask_raise_as("CwdError", r, "cannot start \"%s\" in "
		    "\"%s\": %s; give a folder that is there as cwd", program,
		    request->cwd != NULL ? request->cwd : ".", why);
	if (step == SPAWN_FIND && r == -ENOENT && strchr(program, '/') == NULL)
		why = "there is no such program in PATH; give its path";
	else if (step == SPAWN_FIND && r == -ENOENT)
		why = "there is no such file";
	else if (step == SPAWN_FIND && r == -EACCES)
		why = "it is not executable; chmod +x it, or start its "
		    "interpreter";
	else if (step == SPAWN_EXEC && r == -ENOENT)
		why = "the interpreter in its first line is not there";
	else if (step == SPAWN_EXEC && r == -ENOEXEC)
		why = "it is neither a program nor a script with \"#!\"; "
		    "start its interpreter";
	else if (r == -EMFILE)
		why = "evtaskd has too many files open; raise its limit "
		    "(ulimit -n, or LimitNOFILE= in its unit)";
	return evtask_raise_as("SpawnError", r, "cannot start \"%s\": %s",
	    program, why);
}

struct work {
	const struct spawn_request *request;
	struct spawn_child *child;
};

static int
spawn_work(void *arg)
{
	struct work *work = arg;

	return spawn(work->request, work->child);
}

int
spawn_launch(const struct spawn_request *request,
    struct spawn_child *ret_child)
{
	*ret_child = (struct spawn_child)SPAWN_NO_CHILD;
	return launch(request, &ret_child->pid, &ret_child->ends,
	    &ret_child->launch);
}

bool
spawn_executed(const struct spawn_child *child)
{
	return child->launch == NULL || launch_result(child->launch) == 0;
}

int
spawn_await(const struct spawn_request *request, struct spawn_child *ret_child)
{
	struct work work = { request, ret_child };
	int r;

	*ret_child = (struct spawn_child)SPAWN_NO_CHILD;
	r = evtask_to_thread(spawn_work, &work, NULL);
	if (r == 0 || r == -ECANCELED || ret_child->step == SPAWN_STARTED)
		return r; /* the last: no thread could be had */
	return raise_failure(request, ret_child->step, r);
}
