/*
 * past.c - what tasks did, read from the file of a trace.
 *
 * The file is the one "evtask trace save" writes: JSON, an event a line. It is
 * read line by line, so that it may be large; what another program has laid
 * out anew is not taken. Each event is a fact about one task. In order, the
 * facts of a task up to a moment say how it stood then.
 */
#include "past.h"

#include <errno.h>
#include <evtask/ctl_value.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FACTS_MAX (1 << 22)
#define LINE_SIZE 65536
#define VERSION 1 /* of what is in args */

struct reader {
	struct past *past;
	const char *path;
	struct json_tokener *tokener;
	char line[LINE_SIZE];
	size_t lines;
	char **ret_why;
};

static __attribute__((__format__(__printf__, 3, 4))) int
explain(struct reader *reader, int r, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	if (vasprintf(reader->ret_why, fmt, args) < 0)
		*reader->ret_why = NULL;
	va_end(args);
	return r;
}

static int
no_memory(struct reader *reader)
{
	return explain(reader, -ENOMEM, "there is no memory for %s",
	    reader->path);
}

static int
not_ours(struct reader *reader)
{
	return explain(reader, -EINVAL, "%s is not a file that \"evtask trace "
	    "save\" has written", reader->path);
}

static int
bad_line(struct reader *reader)
{
	return explain(reader, -EINVAL, "line %zu of %s is no event of a "
	    "trace: the file has been changed, or is damaged", reader->lines,
	    reader->path);
}

/* The next line, without its end. 1; 0: there are no more. */
static int
next_line(struct reader *reader, FILE *file)
{
	size_t size;

	if (fgets(reader->line, LINE_SIZE, file) == NULL)
		return ferror(file) ? explain(reader, -EIO, "cannot read %s: "
		    "%s", reader->path, strerror(errno)) : 0;
	reader->lines++;
	size = strlen(reader->line);
	if (size == LINE_SIZE - 1)
		return reader->lines == 1 ? not_ours(reader) :
		    bad_line(reader);
	if (size > 0 && reader->line[size - 1] == '\n')
		reader->line[--size] = '\0';
	if (size > 0 && reader->line[size - 1] == ',')
		reader->line[--size] = '\0';
	return 1;
}

/* A text that lives as long as the past; of many that are equal, one. */
static const char *
keep(struct past *past, const char *text)
{
	if (evtask_ctl_get(past->texts, text) == NULL)
		evtask_ctl_put_text(&past->texts, text, text);
	return evtask_ctl_get_text(past->texts, text, "");
}

static int64_t
get_us(struct json_object *event, const char *key)
{
	return (int64_t)json_object_get_double(evtask_ctl_get(event, key));
}

static int
add(struct reader *reader, const struct past_fact *fact)
{
	struct past *past = reader->past;
	struct past_fact *more;
	size_t room = past->room > 0 ? past->room * 2 : 1024;

	if (past->n == FACTS_MAX)
		return explain(reader, -EINVAL, "%s is too large: more than "
		    "%d events; save less of it, with --last", reader->path,
		    FACTS_MAX);
	if (past->n == past->room) {
		more = reallocarray(past->facts, room, sizeof(*more));
		if (more == NULL)
			return no_memory(reader);
		past->facts = more;
		past->room = room;
	}
	past->facts[past->n] = *fact;
	past->facts[past->n].order = past->n;
	past->n++;
	return 0;
}

/* What the events are about tasks: by their phase, and category or name. */
static const struct {
	char phase;
	const char *key, *value; /* NULL: any */
	enum past_type type;
} kinds[] = {
	{ 'M', "name", "thread_name", PAST_NAMED },
	{ 'X', "cat", "run", PAST_RUNS },
	{ 'X', "cat", "ready", PAST_READY },
	{ 'X', "cat", "wait", PAST_WAITS },
	{ 'i', "name", "created", PAST_CREATED },
	{ 'i', "name", "asked to stop", PAST_CANCEL },
	{ 'i', "name", "returned", PAST_DONE },
	{ 'i', "name", "raised", PAST_DONE },
	{ 'i', "name", "cancelled", PAST_DONE },
};

/* False: it says nothing about a task. */
static bool
find_kind(struct json_object *event, char phase, enum past_type *ret_type)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].phase == phase &&
		    strcmp(evtask_ctl_get_text(event, kinds[i].key, ""),
		    kinds[i].value) == 0) {
			*ret_type = kinds[i].type;
			return true;
		}
	return false;
}

