/*
 * tap.h - lines of output, taken out of the protocol without a parser.
 */
#ifndef CLI_TAP_H
#define CLI_TAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One that is as it looks: without escapes, and whole. Borrowed. */
struct tap_line {
	int64_t sub;
	bool is_stderr;
	const char *text;
	size_t size;
};

/* Reads a message, which has no line end. false: it is something else, or not
 * written as the server writes it; then it is the client's to read. */
bool tap_read(const char *message, size_t size, struct tap_line *ret_line);

#endif
