/*
 * hello.c - a task is a handle: create it, ask it, cancel it, await it.
 *
 * build: cc hello.c $(pkg-config --cflags --libs libevtask) -o hello
 */
#include <evtask/evtask.h>

#include <errno.h>
#include <stdio.h>

/* A coroutine: a plain function that may wait, at any call depth. */
static int
greet(void *arg)
{
	const char *whom = arg;
	struct evtask_value words;
	int r = evtask_sleep(100000);	/* 0.1 s; others run meanwhile */

	if (r < 0) {
		printf("greeting %s was cancelled: %s\n", whom,
		    evtask_error_message(evtask_raised()));
		return r;	/* a cancellation travels up unchanged */
	}
	r = evtask_value_format(&words, "hello, %s", whom);
	return r < 0 ? r : evtask_return(words);
}

static int
fail(void *arg)
{
	(void)arg;
	return evtask_raise_as("NoRoute", -EHOSTUNREACH, "no route to Mars");
}

static int
hello(void *arg)
{
	struct evtask *world, *moon, *mars;
	struct evtask_value words;
	int r;

	(void)arg;
	evtask_create(greet, (void *)"world", NULL, &world);
	evtask_create(greet, (void *)"moon", NULL, &moon);
	evtask_create(fail, NULL, NULL, &mars);
	printf("created; done yet? %s\n", evtask_done(world) ? "yes" : "no");
	r = evtask_sleep(0);		/* now they have begun */
	evtask_cancel(moon, "new moon");

	if (r == 0)
		r = evtask_await_result(world, &words);
	if (r == 0)
		printf("world returned: %s\n", evtask_value_text(words));
	r = evtask_await(moon);
	if (r == 0)
		printf("moon is done; cancelled? %s\n",
		    evtask_cancelled(moon) ? "yes" : "no");
	r = evtask_await_result(mars, NULL);
	printf("mars raised %s: %s\n", evtask_error_type(evtask_raised()),
	    evtask_error_message(evtask_raised()));

	evtask_unref(world);
	evtask_unref(moon);
	evtask_unref(mars);
	return r == -EHOSTUNREACH ? 0 : r;
}

int
main(void)
{
	return evtask_run(hello, NULL, NULL, NULL, NULL) < 0;
}
