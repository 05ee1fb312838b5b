/*
 * to_thread.c - blocking work: in a thread, while the loop goes on.
 */
#include <evtask/evtask.h>

#include <semaphore.h>
#include <stdio.h>

struct count {
	sem_t begin;
	int limit;
	int total;
};

/* Runs in a thread: nothing of the loop's may be touched. */
static int
count(void *arg)
{
	struct count *count = arg;

	sem_wait(&count->begin);	/* blocks its thread, not the loop */
	for (int i = 0; i < count->limit; i++)
		count->total += i;
	return 0;
}

static int
tick(void *arg)
{
	struct count *count = arg;
	int n, r = 0;

	for (n = 0; r == 0 && n < 3; n++) {
		printf("tick %d\n", n);
		r = evtask_sleep(10000);
	}
	sem_post(&count->begin);
	return r;
}

static int
run(void *arg)
{
	struct count total = { .limit = 101 };
	struct evtask *ticking;
	int r;

	sem_init(&total.begin, 0, 0);
	evtask_create(tick, &total, NULL, &ticking);
	r = evtask_to_thread(count, &total, NULL);
	if (r == 0) {
		printf("counted %d\n", total.total);
		r = evtask_await(ticking);
	}
	evtask_unref(ticking);
	sem_destroy(&total.begin);
	return r;
}

int
main(void)
{
	return evtask_run(run, NULL, NULL, NULL, NULL) < 0;
}
