/* storm.h - the row about events that come faster than they are read. */
#ifndef BENCH_CLIENT_STORM_H
#define BENCH_CLIENT_STORM_H

/* A million events while n subscribers listen, of whom half never read. */
void row_storm(long n);

#endif
