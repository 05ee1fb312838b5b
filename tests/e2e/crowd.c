/*
 * crowd.c - a host with a great many tasks that no client has made: more than
 * a page of task.list has.
 *
 *	crowd SOCKET
 *
 * "create crowd" makes them, and stays among them.
 */
#include <evtask/console.h>
#include <evtask/evtask.h>
#include <stdio.h>

#define TASKS 1001

static int
stand(void *arg)
{
	return evtask_sleep(EVTASK_FOREVER);
}

static int
gather(void *arg)
{
	int r = 0;

	for (int i = 0; r == 0 && i < TASKS; i++)
		r = evtask_create(stand, NULL, NULL, NULL);
	return r < 0 ? r : evtask_sleep(EVTASK_FOREVER);
}

static const struct evtask_coroutine crowd = {
	.name = "crowd", .summary = "make a great many tasks", .fn = gather,
};

int
main(int argc, char *argv[])
{
	struct evtask_console_options options = {
		.server = "crowd", .socket_path = argv[1],
	};
	struct evtask_console *console;
	struct evtask_loop *loop;

	if (argc != 2 || evtask_loop_new(NULL, &loop) < 0 ||
	    evtask_console_start(loop, &options, &console, NULL) < 0 ||
	    evtask_console_add(console, &crowd) < 0)
		return 1;
	return evtask_loop_run_forever(loop) < 0;
}
