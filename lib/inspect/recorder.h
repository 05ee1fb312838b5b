/*
 * recorder.h - the flight recorder, read from another thread.
 */
#ifndef INSPECT_RECORDER_H
#define INSPECT_RECORDER_H

#include <evtask/inspect_trace.h>

/* As evtask_watchdog_read_trace(). still: nothing is recorded meanwhile. */
int recorder_peek(const struct evtask_loop *loop, uint64_t after,
    bool still, struct evtask_trace_record *records, size_t size,
    size_t *ret_n);

#endif
