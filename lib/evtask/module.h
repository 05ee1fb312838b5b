/*
 * module.h - modules: coroutines of your own for evtaskd, in a shared object.
 *
 * A module is one exported table. evtaskd loads it from its folder of modules,
 * and its coroutines can be created by name like those built in (job.h says
 * how one is written). The file is NAME.so; NAME is what the module is called.
 *
 *	static const struct evtask_coroutine *const rows[] = { &greet, NULL };
 *
 *	EVTASK_MODULE = {
 *		EVTASK_MODULE_HEAD, .version = "1.0", .coroutines = rows,
 *	};
 *
 *	cc -shared -fPIC -o greet.so greet.c \
 *	    $(pkg-config --cflags --libs libevtask libevtask-console)
 *
 * A module is code of the daemon's: it runs in its one thread and its one
 * loop, and a fault of it is the daemon's end. Its functions never block.
 * Tasks that a coroutine makes must end before it does. Once loaded, the code
 * stays in the process, as what inspection remembers points into it: to unload
 * a module is to withdraw its coroutines, to reload it is to load the new file
 * beside the old.
 */
#ifndef EVTASK_MODULE_H
#define EVTASK_MODULE_H

#include <evtask/job.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Of this header. A table of another number is refused; members are only ever
 * added at the end, which the sizes tell. */
#define EVTASK_MODULE_ABI 1

struct evtask_module {
	unsigned int abi;		/* EVTASK_MODULE_ABI */
	unsigned int size_bytes;	/* of this struct, as it was compiled */
	unsigned int row_bytes;		/* and of a row */
	const char *version;		/* its own, for people; NULL: none */
	const struct evtask_coroutine *const *coroutines; /* NULL ends */
};

/* The first three. */
#define EVTASK_MODULE_HEAD \
	.abi = EVTASK_MODULE_ABI, \
	.size_bytes = sizeof(struct evtask_module), \
	.row_bytes = sizeof(struct evtask_coroutine)

/* The name by which it is found. */
#define EVTASK_MODULE_SYMBOL "evtask_module"
#define EVTASK_MODULE \
	extern __attribute__((__visibility__("default"))) \
	    const struct evtask_module evtask_module; \
	const struct evtask_module evtask_module

#ifdef __cplusplus
}
#endif
#endif
