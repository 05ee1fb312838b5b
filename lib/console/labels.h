/* labels.h - a task's labels: names with values, for those who look for it. */
#ifndef CONSOLE_LABELS_H
#define CONSOLE_LABELS_H

#include <stdbool.h>
#include <stddef.h>

struct json_object;

#define LABELS_MAX 32 /* of one task, as the schema has it */

/*
 * The labels that come of changes to labels (NULL: there are none), where a
 * null takes one away: the caller's. NULL without memory.
 */
struct json_object *labels_changed(struct json_object *labels,
    struct json_object *changes);

/* Whether they hold what "name" or "name=value" asks for. */
bool labels_match(struct json_object *labels, const char *wanted);

#endif
