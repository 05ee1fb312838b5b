/*
 * error.h - errors, as the library makes them.
 */
#ifndef CORE_ERROR_H
#define CORE_ERROR_H

#include <evtask/error.h>
#include <evtask/task.h>

/* The error of a bare code: shared, immortal, needs no memory. */
struct evtask_error *error_of_code(int code);

/*
 * The words of a cancellation: msg may be NULL. Never NULL; without memory
 * the words are lost.
 */
struct evtask_error *error_cancelled(const char *msg,
    const struct evtask_site *site);

#endif
