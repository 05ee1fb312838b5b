/*
 * names.h - the words people call tasks by.
 */
#ifndef CLI_NAMES_H
#define CLI_NAMES_H

#include <evtask/base.h>
#include "command.h"
#include "grammar.h"

/* What kind of word it is. */
enum name_kind {
	NAME_ID,    /* digits */
	NAME_LAST,  /* @last */
	NAME_GLOB,  /* with * ? or [ */
	NAME_PLAIN,
};

/* Looks at a word; *ret_id is the number of a NAME_ID. */
enum name_kind names_look(const char *word, int64_t *ret_id);

/* A glob that matches what begins with prefix; to free. NULL: no memory. */
char *names_prefix_glob(const char *prefix);

/* The states that go with a want, as an array to put; NULL: all. */
struct json_object *names_states(enum argument_want want);

/*
 * The tasks the words mean, as an array of TaskRefs, to put. Globs and @last
 * are looked up; at the prompt a prefix that only one task has will do.
 * Returns 0; an exit code, all being said; -ECANCELED.
 */
EVTASK_SUSPENDS int
names_resolve(struct cli *cli, const struct word_list *words,
    enum argument_want want, struct json_object **ret_tasks);

/* The same for one word, which must mean one task. */
EVTASK_SUSPENDS int
names_resolve_one(struct cli *cli, const char *word, enum argument_want want,
    struct json_object **ret_task);

#endif
