/*
 * writer.c - JSON written as it is said, with no value in between.
 *
 * Where a comma belongs the text itself knows: after anything but an opening
 * bracket. A text that is taken becomes a value of json-c's, a string with a
 * mark on it, by which the gate (write.c) knows that it is JSON already.
 */
#include <errno.h>
#include <evtask/ctl_writer.h>
#include <json-c/json.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include "text.h"

#define KEPT_ROOM (64 << 10) /* more than this is given back */

struct evtask_ctl_writer {
	struct text text;
};

struct evtask_ctl_writer *
evtask_ctl_writer_new(void)
{
	return calloc(1, sizeof(struct evtask_ctl_writer));
}

void
evtask_ctl_writer_free(struct evtask_ctl_writer *w)
{
	if (w == NULL)
		return;
	text_release(&w->text);
	free(w);
}

void
evtask_ctl_write_begin(struct evtask_ctl_writer *w)
{
	if (w->text.room > KEPT_ROOM || w->text.error != 0)
		text_release(&w->text);
	text_clear(&w->text);
}

/* The comma and the key that go before a value of at most so many bytes: where
 * that is to be written, and then committed; NULL without memory. */
static char *
begin_value(struct evtask_ctl_writer *w, const char *key, size_t room)
{
	struct text *text = &w->text;
	size_t size = key != NULL ? strlen(key) : 0;
	char last = text->size > 0 ? text->bytes[text->size - 1] : '[';
	char *at = text_reserve(text, size + 4 + room);

	if (at == NULL)
		return NULL;
	if (last != '{' && last != '[')
		*at++ = ',';
	if (key == NULL)
		return at;
	*at++ = '"';
	at = (char *)memcpy(at, key, size) + size;
	*at++ = '"';
	*at++ = ':';
	return at;
}

/* A value that is these bytes. */
static void
put_literal(struct evtask_ctl_writer *w, const char *key, const char *bytes,
    size_t size)
{
	char *at = begin_value(w, key, size);

	if (at != NULL)
		text_commit(&w->text, (char *)memcpy(at, bytes, size) + size);
}

/* The value is to follow, of whatever size. */
static void
put_key(struct evtask_ctl_writer *w, const char *key)
{
	put_literal(w, key, "", 0);
}

void
evtask_ctl_write_open(struct evtask_ctl_writer *w, const char *key)
{
	put_literal(w, key, "{", 1);
}

void
evtask_ctl_write_close(struct evtask_ctl_writer *w)
{
	text_add(&w->text, "}", 1);
}

void
evtask_ctl_write_open_list(struct evtask_ctl_writer *w, const char *key)
{
	put_literal(w, key, "[", 1);
}

void
evtask_ctl_write_close_list(struct evtask_ctl_writer *w)
{
	text_add(&w->text, "]", 1);
}

void
evtask_ctl_write_null(struct evtask_ctl_writer *w, const char *key)
{
	put_literal(w, key, "null", 4);
}

void
evtask_ctl_write_bool(struct evtask_ctl_writer *w, const char *key,
    bool truth)
{
	put_literal(w, key, truth ? "true" : "false", truth ? 4 : 5);
}

void
evtask_ctl_write_int(struct evtask_ctl_writer *w, const char *key, int64_t n)
{
	char digits[TEXT_DIGITS], *at = text_digits(digits, n);

	put_literal(w, key, at, (size_t)(digits + TEXT_DIGITS - at));
}

void
evtask_ctl_write_text(struct evtask_ctl_writer *w, const char *key,
    const char *text)
{
	if (text == NULL)
		evtask_ctl_write_null(w, key);
	else
		evtask_ctl_write_bytes(w, key, text, strlen(text));
}

void
evtask_ctl_write_bytes(struct evtask_ctl_writer *w, const char *key,
    const char *bytes, size_t size)
{
	char *at;

	if (text_plain_size(bytes, size) < size) {
		put_key(w, key);
		text_string(&w->text, bytes, size);
		return;
	}
	at = begin_value(w, key, size + 2);
	if (at == NULL)
		return;
	*at++ = '"';
	at = (char *)memcpy(at, bytes, size) + size;
	*at++ = '"';
	text_commit(&w->text, at);
}

void
evtask_ctl_write_value(struct evtask_ctl_writer *w, const char *key,
    struct json_object *value)
{
	put_key(w, key);
	text_value(&w->text, value);
}

void
evtask_ctl_write_notification(struct evtask_ctl_writer *w,
    const char *method)
{
	evtask_ctl_write_begin(w);
	text_add_string(&w->text, "{\"jsonrpc\":\"2.0\",\"method\":\"");
	text_add_string(&w->text, method);
	text_add_string(&w->text, "\",\"params\":{");
}

void
evtask_ctl_write_end(struct evtask_ctl_writer *w)
{
	text_add(&w->text, "}}\n", 3);
}

void
evtask_ctl_write_fail(struct evtask_ctl_writer *w)
{
	if (w->text.error == 0)
		w->text.error = -ENOMEM;
}

/* The mark: its address is what counts. */
static char written;

bool
text_is_written(struct json_object *string)
{
	return json_object_get_userdata(string) == &written;
}

struct json_object *
evtask_ctl_write_take(struct evtask_ctl_writer *w)
{
	struct json_object *string;

	if (w->text.error != 0 || w->text.size > INT_MAX)
		return NULL;
	string = json_object_new_string_len(w->text.bytes,
	    (int)w->text.size);
	if (string != NULL)
		json_object_set_userdata(string, &written, NULL);
	return string;
}

int
evtask_ctl_write_get(struct evtask_ctl_writer *w, const char **ret_bytes,
    size_t *ret_size)
{
	*ret_bytes = w->text.bytes;
	*ret_size = w->text.size;
	return w->text.error;
}
