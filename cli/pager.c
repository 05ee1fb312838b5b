/*
 * pager.c - what is longer than the terminal, page by page.
 *
 * A verb that ends by itself prints into memory first: only when all is there
 * it is known whether it fits. The pager is a child with a pipe, and reads it
 * as slowly as its person does; the loop goes on meanwhile, so that a prompt
 * is not taken for a client that has stopped reading.
 */
#include "pager.h"

#include <errno.h>
#include <evtask/evtask.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "cli.h"

#define NOT_FOUND 127 /* the shell's word for it */

static const char *
program(void)
{
	const char *name = getenv("EVTASK_PAGER");

	if (name == NULL)
		name = getenv("PAGER");
	if (name == NULL)
		return "less";
	return strcmp(name, "cat") == 0 ? "" : name;
}

static bool
is_wanted(const struct cli *cli)
{
	const char *term = getenv("TERM");

	return cli->out.height > 0 && !cli->out.captured &&
	    cli->mode != CLI_SCRIPT && !cli->settings.no_pager &&
	    program()[0] != '\0' && term != NULL &&
	    strcmp(term, "dumb") != 0;
}

void
pager_begin(struct pager *pager, struct cli *cli)
{
	FILE *memory = NULL;

	*pager = (struct pager){0};
	if (is_wanted(cli))
		memory = open_memstream(&pager->text, &pager->size);
	if (memory == NULL)
		return;
	pager->data = cli->out.data;
	cli->out.data = memory;
	cli->out.captured = true;
}

static bool
fits(const struct pager *pager, const struct out *out)
{
	size_t lines = 0;

	for (size_t i = 0; i < pager->size && lines < out->height; i++)
		lines += pager->text[i] == '\n';
	return lines < out->height;
}

/* Starts it on the reading end of a pipe. Returns the writing end. */
static int
start(pid_t *ret_pid)
{
	const char *argv[] = { "sh", "-c", program(), NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t defaults;
	int fds[2], r;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -errno;
	setenv("LESS", "FRX", 0); /* as git has it */
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigdefault(&attributes, &defaults);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, fds[0], STDIN_FILENO);
	r = posix_spawn(ret_pid, "/bin/sh", &actions, &attributes,
	    (char *const *)argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	close(fds[0]);
	if (r == 0) {
		fcntl(fds[1], F_SETFL, O_NONBLOCK);
		return fds[1];
	}
	close(fds[1]);
	return -r;
}

/* Ctrl-C is the pager's. */
static void
on_interrupt(void *arg)
{
}

static int
show(const struct pager *pager)
{
	struct evtask_exit end = { .code = NOT_FOUND };
	pid_t pid;
	int fd = start(&pid), r;

	if (fd < 0)
		return fd;
	r = evtask_write(fd, pager->text, pager->size);
	close(fd);
	if (r != -ECANCELED)
		r = evtask_process_wait(pid, &end);
	if (r == 0 && end.code == NOT_FOUND)
		r = -ENOENT;
	return r;
}

int
pager_end(struct pager *pager, struct cli *cli, int code)
{
	struct out *out = &cli->out;
	int r = -ENOENT;

	if (pager->data == NULL)
		return code;
	fclose(out->data);
	out->data = pager->data;
	out->captured = false;
	if (!fits(pager, out)) {
		cli_lend_terminal(cli, true);
		cli_on_interrupt(cli, on_interrupt, NULL);
		r = show(pager);
		cli_on_interrupt(cli, NULL, NULL);
		cli_lend_terminal(cli, false);
	}
	if (r < 0 && r != -ECANCELED)
		out_bytes(out, false, pager->text, pager->size);
	free(pager->text);
	return r == -ECANCELED ? r : code;
}
