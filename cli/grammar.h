/*
 * grammar.h - from the words of a line to what is asked for.
 */
#ifndef CLI_GRAMMAR_H
#define CLI_GRAMMAR_H

#include <stdbool.h>
#include <stddef.h>

struct command;
struct evtask_ctl_field;
struct evtask_ctl_nearest;
struct json_object;
struct option;
struct words;

/* Borrowed words. */
struct word_list {
	const char **v;
	size_t n;
};

/* The words with a blank between, to free; NULL: no memory. */
char *word_list_join(const struct word_list *words);

/* A line that is understood. The words it was read from must outlive it. */
struct invocation {
	const struct command *command; /* NULL: no verb was given */
	struct json_object *globals;   /* what the global options say */
	struct json_object *params;    /* for the verb's method, typed */
	struct json_object *own;       /* for the verb itself, typed */
	struct word_list tasks;        /* ARG_TASK */
	struct word_list pairs;        /* ARG_PAIR */
	struct word_list texts;        /* what has no param: methods, topics */
	struct word_list program;      /* ARG_PROGRAM */
};

/* Verbs beyond the table: the ones the server has. */
struct verbs {
	/* The row of that name, which outlives the invocation; or NULL. */
	const struct command *(*find)(const char *name, void *arg);
	/* Offers the names of all. */
	void (*offer)(struct evtask_ctl_nearest *nearest, void *arg);
	void *arg;
};

/*
 * Reads a line; more may be NULL, and suspend where the caller may. Returns 0;
 * -EINVAL, and *ret_why is a sentence to free; -ENOMEM. The caller releases
 * the invocation.
 */
int grammar_parse(const struct words *words, const struct verbs *more,
    struct invocation *ret_invocation, char **ret_why);
void grammar_release(struct invocation *invocation);

/* "wait [options] TASK...", to free; NULL without memory. */
char *grammar_usage(const struct command *command);

/* What an option's value is called: "DURATION", "all|any"; NULL: a flag. The
 * caller frees *ret_owned when it is not NULL. */
const char *grammar_metavar(const struct evtask_ctl_field *field,
    const struct option *option, char **ret_owned);

/* The option of that name (without --) or letter, of the command or a global
 * one, and the row it stands for; NULL: there is none. */
const struct option *
grammar_option(const struct command *command, const char *name, char letter,
    const struct evtask_ctl_field **ret_field);

/* Whether such an option goes without a value. */
bool grammar_is_flag(const struct evtask_ctl_field *field,
    const struct option *option);

#endif
