/*
 * stacks.h - stacks, printed.
 */
#ifndef CLI_STACKS_H
#define CLI_STACKS_H

#include <evtask/base.h>
#include <stdbool.h>

struct cli;
struct json_object;

/* Prints the stacks of an answer; folded: a line each, for tools that draw
 * them. 0; an exit code, all being said; -ECANCELED. */
EVTASK_SUSPENDS int
stacks_print(struct cli *cli, struct json_object *result, bool folded);

#endif
