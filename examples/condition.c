/*
 * condition.c - waiting, with a lock, until something has changed.
 */
#include <evtask/evtask.h>

#include <stdio.h>

struct garage {
	struct evtask_condition *changed;
	int n_free;
};

static int
park(void *arg)
{
	struct garage *garage = arg;
	int r = evtask_condition_acquire(garage->changed);

	if (r < 0)
		return r;
	while (r == 0 && garage->n_free == 0) {
		puts("waiting for a space");
		r = evtask_condition_wait(garage->changed);
	}
	if (r == 0)
		garage->n_free--;
	evtask_condition_release(garage->changed);
	if (r == 0)
		puts("parked");
	return r;
}

static int
leave(struct garage *garage)
{
	int r = evtask_condition_acquire(garage->changed);

	if (r < 0)
		return r;
	garage->n_free++;
	evtask_condition_notify(garage->changed, 1);
	evtask_condition_release(garage->changed);
	puts("left");
	return 0;
}

static int
run(void *garage)
{
	struct evtask *car;
	int r = evtask_create(park, garage, NULL, &car);

	if (r == 0)
		r = evtask_sleep(0);
	if (r == 0)
		r = leave(garage);
	if (r == 0)
		r = evtask_await(car);
	evtask_unref(car);
	return r;
}

int
main(void)
{
	struct garage garage = { NULL, 0 };
	int r = evtask_condition_new("changed", NULL, &garage.changed);

	if (r == 0)
		r = evtask_run(run, &garage, NULL, NULL, NULL);
	evtask_condition_free(garage.changed);
	return r < 0;
}
