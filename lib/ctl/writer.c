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

/* The comma and the key that go before a value. */
static void
put_key(struct evtask_ctl_writer *w, const char *key)
{
	struct text *text = &w->text;
	size_t size = key != NULL ? strlen(key) : 0;
	char last = text->size > 0 ? text->bytes[text->size - 1] : '[';
	char *at = text_reserve(text, size + 4);

	if (at == NULL)
		return;
	if (last != '{' && last != '[')
		*at++ = ',';
	if (key != NULL) {
		*at++ = '"';
		memcpy(at, key, size);
		at += size;
		*at++ = '"';
		*at++ = ':';
	}
	text_commit(text, at);
}

void
evtask_ctl_write_open(struct evtask_ctl_writer *w, const char *key)
{
	put_key(w, key);
	text_add(&w->text, "{", 1);
}

void
evtask_ctl_write_close(struct evtask_ctl_writer *w)
{
	text_add(&w->text, "}", 1);
}

void
evtask_ctl_write_open_list(struct evtask_ctl_writer *w, const char *key)
{
	put_key(w, key);
	text_add(&w->text, "[", 1);
}

void
evtask_ctl_write_close_list(struct evtask_ctl_writer *w)
{
	text_add(&w->text, "]", 1);
}

void
evtask_ctl_write_null(struct evtask_ctl_writer *w, const char *key)
{
	put_key(w, key);
	text_add(&w->text, "null", 4);
}

void
evtask_ctl_write_bool(struct evtask_ctl_writer *w, const char *key,
    bool truth)
{
	put_key(w, key);
	text_add_string(&w->text, truth ? "true" : "false");
}

void
evtask_ctl_write_int(struct evtask_ctl_writer *w, const char *key, int64_t n)
{
	put_key(w, key);
	text_int(&w->text, n);
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
	put_key(w, key);
	text_string(&w->text, bytes, size);
}

void
evtask_ctl_write_value(struct evtask_ctl_writer *w, const char *key,
    struct json_object *value)
{
	put_key(w, key);
	text_value(&w->text, value);
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
