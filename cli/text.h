/*
 * text.h - text on a terminal: its width, and what must not get there.
 */
#ifndef CLI_TEXT_H
#define CLI_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* The columns text takes when text_print() prints it. */
size_t text_width(const char *text);

/*
 * Prints text so that no byte of it commands the terminal: control characters
 * become \xNN (a newline \n), and so do bytes that are no character of the
 * locale. With prompt, the word evtask goes from quoted commands
 * and from usage.
 */
void text_print(FILE *file, const char *text, bool prompt);

/* The same in at most width columns, with an ellipsis where it is cut. Returns
 * the columns taken. */
size_t text_print_cut(FILE *file, const char *text, size_t width);

/* Prints text as it is but for its control characters: lines stay lines. */
void text_lines(FILE *file, const char *text);

#define TEXT_AGE_SIZE 24
/* "3s", "2m10s", "5h", "3d4h": two units at most. Returns text. */
const char *text_age(int64_t us, char text[TEXT_AGE_SIZE]);

#define TEXT_TIME_SIZE 40
/* "2026-01-01 00:00:00.123456", local. Returns text. */
const char *text_time(int64_t us, char text[TEXT_TIME_SIZE]);

#define TEXT_SIZE_SIZE 24
/* "512 B", "12.3 KiB". Returns text. */
const char *text_bytes(int64_t bytes, char text[TEXT_SIZE_SIZE]);

#endif
