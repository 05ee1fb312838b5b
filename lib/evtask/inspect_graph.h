/*
 * inspect_graph.h - who waits for whom, what they share, and why nothing moves.
 *
 *	struct evtask_why why;
 *	const struct evtask *chain[32];
 *
 *	evtask_why(task, &why, chain, 32);
 *	printf("%s\n", evtask_cause_name(why.cause));
 *
 * Everything here is called from the loop's thread and does not suspend.
 * Tasks shown are borrowed. Times are microseconds on the loop's clock.
 */
#ifndef EVTASK_INSPECT_GRAPH_H
#define EVTASK_INSPECT_GRAPH_H

#include <evtask/inspect.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The tasks that must act for this one's wait to end: the one it awaits, those
 * of a group or a gather, the holder of the lock it wants. The counterpart of
 * evtask_awaited_by(). Fills in as many as there is room for, and returns how
 * many there are; 0 when it does not wait, or for no task.
 */
EVTASK_API size_t
evtask_awaits(const struct evtask *task, struct evtask **tasks, size_t size);

/*
 * The tasks that can never go on because each waits for the next, and the last
 * for the first, which is this one. Timeouts around the waits are not known
 * here: one may still end it. Fills in as many as there is room for, and
 * returns how many there are; 0: it is in no such circle.
 */
EVTASK_API size_t
evtask_deadlock(const struct evtask *task, const struct evtask **tasks,
    size_t size);

/*
 * All circles there are, each by its oldest task: see evtask_deadlock(). Fills
 * in as many as there is room for, and returns how many there are.
 */
EVTASK_API size_t
evtask_all_deadlocks(const struct evtask_loop *loop,
    const struct evtask **tasks, size_t size);

/*
 * Whether there are tasks, but none that runs or waits for a time, a
 * descriptor, a child, a signal or a thread: only a callback of the program's
 * own can still wake any.
 */
EVTASK_API bool evtask_quiescent(const struct evtask_loop *loop);

/* What it comes to in the end when something waits, the better ones first. */
enum evtask_cause {
	EVTASK_CAUSE_DONE,	/* nothing: the task asked about is done */
	EVTASK_CAUSE_RUNNABLE,	/* a task that runs, or is going to */
	EVTASK_CAUSE_TIMER,	/* a time that will come */
	EVTASK_CAUSE_OUTSIDE,	/* a descriptor, a child, a signal, a thread */
	EVTASK_CAUSE_UNKNOWN,	/* somebody must act; who is not known */
	EVTASK_CAUSE_ORPHAN,	/* a future that nobody is left to settle */
	EVTASK_CAUSE_ABANDONED,	/* a lock whose holder has ended */
	EVTASK_CAUSE_DEADLOCK,	/* tasks that wait for each other */
};

struct evtask_why {
	enum evtask_cause cause;	/* the worst there is */
	size_t length;			/* of the chain that leads to it */
	size_t back;			/* DEADLOCK: the last of it waits for
					   this one of it */
	bool cut;			/* there were too many to look at all */
};

/*
 * Follows what this task waits for, and what that waits for, to the end. The
 * chain begins with the task itself. Returns 0 or -EINVAL.
 */
EVTASK_API int
evtask_why(const struct evtask *task, struct evtask_why *ret_why,
    const struct evtask **chain, size_t size);

/* "done", "runnable", "timer", "outside", "unknown", "orphan",
 * "abandoned", "deadlock" */
EVTASK_API const char *evtask_cause_name(enum evtask_cause cause);

/* Something that tasks share: a lock, a queue, a stream ... */
struct evtask_resource;
struct evtask_resource_info {
	const struct evtask_resource *resource;	/* borrowed, until freed */
	uint64_t id;			/* unique in its loop */
	const char *type;		/* "lock", "stream" ... */
	const char *name;		/* borrowed; "": it has none */
	const struct evtask *owner;	/* who holds it; NULL */
	uint64_t owner_id;		/* or who ended with it; 0: nobody */
	const struct evtask_site *held_at;	/* where it was taken */
	int64_t held_us;		/* when; -1: it is not held */
	int64_t size, capacity;		/* what is in it; -1: not said */
	const struct evtask *reader, *writer;	/* of a stream: who is at it;
					   NULL: nobody */
	int64_t unsent;			/* of a stream: bytes that were left to
					   the loop; -1: it is no stream */
	uint64_t waiting;		/* tasks that wait for it now */
	uint64_t waits;			/* that ever had to: contention */
};

/*
 * Those that tasks of this loop have had to do with, and that are not freed,
 * by id. Fills in as many as there is room for after the id `after`, and
 * returns how many there are after it.
 */
EVTASK_API size_t
evtask_all_resources(const struct evtask_loop *loop, uint64_t after,
    struct evtask_resource_info *infos, size_t size);

/*
 * Goes on from one of them, which info tells of and which must not have been
 * freed since, to the next, by id. False: it was the last, and info stays.
 */
EVTASK_API bool
evtask_resource_next(const struct evtask_loop *loop,
    struct evtask_resource_info *info);

/* The tasks that wait for it, in line. Fills in as many as there is room for,
 * and returns how many there are. */
EVTASK_API size_t
evtask_resource_waiters(const struct evtask_resource *resource,
    struct evtask **tasks, size_t size);

#ifdef __cplusplus
}
#endif
#endif
