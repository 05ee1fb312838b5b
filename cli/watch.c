/*
 * watch.c - `evtask watch`: a verb again and again, on one screen.
 *
 * What does not fit is said. A key asks at once, and q ends it. Where the
 * output is no terminal, one after the other.
 */
#include <errno.h>
#include <evtask/evtask.h>
#include <evtask/ctl_value.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "canvas.h"
#include "cli.h"
#include "exits.h"
#include "grammar.h"
#include "render.h"
#include "text.h"
#include "verbs.h"
#include "words.h"

#define USUAL_INTERVAL_US 2000000

struct watch {
	struct cli *cli;
	struct canvas canvas;
	struct words words;
	const char *title;
	int64_t interval_us;
	bool screen;
	bool keys;       /* are read: a person is there */
	bool quit;       /* by one */
	char *complaint; /* why it cannot go on; or NULL */
};

/* What was printed, below when that was. */
static void
draw(struct watch *watch, const char *text)
{
	struct out *out = &watch->cli->out;
	char time[TEXT_TIME_SIZE], age[TEXT_AGE_SIZE], *whole = NULL;
	size_t size;
	FILE *file = open_memstream(&whole, &size);

	if (file == NULL)
		return;
	text_time(render_now_us(), time);
	fprintf(file, "%s%.8s  every %s%s%s  ", out_paint(out, PAINT_DIM),
	    time + 11, text_age(watch->interval_us, age),
	    watch->keys ? ", q quits" : "", out_plain(out));
	text_print(file, watch->title, false);
	fprintf(file, "\n%s", text);
	fclose(file);
	canvas_draw(&watch->canvas, whole, NULL);
	free(whole);
}

static int
watch_once(struct watch *watch)
{
	char *text = NULL;
	int r = canvas_run(watch->cli, &watch->words, watch->screen, &text);

	if (r == -ECANCELED) {
		free(text);
		return r;
	}
	out_measure(&watch->cli->out);
	if (watch->screen)
		draw(watch, text != NULL ? text : "");
	else if (text != NULL)
		out_bytes(&watch->cli->out, false, text, strlen(text));
	if (watch->screen && r == EXIT_USAGE)
		watch->complaint = text;
	else
		free(text);
	if (watch->cli->out.failed != 0)
		return EXIT_FAILED;
	return watch->screen && r != EXIT_USAGE ? 0 : r;
}

/* Until it is time again, or a key says so: Space and Enter, or the window,
 * which has changed. */
static int
wait_for_next(struct watch *watch)
{
	const struct evtask_loop *loop = evtask_get_running_loop();
	int64_t until_us, left_us = watch->interval_us;
	int key;

	if (!watch->keys)
		return evtask_sleep(watch->interval_us);
	until_us = evtask_loop_time_us(loop) + left_us;
	while (left_us > 0) {
		key = canvas_key(&watch->canvas, left_us);
		watch->quit = key == 'q';
		if (key < 0)
			return key;
		if (key == KEY_NONE || key == KEY_ENTER || key == ' ' ||
		    watch->quit)
			break;
		left_us = until_us - evtask_loop_time_us(loop);
	}
	return 0;
}

static int
watch_for_ever(struct watch *watch, int64_t count)
{
	int r = 0;

	while (r == 0 && !watch->quit && count-- > 0) {
		r = watch_once(watch);
		if (r == 0 && count > 0)
			r = wait_for_next(watch);
	}
	return r;
}

/* The same where there is no screen to put back: it ends in order. */
static void
on_interrupt(void *arg)
{
	evtask_cancel(arg, "interrupted");
}

int
verb_watch(struct cli *cli, struct invocation *invocation)
{
	struct watch watch = { .cli = cli };
	char *title = word_list_join(&invocation->program);
	int r = words_of((char *const *)invocation->program.v,
	    invocation->program.n, &watch.words);

	if (r < 0 || title == NULL)
		return cli_no_memory(cli);
	watch.title = title;
	watch.screen = cli->out.height > 0 && !cli->out.captured;
	watch.keys = watch.screen && isatty(STDIN_FILENO);
	watch.interval_us = evtask_ctl_get_int(invocation->own, "interval_us",
	    USUAL_INTERVAL_US);
	if (watch.screen)
		canvas_open(&watch.canvas, cli, watch.keys);
	else
		cli_on_interrupt(cli, on_interrupt, evtask_current_task());
	r = watch_for_ever(&watch, evtask_ctl_get_int(invocation->own,
	    "count", INT64_MAX));
	if (watch.screen)
		canvas_close(&watch.canvas);
	else
		cli_on_interrupt(cli, NULL, NULL);
	out_flush(&cli->out);
	if (watch.complaint != NULL)
		out_bytes(&cli->out, true, watch.complaint,
		    strlen(watch.complaint));
	free(watch.complaint);
	words_release(&watch.words);
	free(title);
	return r;
}
