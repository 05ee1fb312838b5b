/* notice.h - the ring's records, as the notifications of the protocol. */
#ifndef CONSOLE_NOTICE_H
#define CONSOLE_NOTICE_H

#include <stdbool.h>
#include "job_log.h"
#include "ring.h"

struct evtask_console;
struct evtask_ctl_writer;
struct json_object;
struct record;

/* "task.created" ... */
const char *notice_type_name(enum event_type type);
/* The type of that name; EVENT_TYPES: none. */
enum event_type notice_type(const char *name);

/* Params of an `event`, of a record that stands for one event. NULL without
 * memory. */
struct json_object *notice_of_record(const struct evtask_console *console,
    uint64_t sub, const struct ring_record *record);
/* The same of a line of a log, as a whole line. */
void write_line_event(struct evtask_ctl_writer *w,
    const struct evtask_console *console, uint64_t sub, uint64_t task,
    const struct job_log_line *line);
/* Params of an `event.lag` and of an `event.end`. */
struct json_object *notice_of_lag(uint64_t sub, uint64_t dropped,
    const struct ring_gap *gap);
/* Params of an `event.snapshot` and of an `event.synced`. */
struct json_object *notice_of_snapshot(const struct evtask_console *console,
    uint64_t sub, const struct record *record, uint32_t members);
struct json_object *notice_of_synced(const struct evtask_console *console,
    uint64_t sub, uint64_t tasks);
struct json_object *notice_of_end(uint64_t sub, const char *reason);

#endif
