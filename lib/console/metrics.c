/*
 * metrics.c - what the console counts, for metrics.get.
 *
 * Counting is an addition to a number in place, on paths that are run for
 * every request and every task. Methods and errors are counted by their place
 * in the tables of the protocol.
 */
#include "metrics.h"
#include <errno.h>
#include <stdlib.h>

const int64_t metrics_bounds_us[METRICS_BUCKETS] = {
	10, 30, 100, 300, 1000, 3000, 10000, 100000, 1000000, 10000000,
	60000000, 600000000,
};

void
histogram_add(struct histogram *histogram, int64_t us)
{
	int i = 0;

	while (i < METRICS_BUCKETS && us > metrics_bounds_us[i])
		i++;
	histogram->counts[i]++;
	histogram->sum_us += us > 0 ? (uint64_t)us : 0;
}

int
metrics_init(struct metrics *metrics)
{
	const struct evtask_ctl_method *m = evtask_ctl_methods();
	const struct evtask_ctl_error *e = evtask_ctl_errors();

	while (m[metrics->n_methods].name != NULL)
		metrics->n_methods++;
	while (e[metrics->n_errors].name != NULL)
		metrics->n_errors++;
	metrics->requests = calloc(metrics->n_methods + 1,
	    sizeof(metrics->requests[0]));
	metrics->errors = calloc((metrics->n_methods + 1) * metrics->n_errors,
	    sizeof(metrics->errors[0]));
	return metrics->requests != NULL && metrics->errors != NULL ? 0
	    : -ENOMEM;
}

void
metrics_release(struct metrics *metrics)
{
	free(metrics->requests);
	free(metrics->errors);
	metrics->requests = NULL;
	metrics->errors = NULL;
}

static size_t
place_of(const struct metrics *metrics, const struct evtask_ctl_method *method)
{
	return method != NULL ? (size_t)(method - evtask_ctl_methods())
	    : metrics->n_methods;
}

void
metrics_request(struct metrics *metrics,
    const struct evtask_ctl_method *method, int64_t took_us)
{
	histogram_add(&metrics->requests[place_of(metrics, method)], took_us);
}

void
metrics_error(struct metrics *metrics, const struct evtask_ctl_method *method,
    const char *error)
{
	const struct evtask_ctl_error *row = evtask_ctl_error_find(error);

	if (row != NULL)
		metrics->errors[place_of(metrics, method) *
		    metrics->n_errors + (size_t)(row - evtask_ctl_errors())]++;
}

void
metrics_done(struct metrics *metrics, const struct evtask_info *info)
{
	metrics->outcomes[info->outcome]++;
	histogram_add(&metrics->lives, info->done_us - info->created_us);
	if (info->started_us >= 0)
		histogram_add(&metrics->queued,
		    info->started_us - info->created_us);
}
