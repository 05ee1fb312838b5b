/*
 * notice.c - words above the line that is being edited.
 *
 * Readline owns the screen while a line is edited. To write above it, its
 * lines are wiped, the notice is written where they began, and readline draws
 * them again below: whatever is typed, wherever the cursor stands, however
 * many lines it takes. In some states what is on the screen is not the line
 * but a question of readline's own - a search, a count, a key that is awaited
 * - which it would not draw again: then the notice waits for the state to end.
 */
#include "notice.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <readline/readline.h>
#include "ghost.h"
#include "text.h"

/* States in which the screen shows something else than the line. */
#define BUSY (RL_STATE_ISEARCH | RL_STATE_NSEARCH | RL_STATE_SEARCH | \
    RL_STATE_NUMERICARG | RL_STATE_COMPLETING | RL_STATE_MOREINPUT | \
    RL_STATE_VIMOTION | RL_STATE_MACRODEF)

static bool
can_show(const struct notices *notices)
{
	if (notices->held)
		return false;
	return !notices->editing || RL_ISSTATE(RL_STATE_DONE) ||
	    !RL_ISSTATE(BUSY);
}

static void
show(const struct notices *notices, const char *text)
{
	FILE *file = notices->editing ? rl_outstream : stdout;

	if (notices->editing) {
		ghost_hide(notices->ghost);
		rl_clear_visible_line();
	}
	text_print(file, text, true);
	fputc('\n', file);
	fflush(file);
	if (notices->editing) {
		notices->changed(notices->arg);
		rl_on_new_line();
		rl_redisplay();
		ghost_show(notices->ghost);
	}
}

static void
hold_back(struct notices *notices, char *text)
{
	char **v = NULL;

	if (notices->n < NOTICES_MAX)
		v = reallocarray(notices->v, notices->n + 1, sizeof(*v));
	if (v == NULL) {
		notices->lost++;
		free(text);
		return;
	}
	notices->v = v;
	v[notices->n++] = text;
}

void
notice(struct notices *notices, const char *fmt, ...)
{
	va_list args;
	char *text;
	int r;

	va_start(args, fmt);
	r = vasprintf(&text, fmt, args);
	va_end(args);
	if (r < 0)
		return;
	if (!can_show(notices)) {
		hold_back(notices, text);
		return;
	}
	show(notices, text);
	free(text);
}

void
notices_flush(struct notices *notices)
{
	char text[64];

	if (!can_show(notices))
		return;
	for (size_t i = 0; i < notices->n; i++) {
		show(notices, notices->v[i]);
		free(notices->v[i]);
	}
	notices->n = 0;
	if (notices->lost == 0)
		return;
	snprintf(text, sizeof(text), "* and %zu more notices", notices->lost);
	notices->lost = 0;
	show(notices, text);
}

void
notices_release(struct notices *notices)
{
	for (size_t i = 0; i < notices->n; i++)
		free(notices->v[i]);
	free(notices->v);
	notices->v = NULL;
	notices->n = 0;
}
