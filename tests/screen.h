/*
 * screen.h - a small terminal: what a program writes, as a person sees it.
 */
#ifndef TESTS_SCREEN_H
#define TESTS_SCREEN_H

#include <stddef.h>

#define SCREEN_ROWS 24
#define SCREEN_COLUMNS 60

struct screen {
	char cells[SCREEN_ROWS][SCREEN_COLUMNS][5]; /* UTF-8, or "" */
	char grey[SCREEN_ROWS][SCREEN_COLUMNS]; /* hints, which are no text */
	int pen_grey;    /* what is written now is one */
	int columns;     /* how wide it is: SCREEN_COLUMNS, or less */
	int row, column; /* of the cursor */
	int pending;     /* the last column is written: wrap comes next */
	char escape[64]; /* a sequence that is not complete yet */
	size_t escape_size;
	char below[SCREEN_ROWS][SCREEN_COLUMNS][5]; /* the first screen, while
	                                             * the second is shown */
	int row_below, column_below;
	char text[SCREEN_ROWS * (SCREEN_COLUMNS * 4 + 1) + 1];
};

void screen_init(struct screen *screen);
void screen_feed(struct screen *screen, const char *bytes, size_t size);

/* A row without the blanks at its end; borrowed until the next call. */
const char *screen_row(struct screen *screen, int row);

/* The hint of a row: what is grey of it. Borrowed until the next call. */
const char *screen_hint(struct screen *screen, int row);

/* All rows, each with a newline, without the empty ones at the end. */
const char *screen_text(struct screen *screen);

#endif
