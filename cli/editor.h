/*
 * editor.h - the line that is being edited.
 */
#ifndef CLI_EDITOR_H
#define CLI_EDITOR_H

#include <evtask/base.h>

struct evtask_future;
struct ghost;
struct notices;
struct prompt;

struct editor {
	struct notices *notices; /* above the line; they know if there is one */
	struct ghost *ghost;     /* behind it */
	struct prompt *prompt;   /* before it */
	char *begun;             /* a line that goes on in this; or NULL */
	char *offer;             /* what a second Ctrl-C is for; or NULL */
	char *text;              /* that was entered; NULL: Ctrl-D */
	struct evtask_future *entered; /* settled with that */
};

/* Edits one: it is the text then, the caller's to free. Returns 0 or a negative
 * errno. */
EVTASK_SUSPENDS int editor_read(struct editor *editor);

/* What the next Ctrl-C is to put on an empty line: taken; or NULL. */
void editor_offer(struct editor *editor, char *line);

/* Ctrl-C on the line. */
void editor_interrupt(struct editor *editor);

/* The prompt says something else; for notices, who draw the line themselves. */
void editor_redraw(struct editor *editor);
void editor_on_notice(void *editor);

/* The window has changed. The terminal goes to somebody else, and comes back.
 * All of them do nothing when no line is edited. */
void editor_resize(struct editor *editor);
void editor_suspend(struct editor *editor);
void editor_resume(struct editor *editor);

/* Ends the editing: for good; as Ctrl-D does, below the line. */
void editor_stop(struct editor *editor);
void editor_leave(struct editor *editor);

void editor_release(struct editor *editor);

#endif
