/*
 * outside.h - verbs on a process that is read from outside, or on its core.
 */
#ifndef CLI_OUTSIDE_H
#define CLI_OUTSIDE_H

#include <evtask/base.h>
#include "cli.h"

struct invocation;

/* Whether the line is about such a one (--pid, --core), and not a server. */
bool outside_wanted(const struct cli *cli);

/* Runs the line's verb there: an exit code, all being said; -ECANCELED. */
EVTASK_SUSPENDS int
outside_run(struct cli *cli, struct invocation *invocation);

#endif
