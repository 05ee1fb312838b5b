/* view.h - Task, as the protocol has it: whole, or the members asked for. */
#ifndef CONSOLE_VIEW_H
#define CONSOLE_VIEW_H

#include <stdint.h>
#include "dispatch.h"
#include "registry.h"

#define VIEW_ALL UINT32_MAX

/* The caller's; NULL without memory. The id is always among the members. */
struct json_object *view_task(const struct evtask_console *console,
    const struct record *record, uint32_t members);

/* What the task waits for now; NULL when it does not, or without memory. */
struct json_object *view_wait(const struct evtask_console *console,
    const struct record *record);

/* The names of Task's members, each one's bit being its place; NULL ends. */
const char *const *view_members(void);

/*
 * Which of names (NULL ends) the request's "fields" are: all without. Returns
 * false, having refused, when one is none of them.
 */
bool view_select(struct call *call, const char *const *names,
    uint32_t *ret_members);

#endif
