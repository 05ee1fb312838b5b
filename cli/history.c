/*
 * history.c - the lines of earlier prompts, in a file for its user alone.
 *
 * Each line is written as it is entered: prompts side by side then share one
 * history, and a crash loses nothing. A line that begins with a blank is never
 * written, nor remembered. Of lines that are equal the newest is remembered.
 */
#include "history.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
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

/* Takes the older ones of lines that are equal out of what is remembered. */
static void
forget_same(const char *line)
{
	HIST_ENTRY *entry;

	for (int i = history_length - 1; i >= 0; i--) {
		entry = history_get(history_base + i);
		if (entry != NULL && strcmp(entry->line, line) == 0)
			free_history_entry(remove_history(i));
	}
}

/* By line, and equal ones by age. */
static int
by_line(const void *a, const void *b)
{
	HIST_ENTRY *const *x = a, *const *y = b;
	int r = strcmp((*x)->line, (*y)->line);

	return r != 0 ? r : ((*x)->data > (*y)->data) -
	    ((*x)->data < (*y)->data);
}

/* The same for all lines, as they come from the file. The place of an entry
 * goes into its data, which readline keeps for whoever wants it. */
static void
forget_all_same(void)
{
	HIST_ENTRY **list = history_list(), **sorted;
	size_t n = (size_t)history_length;

	sorted = n > 0 ? calloc(n, sizeof(*sorted)) : NULL;
	if (sorted == NULL)
		return;
	for (size_t i = 0; i < n; i++) {
		sorted[i] = list[i];
		list[i]->data = (void *)(uintptr_t)i;
	}
	qsort(sorted, n, sizeof(*sorted), by_line);
	for (size_t i = 0; i + 1 < n; i++) /* all but the newest of each */
		sorted[i]->data = strcmp(sorted[i]->line,
		    sorted[i + 1]->line) == 0 ? (void *)sorted : NULL;
	sorted[n - 1]->data = NULL;
	for (int i = history_length - 1; i >= 0; i--)
		if (history_list()[i]->data != NULL)
			free_history_entry(remove_history(i));
	free(sorted);
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
	forget_all_same();
}

static int
write_line(int fd, const char *line)
{
	struct stat before;
	size_t size = strlen(line) + 1;
	char *text;
	int r;

	if (asprintf(&text, "%s\n", line) < 0)
		return -ENOMEM;
	r = fstat(fd, &before) < 0 ? -errno : 0;
	if (r == 0) {
		ssize_t n = write(fd, text, size);

		if (n != (ssize_t)size)
			r = n < 0 ? -errno : -ENOSPC;
		if (n > 0 && r < 0 && ftruncate(fd, before.st_size) < 0)
			r = -errno; /* half a line stays behind */
	}
	free(text);
	return r;
}

static int
append(const char *path, const char *line)
{
	int flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC;
	int fd = open(path, flags, 0600), r;

	if (fd < 0) {
		make_directories(path);
		fd = open(path, flags, 0600);
	}
	if (fd < 0)
		return -errno;
	r = write_line(fd, line);
	close(fd);
	return r;
}

int
history_keep(const char *path, const char *line)
{
	HIST_ENTRY *last = history_get(history_base + history_length - 1);

	if (line[0] == '\0' || line[0] == ' ' || line[0] == '\t')
		return 0;
	if (last != NULL && strcmp(last->line, line) == 0)
		return 0;
	forget_same(line);
	add_history(line);
	/* The file has a line for each: one with a line end in its quotes is
	 * remembered here only. */
	return path != NULL && strchr(line, '\n') == NULL ?
	    append(path, line) : 0;
}
