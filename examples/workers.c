/*
 * workers.c - a producer and its workers, with a queue between them.
 */
#include <evtask/evtask.h>

#include <stdio.h>

static int
work(void *arg)
{
	const char *name = evtask_get_name(evtask_current_task());
	struct evtask_queue *queue = arg;
	struct evtask_value job;
	int r;

	while ((r = evtask_queue_get(queue, &job)) == 0) {
		r = evtask_sleep(0);
		if (r == 0)
			printf("%s: %s\n", name, evtask_value_text(job));
		evtask_value_unref(job);
		if (r < 0)
			break;
		evtask_queue_task_done(queue);
	}
	return r;
}

static int
serve(void *arg)
{
	static const char *jobs[] = { "wash", "peel", "chop", "fry", "serve" };
	static const char *names[] = { "ada", "bob" };
	union evtask_awaitable workers[2];
	struct evtask_queue *queue;
	int i, r;

	r = evtask_queue_new(&(struct evtask_queue_options){ .size_max = 2 },
	    &queue);
	if (r < 0)
		return r;
	for (i = 0; i < 2; i++)
		evtask_create(work, queue,
		    &(struct evtask_options){ .name = names[i] },
		    &workers[i].task);

	for (i = 0; r == 0 && i < 5; i++) {	/* waits while two are in it */
		r = evtask_queue_put(queue, evtask_value_literal(jobs[i]));
		printf("ordered: %s\n", jobs[i]);
	}
	if (r == 0)
		r = evtask_queue_join(queue);	/* until all are done */
	puts("all is served");

	for (i = 0; i < 2; i++)
		evtask_cancel(workers[i], NULL);
	if (r == 0)
		r = evtask_wait(workers, 2, EVTASK_FOREVER,
		    EVTASK_ALL_COMPLETED);
	for (i = 0; i < 2; i++)
		evtask_unref(workers[i].task);
	evtask_queue_free(queue);
	return r < 0 ? r : 0;
}

int
main(void)
{
	return evtask_run(serve, NULL, NULL, NULL, NULL) < 0;
}
