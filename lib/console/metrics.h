/* metrics.h - what the console counts, for metrics.get. */
#ifndef CONSOLE_METRICS_H
#define CONSOLE_METRICS_H

#include <evtask/ctl_schema.h>
#include <evtask/inspect.h>

#define METRICS_BUCKETS 12 /* with an end; one more has none */

/* How long something took, how often. */
struct histogram {
	uint64_t counts[METRICS_BUCKETS + 1];
	uint64_t sum_us;
};

/* Where the buckets end, in microseconds. */
extern const int64_t metrics_bounds_us[METRICS_BUCKETS];

void histogram_add(struct histogram *histogram, int64_t us);

struct metrics {
	size_t n_methods, n_errors;
	struct histogram *requests; /* by method; the last: no method */
	uint64_t *errors;           /* by method, and then by error */
	uint64_t outcomes[EVTASK_OUTCOME_CANCELLED + 1];
	struct histogram lives;     /* of tasks, from making to end */
	struct histogram queued;    /* from making to first run */
	uint64_t clients;           /* ever taken */
	uint64_t refused;           /* connections */
	uint64_t sent, dropped;     /* events */
	uint64_t slices;            /* of answers made in slices */
};

/* 0 or -ENOMEM. */
int metrics_init(struct metrics *metrics);
void metrics_release(struct metrics *metrics);

/* A request was answered; method NULL: it named none. */
void metrics_request(struct metrics *metrics,
    const struct evtask_ctl_method *method, int64_t took_us);
/* With an error of this name. */
void metrics_error(struct metrics *metrics,
    const struct evtask_ctl_method *method, const char *error);
void metrics_done(struct metrics *metrics, const struct evtask_info *info);

#endif
