/*
 * create.h - the arguments of a task, from the words of a line.
 */
#ifndef CLI_CREATE_H
#define CLI_CREATE_H

#include <evtask/base.h>

struct cli;
struct json_object;
struct word_list;

/*
 * Makes the args of a task of that coroutine, typed by its schema, which is
 * fetched only when there is anything to type. program are the words after --.
 * Returns 0 and *ret_args, to put; an exit code, all being said; -ECANCELED.
 */
EVTASK_SUSPENDS int
create_args(struct cli *cli, const char *coroutine,
    const struct word_list *pairs, const struct word_list *program,
    struct json_object **ret_args);

#endif
