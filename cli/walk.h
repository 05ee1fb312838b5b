/*
 * walk.h - where a line stands that is still being typed.
 */
#ifndef CLI_WALK_H
#define CLI_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include "command.h"

struct candidates;
struct complete_source;
struct generated;
struct json_object;
struct words;

struct walk {
	const struct words *words;
	const struct complete_source *source;
	struct json_object *document; /* asked for; NULL: not yet */
	struct generated *generated;  /* the verb, when the table has none */
	const struct command *command; /* NULL: no verb yet */
	const struct argument *argument; /* the next word is one */
	bool given;       /* it has had a word already, and takes more */
	const struct option *option;  /* whose value the next word is */
	const struct evtask_ctl_field *awaited; /* the row of that one */
	size_t first;     /* the word of the first argument */
	const char *subject; /* the coroutine or the method that was named */
	bool literal;     /* -- has come */

	/* For who offers what the last word may become. */
	const char *stem; /* what is there of it */
	const char *lead; /* goes before each candidate: "--state=", "a,b," */
	struct candidates *to;
	int r;
};

/* Walks over the first n words. The caller releases. */
void walk_over(struct walk *walk, const struct words *words, size_t n,
    const struct complete_source *source);
void walk_release(struct walk *walk);

/* The protocol, as rpc.discover describes it: borrowed. */
struct json_object *walk_document(struct walk *walk);

/* The schema of the arguments of the line's coroutine or method, to put; NULL:
 * there is none, or it is not known. */
struct json_object *walk_schema(struct walk *walk);

/* Whether a word of the line gives key already; a list takes many. */
bool walk_is_given(const struct walk *walk, struct json_object *member,
    const char *key);

#endif
