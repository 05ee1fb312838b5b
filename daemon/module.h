/*
 * module.h - the modules of evtaskd: shared objects in a folder.
 */
#ifndef DAEMON_MODULE_H
#define DAEMON_MODULE_H

#include <evtask/console_module.h>

#include "log.h"

struct module;

/* Those that were ever loaded. All zero: none, and no folder. */
struct modules {
	struct evtask_console *console;	/* borrowed */
	const struct log *log;		/* borrowed */
	const char *folder;		/* borrowed; NULL: there is none */
	struct module *first;
	unsigned int loads;		/* ever: see module.c */
};

/*
 * Loads NAME.so of the folder, and adds its coroutines; or withdraws them; or
 * both, the old ones staying when the new file is bad. 1, and the log and the
 * console's clients are told; 0, so it was already. Or, with a sentence in
 * *ret_why (NULL before; free() it) that the log is told, too: -EINVAL, no
 * such name, or the file is no module; -ENOENT, no such file or module, or it
 * is not loaded; -EPERM, others may write to the file or the folder; -EEXIST,
 * a coroutine of that name is there; -EBUSY, a task of it is not done;
 * -ENOSPC, too many were loaded; -ENOMEM. Then nothing has changed.
 */
int modules_change(struct modules *modules, enum evtask_console_change change,
    const char *name, char **ret_why);

/* As evtask_console_modules has it. */
bool modules_next(const struct modules *modules, const char *after,
    struct evtask_console_module *ret_module);

/* Makes it as the folder is: loads what is new there, reloads what has
 * changed, unloads what has gone. Says in the log what it did and could not.
 * Returns how many have changed. */
int modules_scan(struct modules *modules);

/* After the console. The code stays. */
void modules_release(struct modules *modules);

#endif
