/*
 * stacks.c - stacks, printed: the names of lines are looked up in files, so the
 * text is made in a thread, and the prompt goes on meanwhile.
 */
#include "stacks.h"

#include <evtask/evtask.h>
#include <stdlib.h>
#include "cli.h"
#include "render.h"
#include "text.h"

int
stacks_print(struct cli *cli, struct json_object *result, bool folded)
{
	struct render_stack job = { .result = result, .folded = folded };
	int answer = -1;
	int r = evtask_to_thread(render_stack_text, &job, &answer);

	if (r >= 0 && answer < 0)
		r = cli_no_memory(cli);
	if (r >= 0 && job.text != NULL)
		text_lines(cli->out.data, job.text);
	free(job.text);
	return r;
}
