/*
 * exits.h - how evtask ends. `evtask help exit-codes` prints the table.
 */
#ifndef CLI_EXITS_H
#define CLI_EXITS_H

enum {
	EXIT_OK = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_NO_SERVER = 3,
	EXIT_RAISED = 4,
	EXIT_CANCELLED = 5,
	EXIT_NOT_DONE = 6,
	EXIT_TIMEOUT = 124,
	EXIT_RUN_FAILED = 125,
	EXIT_NOT_EXECUTABLE = 126,
	EXIT_NOT_FOUND = 127,
	EXIT_SIGNAL = 128, /* and the signal's number */
	EXIT_INTERRUPTED = 130,
	EXIT_PIPE = 141,
};

struct exit_row {
	int code;
	const char *doc; /* NULL ends the table */
};

/* The table; its last row has no doc. */
const struct exit_row *exit_rows(void);

/* What a code means; NULL for one that is not in the table. */
const char *exit_doc(int code);

#endif
