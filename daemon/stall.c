/*
 * stall.c - the log is told when the loop is blocked, and by whom.
 *
 * A module's coroutine that computes for seconds, or calls what blocks, stops
 * every task and every client. Then nothing of the loop can say so: the
 * console's watchdog does, from its own thread, a line and one write.
 */
#include "stall.h"

#include <evtask/inspect_stack.h>
#include <evtask/inspect_watchdog.h>
#include <inttypes.h>
#include <stdio.h>

#define FRAMES_SAID 12

/* "clock_nanosleep < sleep < crawl < task_entry": functions, innermost
 * first. */
static void
name_frames(const struct evtask_stall *stall, char *text, size_t size)
{
	struct evtask_place place;
	size_t used = 0;
	int i, said = 0;

	text[0] = '\0';
	for (i = 0; i < stall->n_frames && said < FRAMES_SAID &&
	    used < size; i++) {
		evtask_place_of(stall->frames[i], &place);
		if (place.func[0] != '\0')
			used += (size_t)snprintf(text + used, size - used,
			    "%s%s", said++ > 0 ? " < " : "; it stands in ",
			    place.func);
	}
}

void
stall_say(const struct log *log, const struct evtask_stall *stall)
{
	const struct evtask_loop_look *look = &stall->look;
	char who[128] = "a callback", frames[512];

	if (look->task != 0)
		snprintf(who, sizeof(who), "task %s (%" PRIu64 ")",
		    look->name, look->task);
	if (stall->over) {
		log_say(log, LOG_LEVEL_WARNING, "the loop was blocked for "
		    "%" PRId64 " ms by %s, and turns again",
		    look->still_us / 1000, who);
		return;
	}
	name_frames(stall, frames, sizeof(frames));
	log_say(log, LOG_LEVEL_WARNING, "the loop is blocked for "
	    "%" PRId64 " ms by %s%s", look->still_us / 1000, who, frames);
}
