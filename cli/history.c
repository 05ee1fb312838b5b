/*
 * history.c - the lines of earlier prompts, in a file for its user alone.
 *
 * Each line is written as it is entered: prompts side by side then share one
 * history, and a crash loses nothing. A line that begins with a blank is never
 * written, nor remembered: that is how a secret is kept out.
 */
#include "history.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <readline/history.h>

#define LINES_KEPT 2000

char *
history_path(void)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	char *path;
	int r = -1;

	if (state != NULL && state[0] == '/')
		r = asprintf(&path, "%s/evtask/history", state);
	else if (home != NULL && home[0] == '/')
		r = asprintf(&path, "%s/.local/state/evtask/history", home);
	return r < 0 ? NULL : path;
}

/* Makes the directories that lead to path, for the user alone. */
static void
make_directories(const char *path)
{
	char *copy = strdup(path);

	for (char *slash = copy; copy != NULL &&
	    (slash = strchr(slash + 1, '/')) != NULL; ) {
		*slash = '\0';
		mkdir(copy, 0700); /* what matters is whether open() works */
		*slash = '/';
	}
	free(copy);
}

void
history_load(const char *path)
{
	using_history();
	stifle_history(LINES_KEPT);
	if (path == NULL || read_history(path) != 0)
		return;
	if (history_length >= LINES_KEPT)
		history_truncate_file(path, LINES_KEPT);
}

static void
append(const char *path, const char *line)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0) {
		make_directories(path);
		fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC,
		    0600);
	}
	if (fd < 0)
		return;
	dprintf(fd, "%s\n", line);
	close(fd);
}

void
history_keep(const char *path, const char *line)
{
	HIST_ENTRY *last = history_get(history_base + history_length - 1);

	if (line[0] == '\0' || line[0] == ' ' || line[0] == '\t')
		return;
	if (last != NULL && strcmp(last->line, line) == 0)
		return;
	add_history(line);
	if (path != NULL)
		append(path, line);
}
