/*
 * awaits.h - which tasks a task of a target waits for.
 */
#ifndef OUTSIDE_AWAITS_H
#define OUTSIDE_AWAITS_H

#include "outside/layout.h"

struct json_object;

/* Their ids, to put, and how many they are: of very many the first. The task
 * is one that waits. */
struct json_object *awaits_of(const struct layout *layout, uint64_t task,
    int64_t *ret_total);

#endif
