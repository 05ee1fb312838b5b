/*
 * picture.h - what the prompt knows of the server without asking.
 */
#ifndef CLI_PICTURE_H
#define CLI_PICTURE_H

#include <stdbool.h>
#include <stdint.h>
#include "command.h"

struct json_object;

#define PICTURE_TASKS_MAX 20000 /* known; of the rest, nothing is offered */

struct picture {
	struct json_object *tasks;      /* by id as text: small Tasks */
	struct json_object *coroutines; /* an array; NULL: not known */
	struct json_object *document;   /* of rpc.discover; NULL: not known */
};

/* Makes it empty. Returns 0 or -ENOMEM. */
int picture_init(struct picture *picture);
void picture_release(struct picture *picture);

/* Takes note of a Task as listed, of coroutines as listed, of an event. */
void picture_add(struct picture *picture, struct json_object *task);
void picture_set_coroutines(struct picture *picture,
    struct json_object *coroutines);
void picture_event(struct picture *picture, struct json_object *event);

/* The task of that id, borrowed, or NULL. */
struct json_object *picture_task(const struct picture *picture, int64_t id);

/* How many of the tasks raised. */
int64_t picture_failed(const struct picture *picture);

/* For the completion: arg is the picture. */
struct json_object *picture_tasks(const char *prefix, enum argument_want want,
    void *arg);
struct json_object *picture_coroutines(void *arg);
struct json_object *picture_document(void *arg);

#endif