static int
take_event(struct reader *reader, struct json_object *event)
{
	const char *phase = evtask_ctl_get_text(event, "ph", "");
	struct json_object *args = evtask_ctl_get(event, "args");
	struct past *past = reader->past;
	struct past_fact fact = {
		.task = (uint64_t)evtask_ctl_get_int(event, "tid", 0),
		.ts_us = get_us(event, "ts"),
		.other = (uint64_t)evtask_ctl_get_int(args, "by", 0),
	};

	if (strlen(phase) != 1 || evtask_ctl_get(event, "tid") == NULL)
		return bad_line(reader);
	if (fact.task == 0 || !find_kind(event, phase[0], &fact.type))
		return 0;
	fact.until_us = fact.ts_us + get_us(event, "dur");
	if (fact.type == PAST_NAMED) {
		fact.ts_us = -1; /* from the beginning on */
		fact.text = keep(past, evtask_ctl_get_text(args, "name", ""));
	} else if (fact.type == PAST_WAITS) {
		fact.text = keep(past, evtask_ctl_get_text(args, "op", ""));
		fact.on = keep(past, evtask_ctl_get_text(args, "on", ""));
		fact.other = (uint64_t)evtask_ctl_get_int(args, "owner", 0);
		fact.before_us = evtask_ctl_get_int(args, "before_us", 0);
	} else if (fact.type == PAST_DONE) {
		fact.text = keep(past, evtask_ctl_get_text(event, "name", ""));
	}
	return add(reader, &fact);
}

static struct json_object *
parse(struct reader *reader)
{
	json_tokener_reset(reader->tokener);
	return json_tokener_parse_ex(reader->tokener, reader->line,
	    (int)strlen(reader->line) + 1);
}

/* The first line is whole JSON but for its end. */
static int
take_head(struct reader *reader)
{
	size_t size = strlen(reader->line);
	struct json_object *head, *data;
	int64_t version;

	if (size + 3 > LINE_SIZE)
		return not_ours(reader);
	strcpy(reader->line + size, "]}");
	head = parse(reader);
	data = evtask_ctl_get(head, "otherData");
	version = evtask_ctl_get_int(data, "evtask", 0);
	reader->past->until_us = get_us(data, "until");
	reader->past->from_us = evtask_ctl_get_int(data, "from_us", 0);
	json_object_put(head);
	if (version > VERSION)
		return explain(reader, -EINVAL, "%s has been written by a "
		    "newer evtask", reader->path);
	return version == VERSION ? 0 : not_ours(reader);
}

static int
take_line(struct reader *reader)
{
	struct json_object *event = parse(reader);
	int r;

	if (!json_object_is_type(event, json_type_object))
		r = bad_line(reader);
	else
		r = take_event(reader, event);
	json_object_put(event);
	return r;
}

/* A slice stands behind those that ended before: the beginning decides. */
static int
by_task(const void *a, const void *b)
{
	const struct past_fact *x = a, *y = b;

	if (x->task != y->task)
		return x->task < y->task ? -1 : 1;
	if (x->ts_us != y->ts_us)
		return x->ts_us < y->ts_us ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

static int
read_all(struct reader *reader, FILE *file)
{
	int r = next_line(reader, file);

	if (r == 0)
		return not_ours(reader);
	if (r > 0)
		r = take_head(reader);
	while (r == 0) {
		r = next_line(reader, file);
		if (r == 0)
			return explain(reader, -EINVAL, "%s is cut off behind "
			    "line %zu: save it again", reader->path,
			    reader->lines);
		if (r > 0 && strcmp(reader->line, "]}") == 0)
			return 0;
		/* What no line end is behind has been cut, too. */
		if (r > 0)
			r = feof(file) ? 0 : take_line(reader);
	}
	return r;
}

/* A plain file: others may never end, or never begin. */
static int
open_file(struct reader *reader, FILE **ret_file)
{
	struct stat status;
	int fd = open(reader->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0 || fstat(fd, &status) < 0)
		return explain(reader, -errno, "cannot read %s: %s",
		    reader->path, strerror(errno));
	if (!S_ISREG(status.st_mode)) {
		close(fd);
		return not_ours(reader);
	}
	*ret_file = fdopen(fd, "r");
	return *ret_file != NULL ? 0 : no_memory(reader);
}

static int
read_file(struct reader *reader)
{
	struct past *past = reader->past;
	FILE *file = NULL;
	int r = open_file(reader, &file);

	if (r == 0 && (past->texts == NULL || reader->tokener == NULL))
		r = no_memory(reader);
	if (r == 0)
		r = read_all(reader, file);
	if (r == 0 && past->texts == NULL)
		r = no_memory(reader);
	if (r == 0 && past->n > 0)
		qsort(past->facts, past->n, sizeof(past->facts[0]), by_task);
	if (file != NULL)
		fclose(file);
	return r;
}

int
past_load(struct past *past, const char *path, char **ret_why)
{
	struct reader *reader = calloc(1, sizeof(*reader));
	int r;

	*ret_why = NULL;
	*past = (struct past){ .facts = NULL };
	if (reader == NULL)
		return -ENOMEM;
	reader->past = past;
	reader->path = path;
	reader->ret_why = ret_why;
	reader->tokener = json_tokener_new();
	past->texts = json_object_new_object();
	r = read_file(reader);
	if (reader->tokener != NULL)
		json_tokener_free(reader->tokener);
	free(reader);
	if (r < 0)
		past_release(past);
	return r;
}

void
past_release(struct past *past)
{
	free(past->facts);
	json_object_put(past->texts);
	*past = (struct past){ .facts = NULL };
}
