/*
 * screen.c - a small terminal: as much of an xterm as readline uses.
 *
 * Characters go into cells, control characters and CSI sequences move the
 * cursor, wipe and shift. A character in the last column does not wrap yet:
 * the next one does, as on every terminal with "xenl". A wide character takes
 * two cells, the second of them empty. Of the colours only grey is kept, which
 * is that of hints; modes and titles are read and forgotten. What is not known
 * stops the test.
 */
#include "screen.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SCREEN_SECOND "\177" /* the second cell of a wide character */

void
screen_init(struct screen *screen)
{
	memset(screen, 0, sizeof(*screen));
	screen->columns = SCREEN_COLUMNS;
}

static void
line_feed(struct screen *screen)
{
	screen->pending = 0;
	if (screen->row + 1 < SCREEN_ROWS) {
		screen->row++;
		return;
	}
	memmove(screen->cells[0], screen->cells[1],
	    sizeof(screen->cells[0]) * (SCREEN_ROWS - 1));
	memset(screen->cells[SCREEN_ROWS - 1], 0, sizeof(screen->cells[0]));
	memmove(screen->grey[0], screen->grey[1],
	    sizeof(screen->grey[0]) * (SCREEN_ROWS - 1));
	memset(screen->grey[SCREEN_ROWS - 1], 0, sizeof(screen->grey[0]));
}

/* The columns of the character; no locale is asked. */
static int
char_width(const char *bytes, size_t size)
{
	unsigned long c = (unsigned char)bytes[0] & (0x7f >> size);

	if (size < 3)
		return 1;
	for (size_t i = 1; i < size; i++)
		c = c << 6 | ((unsigned char)bytes[i] & 0x3f);
	return (c >= 0x1100 && c < 0x1160) || (c >= 0x2e80 && c < 0xa4d0) ||
	    (c >= 0xac00 && c < 0xd7a4) || (c >= 0xff00 && c < 0xff61) ||
	    (c >= 0x1f300 && c < 0x1f650) ? 2 : 1;
}

static void
put_cell(struct screen *screen, const char *bytes, size_t size)
{
	char *cell = screen->cells[screen->row][screen->column];

	memcpy(cell, bytes, size);
	cell[size] = '\0';
	screen->grey[screen->row][screen->column] = (char)screen->pen_grey;
	if (screen->column + 1 < screen->columns)
		screen->column++;
	else
		screen->pending = 1;
}

static void
put_char(struct screen *screen, const char *bytes, size_t size)
{
	int width = char_width(bytes, size);

	if (screen->pending || screen->column + width > screen->columns) {
		screen->pending = 0;
		screen->column = 0;
		line_feed(screen);
	}
	put_cell(screen, bytes, size);
	if (width == 2)
		put_cell(screen, SCREEN_SECOND, 1);
}

static void
wipe(struct screen *screen, int row, int from, int to)
{
	memset(screen->cells[row][from], 0,
	    sizeof(screen->cells[0][0]) * (size_t)(to - from));
	memset(&screen->grey[row][from], 0, (size_t)(to - from));
}

static void
wipe_screen(struct screen *screen, int how)
{
	int row = screen->row;

	if (how == 0) {
		wipe(screen, row, screen->column, SCREEN_COLUMNS);
		while (++row < SCREEN_ROWS)
			wipe(screen, row, 0, SCREEN_COLUMNS);
	} else {
		for (row = 0; row < SCREEN_ROWS; row++)
			wipe(screen, row, 0, SCREEN_COLUMNS);
	}
}

static void
wipe_line(struct screen *screen, int how)
{
	wipe(screen, screen->row, how == 0 ? screen->column : 0,
	    how == 1 ? screen->column + 1 : SCREEN_COLUMNS);
}

/* Shifts the rest of the row by n cells: to the right, or to the left. */
static void
shift(struct screen *screen, int n, bool right)
{
	char (*cells)[5] = screen->cells[screen->row];
	int at = screen->column, left = SCREEN_COLUMNS - at;

	if (n > left)
		n = left;
	if (right) {
		memmove(cells[at + n], cells[at], 5 * (size_t)(left - n));
		wipe(screen, screen->row, at, at + n);
	} else {
		memmove(cells[at], cells[at + n], 5 * (size_t)(left - n));
		wipe(screen, screen->row, SCREEN_COLUMNS - n, SCREEN_COLUMNS);
	}
}

static int
clamp(int n, int most)
{
	return n < 0 ? 0 : n > most ? most : n;
}

static void
move(struct screen *screen, int row, int column)
{
	screen->pending = 0;
	screen->row = clamp(row, SCREEN_ROWS - 1);
	screen->column = clamp(column, screen->columns - 1);
}

