/*
 * ssh.c - a server on another host: ssh runs evtask --stdio there, which is a
 * bridge to the socket, and all of the protocol goes through. Who may do that,
 * and how it is kept secret, is ssh's affair.
 *
 * $EVTASK_SSH is another program to do it, called in the same way.
 */
#include "ssh.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "explain.h"

/* What the shell of the far end is to run; to free. */
static char *
far_command(const char *socket)
{
	char *line = NULL;
	size_t size;
	FILE *out = open_memstream(&line, &size);

	if (out == NULL)
		return NULL;
	fputs("evtask --stdio", out);
	if (socket != NULL) {
		fputs(" --socket '", out);
		for (; *socket != '\0'; socket++)
			if (*socket == '\'')
				fputs("'\\''", out);
			else
				fputc(*socket, out);
		fputc('\'', out);
	}
	fclose(out);
	return line;
}

/* A Ctrl-C is for the request: ssh, which stands beside us, is to ignore it. */
static int
spawn(const char *program, const char *host, const char *line, int fd,
    pid_t *ret_pid)
{
	const char *argv[] = { program, "-T", "-o", "EscapeChar=none", "--",
		host, line, NULL };
	struct sigaction ignore = { .sa_handler = SIG_IGN }, before;
	posix_spawn_file_actions_t actions;
	int r;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, fd, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, fd, STDOUT_FILENO);
	sigaction(SIGINT, &ignore, &before);
	r = posix_spawnp(ret_pid, program, &actions, NULL,
	    (char *const *)argv, environ);
	sigaction(SIGINT, &before, NULL);
	posix_spawn_file_actions_destroy(&actions);
	return -r;
}

int
ssh_open(const char *host, const char *socket, pid_t *ret_pid, char **ret_why)
{
	const char *program = getenv("EVTASK_SSH");
	char *line = far_command(socket);
	int fds[2], r;

	if (program == NULL || *program == '\0')
		program = "ssh";
	if (line == NULL)
		return -ENOMEM;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0) {
		r = -errno;
		free(line);
		return explain(ret_why, r, "no socket: %s", strerror(-r));
	}
	r = spawn(program, host, line, fds[1], ret_pid);
	free(line);
	close(fds[1]);
	if (r < 0) {
		close(fds[0]);
		return explain(ret_why, r, "cannot start %s: %s", program,
		    strerror(-r));
	}
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
	return fds[0];
}

/* How ssh ended by itself, by its exit status. It has told why on stderr. */
static const struct end {
	int status;
	const char *words;
} ends[] = {
	{ 3, "evtask of the other host found no server" },
	{ 127, "the other host has no evtask where its shell looks for one" },
	{ 255, "ssh does not get there, or no longer" },
};

/* Its wait status; 0: it went as it was asked to. */
static int
reap(pid_t pid)
{
	int status = 0;

	if (pid <= 0)
		return 0;
	kill(pid, SIGTERM);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

void
ssh_close(pid_t pid)
{
	(void)reap(pid);
}

const char *
ssh_end(pid_t pid)
{
	int status = reap(pid);
	size_t i;

	for (i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (WIFEXITED(status) && WEXITSTATUS(status) == ends[i].status)
			return ends[i].words;
	return NULL;
}
