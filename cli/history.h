/*
 * history.h - the lines of earlier prompts.
 */
#ifndef CLI_HISTORY_H
#define CLI_HISTORY_H

/*
 * Where they are kept: $XDG_STATE_HOME/evtask/history, else under
 * ~/.local/state; to free. NULL: nowhere (no home, no memory).
 */
char *history_path(void);

/* Reads them into readline's history. path may be NULL. */
void history_load(const char *path);

/* Keeps one more; not one that begins with a blank, nor the same again. path
 * may be NULL. Returns 0, or -errno when it cannot be written: then it is kept
 * for this prompt alone. */
int history_keep(const char *path, const char *line);

#endif
