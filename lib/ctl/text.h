/*
 * text.h - a growing text that fails once: after a failed allocation all that
 * is added is ignored, and taking it gives nothing.
 */
#ifndef CTL_TEXT_H
#define CTL_TEXT_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct json_object;

/* All zero is the empty text. */
struct text {
	char *bytes;  /* NUL-terminated, or NULL */
	size_t size;  /* without the NUL */
	size_t room;
	int error;    /* 0, -ENOMEM, or -E2BIG from text_value() */
};

/* All of it or, without memory, nothing: false, and the text is as it was. */
bool text_append(struct text *text, const char *bytes, size_t size);
/* Empties it and keeps its room: bytes is "" then, and not NULL. */
void text_clear(struct text *text);
/* Drops the first size bytes; there are as many. */
void text_drop(struct text *text, size_t size);
/* Room for so many bytes at the end, to be written there and then committed
 * up to where they end; NULL without memory. */
char *text_reserve(struct text *text, size_t size);
void text_commit(struct text *text, const char *end);
/* A JSON string of these bytes, made valid; and a number. */
void text_string(struct text *text, const char *bytes, size_t size);
void text_int(struct text *text, int64_t n);
#define TEXT_DIGITS 20 /* of a number at most, its sign among them */
/* Writes its digits to the end of buf; returns where they begin. */
char *text_digits(char buf[TEXT_DIGITS], int64_t n);
/* How many bytes from here on need no escape, and are ASCII. */
size_t text_plain_size(const char *bytes, size_t size);
/* Whether this string is not one, but the text of a writer. */
bool text_is_written(struct json_object *string);
/* JSON of any value, made valid; depth over the limit is -E2BIG. */
void text_value(struct text *text, struct json_object *value);
/* The same of a member of an object that is written already. */
void text_member(struct text *text, struct json_object *value);
/* The text as a JSON string, NULL without memory; the text is empty then. */
struct json_object *text_take_string(struct text *text);
void text_release(struct text *text);

/* Where there is room, and there is nearly always, without a call. */
static inline void
text_add(struct text *text, const char *bytes, size_t size)
{
	if (text->error != 0)
		return;
	if (text->room - text->size > size) {
		memcpy(text->bytes + text->size, bytes, size);
		text->size += size;
		text->bytes[text->size] = '\0';
	} else if (!text_append(text, bytes, size)) {
		text->error = -ENOMEM;
	}
}

static inline void
text_add_string(struct text *text, const char *string)
{
	text_add(text, string, strlen(string));
}

#endif
