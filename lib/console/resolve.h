/* resolve.h - from a TaskRef, an id or a name, to the task it means. */
#ifndef CONSOLE_RESOLVE_H
#define CONSOLE_RESOLVE_H

#include "dispatch.h"
#include "registry.h"

/* The task of the request's "task"; NULL, and the call is refused. */
struct record *resolve_task(struct call *call);

/* The same of any TaskRef; of many, batch.h makes a slice of each turn. */
struct record *resolve_ref(struct call *call, struct json_object *ref);

#endif
