/*
 * coroutines.h - what evtaskd knows by name: a row per coroutine, each in the
 * file of its name.
 */
#ifndef DAEMON_COROUTINES_COROUTINES_H
#define DAEMON_COROUTINES_COROUTINES_H

#include <evtask/job.h>

/* JSON in C, without the backslashes. */
#define JSON(...) #__VA_ARGS__

extern const struct evtask_coroutine sleep_coroutine;
extern const struct evtask_coroutine exec_coroutine;
extern const struct evtask_coroutine http_coroutine;
extern const struct evtask_coroutine every_coroutine;
extern const struct evtask_coroutine gather_coroutine;

#endif
