/*
 * line.c - lines to say, written in place.
 *
 * The envelope of a message is the same every time, so it is not built as a
 * value only to be taken apart again: it is text, and what is in it is written
 * by the gate (write.c) that everything else goes through. The memory of one
 * line serves the next.
 */
#include <errno.h>
#include <evtask/ctl_message.h>
#include <json-c/json.h>
#include <stdlib.h>
#include "text.h"

#define KEPT_ROOM (64 << 10) /* more than this is given back */
#define ENVELOPE "{\"jsonrpc\":\"2.0\","

struct evtask_ctl_line {
	struct text text;
};

struct evtask_ctl_line *
evtask_ctl_line_new(void)
{
	return calloc(1, sizeof(struct evtask_ctl_line));
}

void
evtask_ctl_line_free(struct evtask_ctl_line *line)
{
	if (line == NULL)
		return;
	text_release(&line->text);
	free(line);
}

static void
begin(struct evtask_ctl_line *line)
{
	if (line->text.room > KEPT_ROOM || line->text.error != 0)
		text_release(&line->text);
	text_clear(&line->text);
}

static int
end(struct evtask_ctl_line *line, const char **ret_line, size_t *ret_size)
{
	text_add(&line->text, "}\n", 2);
	*ret_line = line->text.bytes;
	*ret_size = line->text.size;
	return line->text.error;
}

int
evtask_ctl_line_result(struct evtask_ctl_line *line, struct json_object *id,
    struct json_object *result, const char **ret_line, size_t *ret_size)
{
	begin(line);
	text_add_string(&line->text, ENVELOPE "\"id\":");
	text_member(&line->text, id);
	text_add_string(&line->text, ",\"result\":");
	text_member(&line->text, result);
	return end(line, ret_line, ret_size);
}

int
evtask_ctl_line_notification(struct evtask_ctl_line *line, const char *method,
    struct json_object *params, const char **ret_line, size_t *ret_size)
{
	begin(line);
	text_add_string(&line->text, ENVELOPE "\"method\":\"");
	text_add_string(&line->text, method);
	text_add_string(&line->text, "\",\"params\":");
	text_member(&line->text, params);
	return end(line, ret_line, ret_size);
}
