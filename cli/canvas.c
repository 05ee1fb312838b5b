/*
 * canvas.c - the whole terminal: a text drawn over the one before, and keys.
 *
 * What is to be shown is printed into memory first, and then drawn over what
 * stands there, line by line: nothing flickers, and what does not fit is cut.
 * The screen is the terminal's second one, as of an editor: what stood there
 * before stands there again at the end. A stop by Ctrl-Z gives the terminal
 * back meanwhile; at the prompt that is the prompt's affair.
 */
#include "canvas.h"

#include <errno.h>
#include <evtask/evtask.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>
#include "cli.h"

#define ENTER "\033[?1049h\033[?25l" /* the second screen, no cursor */
#define LEAVE "\033[?25h\033[?1049l"
#define HOME "\033[H"
#define WIPE_LINE "\033[K"
#define WIPE_REST "\033[J"
#define ESCAPE_US 25000 /* a lone Escape is none that begins a key */

static void
enter(struct canvas *canvas, bool entered)
{
	out_printf(&canvas->cli->out, "%s", entered ? ENTER : LEAVE);
	out_flush(&canvas->cli->out);
}

/* Ctrl-C ends it in order: the screen is to be put back. */
static void
on_interrupt(void *arg)
{
	struct canvas *canvas = arg;

	canvas->interrupted = true;
	evtask_cancel(canvas->task, "interrupted");
}

static void
on_stop(void *arg)
{
	struct canvas *canvas = arg;

	enter(canvas, false);
	terminal_give_back(&canvas->terminal);
	evtask_loop_remove_signal_handler(NULL, SIGTSTP);
	raise(SIGTSTP); /* here we stand, until we are continued */
	evtask_loop_add_signal_handler(NULL, SIGTSTP, on_stop, canvas);
	terminal_take(&canvas->terminal);
	enter(canvas, true);
}

void
canvas_open(struct canvas *canvas, struct cli *cli, bool keys)
{
	*canvas = (struct canvas){ .cli = cli,
	    .task = evtask_current_task() };
	if (keys && cli->terminal == NULL) {
		terminal_take(&canvas->terminal);
		canvas->signals = evtask_loop_add_signal_handler(NULL,
		    SIGTSTP, on_stop, canvas) == 0;
	}
	cli_on_interrupt(cli, on_interrupt, canvas);
	enter(canvas, true);
}

void
canvas_close(struct canvas *canvas)
{
	cli_on_interrupt(canvas->cli, NULL, NULL);
	if (canvas->signals)
		evtask_loop_remove_signal_handler(NULL, SIGTSTP);
	terminal_give_back(&canvas->terminal);
	enter(canvas, false);
}

size_t
canvas_rows(const struct canvas *canvas)
{
	size_t height = canvas->cli->out.height;

	return height > 2 ? height - 1 : 1;
}

/* A line, colours and all, in at most width columns. */
static void
print_line(FILE *file, const char *line, size_t size, size_t width)
{
	mbstate_t state = {0};
	size_t used = 0, n;
	wchar_t c;
	int columns;

	for (; size > 0; line += n, size -= n) {
		if (*line == '\033') {
			n = strcspn(line, "m") + 1;
			n = n < size ? n : size;
			fwrite(line, 1, n, file);
			continue;
		}
		n = mbrtowc(&c, line, size, &state);
		if (n == 0 || n > size) {
			memset(&state, 0, sizeof(state));
			n = 1;
			c = L'?';
		}
		columns = wcwidth(c);
		if (columns < 0 || used + (size_t)columns > width)
			continue;
		used += (size_t)columns;
		fwrite(line, 1, n, file);
	}
}

void
canvas_draw(struct canvas *canvas, const char *text, const char *foot)
{
	struct out *out = &canvas->cli->out;
	size_t rows = canvas_rows(canvas), row, size;

	out_printf(out, HOME);
	for (row = 0; row < rows && *text != '\0'; row++) {
		size = strcspn(text, "\n");
		print_line(out->data, text, size, out->width);
		out_printf(out, WIPE_LINE "\n");
		text += size + (text[size] == '\n');
	}
	if (foot == NULL) {
		out_printf(out, "%s" WIPE_REST, *text != '\0' ? "..." : "");
	} else {
		for (; row < rows; row++)
			out_printf(out, WIPE_LINE "\n");
		print_line(out->data, foot, strlen(foot), out->width - 1);
		out_printf(out, WIPE_REST);
	}
	out_flush(out);
}

