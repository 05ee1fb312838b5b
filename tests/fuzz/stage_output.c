/*
 * stage_output.c - what a server says is looked at, line by line.
 */
#include "tests/fuzz/stage_output.h"
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include "lib/ctl/check.h"
#include "lib/ctl/fault.h"
#include "lib/ctl/read.h"

#define LOOKED_AT 16384  /* lines, not to look at them again */

void
stage_fail(const char *what, const char *bytes, size_t size)
{
	fprintf(stderr, "%s: %.*s\n", what, size > 2000 ? 2000 : (int)size,
	    bytes);
	abort();
}

static void
check_members(const struct evtask_ctl_field *fields,
    struct json_object *object, const char *what)
{
	struct fault fault = {0};
	const char *text;

	if (json_object_is_type(object, json_type_object) &&
	    check_fields(fields, object, &fault))
		return;
	text = json_object_to_json_string(object);
	fprintf(stderr, "%s must be %s\n", fault.path,
	    fault.expected.size > 0 ? fault.expected.bytes : "");
	stage_fail(what, text, strlen(text));
}

/* Members that begin with x- are beyond the schema, and taken out. */
void
stage_check_result(const struct evtask_ctl_method *method,
    struct json_object *result)
{
	json_object_object_foreach(result, key, value)
		if (strncmp(key, "x-", 2) == 0)
			json_object_object_del(result, key);
	check_members(method->result, result, method->name);
}

static void
check_notice(const char *name, struct json_object *params)
{
	const struct evtask_ctl_notice *notice = evtask_ctl_notices();

	while (notice->name != NULL && strcmp(notice->name, name) != 0)
		notice++;
	if (notice->name == NULL)
		stage_fail("no such notice", name, strlen(name));
	check_members(notice->params, params, name);
}

static void
check_error(struct json_object *error)
{
	const char *name = evtask_ctl_get_text(evtask_ctl_get(error, "data"),
	    "name", "none");
	const struct evtask_ctl_error *row = evtask_ctl_error_find(name);

	if (row == NULL || evtask_ctl_get_int(error, "code", 0) != row->code)
		stage_fail("not an error of the table", name, strlen(name));
	if (evtask_ctl_get_text(error, "message", NULL) == NULL)
		stage_fail("an error without a message", name, strlen(name));
}

/* How many bytes after this one say how much of a stack was ever used: by its
 * task, or by one of an earlier input. */
static size_t
peak_bytes(const char *line, size_t size)
{
	static const char name[] = "\"peak\":";
	size_t n = sizeof(name) - 1;

	if (size <= n || memcmp(line, name, n) != 0)
		return 0;
	while (n < size && line[n] >= '0' && line[n] <= '9')
		n++;
	return n - 1;
}

static uint64_t
sum_of(const char *line, size_t size)
{
	uint64_t sum = 0xcbf29ce484222325;
	size_t i;

	for (i = 0; i < size; i++) {
		sum = (sum ^ (unsigned char)line[i]) * 0x100000001b3;
		if (line[i] == '"')
			i += peak_bytes(&line[i], size - i);
	}
	return sum;
}

static void
take_line(const char *line, size_t size, stage_reply_fn reply, void *arg)
{
	struct evtask_ctl_message m;
	struct json_object *ignored;

	if (evtask_ctl_message_parse(line, size, &m, &ignored) < 0)
		stage_fail("not a message", line, size);
	if (m.kind == EVTASK_CTL_REQUEST)
		stage_fail("a server does not ask", line, size);
	if (m.kind == EVTASK_CTL_NOTIFICATION)
		check_notice(m.method, m.params);
	else if (m.error != NULL)
		check_error(m.error);
	if (m.kind == EVTASK_CTL_REPLY && reply != NULL)
		reply(m.id, m.result, m.error, arg);
	evtask_ctl_message_release(&m);
}

/* The same line as one of those before it, which was as it should be? To most
 * inputs much of the same is said, and to look at it is half of the work. */
static bool
was_looked_at(uint64_t sum)
{
	static uint64_t sums[LOOKED_AT];
	uint64_t *place = &sums[sum % LOOKED_AT];
	bool was = *place == sum;

	*place = sum; /* or this ends here */
	return was;
}

static void
take_lines(struct stage_output *output, stage_reply_fn reply, void *arg)
{
	char *at = output->bytes, *end = at + output->size, *lf;
	uint64_t sum;
	size_t size;

	while (at < end &&
	    (lf = memchr(at, '\n', (size_t)(end - at))) != NULL) {
		size = (size_t)(lf - at);
		sum = sum_of(at, size);
		if (reply != NULL || !was_looked_at(sum))
			take_line(at, size, reply, arg);
		output->sum += sum;
		output->bytes_taken += size;
		at = lf + 1;
	}
	if (at > output->bytes)
		memmove(output->bytes, at, (size_t)(end - at));
	output->size = (size_t)(end - at);
}

size_t
stage_read(int fd, size_t size, struct stage_output *output,
    stage_reply_fn reply, void *arg)
{
	char buffer[65536];
	size_t room = size < sizeof(buffer) ? size : sizeof(buffer);
	ssize_t n = recv(fd, buffer, room, MSG_DONTWAIT);

	if (n == 0 || (n < 0 && errno != EAGAIN))
		output->ended = true;
	if (n <= 0)
		return 0;
	output->bytes = realloc(output->bytes, output->size + (size_t)n);
	if (output->bytes == NULL)
		abort();
	memcpy(output->bytes + output->size, buffer, (size_t)n);
	output->size += (size_t)n;
	take_lines(output, reply, arg);
	return (size_t)n;
}

void
stage_output_release(struct stage_output *output)
{
	free(output->bytes);
}
