/* resolve.h - from a TaskRef, an id or a name, to the task it means. */
#ifndef CONSOLE_RESOLVE_H
#define CONSOLE_RESOLVE_H

#include "dispatch.h"
#include "registry.h"

/* The task of the request's "task"; NULL, and the call is refused. */
struct record *resolve_task(struct call *call);

/*
 * The tasks of the request's "tasks", in their order: an array to free(), each
 * borrowed; NULL, and the call is refused or there is no memory.
 */
struct record **resolve_tasks(struct call *call, size_t *ret_n);

#endif
