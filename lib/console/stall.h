/* stall.h - the loop that was blocked: noticed, told, and remembered. */
#ifndef CONSOLE_STALL_H
#define CONSOLE_STALL_H

#include <stdint.h>

struct evtask_console;
struct evtask_console_options;
struct evtask_watchdog;
struct json_object;

/* Starts the watchdog, unless it is not wanted or cannot be had. 0, -ENOMEM. */
int stalls_init(struct evtask_console *console,
    const struct evtask_console_options *options);
void stalls_release(struct evtask_console *console);

/* NULL: nobody watches. */
struct evtask_watchdog *stalls_watchdog(const struct evtask_console *console);
/* 0: nobody watches. */
int64_t stalls_threshold_us(const struct evtask_console *console);

/* How many there were. From any thread. */
uint64_t stalls_total(const struct evtask_console *console);

/* Stall, of the last ones, the oldest first; the caller's. */
struct json_object *stalls_render(struct evtask_console *console);

#endif
