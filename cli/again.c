/*
 * again.c - requests that may be sent a second time.
 *
 * When a connection is lost before the answer, nobody knows whether the server
 * has done what it was asked. So a change is never sent twice, but for one that
 * carries a key: by that the server knows what it has done already, and says
 * again what came of it. At the prompt it is the keeper that connects;
 * elsewhere we do, for a while.
 */
#include "again.h"

#include <errno.h>
#include <evtask/ctl_value.h>
#include <evtask/sleep.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include "cli.h"
#include "exits.h"
#include "remote.h"

#define PAUSE_US 100000
#define TRIES 100 /* where no keeper tries for ever */

bool
again_may(struct json_object *params)
{
	return evtask_ctl_get_text(params, "key", NULL) != NULL;
}

bool
again_is_lost(struct json_object *error)
{
	return strcmp(evtask_ctl_get_text(evtask_ctl_get(error, "data"),
	    "name", ""), "ConnectionLost") == 0;
}

static int
wait_for_keeper(struct cli *cli)
{
	int r = 0;

	while (r == 0 && !remote_alive(cli->remote))
		r = evtask_sleep(PAUSE_US);
	return r;
}

static int
knock(struct cli *cli)
{
	char *why = NULL;
	int r = 0;

	remote_close(cli->remote);
	cli->remote = NULL;
	for (int i = 0; i < TRIES && cli->remote == NULL; i++) {
		free(why);
		r = evtask_sleep(PAUSE_US);
		if (r < 0)
			return r;
		r = remote_open(&cli->settings.place, &cli->remote, &why);
	}
	if (r < 0)
		out_error(&cli->out, "%s", why != NULL ? why : strerror(-r));
	free(why);
	return r < 0 ? EXIT_NO_SERVER : 0;
}

int
again_connect(struct cli *cli)
{
	out_note(&cli->out, "the connection is lost; it is asked again, by "
	    "its key");
	return cli->mode == CLI_PROMPT ? wait_for_keeper(cli) : knock(cli);
}
