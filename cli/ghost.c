/*
 * ghost.c - a hint behind the line that is being edited, in grey.
 *
 * When readline has drawn the line, we write the hint behind its end and go
 * back; readline knows nothing of it. So it is there only while the cursor
 * stands at the end, never reaches the last column, and is wiped before a key
 * is read: whatever the key does, readline finds the screen as it left it.
 * Where there are no colours a hint would look like what was typed: there is
 * none. Nor is there one while more keys are waiting: a paste needs no hints.
 */
#include "ghost.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <readline/readline.h>
#include "complete.h"
#include "hint.h"
#include "out.h"
#include "picture.h"
#include "text.h"
#include "words.h"

#define GREY "\033[90m"
#define PLAIN "\033[39m"
#define WIPE "\033[K"
#define LEAST_ROOM 6 /* columns: less says nothing */

/* States in which the end of the screen's text is not that of the line. */
#define BUSY (RL_STATE_ISEARCH | RL_STATE_NSEARCH | RL_STATE_SEARCH | \
    RL_STATE_NUMERICARG | RL_STATE_COMPLETING | RL_STATE_MOREINPUT | \
    RL_STATE_DONE)

static char *
hint_of_line(const struct ghost *ghost)
{
	struct complete_source source = { picture_tasks, picture_coroutines,
	    picture_document, ghost->picture, .prompt = true };
	struct words words;
	char *text;

	if (words_cut(rl_line_buffer, &words, NULL) < 0)
		return NULL;
	text = hint_text(&words, &source);
	words_release(&words);
	return text;
}

/* Whether a line is as wide here as readline draws it: over more rows than
 * one, and for control characters, it has rules of its own. */
static bool
is_plain(const char *line, bool wrapped)
{
	for (; *line != '\0'; line++)
		if ((unsigned char)*line < ' ' || *line == 0x7f ||
		    (wrapped && (unsigned char)*line >= 0x80))
			return false;
	return true;
}

/* The columns that are free behind the cursor on its row; 0: none. */
static size_t
room(const struct ghost *ghost)
{
	size_t used = text_width(ghost->prompt) + text_width(rl_line_buffer);
	size_t width = ghost->out->width;

	if (width == 0 || used % width == 0 ||
	    !is_plain(rl_line_buffer, used > width))
		return 0;
	return width - used % width - 1;
}

static bool
may_show(const struct ghost *ghost)
{
	int waiting = 0;

	return ghost->editing && ghost->out->color && !RL_ISSTATE(BUSY) &&
	    rl_point == rl_end && rl_end > 0 &&
	    ioctl(STDIN_FILENO, FIONREAD, &waiting) == 0 && waiting == 0;
}

void
ghost_show(struct ghost *ghost)
{
	size_t most, n;
	char *text;

	if (!may_show(ghost) || (most = room(ghost)) < LEAST_ROOM ||
	    (text = hint_of_line(ghost)) == NULL)
		return;
	fputs(GREY, rl_outstream);
	n = text_print_cut(rl_outstream, text, most);
	fprintf(rl_outstream, PLAIN "\033[%zuD", n);
	fflush(rl_outstream);
	ghost->shown = true;
	free(text);
}

void
ghost_hide(struct ghost *ghost)
{
	if (!ghost->shown)
		return;
	ghost->shown = false;
	fputs(WIPE, rl_outstream);
}
