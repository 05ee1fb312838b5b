/*
 * outside_none.c - stands in for outside.c where evtask is built without
 * elfutils.
 */
#include "outside.h"

#include "exits.h"

bool
outside_wanted(const struct cli *cli)
{
	return cli->settings.pid != 0 || cli->settings.core != NULL;
}

int
outside_run(struct cli *cli, struct invocation *invocation)
{
	(void)invocation;
	out_error(&cli->out, "this evtask was built without elfutils, which "
	    "--pid and --core need");
	return EXIT_FAILED;
}
