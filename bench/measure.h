/*
 * measure.h - what the programs of the race share: clocks, memory, and how a
 * number is told.
 *
 * A program of a peer is a table of rows. Without arguments it prints their
 * names; as `PROGRAM ROW N` it measures one of them with N tasks and prints
 * its numbers, one "KEY VALUE" on a line. A value is a number, or a word where
 * there is none ("fails-at-32754").
 *
 * C99 and C++.
 */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct measure_row {
	const char *name;
	void (*run)(long n);
};

static inline int64_t
clock_ns(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static inline int64_t
now_ns(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

/* What the processor has spent on this process, kernel included. */
static inline int64_t
cpu_ns(void)
{
	return clock_ns(CLOCK_PROCESS_CPUTIME_ID);
}

static inline void
report(const char *key, double value)
{
	printf("%s %.6g\n", key, value);
	fflush(stdout);
}

/* How long a measurement lasts, at least. */
static inline int64_t
measure_ns(void)
{
	const char *ms = getenv("BENCH_MS");

	return (ms != NULL ? atol(ms) : 200) * (int64_t)1000000;
}

/* How much slower than alone everything is: sleepers must not wake before the
 * last of them has gone to sleep. */
static inline int64_t
patience(void)
{
	const char *times = getenv("BENCH_PATIENCE");

	return times != NULL ? atol(times) : 1;
}

/* run(n, ops) does at least ops operations among n tasks and returns what one
 * cost, in ns; it is asked for more until they last long enough. */
static inline void
report_per_op(const char *key, double (*run)(long n, long ops), long n)
{
	long ops = n > 25000 ? n * 4 : 100000;
	double ns = run(n, ops);

	while (ns * (double)ops < (double)measure_ns()) {
		ops *= 4;
		ns = run(n, ops);
	}
	report(key, ns);
}

/* The number of a line "KEY: NUMBER" of a /proc/PID/status, which is closed;
 * 0 without that line, and without a file. */
static inline double
status_number(FILE *status, const char *key)
{
	size_t len = strlen(key);
	char line[256];
	double number = 0;

	while (status != NULL && fgets(line, sizeof line, status) != NULL)
		if (strncmp(line, key, len) == 0 && line[len] == ':')
			number = strtod(line + len + 1, NULL);
	if (status != NULL)
		fclose(status);
	return number;
}

/* The same of this process, in bytes, where the line says "NUMBER kB". */
static inline double
status_bytes(const char *key)
{
	return status_number(fopen("/proc/self/status", "r"), key) * 1024;
}

static inline double
resident_bytes(void)
{
	return status_bytes("VmRSS");
}

static inline long
mappings(void)
{
	FILE *f = fopen("/proc/self/maps", "r");
	long lines = 0;
	int c;

	while (f != NULL && (c = getc(f)) != EOF)
		lines += c == '\n';
	if (f != NULL)
		fclose(f);
	return lines;
}

/* n delays between one second and two, in microseconds, in an order nobody
 * can foresee and which is the same for every peer: xorshift32. */
static inline int32_t *
delays_us(long n)
{
	int32_t *delays = (int32_t *)malloc((size_t)n * sizeof *delays);
	uint32_t x = 1;
	long i;

	for (i = 0; i < n; i++) {
		x ^= x << 13;
		x ^= x >> 17;
		x ^= x << 5;
		delays[i] = 1000000 + (int32_t)(x % 1000000);
	}
	return delays;
}

static inline int
measure_main(int argc, char **argv, const struct measure_row *rows)
{
	const struct measure_row *row;

	for (row = rows; row->name != NULL; row++) {
		if (argc == 1)
			puts(row->name);
		else if (argc == 3 && strcmp(argv[1], row->name) == 0) {
			row->run(atol(argv[2]));
			return 0;
		}
	}
	if (argc > 1)
		fprintf(stderr, "%s: no such row; without arguments it lists "
		    "them\n", argv[0]);
	return argc > 1;
}

#endif
