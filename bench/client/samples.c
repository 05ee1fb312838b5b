/*
 * samples.c - the latencies of one measurement: a process makes one at a time.
 */
#include "bench/client/samples.h"

#include "bench/measure.h"

enum { SAMPLES = 1 << 20 };

/* In ns; in order once a percentile was asked for. */
static int64_t samples[SAMPLES];
static size_t n_samples;

void
samples_clear(void)
{
	n_samples = 0;
}

void
samples_add(int64_t ns)
{
	if (n_samples < SAMPLES)
		samples[n_samples++] = ns;
}

static int
by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

double
samples_percentile(double part)
{
	qsort(samples, n_samples, sizeof samples[0], by_size);
	return n_samples == 0 ? 0 : (double)samples[(size_t)(part *
	    (double)(n_samples - 1))] / 1e3;
}

void
samples_report(void)
{
	report("p50", samples_percentile(0.50));
	report("p99", samples_percentile(0.99));
}
