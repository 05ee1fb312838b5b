/*
 * barrier.h - tasks that wait for one another: asyncio.Barrier.
 *
 *	filling --the last one comes--> draining --all have left--> filling
 *	broken, by abort, until reset
 *
 *	r = evtask_barrier_wait(barrier);
 *	if (r == 0)
 *		merge();	// one of them does it: the first who came
 */
#ifndef EVTASK_BARRIER_H
#define EVTASK_BARRIER_H

#include <evtask/base.h>

#ifdef __cplusplus
extern "C" {
#endif

struct evtask_barrier;

/* Makes a barrier for so many tasks. name is for inspection, copied; NULL:
 * none. Anywhere. Returns 0, -EINVAL (parties is not 1 ... INT_MAX) or
 * -ENOMEM. */
EVTASK_API EVTASK_CHECKED int
evtask_barrier_new(const char *name, int64_t parties,
    struct evtask_barrier **ret_barrier);

/* Not while a task waits for it, as one that is woken does until it runs. NULL
 * is accepted. */
EVTASK_API void evtask_barrier_free(struct evtask_barrier *barrier);

/*
 * Waits until all parties have come; while others are still leaving, first
 * until they have left. Returns how many came before, 0 ... parties - 1;
 * -ECANCELED; -EPIPE (raised, "BrokenBarrier") when it was aborted, or reset
 * meanwhile; -EINVAL (not in a task).
 */
EVTASK_API EVTASK_SUSPENDS int
evtask_barrier_wait_at(struct evtask_barrier *barrier,
    const struct evtask_site *site);
#define evtask_barrier_wait(barrier) \
	evtask_barrier_wait_at((barrier), EVTASK_SITE)

/*
 * Both break the wait of those inside, with -EPIPE. After a reset the barrier
 * is new; after an abort it stays broken for those to come, until a reset.
 * Both return 0, -ECANCELED or -EINVAL (not in a task).
 */
EVTASK_API EVTASK_SUSPENDS int
evtask_barrier_reset_at(struct evtask_barrier *barrier,
    const struct evtask_site *site);
#define evtask_barrier_reset(barrier) \
	evtask_barrier_reset_at((barrier), EVTASK_SITE)
EVTASK_API EVTASK_SUSPENDS int
evtask_barrier_abort_at(struct evtask_barrier *barrier,
    const struct evtask_site *site);
#define evtask_barrier_abort(barrier) \
	evtask_barrier_abort_at((barrier), EVTASK_SITE)

/* How many it was made for. */
EVTASK_API int evtask_barrier_parties(const struct evtask_barrier *barrier);
/* How many wait in it now; 0 while they leave. */
EVTASK_API int evtask_barrier_waiting(const struct evtask_barrier *barrier);
/* Whether it was aborted, and not reset since. */
EVTASK_API bool evtask_barrier_broken(const struct evtask_barrier *barrier);

#ifdef __cplusplus
}
#endif
#endif
