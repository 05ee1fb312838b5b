/*
 * render.h - what the console knows, as the JSON of the protocol. Everything
 * returned is the caller's; NULL without memory.
 */
#ifndef CONSOLE_RENDER_H
#define CONSOLE_RENDER_H

#include <evtask/error.h>
#include <evtask/value.h>
#include "job_log.h"
#include "registry.h"

struct evtask_console;
struct evtask_ctl_writer;

struct json_object *render_value(struct evtask_value value);
struct json_object *render_error(const struct evtask_error *error);

/* LogLine, as a member of what is being written, or as an item. */
void write_log_line(struct evtask_ctl_writer *w, const char *key,
    const struct evtask_console *console, const struct job_log_line *line);

/* Puts how a task that is done has ended: outcome, value or error. */
void render_ending(struct json_object **object, const struct record *record);

/*
 * The same as members of what is being written, when it is as short as most:
 * nothing came of it, or a number or a truth value. False, and nothing is
 * written, of any other.
 */
bool write_short_ending(struct evtask_ctl_writer *w,
    const struct record *record);
/* What it failed with, or its cancellation; null when it returned. */
struct json_object *render_failure(const struct record *record);

const char *state_of(const struct record *record);
const char *outcome_of(const struct record *record);
/* What its coroutine says of how it returned; NULL: nothing. */
const char *ending_of(const struct record *record);

/* Puts "key": value, where NULL is null and not a failure. */
void put_or_null(struct json_object **object, const char *key, bool present,
    struct json_object *value);

#endif
