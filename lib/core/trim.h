/*
 * trim.h - giving memory back after a peak.
 */
#ifndef CORE_TRIM_H
#define CORE_TRIM_H

#include "core/loop.h"

enum {
	TRIM_AFTER_US = 1000000,
	MOST_FUTILE = 6,	/* doublings of it: about a minute */
};

/* Whether so much lies idle that it should go. */
bool trim_is_due(struct evtask_loop *loop);

/* When, with nothing to do. */
int64_t trim_after_us(const struct evtask_loop *loop);

#endif
