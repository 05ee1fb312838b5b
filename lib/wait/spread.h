/*
 * spread.h - where what is waited for together stands, for who looks from
 * outside and can call nobody: see inspect_layout.h. Each is kept beside the
 * function that shows the same to those within.
 */
#ifndef WAIT_SPREAD_H
#define WAIT_SPREAD_H

#include <evtask/inspect_layout.h>

extern const struct evtask_layout_spread as_completed_spread, gather_spread,
    group_spread, shield_spread, wait_spread;

#endif
