/* oob_text.h - JSON, written to a socket and read from a line, in place. */
#ifndef CONSOLE_OOB_TEXT_H
#define CONSOLE_OOB_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OOB_TEXT_BYTES 8192

/* Text on its way to a socket; what does not fit is sent at once. */
struct oob_text {
	int fd;
	bool failed;            /* the other end does not take it */
	bool comma;             /* before the next member or item */
	size_t used;
	char bytes[OOB_TEXT_BYTES];
};

void oob_text_begin(struct oob_text *text, int fd);
/* Sends what is left. False: it could not be sent. */
bool oob_text_end(struct oob_text *text);

/* As it is; a comma is due after it, or is not. */
void oob_raw(struct oob_text *text, const char *bytes, size_t size,
    bool comma);
/* `"name":`, with the comma that may be due before. */
void oob_name(struct oob_text *text, const char *name);
/* '{' or '[', after a comma that may be due; and '}' or ']'. */
void oob_open(struct oob_text *text, char bracket);
void oob_close(struct oob_text *text, char bracket);
/* Values; a NULL text is null. */
void oob_string(struct oob_text *text, const char *value);
void oob_int(struct oob_text *text, int64_t value);
void oob_null(struct oob_text *text);
/* Members. */
void oob_put_string(struct oob_text *text, const char *name,
    const char *value);
void oob_put_int(struct oob_text *text, const char *name, int64_t value);

/* A piece of JSON within a line. */
struct oob_slice {
	const char *at;
	size_t size;            /* 0: there is none */
};

/*
 * Reads the members of an object: calls member() for each, its name without
 * the quotes. False: it is not an object; *ret_offset is where that shows.
 */
bool oob_read(struct oob_slice object,
    void (*member)(struct oob_slice name, struct oob_slice value, void *arg),
    void *arg, size_t *ret_offset);

bool oob_is(struct oob_slice slice, const char *words);

/* A whole number from 0 on; false: it is something else. */
bool oob_read_int(struct oob_slice slice, int64_t *ret_n);

#endif
