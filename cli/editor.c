/*
 * editor.c - the line that is being edited.
 *
 * Readline is driven by its callback interface from the loop: a key is an
 * event among others, and nothing ever blocks. What stands round the line, the
 * notices above it and the hint behind it, is ours: it is wiped before readline
 * is given a key, and put back behind it.
 *
 * Readline knows one line at a time in one process, and passes its callbacks
 * nothing: the one static pointer here is what they find the editor by.
 */
#include "editor.h"

#include <evtask/evtask.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <readline/readline.h>
#include "ghost.h"
#include "notice.h"
#include "prompt.h"

static struct editor *the_editor;

void
editor_on_notice(void *arg)
{
	struct editor *editor = arg;
	char text[PROMPT_SIZE];

	prompt_write(editor->prompt, editor->begun != NULL, text);
	rl_set_prompt(text);
}

void
editor_redraw(struct editor *editor)
{
	if (!editor->notices->editing)
		return;
	ghost_hide(editor->ghost);
	rl_clear_visible_line();
	editor_on_notice(editor);
	rl_on_new_line();
	rl_redisplay();
	ghost_show(editor->ghost);
}

static void
set_editing(struct editor *editor, bool editing)
{
	editor->notices->editing = editor->ghost->editing = editing;
}

void
editor_stop(struct editor *editor)
{
	if (!editor->notices->editing)
		return;
	set_editing(editor, false);
	evtask_loop_remove_reader(NULL, STDIN_FILENO);
	rl_callback_handler_remove();
}

/* Readline has a line for us; NULL is Ctrl-D. */
static void
on_line(char *line)
{
	struct editor *editor = the_editor;

	if (line == NULL)
		fputc('\n', rl_outstream);
	editor->text = line;
	editor_stop(editor);
	evtask_set_result(editor->entered, evtask_value_none());
}

void
editor_leave(struct editor *editor)
{
	on_line(NULL);
}

void
editor_offer(struct editor *editor, char *line)
{
	free(editor->offer);
	editor->offer = line;
}

static void
on_key(void *arg)
{
	struct editor *editor = arg;

	ghost_hide(editor->ghost);
	editor_offer(editor, NULL);
	rl_callback_read_char();
	if (editor->notices->editing)
		notices_flush(editor->notices);
	ghost_show(editor->ghost);
}

static int
begin(struct editor *editor)
{
	char text[PROMPT_SIZE];

	notices_flush(editor->notices);
	prompt_write(editor->prompt, editor->begun != NULL, text);
	set_editing(editor, true);
	rl_callback_handler_install(text, on_line);
	return evtask_loop_add_reader(NULL, STDIN_FILENO, on_key, editor);
}

int
editor_read(struct editor *editor)
{
	int r = evtask_future_new(NULL, &editor->entered);

	the_editor = editor;
	if (r == 0)
		r = begin(editor);
	if (r == 0)
		r = evtask_await(editor->entered);
	evtask_future_unref(editor->entered);
	editor->entered = NULL;
	return r;
}

/* Ctrl-C on a line: it is left as it stands, and a new one begun. */
static void
abandon_line(struct editor *editor)
{
	ghost_hide(editor->ghost);
	rl_callback_sigcleanup();
	rl_free_line_state();
	rl_point = rl_end;
	fputs("^C\n", rl_outstream);
	free(editor->begun);
	editor->begun = NULL;
	editor_on_notice(editor);
	rl_replace_line("", 1);
	rl_on_new_line();
	rl_redisplay();
	notices_flush(editor->notices);
}

/* The second Ctrl-C: the line that cancels the task, to be entered or not. With
 * it the terminal has dropped what it was yet to show: all is drawn anew. */
static void
make_offer(struct editor *editor)
{
	rl_insert_text(editor->offer);
	editor_offer(editor, NULL);
	editor_redraw(editor);
}

void
editor_interrupt(struct editor *editor)
{
	if (editor->offer != NULL && rl_end == 0)
		make_offer(editor);
	else
		abandon_line(editor);
}

void
editor_resize(struct editor *editor)
{
	if (!editor->notices->editing)
		return;
	ghost_hide(editor->ghost);
	rl_resize_terminal();
	ghost_show(editor->ghost);
}

void
editor_suspend(struct editor *editor)
{
	if (editor->notices->editing)
		rl_deprep_terminal();
}

void
editor_resume(struct editor *editor)
{
	if (!editor->notices->editing)
		return;
	rl_prep_term_function(1);
	fputc('\r', rl_outstream); /* twice is as good as once */
	rl_on_new_line();
	rl_redisplay();
	ghost_show(editor->ghost);
}

void
editor_release(struct editor *editor)
{
	editor_offer(editor, NULL);
	free(editor->begun);
	editor->begun = NULL;
	the_editor = NULL;
}
