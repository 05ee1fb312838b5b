/*
 * render.h - what the server answers, for people.
 */
#ifndef CLI_RENDER_H
#define CLI_RENDER_H

#include <stdint.h>
#include <stdio.h>
#include "out.h"
#include "rows.h"

struct json_object;

/* What a column of the member shows for people: sizes by their unit, a time as
 * how far it is from now_us; or, when that is 0, as it is. */
void render_cell(FILE *cell, const char *name, struct json_object *value,
    int64_t now_us);

/* The column that says which row it is. */
enum paint render_name_cell(FILE *cell, struct json_object *row,
    int64_t now_us);

/* The columns of Tasks; times are relative to now_us, since 1970. */
extern const struct rows_kind render_tasks;
/* All of one Task. */
void render_task(struct out *out, struct json_object *task, int64_t now_us);

/* The columns of Coroutines, and all of one. */
extern const struct rows_kind render_coroutines;
extern const struct rows_kind render_modules;
void render_coroutine(struct out *out, struct json_object *coroutine);

/* What a task waits for, in a few words; and the same as text to free. */
void render_wait(FILE *out, struct json_object *wait, int64_t now_us);
char *render_wait_text(struct json_object *wait, int64_t now_us);

/* A Link as a line, and the answer of task.why. */
void render_link(struct out *out, struct json_object *link, int64_t now_us);
void render_why(struct out *out, struct json_object *why, int64_t now_us);
/* Nodes of task.tree, by id: below each what it awaits, or has made; below
 * root only, if that is not -1. 0 or -ENOMEM. */
int render_tree(struct out *out, struct json_object *nodes, int64_t root,
    bool created, int64_t now_us);
/* The answer of task.stack or task.stacks as text; folded: for flame graphs.
 * For a thread: it reads files. arg is one of these; the text is to be freed.
 * 0; or -1: no memory. */
struct render_stack {
	struct json_object *result;
	bool folded;
	char *text;
};
int render_stack_text(void *arg);

/* A table of what tasks share. */
void render_resources(struct out *out, struct json_object *resources,
    int64_t now_us);

/* A JSON value as data: text as it is, the rest as JSON over lines. */
void render_value(struct out *out, struct json_object *value);
/* The members of an object, "name  value", a line each. */
void render_members(struct out *out, struct json_object *object);
/* An event, on one line. */
void render_event(struct out *out, struct json_object *event,
    const char *name);

/* An Error as "OSError: connection refused (-111)", and its causes; to free. */
char *render_error(struct json_object *error);

/* The colour of a state and its outcome (may be NULL). */
enum paint render_paint(const char *state, const char *outcome);

int64_t render_now_us(void);

#endif
