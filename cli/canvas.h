/*
 * canvas.h - the whole terminal: a text drawn over the one before, and keys.
 */
#ifndef CLI_CANVAS_H
#define CLI_CANVAS_H

#include <evtask/base.h>
#include "terminal.h"

struct cli;
struct words;

struct canvas {
	struct cli *cli;
	struct terminal terminal; /* ours while keys are read, away from the
	                           * prompt, whose it is else */
	bool signals;             /* of the terminal are handled here */
	bool interrupted;         /* by Ctrl-C; who waits is cancelled */
	struct evtask *task;      /* whose it is */
	char keys[64];            /* typed, and not taken yet */
	size_t n_keys;
};

enum canvas_key {             /* beyond those that are characters */
	KEY_NONE = 0,
	KEY_ENTER = '\r',
	KEY_ESCAPE = '\033',
	KEY_UP = 256,
	KEY_DOWN,
	KEY_PAGE_UP,
	KEY_PAGE_DOWN,
	KEY_HOME,
	KEY_END,
	KEY_OTHER,            /* one nobody asks for */
};

/* Takes the terminal's second screen, and with keys, what is typed. From now
 * on Ctrl-C cancels the running task. close gives all back. */
void canvas_open(struct canvas *canvas, struct cli *cli, bool keys);
void canvas_close(struct canvas *canvas);

/* Draws lines: as many as there is room for above the foot (NULL: none), which
 * stands below all. What is too long is cut. */
void canvas_draw(struct canvas *canvas, const char *text, const char *foot);

/* How many lines there are, but for the foot. */
size_t canvas_rows(const struct canvas *canvas);

/*
 * The next key; KEY_NONE when none has come after so long, or the window is
 * another one. -ECANCELED.
 */
EVTASK_SUSPENDS int canvas_key(struct canvas *canvas, int64_t timeout_us);

/* Runs a line's words, what it prints going to *ret_text, to free; its words
 * for people too, with prose. Returns as cli_run_words(). */
EVTASK_SUSPENDS int
canvas_run(struct cli *cli, const struct words *words, bool prose,
    char **ret_text);

#endif
