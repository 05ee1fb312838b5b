/*
 * again.h - requests that may be sent a second time.
 */
#ifndef CLI_AGAIN_H
#define CLI_AGAIN_H

#include <evtask/base.h>

struct cli;
struct json_object;

/* Whether the server would know it again: it carries a key. */
bool again_may(struct json_object *params);

/* Whether that is why there was no answer. */
bool again_is_lost(struct json_object *error);

/*
 * Waits for a connection. Returns 0; an exit code, all being said; -ECANCELED.
 * Only when again_may() was true of what is to be sent again.
 */
EVTASK_SUSPENDS int again_connect(struct cli *cli);

#endif
