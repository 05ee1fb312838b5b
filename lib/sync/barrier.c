/*
 * barrier.c - a barrier: a count, a state and a condition.
 *
 *	filling --last one--> draining  --all left--> filling
 *	   |  `----reset----> resetting --all left------^
 *	   `------abort-----> broken ------reset--------^
 *
 * Those who come while others leave wait outside, until it is filling again.
 */
#include <evtask/barrier.h>

#include <errno.h>
#include <evtask/condition.h>
#include <limits.h>
#include <stdlib.h>

#include "core/task.h"

enum state {
	FILLING,
	DRAINING,
	RESETTING,
	BROKEN,
};

struct evtask_barrier {
	struct evtask_condition *changed;
	int parties;
	int inside;
	enum state state;
};

int
evtask_barrier_new(const char *name, int64_t parties,
    struct evtask_barrier **ret_barrier)
{
	struct evtask_barrier *barrier;
	int r;

	if (parties < 1 || parties > INT_MAX || ret_barrier == NULL)
		return -EINVAL;
	barrier = malloc(sizeof *barrier);
	if (barrier == NULL)
		return -ENOMEM;
	*barrier = (struct evtask_barrier){
		.parties = (int)parties, .state = FILLING,
	};
	r = evtask_condition_new(name, NULL, &barrier->changed);
	if (r < 0) {
		free(barrier);
		return r;
	}
	*ret_barrier = barrier;
	return 0;
}

void
evtask_barrier_free(struct evtask_barrier *barrier)
{
	if (barrier != NULL)
		evtask_condition_free(barrier->changed);
	free(barrier);
}

static int
enter(struct evtask_barrier *barrier, const struct evtask_site *site)
{
	return evtask_condition_acquire_at(
	    barrier != NULL ? barrier->changed : NULL, site);
}

static int
raise_broken(const struct evtask_site *site)
{
	return evtask_raise_at(site, -EPIPE, "BrokenBarrier", "%s",
	    "the barrier was aborted or reset");
}

/* Waits, outside, until those before have left. */
static int
wait_outside(struct evtask_barrier *barrier, const struct evtask_site *site)
{
	int r = 0;

	while (r == 0 && (barrier->state == DRAINING ||
	    barrier->state == RESETTING))
		r = evtask_condition_wait_at(barrier->changed, site);
	if (r == 0 && barrier->state == BROKEN)
		return raise_broken(site);
	return r;
}

/* Waits, inside, until the last one comes. */
static int
wait_inside(struct evtask_barrier *barrier, const struct evtask_site *site)
{
	int r = 0;

	while (r == 0 && barrier->state == FILLING)
		r = evtask_condition_wait_at(barrier->changed, site);
	if (r == 0 && (barrier->state == BROKEN ||
	    barrier->state == RESETTING))
		return raise_broken(site);
	return r;
}

static void
leave(struct evtask_barrier *barrier)
{
	if (--barrier->inside > 0)
		return;
	if (barrier->state == RESETTING || barrier->state == DRAINING)
		barrier->state = FILLING;
	(void)evtask_condition_notify_all(barrier->changed);
}

static int
pass(struct evtask_barrier *barrier, const struct evtask_site *site)
{
	int index, r = wait_outside(barrier, site);

	if (r < 0)
		return r;
	index = barrier->inside++;
	if (barrier->inside == barrier->parties) {
		barrier->state = DRAINING;
		(void)evtask_condition_notify_all(barrier->changed);
	} else {
		r = wait_inside(barrier, site);
	}
	leave(barrier);
	return r < 0 ? r : index;
}

int
evtask_barrier_wait_at(struct evtask_barrier *barrier,
    const struct evtask_site *site)
{
	int r = enter(barrier, site);

	if (r < 0)
		return r;
	r = pass(barrier, site);
	(void)evtask_condition_release(barrier->changed);
	return r;
}

/* Moves to a state, with the lock, and tells everybody. */
static int
change(struct evtask_barrier *barrier, bool abort,
    const struct evtask_site *site)
{
	int r = enter(barrier, site);

	if (r < 0)
		return r;
	if (abort)
		barrier->state = BROKEN;
	else
		barrier->state = barrier->inside > 0 ? RESETTING : FILLING;
	(void)evtask_condition_notify_all(barrier->changed);
	(void)evtask_condition_release(barrier->changed);
	return 0;
}

int
evtask_barrier_reset_at(struct evtask_barrier *barrier,
    const struct evtask_site *site)
{
	return change(barrier, false, site);
}

int
evtask_barrier_abort_at(struct evtask_barrier *barrier,
    const struct evtask_site *site)
{
	return change(barrier, true, site);
}

int
evtask_barrier_parties(const struct evtask_barrier *barrier)
{
	return barrier != NULL ? barrier->parties : -EINVAL;
}

int
evtask_barrier_waiting(const struct evtask_barrier *barrier)
{
	if (barrier == NULL)
		return -EINVAL;
	return barrier->state == FILLING ? barrier->inside : 0;
}

bool
evtask_barrier_broken(const struct evtask_barrier *barrier)
{
	return barrier != NULL && barrier->state == BROKEN;
}
