/*
 * The input is a schema, a line end, and a value: the check ends, with a
 * fault that can be sent or without one. The value is also a text to parse as
 * a duration and as base64, and what these give is given back the same.
 */
#include <assert.h>
#include <errno.h>
#include <evtask/ctl.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include "lib/ctl/read.h"
#include "tests/fuzz/fuzz.h"

static void
check_args(struct json_object *schema, struct json_object *args)
{
	struct json_object *error;
	size_t size;
	char *line;
	int r;

	r = evtask_ctl_check_args(schema, args, &error);
	assert(r == 0 || r == -EINVAL);
	if (r < 0) {
		r = evtask_ctl_encode(error, &line, &size);
		assert(r == 0);
		free(line);
		json_object_put(error);
	}
	r = evtask_ctl_fill_args(schema, args);
	assert(r == 0);
}

static void
check_duration(const char *text)
{
	char back[EVTASK_CTL_DURATION_SIZE];
	int64_t us, again;
	int r;

	if (evtask_ctl_duration_parse(text, &us) < 0)
		return;
	assert(us >= 0 && us <= EVTASK_CTL_INT_MAX);
	r = evtask_ctl_duration_parse(evtask_ctl_duration_format(us, back),
	    &again);
	assert(r == 0 && us == again);
}

static void
check_base64(const char *text, size_t size)
{
	struct json_object *back;
	size_t n;
	void *bytes;

	if (evtask_ctl_base64_decode(text, size, &bytes, &n) < 0)
		return;
	back = evtask_ctl_base64_encode(bytes, n);
	assert((size_t)json_object_get_string_len(back) == size);
	assert(memcmp(json_object_get_string(back), text, size) == 0);
	json_object_put(back);
	free(bytes);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *schema_text = (const char *)data, *lf, *args_text;
	struct json_object *schema, *args;
	struct read_fault fault;
	size_t args_size;
	char *text;

	lf = size > 0 ? memchr(schema_text, '\n', size) : NULL;
	if (lf == NULL)
		return 0;
	args_text = lf + 1;
	args_size = size - (size_t)(args_text - schema_text);

	text = strndup(args_text, args_size);
	check_duration(text);
	check_base64(args_text, args_size);
	free(text);

	if (read_json(schema_text, (size_t)(lf - schema_text), READ_ALL,
	    &schema,
	    &fault) < 0)
		return 0;
	if (read_json(args_text, args_size, READ_ALL, &args, &fault) == 0) {
		check_args(schema, args);
		json_object_put(args);
	}
	json_object_put(schema);
	return 0;
}
