/*
 * when.c - when a task runs: in its turn, and not before its creator waits.
 */
#include <evtask/evtask.h>

#include <stdio.h>

static int
worker(void *arg)
{
	const char *name = arg;
	int r;

	printf("%s begins\n", name);
	r = evtask_sleep(0);
	if (r == 0)
		printf("%s goes on\n", name);
	return r;
}

static void
say(void *words)
{
	puts(words);
}

static int
when(void *arg)
{
	struct evtask *a, *b;
	int r;

	evtask_create(worker, (void *)"a", NULL, &a);
	evtask_call_soon(NULL, say,
	    (void *)"a callback, in line between the tasks", NULL);
	evtask_create(worker, (void *)"b", NULL, &b);
	puts("all three are queued, and none has run");

	r = evtask_sleep(0);
	puts("main, after one turn of the loop");
	if (r == 0)
		r = evtask_sleep(0);
	puts("main, after two");
	if (r == 0)
		r = evtask_await(a);
	if (r == 0)
		r = evtask_await(b);
	evtask_unref(a);
	evtask_unref(b);
	return r;
}

int
main(void)
{
	return evtask_run(when, NULL, NULL, NULL, NULL) < 0;
}
