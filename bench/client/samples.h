/* samples.h - the latencies of one measurement. */
#ifndef BENCH_CLIENT_SAMPLES_H
#define BENCH_CLIENT_SAMPLES_H

#include <stdint.h>

void samples_clear(void);

/* Beyond a million they are not kept. */
void samples_add(int64_t ns);

/* What `part` of them, 0 to 1, were not longer than, in us; 0 of none. */
double samples_percentile(double part);

/* Reports "p50" and "p99" of them. */
void samples_report(void);

#endif
