/*
 * console_module.h - modules: coroutines that a program loads as it runs.
 *
 * A program that can load code lets its administrators see and change what is
 * loaded: module.list, .load, .unload and .reload of evtask-protocol(7). What
 * a module is, where it comes from and whether it may be trusted is for the
 * program to know; the console asks it, and tells its clients what it says.
 *
 *	static const struct evtask_console_modules plugins = {
 *		.next = next_plugin, .change = change_plugin, .arg = &state,
 *	};
 *	options.modules = &plugins;
 */
#ifndef EVTASK_CONSOLE_MODULE_H
#define EVTASK_CONSOLE_MODULE_H

#include <evtask/console.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A module, as module.list shows it. All of it is borrowed. */
struct evtask_console_module {
	const char *name;
	const char *version;	/* its own, for people; NULL: it says none */
	const char *why;	/* what was wrong with it when it was last to
				   be loaded; NULL: nothing */
	const struct evtask_coroutine *const *coroutines; /* NULL ends;
				   NULL: it is not loaded */
};

enum evtask_console_change {
	EVTASK_CONSOLE_LOAD,
	EVTASK_CONSOLE_UNLOAD,
	EVTASK_CONSOLE_RELOAD,
};

/* What a program can do about modules. Called from the loop. */
struct evtask_console_modules {
	/* The first in the order of names that comes after this one; of all
	 * for "". False: there is none. */
	bool (*next)(const char *after,
	    struct evtask_console_module *ret_module, void *arg);
	/*
	 * Changes it. 1; 0, it was so already; -ENOENT, there is no such
	 * module, or it is not loaded; -EBUSY, tasks of it are not done;
	 * -ENOMEM; any other, it is not good enough. With a sentence for
	 * people in *ret_why, which is NULL before; free() ends it.
	 */
	int (*change)(enum evtask_console_change change, const char *name,
	    char **ret_why, void *arg);
	void *arg;
};

/* As evtask_console_add(), of a coroutine that has come with a module:
 * coroutine.get says with which. The name is copied; NULL: with none. */
EVTASK_API EVTASK_CHECKED int
evtask_console_add_from(struct evtask_console *console, const char *module,
    const struct evtask_coroutine *coroutine);

/* Tells subscribers (module.loaded, module.unloaded) that this was done, by
 * whomever it was asked. version may be NULL. */
EVTASK_API void
evtask_console_announce_module(struct evtask_console *console,
    enum evtask_console_change change, const char *name, const char *version);

#ifdef __cplusplus
}
#endif
#endif
