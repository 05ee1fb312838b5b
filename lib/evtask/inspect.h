/*
 * inspect.h - looking into a running loop: what each task does, what it waits
 * for, who made it, who cancelled it. Read-only, always on.
 *
 * Everything here is called from the loop's thread and does not suspend.
 * Times are microseconds on the loop's clock; -1 says not yet.
 */
#ifndef EVTASK_INSPECT_H
#define EVTASK_INSPECT_H

#include <evtask/task.h>

#ifdef __cplusplus
extern "C" {
#endif

enum evtask_state {
	EVTASK_STATE_CREATED,	/* queued, has not run yet */
	EVTASK_STATE_READY,	/* queued, to run again */
	EVTASK_STATE_RUNNING,
	EVTASK_STATE_WAITING,
	EVTASK_STATE_DONE,
};

enum evtask_outcome {
	EVTASK_OUTCOME_NONE,	/* not done */
	EVTASK_OUTCOME_RETURNED,
	EVTASK_OUTCOME_RAISED,
	EVTASK_OUTCOME_CANCELLED,
};

/* What a waiting task waits for. Valid until the task runs again. */
struct evtask_wait_info {
	const char *op;			/* "sleep", "await", "fd.wait" ... */
	const char *type;		/* "timer", "task", "fd", "child" ... */
	char name[64];			/* the resource: "7", "4711", "crawl" */
	uint64_t resource;		/* its id: inspect_graph.h; 0: none */
	const struct evtask *owner;	/* who must act for it to end; NULL */
	uint64_t owner_id;		/* that one, or who ended holding it */
	const struct evtask_site *site;
	int64_t since_us;
	int64_t until_us;		/* EVTASK_FOREVER: no deadline */
};

struct evtask_info {
	uint64_t id;
	const char *name;		/* borrowed from the task */
	enum evtask_state state;
	enum evtask_outcome outcome;
	bool internal;
	int64_t created_us, started_us, done_us;
	struct evtask_origin created_by;
	const struct evtask_site *created_at;
	int cancel_requests;		/* ever made, taken back or not */
	struct evtask_origin cancelled_by;	/* of the last request */
	const struct evtask_site *cancelled_at;
	const char *cancel_message;	/* NULL: none */
	int64_t cancelled_us;
	uint64_t resumes;		/* times it was switched to */
	uint64_t awaits;		/* waits that suspended it */
	uint64_t wakes;			/* of them, those that are over */
	size_t stack_size, stack_used, stack_peak; /* bytes; 0: no stack */
};

/* All of it but the wait. Returns 0 or -EINVAL. */
EVTASK_API int
evtask_get_info(const struct evtask *task, struct evtask_info *ret_info);

/* The two of it that are asked for most, without the cost of the rest. */
EVTASK_API enum evtask_state evtask_get_state(const struct evtask *task);
EVTASK_API enum evtask_outcome evtask_get_outcome(const struct evtask *task);

/* What it waits for. Returns 1; 0 when it does not wait; -EINVAL. */
EVTASK_API int
evtask_get_wait(const struct evtask *task, struct evtask_wait_info *ret_wait);

/* "created", "ready" ...; "returned", "raised", "cancelled" (NULL for none) */
EVTASK_API const char *evtask_state_name(enum evtask_state state);
EVTASK_API const char *evtask_outcome_name(enum evtask_outcome outcome);

/*
 * Who is told what happens to tasks, as it happens. Calls come from inside
 * the library: an observer must not create, cancel or await, only take note.
 * In done() the task has its outcome, and its handle may be referenced.
 */
struct evtask_observer {
	void (*created)(struct evtask *task, void *arg);
	void (*started)(struct evtask *task, void *arg);
	void (*waiting)(struct evtask *task, void *arg);
	void (*renamed)(struct evtask *task, void *arg);
	void (*cancel_requested)(struct evtask *task, void *arg);
	void (*done)(struct evtask *task, void *arg);
	/* Tasks wait for each other in a circle, closed by this one. */
	void (*deadlock)(struct evtask *task, void *arg);
};

/* Sets the loop's one observer; any function of it may be NULL, as may it.
 * Returns 0, or -ENOSYS: libevtask was built without inspection. */
EVTASK_API int
evtask_loop_set_observer(struct evtask_loop *loop,
    const struct evtask_observer *observer, void *arg);

/* Numbers of the loop since it was made. */
struct evtask_loop_stats {
	uint64_t turns, handles, polls;
	uint64_t tasks_created, tasks_done;
	uint64_t tasks_pending, timers_pending;
	uint64_t reports;		/* to the exception handler */
	uint64_t stacks, stacks_free;	/* of the pool */
	const char *stack_guard;	/* "madvise", "mprotect" or "canary" */
};
EVTASK_API void
evtask_loop_get_stats(const struct evtask_loop *loop,
    struct evtask_loop_stats *ret_stats);

#ifdef __cplusplus
}
#endif
#endif
