/*
 * chrome.h - events in Chrome's trace format, a line each.
 */
#ifndef INSPECT_CHROME_H
#define INSPECT_CHROME_H

#include <evtask/base.h>
#include <stdio.h>

struct chrome {
	FILE *file;
	int64_t first_ns;	/* events are told the time from then on */
	uint64_t flows;		/* arrows, so far */
	bool begun;		/* an event has been written */
	int r;			/* 0, or the first error of writing */
};

/* Anything; no more than 255 bytes. */
void chrome_put(struct chrome *chrome, const char *fmt, ...)
    __attribute__((__format__(__printf__, 2, 3)));
/* Text within a string. */
void chrome_put_text(struct chrome *chrome, const char *text);
/* ,"key":microseconds */
void chrome_put_time(struct chrome *chrome, const char *key, int64_t ns);

/* An event, up to its name; and a slice, which begins in the trace, at least.
 * The caller goes on from there. */
void chrome_begin(struct chrome *chrome, char phase, uint64_t track,
    int64_t ts_ns, const char *category);
void chrome_begin_slice(struct chrome *chrome, uint64_t track,
    const char *category, int64_t from_ns, int64_t to_ns);

/* Whole events. */
void chrome_slice(struct chrome *chrome, uint64_t track, const char *name,
    const char *category, int64_t from_ns, int64_t to_ns);
void chrome_instant(struct chrome *chrome, uint64_t track, const char *name,
    int64_t ts_ns);
/* Something that a task, or with 0 the loop, did. */
void chrome_deed(struct chrome *chrome, uint64_t track, const char *name,
    int64_t ts_ns, uint64_t by);
void chrome_arrow(struct chrome *chrome, uint64_t from, int64_t from_ns,
    uint64_t to, int64_t to_ns);
void chrome_counter(struct chrome *chrome, const char *name, const char *key,
    int64_t ts_ns, int64_t value);
void chrome_track_name(struct chrome *chrome, uint64_t track,
    const char *name);

#endif