/* To the second screen, which is empty, or back to the first as it was. */
static void
turn_over(struct screen *screen, bool second)
{
	if (second) {
		memcpy(screen->below, screen->cells, sizeof(screen->cells));
		screen->row_below = screen->row;
		screen->column_below = screen->column;
		wipe_screen(screen, 2);
		return;
	}
	memcpy(screen->cells, screen->below, sizeof(screen->cells));
	memset(screen->grey, 0, sizeof(screen->grey));
	move(screen, screen->row_below, screen->column_below);
}

static void
control_sequence(struct screen *screen, const char *params, char end)
{
	int a = atoi(params), n = a > 0 ? a : 1;
	const char *second = strchr(params, ';');
	int b = second != NULL ? atoi(second + 1) : 0;

	switch (end) {
	case 'A':
		move(screen, screen->row - n, screen->column);
		return;
	case 'B':
		move(screen, screen->row + n, screen->column);
		return;
	case 'C':
		move(screen, screen->row, screen->column + n);
		return;
	case 'D':
		move(screen, screen->row, screen->column - n);
		return;
	case 'G':
		move(screen, screen->row, n - 1);
		return;
	case 'H':
		move(screen, n - 1, (b > 0 ? b : 1) - 1);
		return;
	case 'J':
		wipe_screen(screen, a);
		return;
	case 'K':
		wipe_line(screen, a);
		return;
	case '@':
		shift(screen, n, true);
		return;
	case 'P':
		shift(screen, n, false);
		return;
	case 'm': /* colours */
		screen->pen_grey = a == 90;
		return;
	case 'h': /* modes */
	case 'l':
		if (strcmp(params, "?1049") == 0)
			turn_over(screen, end == 'h');
		return;
	default:
		fprintf(stderr, "screen: CSI %s%c is not known\n", params,
		    end);
		abort();
	}
}

/* Whether the sequence kept so far is complete; if so it is carried out. */
static bool
carry_out(struct screen *screen)
{
	char *escape = screen->escape;
	size_t size = screen->escape_size;
	char last = escape[size - 1];

	escape[size] = '\0';
	if (size == 1)
		return false;
	if (escape[1] == '[') {
		if (size == 2 || last < '@')
			return false;
		escape[size - 1] = '\0';
		control_sequence(screen, escape + 2, last);
		return true;
	}
	if (escape[1] == '(' || escape[1] == ')')
		return size == 3;
	return true; /* ESC = and ESC > */
}

static void
take_control(struct screen *screen, char c)
{
	switch (c) {
	case '\n':
		line_feed(screen);
		break;
	case '\r':
		move(screen, screen->row, 0);
		break;
	case '\b':
		move(screen, screen->row, screen->column - 1);
		break;
	case '\t':
		move(screen, screen->row, (screen->column / 8 + 1) * 8);
		break;
	case '\033':
		screen->escape[0] = c;
		screen->escape_size = 1;
		break;
	default: /* the bell, shifts */
		break;
	}
}

static size_t
char_size(unsigned char c)
{
	return c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

void
screen_feed(struct screen *screen, const char *bytes, size_t size)
{
	size_t n;

	for (; size > 0; bytes += n, size -= n) {
		n = 1;
		if (screen->escape_size > 0) {
			screen->escape[screen->escape_size++] = *bytes;
			if (screen->escape_size == sizeof(screen->escape) - 1 ||
			    carry_out(screen))
				screen->escape_size = 0;
		} else if ((unsigned char)*bytes < ' ' || *bytes == 0x7f) {
			take_control(screen, *bytes);
		} else {
			n = char_size((unsigned char)*bytes);
			if (n > size)
				n = size;
			put_char(screen, bytes, n);
		}
	}
}

static char *
write_row(struct screen *screen, int row, char *out)
{
	char *end = out;

	for (int c = 0; c < SCREEN_COLUMNS; c++) {
		const char *cell = screen->cells[row][c];

		if (strcmp(cell, SCREEN_SECOND) == 0)
			continue;
		if (*cell == '\0' || screen->grey[row][c])
			cell = " ";
		out = stpcpy(out, cell);
		if (strcmp(cell, " ") != 0)
			end = out;
	}
	*end = '\0';
	return end;
}

const char *
screen_row(struct screen *screen, int row)
{
	write_row(screen, row, screen->text);
	return screen->text;
}

const char *
screen_hint(struct screen *screen, int row)
{
	char *out = screen->text;

	for (int c = 0; c < SCREEN_COLUMNS; c++)
		if (screen->grey[row][c])
			out = stpcpy(out, screen->cells[row][c]);
	*out = '\0';
	return screen->text;
}

const char *
screen_text(struct screen *screen)
{
	char *out = screen->text, *end = out;

	for (int row = 0; row < SCREEN_ROWS; row++) {
		char *begin = out;

		out = write_row(screen, row, out);
		*out++ = '\n';
		if (out > begin + 1)
			end = out;
	}
	*end = '\0';
	return screen->text;
}
