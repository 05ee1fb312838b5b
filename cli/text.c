/*
 * text.c - text on a terminal: its width, and what must not get there.
 *
 * Names and messages come from other people's programs. A control character
 * in one could move the cursor, clear the screen or hide a line, so none is
 * printed as it is; what is printed is measured the same way.
 */
#include "text.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wchar.h>
#include <wctype.h>

#define ESCAPED_WIDTH 4 /* \xNN */

/*
 * Reads the character at text. Returns its bytes, and its columns in
 * *ret_width; 0 columns with *ret_escape when it must not be printed.
 */
static size_t
read_char(const char *text, mbstate_t *state, size_t *ret_width,
    bool *ret_escape)
{
	wchar_t c;
	size_t size = mbrtowc(&c, text, MB_CUR_MAX, state);
	int width;

	*ret_escape = false;
	if (size == (size_t)-1 || size == (size_t)-2 || size == 0) {
		memset(state, 0, sizeof(*state));
		*ret_escape = true;
		*ret_width = ESCAPED_WIDTH;
		return 1;
	}
	width = wcwidth(c);
	if (width < 0) {
		*ret_escape = true;
		*ret_width = c == L'\n' || c == L'\t' ? 2 :
		    ESCAPED_WIDTH * size;
		return size;
	}
	*ret_width = (size_t)width;
	return size;
}

/* The size of text that is as it looks, which most is; 0: it is not. */
static size_t
plain_size(const char *text)
{
	const char *p = text;

	while (*p >= ' ' && *p < 0x7f)
		p++;
	return *p == '\0' ? (size_t)(p - text) : 0;
}

size_t
text_width(const char *text)
{
	mbstate_t state = {0};
	size_t total = plain_size(text), width;
	bool escape;

	if (total > 0)
		return total;
	while (*text != '\0') {
		text += read_char(text, &state, &width, &escape);
		total += width;
	}
	return total;
}

static void
print_char(FILE *file, const char *text, size_t size, bool escape)
{
	if (!escape) {
		fwrite(text, 1, size, file);
		return;
	}
	if (*text == '\n' || *text == '\t') {
		fputs(*text == '\n' ? "\\n" : "\\t", file);
		return;
	}
	for (size_t i = 0; i < size; i++)
		fprintf(file, "\\x%02x", (unsigned char)text[i]);
}

#define OURSELVES "evtask "

/* What stands here before a command of ours, which at the prompt goes without
 * our name; 0: nothing. */
static size_t
lead_of_command(const char *text)
{
	static const char *const leads[] = { "\"", "usage: " };

	for (size_t i = 0; i < sizeof(leads) / sizeof(leads[0]); i++) {
		size_t size = strlen(leads[i]);

		if (strncmp(text, leads[i], size) == 0 &&
		    strncmp(text + size, OURSELVES,
		    sizeof(OURSELVES) - 1) == 0)
			return size;
	}
	return 0;
}

void
text_print(FILE *file, const char *text, bool prompt)
{
	mbstate_t state = {0};
	size_t size = prompt ? 0 : plain_size(text), width, lead;
	bool escape;

	if (size > 0) {
		fwrite(text, 1, size, file);
		return;
	}
	while (*text != '\0') {
		lead = prompt ? lead_of_command(text) : 0;
		if (lead > 0) {
			fprintf(file, "%.*s", (int)lead, text);
			text += lead + sizeof(OURSELVES) - 1;
			continue;
		}
		size = read_char(text, &state, &width, &escape);
		print_char(file, text, size, escape);
		text += size;
	}
}

void
text_lines(FILE *file, const char *text)
{
	mbstate_t state = {0};
	size_t size, width;
	bool escape;

	while (*text != '\0') {
		size = read_char(text, &state, &width, &escape);
		print_char(file, text, size, escape && *text != '\n');
		text += size;
	}
}

size_t
text_print_cut(FILE *file, const char *text, size_t width)
{
	const char *dots = MB_CUR_MAX > 1 ? "\u2026" : ".";
	mbstate_t state = {0};
	size_t size, columns, used;
	bool escape;

	used = text_width(text);
	if (used <= width) {
		text_print(file, text, false);
		return used;
	}
	used = 0;
	if (width == 0)
		return 0;
	while (*text != '\0') {
		size = read_char(text, &state, &columns, &escape);
		if (used + columns > width - 1)
			break;
		print_char(file, text, size, escape);
		used += columns;
		text += size;
	}
	fputs(dots, file);
	return used + 1;
}

const char *
text_age(int64_t us, char text[TEXT_AGE_SIZE])
{
	int64_t s = us / 1000000;

	if (us < 0)
		us = s = 0;
	if (us < 1000000)
		snprintf(text, TEXT_AGE_SIZE, "%dms", (int)(us / 1000));
	else if (s < 10)
		snprintf(text, TEXT_AGE_SIZE, "%d.%ds", (int)s,
		    (int)(us / 100000 % 10));
	else if (s < 60)
		snprintf(text, TEXT_AGE_SIZE, "%ds", (int)s);
	else if (s < 3600)
		snprintf(text, TEXT_AGE_SIZE, "%dm%02ds", (int)(s / 60),
		    (int)(s % 60));
	else if (s < 86400)
		snprintf(text, TEXT_AGE_SIZE, "%dh%02dm", (int)(s / 3600),
		    (int)(s / 60 % 60));
	else
		snprintf(text, TEXT_AGE_SIZE, "%lldd%02dh",
		    (long long)(s / 86400), (int)(s / 3600 % 24));
	return text;
}

const char *
text_time(int64_t us, char text[TEXT_TIME_SIZE])
{
	time_t s = (time_t)(us / 1000000);
	struct tm tm;
	size_t n = 0;

	if (localtime_r(&s, &tm) != NULL)
		n = strftime(text, TEXT_TIME_SIZE, "%F %T", &tm);
	snprintf(text + n, TEXT_TIME_SIZE - n, ".%06d", (int)(us % 1000000));
	return text;
}

const char *
text_bytes(int64_t bytes, char text[TEXT_SIZE_SIZE])
{
	static const char *const units[] = { "KiB", "MiB", "GiB", "TiB" };
	double n = (double)bytes;
	size_t unit = 0;

	if (bytes < 1024) {
		snprintf(text, TEXT_SIZE_SIZE, "%d B", (int)bytes);
		return text;
	}
	for (n /= 1024; n >= 1024 && unit < 3; unit++)
		n /= 1024;
	snprintf(text, TEXT_SIZE_SIZE, "%.1f %s", n, units[unit]);
	return text;
}
