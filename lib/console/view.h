/* view.h - Task, as the protocol has it: whole, or the members asked for. */
#ifndef CONSOLE_VIEW_H
#define CONSOLE_VIEW_H

#include <stdint.h>
#include "dispatch.h"
#include "registry.h"

#define VIEW_WHOLE UINT32_MAX
#define VIEW_ALL (VIEW_WHOLE & ~VIEW_ARGS) /* unless asked for by name */
#define VIEW_ARGS (UINT32_C(1) << 3)       /* the place of "args" */

/* The caller's; NULL without memory. The id is always among the members. */
struct json_object *view_task(const struct evtask_console *console,
    const struct record *record, uint32_t members);

/* What the task waits for now; NULL when it does not, or without memory. */
struct json_object *view_wait(const struct evtask_console *console,
    const struct record *record);

/* Link: a task and its wait. Links of many, and of the circle a task is in. */
struct json_object *view_link(const struct evtask_console *console,
    const struct evtask *task);
struct json_object *view_links(const struct evtask_console *console,
    const struct evtask *const *tasks, size_t n);
struct json_object *view_circle(const struct evtask_console *console,
    const struct evtask *task);

/* TaskName of a task that runs, or (task NULL) of one that has ended. */
struct json_object *view_name(const struct evtask_console *console,
    const struct evtask *task, uint64_t id);

/* Puts "wait": that, or null. */
void put_wait_of(struct json_object **object,
    const struct evtask_console *console, const struct evtask *task);

/* Wait of a task; NULL when it does not, or without memory. */
struct json_object *view_wait_of(const struct evtask_console *console,
    const struct evtask *task);

/* The names of Task's members, each one's bit being its place; NULL ends. */
const char *const *view_members(void);

/*
 * Which of names (NULL ends) the request's "fields" are: all without. Returns
 * false, having refused, when one is none of them.
 */
bool view_select(struct call *call, const char *const *names,
    uint32_t *ret_members);

#endif
