/*
 * watch.c - `evtask watch`: a verb again and again, on one screen.
 *
 * Each time the verb prints into memory first, and then the screen is drawn
 * over line by line: nothing flickers, and what does not fit is said. The
 * screen is the terminal's second one, as of an editor: what stood there
 * before stands there again at the end.
 */
#include <errno.h>
#include <evtask/evtask.h>
#include <evtask/ctl_value.h>
#include <stdlib.h>
#include <string.h>
#include "cli.h"
#include "exits.h"
#include "grammar.h"
#include "render.h"
#include "text.h"
#include "verbs.h"
#include "words.h"

#define USUAL_INTERVAL_US 2000000

#define ENTER "\033[?1049h\033[?25l" /* the second screen, no cursor */
#define LEAVE "\033[?25h\033[?1049l"
#define HOME "\033[H"
#define WIPE_LINE "\033[K"
#define WIPE_REST "\033[J"

struct watch {
	struct cli *cli;
	struct words words;
	const char *title;
	int64_t interval_us;
	bool screen;
	char *complaint; /* why it cannot go on; or NULL */
};

/* Runs the verb, its data into memory. */
static int
run_captured(struct watch *watch, char **ret_text)
{
	struct out *out = &watch->cli->out;
	FILE *data = out->data, *prose = out->prose;
	size_t size;
	FILE *memory = open_memstream(ret_text, &size);
	int r;

	if (memory == NULL)
		return cli_no_memory(watch->cli);
	out->data = memory;
	out->captured = true;
	if (watch->screen)
		out->prose = memory; /* there is no other place for it */
	r = cli_run_words(watch->cli, &watch->words);
	out->data = data;
	out->prose = prose;
	out->captured = false;
	fclose(memory);
	return r;
}

/* What was printed, over what stands there. */
static void
draw(struct watch *watch, const char *text)
{
	struct out *out = &watch->cli->out;
	size_t rows = out->height > 2 ? out->height - 2 : 1, row;
	char time[TEXT_TIME_SIZE], age[TEXT_AGE_SIZE];

	text_time(render_now_us(), time);
	out_printf(out, HOME "%s%.8s  every %s%s  ", out_paint(out, PAINT_DIM),
	    time + 11, text_age(watch->interval_us, age), out_plain(out));
	text_print_cut(out->data, watch->title, out->width > 30 ?
	    out->width - 30 : 0);
	out_printf(out, WIPE_LINE "\n");
	for (row = 1; row < rows && *text != '\0'; row++) {
		int size = (int)strcspn(text, "\n");

		out_printf(out, "%.*s" WIPE_LINE "\n", size, text);
		text += size + (text[size] == '\n');
	}
	out_printf(out, "%s" WIPE_REST, *text != '\0' ? "..." : "");
	out_flush(out);
}

static int
watch_once(struct watch *watch)
{
	char *text = NULL;
	int r = run_captured(watch, &text);

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

static int
watch_for_ever(struct watch *watch, int64_t count)
{
	int r = 0;

	while (r == 0 && count-- > 0) {
		r = watch_once(watch);
		if (r == 0 && count > 0)
			r = evtask_sleep(watch->interval_us);
	}
	return r;
}

/* Ctrl-C ends it in order: the screen is to be put back. */
static void
on_interrupt(void *arg)
{
	evtask_cancel(arg, "interrupted");
}

static char *
join(const struct word_list *words)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (out == NULL)
		return NULL;
	for (size_t i = 0; i < words->n; i++)
		fprintf(out, "%s%s", i > 0 ? " " : "", words->v[i]);
	fclose(out);
	return text;
}

int
verb_watch(struct cli *cli, struct invocation *invocation)
{
	struct watch watch = { .cli = cli };
	char *title = join(&invocation->program);
	int r = words_of((char *const *)invocation->program.v,
	    invocation->program.n, &watch.words);

	if (r < 0 || title == NULL)
		return cli_no_memory(cli);
	watch.title = title;
	watch.screen = cli->out.height > 0 && !cli->out.captured;
	watch.interval_us = evtask_ctl_get_int(invocation->own, "interval_us",
	    USUAL_INTERVAL_US);
	if (watch.screen)
		out_printf(&cli->out, ENTER);
	cli_on_interrupt(cli, on_interrupt, evtask_current_task());
	r = watch_for_ever(&watch, evtask_ctl_get_int(invocation->own,
	    "count", INT64_MAX));
	cli_on_interrupt(cli, NULL, NULL);
	if (watch.screen)
		out_printf(&cli->out, LEAVE);
	out_flush(&cli->out);
	if (watch.complaint != NULL)
		out_bytes(&cli->out, true, watch.complaint,
		    strlen(watch.complaint));
	free(watch.complaint);
	words_release(&watch.words);
	free(title);
	return r;
}
