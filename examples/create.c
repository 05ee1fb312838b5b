/*
 * create.c - making tasks: on the running loop, on a given one, in passing.
 */
#include <evtask/evtask.h>

#include <stdio.h>

static int
greet(void *arg)
{
	int r = evtask_sleep(0);

	if (r == 0)
		printf("hello, %s\n", (const char *)arg);
	return r;
}

static int
create(void *arg)
{
	struct evtask_options named = { .name = "greeter" };
	struct evtask *world, *moon;
	int r;

	/* High level: on the loop that runs. */
	r = evtask_create(greet, (void *)"world", &named, &world);
	if (r < 0)
		return r;

	/* Low level: on a loop that you name, also before it runs. */
	r = evtask_loop_create_task(evtask_get_running_loop(), greet,
	    (void *)"moon", NULL, &moon);
	if (r < 0)
		goto out;

	/* In passing: no handle is asked for, and the loop keeps it alive. */
	evtask_create(greet, (void *)"mars", NULL, NULL);

	printf("%s is made and %s\n", evtask_get_name(world),
	    evtask_done(world) ? "done" : "pending");
	r = evtask_await(world);
	if (r == 0)
		r = evtask_await(moon);
	if (r == 0)
		r = evtask_sleep(0);
	printf("%s is %s\n", evtask_get_name(world),
	    evtask_done(world) ? "done" : "pending");
	evtask_unref(moon);
out:
	evtask_unref(world);
	return r;
}

int
main(void)
{
	return evtask_run(create, NULL, NULL, NULL, NULL) < 0;
}
