/*
 * bridge.c - `evtask --stdio`: the standard input and output, tied to the
 * socket, for an evtask that runs this at the far end of an ssh. Bytes are
 * bytes: what they mean is for the two ends to know.
 *
 *	stdin ---> socket    its end is a half-close: answers still come
 *	stdout <-- socket    its end is ours
 */
#include <errno.h>
#include <evtask/ctl.h>
#include <evtask/evtask.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "cli.h"
#include "exits.h"
#include "place.h"

#define PIECE 65536

/* Carries bytes until there are no more. */
static int
carry(int from, int to)
{
	char *bytes = malloc(PIECE);
	ssize_t n = 0;
	int r = bytes != NULL ? 0 : -ENOMEM;

	while (r == 0 && (n = evtask_read(from, bytes, PIECE)) > 0)
		r = evtask_write(to, bytes, (size_t)n);
	free(bytes);
	return r < 0 ? r : (int)n;
}

static int
carry_input(void *arg)
{
	int fd = *(int *)arg, r = carry(STDIN_FILENO, fd);

	shutdown(fd, SHUT_WR);
	return r;
}

int
cli_bridge(struct cli *cli)
{
	struct evtask *input;
	char *why = NULL;
	int fd, r;

	fd = place_connect(cli->settings.place.socket, &why);
	if (fd < 0) {
		out_error(&cli->out, "%s", why != NULL ? why : strerror(-fd));
		free(why);
		return EXIT_NO_SERVER;
	}
	r = evtask_create(carry_input, &fd, NULL, &input);
	if (r == 0) {
		r = carry(fd, STDOUT_FILENO);
		evtask_cancel(input, NULL);
		if (evtask_await(input) < 0)
			r = -ECANCELED;
		evtask_unref(input);
	}
	close(fd);
	if (r == -ECANCELED)
		return r;
	return r == 0 ? EXIT_OK : EXIT_FAILED;
}
