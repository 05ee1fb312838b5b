/*
 * generated.h - verbs for the methods that no row of the table serves.
 */
#ifndef CLI_GENERATED_H
#define CLI_GENERATED_H

#include <evtask/base.h>
#include <stdbool.h>
#include "command.h"

struct cli;
struct json_object;

/* A verb, and what it is made from. */
struct generated {
	struct command command; /* the first member: found by it */
	struct json_object *method; /* of the document */
	struct json_object *schema; /* of its params: a JSON Schema */
	struct evtask_ctl_field *fields;
	struct argument *args;
	struct option *options;
	const char ***lists;    /* the values of fields, NULL-terminated */
	char **names;           /* of arguments */
	char *example;          /* the command's; NULL: none */
};

/*
 * Makes the verb of that name from an OpenRPC document of the protocol: the
 * method's own name, the verb that it names, or the last part of its name if
 * that is nobody else's. NULL: there is none, or no memory.
 */
struct generated *
generated_new(struct json_object *document, const char *name);
void generated_free(struct generated *generated);

/* The method's own example as a line of this verb, to free(); NULL: it has
 * none, or there is no memory. */
char *generated_example(const struct command *command,
    struct json_object *method);

/* Looks up the tasks that params name as task or tasks where the server would
 * not understand the word. Returns 0 or an exit code; -ECANCELED. */
EVTASK_SUSPENDS int
generated_resolve(struct cli *cli, struct json_object *params);

/* The params of the method of that name, as one JSON Schema, to put;
 * NULL: there is none. */
struct json_object *
generated_schema(struct json_object *document, const char *method);

/* Calls fn for each verb that could be made; for each method there is. Texts
 * are borrowed. */
void generated_each_method(struct json_object *document,
    void (*fn)(const char *name, const char *summary, void *arg), void *arg);
void generated_each(struct json_object *document,
    void (*fn)(const char *name, const char *summary, void *arg), void *arg);

#endif
