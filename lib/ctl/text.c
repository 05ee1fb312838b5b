/*
 * text.c - a growing text that fails once.
 *
 * Every line that leaves the library, and every sentence it makes, is built
 * in one of these: the writer adds without looking, and whoever takes the
 * text sees the first failure.
 */
#include "text.h"
#include <errno.h>
#include <json-c/json.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM 128

/* Makes room for size more bytes and the NUL. */
static bool
grow(struct text *text, size_t size)
{
	size_t need = text->size + size + 1;
	size_t room = text->room != 0 ? text->room : FIRST_ROOM;
	char *bytes;

	while (room < need)
		room *= 2;
	bytes = realloc(text->bytes, room);
	if (bytes == NULL)
		return false;
	text->bytes = bytes;
	text->room = room;
	return true;
}

bool
text_append(struct text *text, const char *bytes, size_t size)
{
	if (text->room - text->size <= size && !grow(text, size))
		return false;
	if (size > 0)
		memcpy(text->bytes + text->size, bytes, size);
	text->size += size;
	text->bytes[text->size] = '\0';
	return true;
}

char *
text_reserve(struct text *text, size_t size)
{
	if (text->error != 0)
		return NULL;
	if (text->room - text->size <= size && !grow(text, size)) {
		text->error = -ENOMEM;
		return NULL;
	}
	return text->bytes + text->size;
}

void
text_commit(struct text *text, const char *end)
{
	text->size = (size_t)(end - text->bytes);
	text->bytes[text->size] = '\0';
}

void
text_clear(struct text *text)
{
	text->size = 0;
	text_add(text, "", 0);
}

void
text_drop(struct text *text, size_t size)
{
	text->size -= size;
	memmove(text->bytes, text->bytes + size, text->size + 1);
}

struct json_object *
text_take_string(struct text *text)
{
	struct json_object *string = NULL;

	if (text->error == 0 && text->size <= INT_MAX)
		string = json_object_new_string_len(
		    text->bytes != NULL ? text->bytes : "", (int)text->size);
	text_release(text);
	return string;
}

void
text_release(struct text *text)
{
	free(text->bytes);
	*text = (struct text){0};
}
