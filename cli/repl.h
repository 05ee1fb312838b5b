/*
 * repl.h - the prompt.
 */
#ifndef CLI_REPL_H
#define CLI_REPL_H

#include <evtask/base.h>

struct cli;

/* Reads and runs lines until the person leaves. Returns an exit code. */
EVTASK_SUSPENDS int repl_run(struct cli *cli);

#endif
