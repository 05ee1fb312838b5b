/*
 * inspect_stack.h - where a task stands: its native stack.
 *
 *	void *frames[64];
 *	int n = evtask_get_stack(task, frames, 64);
 *
 * The stack of a task that is not running is unwound where it lies, by the
 * tables that the compiler makes for exceptions: no frame pointers are needed,
 * and nothing of that stack is changed. Called from the loop's thread; does not
 * suspend.
 */
#ifndef EVTASK_INSPECT_STACK_H
#define EVTASK_INSPECT_STACK_H

#include <evtask/task.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The addresses at which its functions go on, the innermost first. Returns how
 * many were filled in, at most size; 0: it has no stack, because it has not
 * run yet or is done. -EINVAL; -ENOTSUP: this machine's switch cannot be
 * unwound.
 */
EVTASK_API int
evtask_get_stack(const struct evtask *task, void **frames, int size);

/*
 * Writes it to file, a line a frame, with the names of functions, and of those
 * that are static, too. Returns how many frames were written; -ENOMEM, or as
 * evtask_get_stack().
 */
EVTASK_API int evtask_print_stack(const struct evtask *task, FILE *file);

/* What is known of an address. */
struct evtask_symbol {
	const char *func;		/* NULL: not known */
	uintptr_t func_offset;		/* from its beginning */
	const char *module;		/* the file it is from; NULL */
	uintptr_t address;		/* in that file, as addr2line has it */
};

/*
 * The symbols of this process. Files are read when something of theirs is
 * first looked up, and kept. new returns 0 or -ENOMEM; free accepts NULL.
 */
struct evtask_symbols;

EVTASK_API EVTASK_CHECKED int
evtask_symbols_new(struct evtask_symbols **ret_symbols);
EVTASK_API void evtask_symbols_free(struct evtask_symbols *symbols);

/* Looks up an address of evtask_get_stack(). The texts live as long as
 * symbols. */
EVTASK_API void
evtask_symbols_find(struct evtask_symbols *symbols, const void *frame,
    struct evtask_symbol *ret_symbol);

/* The same, with its texts, cut. */
struct evtask_place {
	char func[128];			/* "": not known */
	uintptr_t func_offset;
	char module[256];		/* "": not known */
	uintptr_t address;
};

/* From any thread: what an address is. It takes no lock, allocates nothing and
 * reads files anew each time: for when others may be stuck. */
EVTASK_API void
evtask_place_of(const void *frame, struct evtask_place *ret_place);

#ifdef __cplusplus
}
#endif
#endif
