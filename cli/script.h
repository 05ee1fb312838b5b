/*
 * script.h - lines from a file.
 */
#ifndef CLI_SCRIPT_H
#define CLI_SCRIPT_H

#include <evtask/base.h>

struct cli;

/*
 * Runs the lines of a file; NULL or "-" is the standard input. Returns the
 * exit code of the first line that failed, or -ECANCELED.
 */
EVTASK_SUSPENDS int script_run(struct cli *cli, const char *path);

#endif
