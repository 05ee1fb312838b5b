/*
 * job_log.c - what a task has written: a bounded list of lines.
 *
 * Bytes come in any pieces; a line is made when its newline has come. What has
 * none yet is *open*, a piece for each stream, and becomes a partial line when
 * somebody seals it: so a prompt is seen, and a program that writes byte by
 * byte still makes one line. Lines stand in the order in which they became
 * complete. They are numbered for the log's life, which is what a reader's
 * cursor counts in: whatever was dropped meanwhile is a difference of two
 * numbers.
 *
 * The log is bounded by bytes, with a line's header counted, so that a million
 * empty lines are no hole. The oldest go first, and their bytes are counted.
 * Only what is *needed* stays a little beyond the limit: see pace.c.
 */
#include "job_log.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

void
job_log_init(struct job_log *log, size_t limit_bytes)
{
	*log = (struct job_log){ .limit_bytes = limit_bytes,
	    .needed = JOB_LOG_NOTHING };
}

static struct job_log_line **
slot(const struct job_log *log, uint64_t n)
{
	return &log->lines[n & (log->room - 1)];
}

static size_t
cost(const struct job_log_line *line)
{
	return sizeof(*line) + sizeof(line) + line->size;
}

static void
drop_first(struct job_log *log)
{
	struct job_log_line *line = *slot(log, log->first++);

	log->kept_bytes -= cost(line);
	log->dropped_bytes += line->size + !line->partial;
	free(line);
}

static bool
is_full(const struct job_log *log)
{
	size_t slack = log->first < log->needed ? 0 : JOB_LOG_SLACK;

	return log->kept_bytes > slack &&
	    log->kept_bytes - slack > log->limit_bytes;
}

static void
drop_excess(struct job_log *log)
{
	while (is_full(log))
		drop_first(log);
}

void
job_log_drop(struct job_log *log)
{
	unsigned int i;

	log->limit_bytes = 0;
	while (log->first < log->next)
		drop_first(log);
	free(log->lines);
	log->lines = NULL;
	log->room = 0;
	for (i = 0; i < JOB_LOG_STREAMS; i++) {
		log->dropped_bytes += log->open[i].size;
		free(log->open[i].bytes);
		log->open[i] = (struct job_log_open){0};
	}
}

void
job_log_release(struct job_log *log)
{
	job_log_drop(log);
}

/* Room for one line more. */
static int
grow(struct job_log *log)
{
	size_t room = log->room > 0 ? log->room * 2 : 16;
	struct job_log_line **lines;
	uint64_t n;

	if (log->next - log->first < log->room)
		return 0;
	lines = malloc(room * sizeof(*lines));
	if (lines == NULL)
		return -ENOMEM;
	for (n = log->first; n < log->next; n++)
		lines[n & (room - 1)] = *slot(log, n);
	free(log->lines);
	log->lines = lines;
	log->room = room;
	return 0;
}

/* A line of head and then tail. */
static int
add_line(struct job_log *log, struct job_log_line header,
    const struct job_log_open *head, const char *tail, size_t tail_size)
{
	struct job_log_line *line;
	size_t size = head->size + tail_size;

	line = malloc(sizeof(*line) + size);
	if (line == NULL || grow(log) < 0) {
		free(line);
		log->dropped_bytes += size + !header.partial;
		return -ENOMEM;
	}
	*line = header;
	line->size = (uint32_t)size;
	if (head->size > 0)
		memcpy(line->bytes, head->bytes, head->size);
	if (tail_size > 0)
		memcpy(line->bytes + head->size, tail, tail_size);
	*slot(log, log->next++) = line;
	line->before = log->cost_bytes;
	log->cost_bytes += cost(line);
	log->kept_bytes += cost(line);
	drop_excess(log);
	return 0;
}

static int
add_open(struct job_log *log, struct job_log_open *open, const char *bytes,
    size_t size)
{
	size_t room = open->room > 0 ? open->room : 128;
	char *grown;

	while (room < open->size + size)
		room *= 2;
	if (room > open->room) {
		grown = realloc(open->bytes, room);
		if (grown == NULL) {
			log->dropped_bytes += size;
			return -ENOMEM;
		}
		open->bytes = grown;
		open->room = room;
	}
	memcpy(open->bytes + open->size, bytes, size);
	open->size += size;
	return 0;
}

/* How much of bytes fits into the line without cutting a character in two. */
static size_t
fitting(const struct job_log_open *open, const char *bytes, size_t size)
{
	size_t fit = JOB_LOG_LINE_MAX - open->size, n;

	if (size <= fit)
		return size;
	for (n = fit; n > 0 && fit - n < 3; n--)
		if ((bytes[n] & 0xc0) != 0x80)
			return n;
	return fit;
}

static void
empty(struct job_log_open *open)
{
	open->size = 0;
	if (open->room > 4096) {
		free(open->bytes);
		*open = (struct job_log_open){0};
	}
}

int
job_log_append(struct job_log *log, unsigned int stream, const char *bytes,
    size_t size, int64_t ts_us, uint64_t seq)
{
	struct job_log_open *open = &log->open[stream - 1];
	struct job_log_line line = { .ts_us = ts_us,
	    .stream = (uint8_t)stream };
	uint64_t first = log->next;
	const char *newline;
	size_t n, taken;
	int r = 0, r2;

	log->logged_bytes[stream - 1] += size;
	while (size > 0) {
		newline = memchr(bytes, '\n', size);
		n = newline != NULL ? (size_t)(newline - bytes) : size;
		taken = fitting(open, bytes, n);
		line.partial = taken < n;
		line.seq = seq + (log->next - first);
		if (newline == NULL && !line.partial) {
			r2 = add_open(log, open, bytes, n);
		} else {
			r2 = add_line(log, line, open, bytes, taken);
			empty(open);
			taken += !line.partial;
		}
		if (r2 < 0)
			r = r2;
		bytes += taken;
		size -= taken;
	}
	return r;
}

bool
job_log_is_open(const struct job_log *log)
{
	return log->open[0].size > 0 || log->open[1].size > 0;
}

int
job_log_seal(struct job_log *log, int64_t ts_us, uint64_t seq)
{
	struct job_log_line line = { .ts_us = ts_us, .partial = true };
	uint64_t first = log->next;
	int r = 0;

	for (line.stream = 1; line.stream <= JOB_LOG_STREAMS; line.stream++) {
		struct job_log_open *open = &log->open[line.stream - 1];

		if (open->size == 0)
			continue;
		line.seq = seq + (log->next - first);
		if (add_line(log, line, open, NULL, 0) < 0)
			r = -ENOMEM;
		empty(open);
	}
	return r;
}

const struct job_log_line *
job_log_line(const struct job_log *log, uint64_t n)
{
	return n >= log->first && n < log->next ? *slot(log, n) : NULL;
}

void
job_log_need(struct job_log *log, uint64_t n)
{
	log->needed = n;
	drop_excess(log);
}

uint64_t
job_log_cost_from(const struct job_log *log, uint64_t n)
{
	const struct job_log_line *line = job_log_line(log,
	    n < log->first ? log->first : n);

	return line != NULL ? log->cost_bytes - line->before : 0;
}
