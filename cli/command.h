/*
 * command.h - the verbs of evtask, as data.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <evtask/ctl_schema.h>
#include <stdbool.h>
#include <stddef.h>

struct cli;
struct evtask_ctl_nearest;
struct invocation;

/* What a positional word is: decides how it is read and completed. */
enum argument_kind {
	ARG_TASK,      /* an id, a name, a glob, @last */
	ARG_COROUTINE,
	ARG_PAIR,      /* key=value; the keys are another's to know */
	ARG_PROGRAM,   /* all the words that are left, as they are */
	ARG_METHOD,
	ARG_MODULE,
	ARG_TOPIC,     /* a verb, or a page of help */
	ARG_CHOICE,    /* one of the values of its param, or of its own */
	ARG_TEXT,
};

/* Which tasks a verb is about: what globs match and completion offers. */
enum argument_want {
	WANT_ANY,
	WANT_LIVE,
	WANT_DONE,
};

struct argument {
	const char *name; /* as usage shows it; NULL ends the list */
	enum argument_kind kind;
	bool optional;
	bool many;
	enum argument_want want;
	const char *param;         /* of the method; NULL: the verb's affair */
	const char *const *values; /* ARG_CHOICE without a param */
};

/*
 * An option stands for a parameter of the verb's method, or for a field of the
 * verb's own; that row gives its type, its values and its words.
 */
struct option {
	const char *name; /* without the --; NULL ends the list */
	char letter;      /* or 0 */
	const char *param;
	const char *metavar; /* what its value is called; NULL: by its type */
	const char *sets; /* no value is given: it is this one (JSON) */
	const char *doc;  /* NULL: the row's */
};

typedef int (*command_fn)(struct cli *cli, struct invocation *invocation);

struct command {
	const char *name;
	const char *summary;          /* one line, no full stop */
	const char *elsewhere;        /* what other programs call it, with
	                               * blanks between: no name of it; or
	                               * NULL */
	const char *doc;              /* sentences */
	const char *const *methods;   /* the first is the one of the options */
	const struct argument *args;
	const struct option *options;
	const struct evtask_ctl_field *own; /* fields no method has */
	const char *example;          /* without "evtask "; or NULL */
	const int *exits;             /* beyond 0 1 2 3; ends with 0 */
	bool raw;         /* options end at the first word */
	bool streams;     /* ends when the task does, or not at all */
	bool offline;     /* needs no server */
	bool prompt_only;
	command_fn run;               /* NULL: the verb is read, not run */
};

/* THE table; its last row has no name. */
const struct command *command_table(void);

/* The row of that name, or NULL. */
const struct command *command_find(const char *name);

/* "Did you mean": offers all verbs, and whatever other programs call one by
 * that word is the nearest. */
void command_offer(struct evtask_ctl_nearest *nearest);

/* The options every line takes. */
const struct option *command_globals(void);

/* The row of that name, of the command's method or its own; or NULL. */
const struct evtask_ctl_field *
command_param(const struct command *command, const char *param);

/* The row an option of the command stands for; command NULL: a global one. */
const struct evtask_ctl_field *
command_field(const struct command *command, const struct option *option);

/* The words of that row, or the option's own. */
const char *
command_option_doc(const struct command *command, const struct option *option);

/* The values an argument or a field may have, NULL-terminated, or NULL. */
const char *const *
command_values(const struct command *command, const struct argument *argument);
const char *const *command_field_values(const struct evtask_ctl_field *field);

#endif