/* Keys. */

static const struct {
	const char *sequence;
	int key;
} sequences[] = {
	{ "\033[A", KEY_UP }, { "\033OA", KEY_UP },
	{ "\033[B", KEY_DOWN }, { "\033OB", KEY_DOWN },
	{ "\033[5~", KEY_PAGE_UP }, { "\033[6~", KEY_PAGE_DOWN },
	{ "\033[H", KEY_HOME }, { "\033OH", KEY_HOME },
	{ "\033[1~", KEY_HOME }, { "\033[F", KEY_END },
	{ "\033OF", KEY_END }, { "\033[4~", KEY_END },
};

static int
use_up(struct canvas *canvas, size_t n, int key)
{
	canvas->n_keys -= n;
	memmove(canvas->keys, canvas->keys + n, canvas->n_keys);
	return key;
}

/* The first key of those typed; KEY_NONE: there is none that is whole. */
static int
take_key(struct canvas *canvas)
{
	const char *keys = canvas->keys;
	size_t n = canvas->n_keys, size;

	if (n == 0 || (n == 1 && keys[0] == '\033'))
		return KEY_NONE;
	if (keys[0] != '\033')
		return use_up(canvas, 1, keys[0] == '\n' ? KEY_ENTER :
		    (unsigned char)keys[0]);
	if (keys[1] != '[' && keys[1] != 'O')
		return use_up(canvas, 1, KEY_ESCAPE);
	for (size_t i = 0; i < sizeof(sequences) / sizeof(sequences[0]); i++) {
		size = strlen(sequences[i].sequence);
		if (size <= n && memcmp(keys, sequences[i].sequence, size) ==
		    0)
			return use_up(canvas, size, sequences[i].key);
	}
	for (size = 2; size < n; size++)
		if (keys[size] >= '@')
			return use_up(canvas, size + 1, KEY_OTHER);
	return n == sizeof(canvas->keys) ? use_up(canvas, n, KEY_OTHER) :
	    KEY_NONE;
}

/* Reads what is typed. 1; 0: nothing, for so long; or an error. */
static int
read_keys(struct canvas *canvas, int64_t timeout_us)
{
	struct evtask_timeout timeout;
	ssize_t n;
	int r = evtask_timeout_enter(&timeout, timeout_us);

	if (r < 0)
		return r;
	r = evtask_fd_wait(STDIN_FILENO, EVTASK_READABLE);
	r = evtask_timeout_exit(&timeout, r);
	if (r == -ETIMEDOUT) {
		evtask_error_unref(evtask_catch(r));
		return 0;
	}
	if (r < 0)
		return r;
	n = read(STDIN_FILENO, canvas->keys + canvas->n_keys,
	    sizeof(canvas->keys) - canvas->n_keys);
	if (n <= 0)
		return n == 0 ? -EPIPE : -errno;
	canvas->n_keys += (size_t)n;
	return 1;
}

int
canvas_key(struct canvas *canvas, int64_t timeout_us)
{
	int key = take_key(canvas), r;

	if (key != KEY_NONE)
		return key;
	r = read_keys(canvas, canvas->n_keys > 0 ? ESCAPE_US : timeout_us);
	if (r < 0)
		return r;
	if (r == 0 && canvas->n_keys > 0)
		return use_up(canvas, 1, KEY_ESCAPE);
	return take_key(canvas);
}

int
canvas_run(struct cli *cli, const struct words *words, bool prose,
    char **ret_text)
{
	struct out *out = &cli->out;
	FILE *old_data = out->data, *old_prose = out->prose;
	size_t size;
	FILE *memory = open_memstream(ret_text, &size);
	int r;

	if (memory == NULL)
		return cli_no_memory(cli);
	out->data = memory;
	out->captured = true;
	if (prose)
		out->prose = memory; /* there is no other place for it */
	r = cli_run_words(cli, words);
	out->data = old_data;
	out->prose = old_prose;
	out->captured = false;
	fclose(memory);
	return r;
}
