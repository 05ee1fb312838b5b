/*
 * exits.c - how evtask ends: the one table of its exit codes. Scripts decide
 * by them, so a row may be added and none ever changed.
 */
#include "exits.h"

#include <stddef.h>

static const struct exit_row rows[] = {
	{ EXIT_OK, "done" },
	{ EXIT_FAILED, "the server refused, or something failed" },
	{ EXIT_USAGE, "the command line is not right; nothing was done" },
	{ EXIT_NO_SERVER, "no server answers, or the connection was lost" },
	{ EXIT_RAISED, "the task asked about raised an error" },
	{ EXIT_CANCELLED, "the task asked about was cancelled" },
	{ EXIT_NOT_DONE, "the task asked about is not done yet" },
	{ EXIT_TIMEOUT, "time was up" },
	{ EXIT_RUN_FAILED, "run: evtask failed, not the command" },
	{ EXIT_NOT_EXECUTABLE, "run, wait: the command cannot be executed" },
	{ EXIT_NOT_FOUND, "run, wait: there is no such command" },
	{ EXIT_SIGNAL, "run, wait: and n: signal n ended the command" },
	{ EXIT_INTERRUPTED, "interrupted by Ctrl-C" },
	{ EXIT_PIPE, "nobody reads the output any more" },
	{ -1, NULL }
};

const struct exit_row *
exit_rows(void)
{
	return rows;
}

const char *
exit_doc(int code)
{
	for (const struct exit_row *row = rows; row->doc != NULL; row++)
		if (row->code == code)
			return row->doc;
	return NULL;
}
