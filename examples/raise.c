/*
 * raise.c - errors: of a type of one's own, with a cause, and unheard.
 */
#include <evtask/evtask.h>

#include <errno.h>
#include <stdio.h>

static int
look_up(const char *planet)
{
	return evtask_raise(-ENOENT, "%s is not in the table", planet);
}

static int
fetch(void *arg)
{
	const char *planet = arg;
	int r = evtask_sleep(10000);

	if (r < 0)
		return r;
	if (look_up(planet) < 0)	/* this becomes the cause */
		return evtask_raise_as("NoRoute", -EHOSTUNREACH,
		    "no route to %s", planet);
	return 0;
}

static void
report(struct evtask_loop *loop, const struct evtask_report *report, void *arg)
{
	printf("unheard: %s\n", evtask_error_message(report->error));
}

static int
run(void *arg)
{
	struct evtask_error *error;
	int r;

	evtask_loop_set_exception_handler(evtask_get_running_loop(), report,
	    NULL);

	r = fetch((void *)"mars");
	if (r == -EHOSTUNREACH) {
		error = evtask_catch(r);
		printf("%s: %s\n", evtask_error_type(error),
		    evtask_error_message(error));
		printf("because: %s\n",
		    evtask_error_message(evtask_error_cause(error)));
		evtask_error_unref(error);
	}

	/* Nobody has a handle, so nobody will ask. */
	evtask_create(fetch, (void *)"venus", NULL, NULL);
	return evtask_sleep(100000);
}

int
main(void)
{
	return evtask_run(run, NULL, NULL, NULL, NULL) < 0;
}
