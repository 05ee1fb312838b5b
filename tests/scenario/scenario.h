/*
 * scenario.h - the interpreter of the scenario language.
 *
 * A scenario is a small concurrent program written as JSON; running it prints
 * a trace. Each operation stands for one call of libevtask, made through the
 * installed headers alone, so a difference between two traces is a difference
 * between two libraries. cases/ and generated.jsonl hold the traces that
 * Python's asyncio gives.
 *
 * Layers: main.c reads files; check.c refuses what is not in the language;
 * run.c runs a scenario from its first turn to its final lines; block.c
 * interprets blocks; ops_*.c are the operations, one table each; names.c,
 * field.c and trace.c serve them.
 */
#ifndef SCENARIO_H
#define SCENARIO_H

#include <evtask/evtask.h>
#include <json-c/json.h>
#include <stdio.h>

/* What a name can stand for; an operation says which it takes. */
enum kind {
	TASK = 1 << 0,
	FUTURE = 1 << 1,
	GATHER = 1 << 2,
	SHIELD = 1 << 3,
	FUT = TASK | FUTURE | GATHER | SHIELD,
	HANDLE = 1 << 4,
	CALLBACK = 1 << 5,
	TIMEOUT = 1 << 6,
	GROUP = 1 << 7,
	LOCK = 1 << 8,
	EVENT = 1 << 9,
	COND = 1 << 10,
	SEM = 1 << 11,
	BARRIER = 1 << 12,
	QUEUE = 1 << 13,
	CONTEXT = 1 << 14,
};

/* Something bound to a name. Lives until the scenario is freed. */
struct object {
	struct object *next;		/* in order of binding */
	enum kind kind;
	const char *label;
	bool lost;			/* holds an error nobody looked at */
	union {
		struct evtask *task;
		struct evtask_future *future;
		struct evtask_handle *handle;
		struct actor *callback;
		struct evtask_timeout *timeout;
		struct evtask_group *group;
		struct evtask_lock *lock;
		struct evtask_event *event;
		struct evtask_condition *cond;
		struct evtask_semaphore *sem;
		struct evtask_barrier *barrier;
		struct evtask_queue *queue;
		struct evtask_context *context;
		void *any;
	} is;
};

struct name {
	struct name *next;
	const char *text;
	int bindings;			/* labels made of it */
	struct object *object;		/* the last one; NULL: unbound */
	struct evtask_var var;		/* as a context variable */
};

/* Who acts: a task, or a callback. */
struct actor {
	struct scenario *s;
	const char *label;		/* "t1", "@cb" */
	const char *name;		/* to be bound to */
	struct json_object *body;
	struct object *self;		/* NULL: a callback, or not bound yet */
};

/* A procedure, or the body of a callback, being run. */
struct frame {
	struct actor *actor;
	struct evtask_error *caught;	/* by the handler around */
	struct evtask_value result;	/* of "return"; lent by the JSON */
};

/* Iterators that a scenario left to run on, freed with it. */
struct iterator {
	struct iterator *next;
	struct evtask_as_completed *it;
};

struct scenario {
	struct json_object *root;
	struct json_object *procs;
	struct evtask_loop *loop;
	FILE *out;
	struct name *names;
	struct object *objects, **last_object;
	struct iterator *iterators;
	struct piece *arena;		/* freed at the end, all at once */
	int deadlocks;
	bool shutting_down;
	bool dropping;			/* nothing is said or done any more */
};

/* One operation being run. */
struct step {
	struct scenario *s;
	struct frame *frame;
	const struct op *op;
	struct json_object *json;
	const char *args;		/* for its line; NULL: none */
	const char *value;		/* likewise */
	const char *missing;		/* a name it needs and did not find */
};

/* An operation returns 0, a negative code (raised), or RETURNED. */
enum { RETURNED = 1 };

typedef int (*op_fn)(struct step *step);

enum op_flags {
	SUSPENDS = 1 << 0,		/* not in callbacks */
	SILENT = 1 << 1,		/* writes its own lines, or none */
};

struct op {
	const char *name;
	/* "as=n proc=p in?=n": each field and its type; ?: may be left out.
	 * n name, N names, p procedure, t text, i integer, I integer or null,
	 * b bool, v value, e exception, w when, k kind, B block, X handlers. */
	const char *fields;
	op_fn fn;
	unsigned int flags;
};

extern const struct op ops_control[], ops_task[], ops_future[], ops_combine[],
    ops_scope[], ops_sync[], ops_context[];

const struct op *op_find(const char *name);

/* check.c: 0; or -1 and what is wrong on stderr. */
int scenario_check(struct json_object *root, const char *file);

/* run.c */
void scenario_run(struct json_object *root, FILE *out);
int task_main(void *actor);
void callback_main(void *actor);

/* block.c */
int run_block(struct frame *frame, struct json_object *block);
int call_proc(struct actor *actor, const char *proc,
    struct evtask_value *ret_value);
struct json_object *proc_body(struct scenario *s, const char *proc);

/* names.c */
void *scenario_alloc(struct scenario *s, size_t size);
char *scenario_print(struct scenario *s, const char *fmt, ...)
    EVTASK_PRINTF(2, 3);
void scenario_release(struct scenario *s);
struct name *name_of(struct scenario *s, const char *text);
const char *label_of(struct scenario *s, const char *name);
struct object *bind(struct scenario *s, const char *name, const char *label,
    enum kind kind, void *is);
const char *label_of_future(struct scenario *s,
    const struct evtask_future *future);
/* Keeps those that are bound, in order of binding; returns how many. */
size_t sort_bound(struct scenario *s, struct evtask **tasks, size_t n);
const char *label_of_task(struct scenario *s, const struct evtask *task);

/* field.c */
struct json_object *field(const struct step *step, const char *name);
bool has_field(const struct step *step, const char *name);
const char *field_text(const struct step *step, const char *name);
int64_t field_int(const struct step *step, const char *name, int64_t otherwise);
bool field_bool(const struct step *step, const char *name);
/* Milliseconds as microseconds; null is EVTASK_FOREVER. */
int64_t field_us(const struct step *step, const char *name);
struct evtask_value field_value(const struct step *step, const char *name);
/* What the name stands for; its label goes into the line. NULL: nothing of
 * that kind, and the step is over. */
struct object *field_object(struct step *step, const char *name, int kinds);
/* The same for a list. Returns how many were found. */
size_t field_objects(struct step *step, const char *name, int kinds,
    struct object ***ret_objects);
union evtask_awaitable awaitable(const struct object *object);
/* Makes a label of the name in "as", for the line and for binding. */
const char *new_label(struct step *step);

/* trace.c */
void trace(struct scenario *s, const char *actor, const char *fmt, ...)
    EVTASK_PRINTF(3, 4);
void trace_outcome(struct step *step, const char *op, const char *args, int r);
const char *error_text(struct scenario *s, const struct evtask_error *error);
const char *value_text(struct scenario *s, struct evtask_value value);
const char *raised_text(struct scenario *s, int r);
bool error_matches(const struct evtask_error *error, const char *match);
struct evtask_error *error_from_text(const char *exc);

/* Gives a bare code of the library the name asyncio has for it. */
int named(int r, const char *type);
void discard(int r);

/* What the library should not have said. */
void must(int r, const char *what);

#endif
