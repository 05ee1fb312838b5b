/*
 * query.c - asking a task: its name, how it stands, and who else there is.
 */
#include <evtask/evtask.h>

#include <errno.h>
#include <stdio.h>

static int
nap(void *arg)
{
	int r;

	printf("I am %s\n", evtask_get_name(evtask_current_task()));
	r = evtask_sleep(100000);
	return r < 0 ? r : evtask_return(evtask_value_literal("rested"));
}

static void
tell(struct evtask *task)
{
	struct evtask_value v;

	printf("%s: ", evtask_get_name(task));
	if (!evtask_done(task))
		puts("pending");
	else if (evtask_cancelled(task))
		puts("cancelled");
	else if (evtask_result(task, &v) == 0)
		printf("returned %s\n", evtask_value_text(v));
}

static int
query(void *arg)
{
	struct evtask *one, *two, *tasks[8];
	size_t i, n;
	int r;

	evtask_create(nap, NULL, &(struct evtask_options){ .name = "one" },
	    &one);
	evtask_create(nap, NULL, &(struct evtask_options){ .name = "two" },
	    &two);
	evtask_set_name(two, "other");
	tell(one);
	if (evtask_result(one, NULL) == -EINPROGRESS)
		puts("there is no result yet");

	r = evtask_sleep(0);
	evtask_set_name(evtask_current_task(), "main");
	n = evtask_all_tasks(NULL, tasks, 8);
	printf("tasks:");
	for (i = 0; i < n; i++)
		printf(" %s", evtask_get_name(tasks[i]));
	putchar('\n');
	evtask_cancel(two, NULL);
	if (r == 0)
		r = evtask_wait((union evtask_awaitable[]){ { .task = one },
		    { .task = two } }, 2, EVTASK_FOREVER,
		    EVTASK_ALL_COMPLETED);
	tell(one);
	tell(two);
	printf("tasks: %zu\n", evtask_all_tasks(NULL, tasks, 8));
	evtask_unref(one);
	evtask_unref(two);
	return r < 0 ? r : 0;
}

int
main(void)
{
	return evtask_run(query, NULL, NULL, NULL, NULL) < 0;
}
