/* methods.h - what the files of methods share. */
#ifndef CONSOLE_METHODS_H
#define CONSOLE_METHODS_H

#include <evtask/console.h>
#include "dispatch.h"

struct catalog_entry;
struct evtask_console;

/* The seq of the last event, which every list and get carries. */
void put_seq(struct json_object **object, const struct call *call);

/* "drain", "cancel", "now". */
const char *shutdown_mode_name(enum evtask_console_shutdown mode);

/* Refuses what the program that the console is part of does not offer. */
struct json_object *call_refuse_absent(struct call *call, const char *message);

/* A list of Module: those with something wrong. */
struct json_object *render_failed_modules(const struct evtask_console *console);

/* The coroutine that this member of the request names; NULL, and the call is
 * refused. */
struct catalog_entry *call_coroutine(struct call *call, const char *key);

/* Whether there is room for a subscription, when one is wanted; false: the
 * call is refused. */
bool may_subscribe(struct call *call, bool wanted);

/* Whether no task has this name; false: the call is refused. */
bool call_name_is_free(struct call *call, const char *name);

/* Looks at a task.create that has passed the schema: 0 and, when it would be
 * refused for its coroutine or args, call->error; or -ENOMEM. */
int check_create(struct call *call);

/* timeout_us of a request; EVTASK_FOREVER without. */
int64_t call_timeout_us(const struct call *call);

#endif
