/*
 * inspect_layout.h - where a debugger finds the loops and tasks of a process.
 *
 * Every process that has libevtask has one evtask_layout. It tells where the
 * list of its loops begins, and where in its structures what stands: enough to
 * list the tasks of a process that is hung or stopped, or of its core, without
 * its help and without debug information. evtask(1) reads it with --pid and
 * --core, and so does the script for gdb.
 *
 * Names in the table never change their meaning. What is taken out of it is
 * missing, and makes a reader that needs it say so.
 */
#ifndef EVTASK_INSPECT_LAYOUT_H
#define EVTASK_INSPECT_LAYOUT_H

#include <evtask/base.h>

#ifdef __cplusplus
extern "C" {
#endif

#define EVTASK_LAYOUT_MAGIC "evtask\1"	/* and a NUL */
#define EVTASK_LAYOUT_VERSION 3
#define EVTASK_LAYOUT_ROWS 48

/* A member of a structure. */
struct evtask_layout_row {
	char name[24];			/* "task.id"; "": the end */
	int16_t via;			/* -1: it is in the structure itself;
					   else in the one that a pointer leads
					   to, which stands here */
	uint16_t offset;
	uint16_t size;			/* bytes; 0: nothing stands there, and
					   it is the place that counts */
	int16_t bit;			/* -1: all of them; else this one */
};

/*
 * Where those stand that a task waits for, when it waits for several: in what
 * its wait.of points to, if wait.each is `what`; or in the future that it waits
 * on, if future.class is. Offsets are from there.
 */
struct evtask_layout_spread {
	const void *what;
	int16_t n;			/* where their number stands (size_t);
					   or one of the two below */
	uint16_t first;			/* the first of them; or of a list, its
					   head */
	uint16_t stride;		/* from one to the next; or of a list,
					   where in each its link is */
	uint16_t future;		/* where in each a pointer to its future
					   is; NULL: there is none */
};
#define EVTASK_SPREAD_ONE (-1)		/* there is but one */
#define EVTASK_SPREAD_LIST (-2)		/* of list.next, up to its head */

struct evtask_layout {
	char magic[8];
	uint32_t version;
	uint32_t row_size;
	const void *loops;		/* points to the first loop */
	struct evtask_layout_row rows[EVTASK_LAYOUT_ROWS];
	const struct evtask_layout_spread *const *spreads; /* NULL ends them */
};

extern EVTASK_API const struct evtask_layout evtask_layout;

#ifdef __cplusplus
}
#endif
#endif
