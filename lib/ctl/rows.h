/*
 * rows.h - the words the tables are written in.
 *
 * A row of a table is one initializer; the macros here only name its parts, so
 * that a row reads as a line of the reference manual:
 *
 *	{ "limit", OPTIONAL INT(1, 1000), DEFAULT(100), .doc = "..." },
 */
#ifndef CTL_ROWS_H
#define CTL_ROWS_H

#include <evtask/ctl_schema.h>

/* What a method is called. */
#define METHOD(word) .name = (word), .name_size = sizeof(word) - 1

/* What a field holds. */
#define ANY .type = EVTASK_CTL_ANY
#define BOOL .type = EVTASK_CTL_BOOL
#define INT(low, high) .type = EVTASK_CTL_INT, .min = (low), .max = (high)
#define COUNT INT(0, EVTASK_CTL_INT_MAX)
#define TEXT(low, high) .type = EVTASK_CTL_TEXT, .min = (low), .max = (high)
#define NAME TEXT(1, EVTASK_CTL_NAME_MAX)
#define PROSE TEXT(0, 65536)
#define ONE_OF(...) \
	.type = EVTASK_CTL_TEXT, .min = 1, .max = EVTASK_CTL_NAME_MAX, \
	.values = NAMES(__VA_ARGS__)
#define BASE64(high) .type = EVTASK_CTL_BASE64, .max = (high)
#define TASK .type = EVTASK_CTL_TASK
#define ID .type = EVTASK_CTL_ID
#define LIST(low, high, ...) \
	.type = EVTASK_CTL_ARRAY, .min = (low), .max = (high), \
	.item = &(const struct evtask_ctl_field){ .name = NULL, __VA_ARGS__ }
#define OBJECT .type = EVTASK_CTL_OBJECT
#define MAP(low, high, ...) \
	.type = EVTASK_CTL_OBJECT, .min = (low), .max = (high), \
	.item = &(const struct evtask_ctl_field){ .name = NULL, __VA_ARGS__ }
#define LABELS MAP(0, LABELS_MAX, TEXT(0, 256))
#define SHAPE(which) OBJECT, .shape = &shapes[SHAPE_##which]

/* What else is true of it. */
#define OPTIONAL .optional = true,
#define NULLABLE .nullable = true,
#define DEFAULT(...) .initial = #__VA_ARGS__

/* Lists, ended as all are, and JSON as it is written. */
#define END { .name = NULL }
#define FIELDS(...) (const struct evtask_ctl_field[]){ __VA_ARGS__ END }
#define NO_FIELDS (const struct evtask_ctl_field[]){ END }
#define NAMES(...) (const char *const[]){ __VA_ARGS__, NULL }
#define NO_NAMES (const char *const[]){ NULL }
#define JSON(...) #__VA_ARGS__

/* Bounds that more than one row has. */
#define TASKS_MAX 10000      /* tasks named in one request */
#define LABELS_MAX 32       /* of one task */
#define STDIN_MAX (512 << 10) /* bytes of one task.stdin, decoded */

enum shape_index {
	SHAPE_API,
	SHAPE_BUCKET,
	SHAPE_CANCEL,
	SHAPE_CANCELLED,
	SHAPE_CIRCLE,
	SHAPE_CLIENT,
	SHAPE_COROUTINE,
	SHAPE_COUNTERS,
	SHAPE_CREATOR,
	SHAPE_ERROR,
	SHAPE_FAULT,
	SHAPE_FRAME,
	SHAPE_LIMITS,
	SHAPE_LINK,
	SHAPE_LOG_LINE,
	SHAPE_METRIC,
	SHAPE_MODULE,
	SHAPE_NODE,
	SHAPE_PROGRESS,
	SHAPE_RESOURCE,
	SHAPE_SAMPLE,
	SHAPE_SHARED,
	SHAPE_SITE,
	SHAPE_STACK,
	SHAPE_STACK_GROUP,
	SHAPE_STALL,
	SHAPE_SUBSCRIPTION,
	SHAPE_TASK,
	SHAPE_TASK_COUNTS,
	SHAPE_TASK_NAME,
	SHAPE_TASK_STATE,
	SHAPE_TRACE_RECORD,
	SHAPE_WAIT,
};

extern const struct evtask_ctl_shape shapes[];

/* Values that more than one row has. */
#define STATES "created", "ready", "running", "waiting", "done"
#define OUTCOMES "returned", "raised", "cancelled"
#define EVENT_TYPES \
	"task.created", "task.started", "task.waiting", "task.done", \
	"task.renamed", "task.labelled", "task.cancel_requested", \
	"task.progress", "task.log", "task.warning", "task.forgotten", \
	"loop.deadlock", "loop.stall", "module.loaded", "module.unloaded", \
	"daemon.shutdown"
#define LOG_LEVELS "error", "warning", "notice", "info", "debug"
#define CAUSES \
	"done", "runnable", "timer", "outside", "unknown", "orphan", \
	"abandoned", "deadlock"
#define WARNINGS \
	"deadlock", "abandoned-lock", "orphan-wait", "cancel-ignored", \
	"lock-left-held", "never-retrieved", "stack-high", "self-waking"

#endif
