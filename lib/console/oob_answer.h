/* oob_answer.h - what the out-of-band socket answers, without an allocation. */
#ifndef CONSOLE_OOB_ANSWER_H
#define CONSOLE_OOB_ANSWER_H

#include <evtask/inspect_trace.h>
#include <stdbool.h>
#include <stddef.h>
#include "oob_text.h"

#define OOB_RECORDS_MAX 1000 /* of one answer, as trace.snapshot says */

struct evtask_console;

/* Room for one answer at a time. */
struct oob_answerer {
	struct evtask_console *console;
	struct oob_text text;
	struct evtask_trace_record records[OOB_RECORDS_MAX];
};

/* Answers a line, ended by NUL. False: the client does not read, or is gone. */
bool oob_answer(struct oob_answerer *answerer, int fd, const char *line,
    size_t size);

/* A line was too long. As above. */
bool oob_refuse_long(struct oob_answerer *answerer, int fd);

#endif
