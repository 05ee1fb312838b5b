/*
 * result.c - fetching what a task came to: by waiting, asking, a callback.
 */
#include <evtask/evtask.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int
fetch(void *planet)
{
	struct evtask_value sky;
	int r = evtask_sleep(0);

	if (r == 0 && strcmp(planet, "mars") == 0)
		r = evtask_raise(-EHOSTUNREACH, "no route to %s",
		    (char *)planet);
	if (r == 0)
		r = evtask_value_format(&sky, "the sky of %s",
		    (char *)planet);
	return r < 0 ? r : evtask_return(sky);
}

static void
tell(struct evtask_future *future, void *arg)
{
	printf("callback: %s\n",
	    evtask_result(future, NULL) < 0 ? "failed" : "returned");
}

static int
run(void *arg)
{
	struct evtask_error *error;
	struct evtask *earth, *mars;
	struct evtask_value sky;
	int r;

	evtask_create(fetch, (void *)"earth", NULL, &earth);
	evtask_create(fetch, (void *)"mars", NULL, &mars);
	evtask_add_done_callback(earth, tell, NULL);
	evtask_add_done_callback(mars, tell, NULL);

	/* Waiting hands over the result, or raises the error. */
	if ((r = evtask_await_result(earth, &sky)) == 0)
		printf("earth: %s\n", evtask_value_text(sky));
	if ((r = evtask_await_result(mars, &sky)) == -EHOSTUNREACH) {
		error = evtask_catch(r);
		printf("mars: %s\n", evtask_error_message(error));
		evtask_error_unref(error);
		r = 0;
	}

	/* Asking: as often as one likes. What is told is borrowed. */
	if (evtask_result(earth, &sky) == 0)
		printf("earth again: %s\n", evtask_value_text(sky));
	if (evtask_exception(mars, &error) == 0)
		printf("mars again: %s\n", evtask_error_message(error));
	if (evtask_exception(earth, &error) == 0 && error == NULL)
		puts("earth has no error");

	evtask_unref(earth);
	evtask_unref(mars);
	return r;
}

int
main(void)
{
	return evtask_run(run, NULL, NULL, NULL, NULL) < 0;
}
