/*
 * dump.c - what every task does, into the log: for the operator who has no
 * socket at hand, by SIGQUIT.
 */
#include "dump.h"

#include <evtask/evtask.h>
#include <evtask/inspect.h>
#include <evtask/inspect_stack.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define TASKS_MAX 10000 /* said; the log is not for more */

static void
say_stack(const struct log *log, const struct evtask *task)
{
	char *text = NULL, *line, *rest;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	if (file == NULL)
		return;
	(void)evtask_print_stack(task, file);
	fclose(file);
	for (line = text; (rest = strchr(line, '\n')) != NULL;
	    line = rest + 1) {
		*rest = '\0';
		log_say(log, LOG_LEVEL_NOTICE, "    %s", line);
	}
	free(text);
}

static void
say_task(const struct log *log, const struct evtask *task)
{
	const char *state = evtask_state_name(evtask_get_state(task));
	struct evtask_wait_info wait;

	if (evtask_get_wait(task, &wait) == 1)
		log_say(log, LOG_LEVEL_NOTICE, "task %" PRIu64 " %s: %s, %s "
		    "%s %s%s%s", evtask_id(task), evtask_get_name(task), state,
		    wait.op, wait.type != NULL ? wait.type : "", wait.name,
		    wait.owner != NULL ? " <- " : "",
		    wait.owner != NULL ? evtask_get_name(wait.owner) : "");
	else
		log_say(log, LOG_LEVEL_NOTICE, "task %" PRIu64 " %s: %s",
		    evtask_id(task), evtask_get_name(task), state);
	say_stack(log, task);
}

void
dump_tasks(const struct log *log, struct evtask_loop *loop)
{
	size_t n = evtask_all_tasks(loop, NULL, 0), i;
	struct evtask **tasks;

	log_say(log, LOG_LEVEL_NOTICE, "SIGQUIT: %zu tasks", n);
	n = n < TASKS_MAX ? n : TASKS_MAX;
	tasks = calloc(n + 1, sizeof(*tasks));
	if (tasks == NULL)
		return;
	evtask_all_tasks(loop, tasks, n);
	for (i = 0; i < n; i++)
		say_task(log, tasks[i]);
	free(tasks);
}
