/*
 * embedded.c - a libevent program of its own, with tasks and a console: while
 * it runs, `evtask --socket PATH list` shows what each of its tasks waits for.
 *
 * build: cc embedded.c $(pkg-config --cflags --libs libevtask-console)
 */
#include <evtask/console.h>
#include <evtask/evtask.h>

#include <event2/event.h>
#include <signal.h>
#include <stdio.h>

/* One of the program's own tasks. */
static int
courier(void *arg)
{
	int r = 0;

	while (r == 0)
		r = evtask_sleep(300000);	/* drive around */
	return r;	/* called back */
}

/* May be started by name: evtask create deliver parcels=3 */
static int
deliver(void *arg)
{
	struct evtask_job *job = arg;
	int64_t n = evtask_job_int(job, "parcels");

	for (int64_t i = 0; i < n; i++) {
		int r = evtask_sleep(100000);

		if (r < 0)
			return r;
		evtask_job_log(job, EVTASK_JOB_OUT, "rang the bell\n", 14);
	}
	return evtask_return(evtask_value_int(n));
}

static const struct evtask_coroutine deliver_row = {
	.name = "deliver", .summary = "deliver some parcels", .fn = deliver,
	.args_schema = "{\"type\":\"object\",\"properties\":{\"parcels\":"
	    "{\"type\":\"integer\",\"minimum\":1,\"default\":1}}}",
};

static void
stop(void *base)
{
	event_base_loopbreak(base);
}

int
main(int argc, char *argv[])
{
	struct event_base *base = event_base_new();
	struct evtask_loop_options on_base = { .base = base };
	struct evtask_console_options options = {
		.server = "couriers", .socket_path = argc > 1 ? argv[1] : NULL,
	};
	struct evtask_console *console = NULL;
	struct evtask_loop *loop;
	char *why = NULL;

	if (evtask_loop_new(&on_base, &loop) < 0 ||
	    evtask_console_start(loop, &options, &console, &why) < 0 ||
	    evtask_console_add(console, &deliver_row) < 0)
		return fprintf(stderr, "embedded: %s\n", why ? why : "?"), 1;
	evtask_loop_add_signal_handler(loop, SIGTERM, stop, base);
	evtask_loop_create_task(loop, courier, NULL,
	    &(struct evtask_options){ .name = "courier-1" }, NULL);
	fprintf(stderr, "try: evtask --socket %s\n",
	    evtask_console_socket_path(console));
	event_base_dispatch(base);	/* the program's own loop */
	evtask_console_stop(console);
	evtask_loop_free(loop);
	event_base_free(base);
}
