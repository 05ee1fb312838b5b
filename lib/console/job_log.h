/*
 * job_log.h - what a task has written: a bounded list of lines.
 */
#ifndef CONSOLE_JOB_LOG_H
#define CONSOLE_JOB_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JOB_LOG_LINE_MAX (64 << 10) /* bytes; a longer line comes in parts */
#define JOB_LOG_STREAMS 2           /* stdout and stderr; counted from 1 */
#define JOB_LOG_SLACK (2 << 20)     /* over its limit, for what is needed */
#define JOB_LOG_NOTHING UINT64_MAX  /* no line is needed */

/* A line is complete and never changes; its newline is not in it. */
struct job_log_line {
	uint64_t seq;    /* of its event */
	int64_t ts_us;   /* when it was complete, on the loop's clock */
	uint64_t before; /* what all lines before it cost, kept or not */
	uint32_t size;
	uint8_t stream;
	bool partial;    /* no newline followed: the next one continues it */
	char bytes[];
};

/* What a stream has written since its last line. */
struct job_log_open {
	char *bytes;
	size_t size, room;
};

struct job_log {
	struct job_log_line **lines; /* a ring; line n is at n & (room - 1) */
	size_t room;             /* a power of two, or 0 */
	uint64_t first, next;    /* lines first .. next - 1 are kept */
	size_t kept_bytes;       /* of kept lines, their overhead included */
	size_t limit_bytes;
	uint64_t cost_bytes;     /* of all lines ever */
	uint64_t needed;         /* from this line on somebody has yet to read
				    all, who must not be overtaken */
	uint64_t dropped_bytes;  /* written, and no longer kept */
	uint64_t logged_bytes[JOB_LOG_STREAMS];
	struct job_log_open open[JOB_LOG_STREAMS];
};

void job_log_init(struct job_log *log, size_t limit_bytes);
void job_log_release(struct job_log *log);

/*
 * Adds bytes. Each line that becomes complete gets the next number and a seq,
 * counted on from seq; log->next says how many there were. 0 or -ENOMEM, and
 * then what found no room is counted as dropped.
 */
int job_log_append(struct job_log *log, unsigned int stream, const char *bytes,
    size_t size, int64_t ts_us, uint64_t seq);

/* Makes lines of what is open: a prompt, or the end of the output. */
int job_log_seal(struct job_log *log, int64_t ts_us, uint64_t seq);
bool job_log_is_open(const struct job_log *log);

/* Line n; NULL when it is not kept. Borrowed until the log changes. */
const struct job_log_line *job_log_line(const struct job_log *log, uint64_t n);

/* Lines from n on are needed, until said otherwise: they are kept beyond the
 * limit, by JOB_LOG_SLACK at most. JOB_LOG_NOTHING: none is. */
void job_log_need(struct job_log *log, uint64_t n);

/* What the lines from n on cost of the limit. */
uint64_t job_log_cost_from(const struct job_log *log, uint64_t n);

/* Keeps no line any longer, and none of what comes. */
void job_log_drop(struct job_log *log);

#endif
