/*
 * stack.c - the stack of a task, from the outside.
 *
 * The unwinder of the compiler's runtime starts where it is called. So it is
 * called on our own stack, by switch_unwind(), whose frame claims to have been
 * called by what is parked: what comes above that frame is the task's.
 */
#include <evtask/inspect_stack.h>

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unwind.h>

#include "core/task.h"

enum { PRINTED_MAX = 256 };

struct walk {
	void **frames;
	int n, size;
	bool inside;		/* our own frames are behind us */
};

static _Unwind_Reason_Code
see_frame(struct _Unwind_Context *context, void *arg)
{
	struct walk *walk = arg;
	uintptr_t pc = _Unwind_GetIP(context);

	if (!walk->inside) {
		walk->inside = _Unwind_GetRegionStart(context) ==
		    (uintptr_t)switch_unwind;
		return _URC_NO_REASON;
	}
	if (pc == 0 || walk->n == walk->size)
		return _URC_END_OF_STACK;
	walk->frames[walk->n++] = (void *)pc;
	return _URC_NO_REASON;
}

static int
walk_stack(void *arg)
{
	(void)_Unwind_Backtrace(see_frame, arg);
	return 0;
}

int
evtask_get_stack(const struct evtask *task, void **frames, int size)
{
	struct walk walk = { .frames = frames, .size = size };
	int r;

	if (task == NULL || frames == NULL || size < 0)
		return -EINVAL;
	if (task == current.task) {
		walk.inside = true;
		(void)walk_stack(&walk);
		return walk.n;
	}
	if (!task->started || task_stack(task) == NULL)
		return 0;
	r = switch_unwind(task->coro.parked, walk_stack, &walk);
	return r < 0 ? r : walk.n;
}

static void
print_frame(struct evtask_symbols *symbols, int i, const void *frame,
    FILE *file)
{
	struct evtask_symbol symbol;
	char line[512];

	evtask_symbols_find(symbols, frame, &symbol);
	if (symbol.func != NULL)
		snprintf(line, sizeof line, "#%-2d %s+0x%" PRIxPTR " (%s)\n", i,
		    symbol.func, symbol.func_offset, symbol.module);
	else
		snprintf(line, sizeof line, "#%-2d %p (%s+0x%" PRIxPTR ")\n", i,
		    frame, symbol.module != NULL ? symbol.module : "?",
		    symbol.address);
	(void)fputs(line, file);
}

int
evtask_print_stack(const struct evtask *task, FILE *file)
{
	void *frames[PRINTED_MAX];
	struct evtask_symbols *symbols;
	int n = evtask_get_stack(task, frames, PRINTED_MAX), r;

	if (n < 0 || file == NULL)
		return n < 0 ? n : -EINVAL;
	r = evtask_symbols_new(&symbols);
	if (r < 0)
		return r;
	for (int i = 0; i < n; i++)
		print_frame(symbols, i, frames[i], file);
	evtask_symbols_free(symbols);
	return n;
}
