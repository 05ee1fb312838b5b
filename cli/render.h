/*
 * render.h - what the server answers, for people.
 */
#ifndef CLI_RENDER_H
#define CLI_RENDER_H

#include <stdint.h>
#include "out.h"

struct json_object;

/* A table of Tasks; now_us is the time since 1970. */
void render_tasks(struct out *out, struct json_object *tasks, int64_t now_us);
/* All of one Task. */
void render_task(struct out *out, struct json_object *task, int64_t now_us);

/* A table of Coroutines, and all of one. */
void render_coroutines(struct out *out, struct json_object *coroutines);
void render_coroutine(struct out *out, struct json_object *coroutine);

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
