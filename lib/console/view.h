/* view.h - Task, as the protocol has it: whole, or the members asked for. */
#ifndef CONSOLE_VIEW_H
#define CONSOLE_VIEW_H

#include <evtask/ctl_writer.h>
#include <stdint.h>
#include "dispatch.h"
#include "registry.h"

#define VIEW_WHOLE UINT32_MAX
#define VIEW_ALL (VIEW_WHOLE & ~VIEW_ARGS) /* unless asked for by name */
#define VIEW_ARGS (UINT32_C(1) << 3)       /* the place of "args" */

/* The caller's; NULL without memory. The id is always among the members. */
struct json_object *view_task(const struct evtask_console *console,
    const struct record *record, uint32_t members);

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

/* Wait of a task, or null when it does not. */
struct json_object *view_wait_of(const struct evtask_console *console,
    const struct evtask *task);

/*
 * The same as members of what is being written, or with key NULL as items: a
 * Task; a Site (NULL: null); a TaskName; a Wait, or null. And the members of
 * Link, into an object that is open.
 */
void write_task(struct evtask_ctl_writer *w, const char *key,
    const struct evtask_console *console, const struct record *record,
    uint32_t members);
void write_site(struct evtask_ctl_writer *w, const char *key,
    const struct evtask_site *site);
void write_name(struct evtask_ctl_writer *w, const char *key,
    const struct evtask_console *console, const struct evtask *task,
    uint64_t id);
void write_wait(struct evtask_ctl_writer *w, const char *key,
    const struct evtask_console *console, const struct evtask *task);
void write_link(struct evtask_ctl_writer *w,
    const struct evtask_console *console, const struct evtask *task);

/* The name of Task's member i, whose bit that is; NULL: there are no more. */
const char *view_member(size_t i);

/*
 * Which of the names that name(i) gives, until NULL, the request's "fields"
 * are: all without. Returns false, having refused, when one is none of them.
 */
bool view_select(struct call *call, const char *(*name)(size_t i),
    uint32_t *ret_members);

#endif
