/*
 * trim.h - giving memory back after a peak.
 */
#ifndef CORE_TRIM_H
#define CORE_TRIM_H

#include "core/loop.h"

enum { TRIM_AFTER_US = 1000000 };	/* with nothing to do */

/* Whether so much lies idle that it should go. */
bool trim_is_due(const struct evtask_loop *loop);

#endif
