/*
 * module.c - the modules of evtaskd: which there are, and what is done to them.
 *
 *	(file) --load--> loaded --unload--> withdrawn --load--> loaded
 *	                    `------reload------'
 *
 * A module is known from when its file was first found to be more than absent,
 * be it bad, until that file has gone: so a client can ask what was wrong with
 * it. Whoever asks for a change, a client, SIGHUP or the start, it is noted
 * and told in one place, modules_change().
 */
#include <config.h>

#include "module.h"

#include <dirent.h>
#include <errno.h>
#include <evtask/module.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "module_file.h"

struct module {
	struct module *next;		/* by name */
	char *name;			/* owned */
	char *why;			/* it could not be loaded; NULL: it
					   could. Owned */
	const struct evtask_module *table; /* NULL: it is not loaded */
	struct stat file;		/* it was loaded from */
};

static struct module *
find(const struct modules *modules, const char *name)
{
	struct module *module = modules->first;

	while (module != NULL && strcmp(module->name, name) != 0)
		module = module->next;
	return module;
}

static struct module *
find_or_make(struct modules *modules, const char *name)
{
	struct module *module = find(modules, name), **at = &modules->first;

	if (module != NULL)
		return module;
	module = calloc(1, sizeof(*module));
	if (module == NULL)
		return NULL;
	module->name = strdup(name);
	if (module->name == NULL) {
		free(module);
		return NULL;
	}
	while (*at != NULL && strcmp((*at)->name, name) < 0)
		at = &(*at)->next;
	module->next = *at;
	*at = module;
	return module;
}

/* Coroutines. */

/* The first n of them; those that have tasks stay, and are -EBUSY. */
static int
withdraw(struct modules *modules, const struct evtask_module *table,
    const char *name, size_t n)
{
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++) {
		r = evtask_console_remove(modules->console,
		    table->coroutines[i]);
		while (r < 0 && i-- > 0)
			(void)!evtask_console_add_from(modules->console, name,
			    table->coroutines[i]);
	}
	return r;
}

static size_t
count_rows(const struct evtask_module *table)
{
	size_t n = 0;

	while (table->coroutines[n] != NULL)
		n++;
	return n;
}

static int
add(struct modules *modules, const struct evtask_module *table,
    const char *name, char **ret_why)
{
	const struct evtask_coroutine *row;
	int r;

	for (size_t i = 0; (row = table->coroutines[i]) != NULL; i++) {
		r = evtask_console_add_from(modules->console, name, row);
		if (r == 0)
			continue;
		(void)withdraw(modules, table, name, i);
		return module_refuse(r, ret_why, "%s.so: its coroutine %s %s",
		    name, row->name != NULL ? row->name : "without a name",
		    r == -EEXIST ? "is there already" :
		    r == -ENOMEM ? "cannot be added: no memory" :
		    "is wrong: its name, function, schemas or example");
	}
	return 0;
}

/* From now on it is the module's. What was of it before stays loaded, too. */
static void
keep(struct modules *modules, struct module *module,
    const struct module_file *file)
{
	module->table = file->table;
	module->file = file->stat;
	modules->loads++;
}

/* Changes: 1; 0, nothing was to be done; or why not. */

static int
load(struct modules *modules, const char *name, char **ret_why)
{
	struct module *module = find(modules, name);
	struct module_file file;
	int r;

	if (module != NULL && module->table != NULL)
		return 0;
	r = module_file_read(modules->folder, name, modules->loads, &file,
	    ret_why);
	if (r < 0)
		return r;
	module = find_or_make(modules, name);
	r = module == NULL ? -ENOMEM : add(modules, file.table, name, ret_why);
	if (r < 0) {
		module_file_drop(&file);
		return r;
	}
	keep(modules, module, &file);
	return 1;
}

static int
withdraw_all(struct modules *modules, struct module *module, char **ret_why)
{
	int r = withdraw(modules, module->table, module->name,
	    count_rows(module->table));

	if (r == -EBUSY)
		return module_refuse(r, ret_why, "module %s has tasks that "
		    "are not done: wait for them, or cancel them",
		    module->name);
	return r;
}

static int
unload(struct modules *modules, const char *name, char **ret_why)
{
	struct module *module = find(modules, name);
	int r;

	if (module == NULL)
		return module_refuse(-ENOENT, ret_why, "there is no module "
		    "%s", name);
	if (module->table == NULL)
		return 0;
	r = withdraw_all(modules, module, ret_why);
	if (r < 0)
		return r;
	module->table = NULL;
	return 1;
}

static int
reload(struct modules *modules, const char *name, char **ret_why)
{
	struct module *module = find(modules, name);
	struct module_file file;
	int r;

	if (module == NULL || module->table == NULL)
		return module_refuse(-ENOENT, ret_why, "module %s is not "
		    "loaded", name);
	r = module_file_read(modules->folder, name, modules->loads, &file,
	    ret_why);
	if (r < 0)
		return r;
	r = withdraw_all(modules, module, ret_why);
	if (r == 0) {
		r = add(modules, file.table, name, ret_why);
		if (r < 0)
			(void)add(modules, module->table, name,
			    &(char *){ NULL });
	}
	if (r < 0) {
		module_file_drop(&file);
		return r;
	}
	keep(modules, module, &file);
	return 1;
}

static const struct {
	int (*fn)(struct modules *modules, const char *name, char **ret_why);
	const char *done;
} changes[] = {
	[EVTASK_CONSOLE_LOAD] = { load, "loaded" },
	[EVTASK_CONSOLE_UNLOAD] = { unload, "unloaded" },
	[EVTASK_CONSOLE_RELOAD] = { reload, "reloaded" },
};

/* What is wrong with it is known until it is loaded. That there is no such
 * file, or that it has tasks, is not wrong with it. */
static void
note(struct modules *modules, const char *name, int r, const char *why)
{
	struct module *module = r == -ENOENT || r == -EBUSY || r == -ENOMEM
	    ? NULL : find_or_make(modules, name);

	if (module == NULL || r == 0)
		return;
	free(module->why);
	module->why = r < 0 && why != NULL ? strdup(why) : NULL;
}

int
modules_change(struct modules *modules, enum evtask_console_change change,
    const char *name, char **ret_why)
{
	const char *done = changes[change].done;
	const struct module *module;
	int r = changes[change].fn(modules, name, ret_why);

	note(modules, name, r, *ret_why);
	if (r < 0) {
		log_say(modules->log, LOG_LEVEL_WARNING, "module %s is not "
		    "%s: %s", name, done,
		    *ret_why != NULL ? *ret_why : strerror(-r));
	} else if (r > 0) {
		module = find(modules, name);
		log_say(modules->log, LOG_LEVEL_NOTICE, "module %s is %s",
		    name, done);
		evtask_console_announce_module(modules->console, change, name,
		    module->table != NULL ? module->table->version : NULL);
	}
	return r;
}

bool
modules_next(const struct modules *modules, const char *after,
    struct evtask_console_module *ret_module)
{
	const struct module *module = modules->first;

	while (module != NULL && strcmp(module->name, after) <= 0)
		module = module->next;
	if (module == NULL)
		return false;
	*ret_module = (struct evtask_console_module){ .name = module->name,
		.why = module->why };
	if (module->table != NULL) {
		ret_module->version = module->table->version;
		ret_module->coroutines = module->table->coroutines;
	}
	return true;
}

/* The folder. */

/* What the file is now, where it says anything. */
static int
look_at(const struct modules *modules, const struct module *module,
    struct stat *ret_file)
{
	char *why = NULL;
	int r = module_file_look(modules->folder, module->name, ret_file,
	    &why);

	free(why);
	return r;
}

static bool
has_changed(const struct modules *modules, const struct module *module)
{
	struct stat file;

	return look_at(modules, module, &file) == 0 &&
	    (file.st_dev != module->file.st_dev ||
	    file.st_ino != module->file.st_ino ||
	    file.st_mtim.tv_sec != module->file.st_mtim.tv_sec ||
	    file.st_mtim.tv_nsec != module->file.st_mtim.tv_nsec);
}

static bool
has_gone(const struct modules *modules, const struct module *module)
{
	struct stat file;

	return look_at(modules, module, &file) == -ENOENT;
}

static void
module_free(struct module *module)
{
	free(module->name);
	free(module->why);
	free(module);
}

/* Those whose file has gone, and that are not loaded, are no longer known. */
static void
drop_gone(struct modules *modules)
{
	struct module **at = &modules->first, *module;

	while ((module = *at) != NULL) {
		if (module->table != NULL || !has_gone(modules, module)) {
			at = &module->next;
			continue;
		}
		*at = module->next;
		module_free(module);
	}
}

/* One of those that are done at once: the log has said why, if it was not. */
static int
change(struct modules *modules, enum evtask_console_change change,
    const char *name)
{
	char *why = NULL;
	int r = modules_change(modules, change, name, &why);

	free(why);
	return r > 0;
}

static int
scan_loaded(struct modules *modules)
{
	int changed = 0;

	for (struct module *m = modules->first; m != NULL; m = m->next) {
		if (m->table == NULL)
			continue;
		if (has_gone(modules, m))
			changed += change(modules, EVTASK_CONSOLE_UNLOAD,
			    m->name);
		else if (has_changed(modules, m))
			changed += change(modules, EVTASK_CONSOLE_RELOAD,
			    m->name);
	}
	drop_gone(modules);
	return changed;
}

static int
is_module(const struct dirent *entry)
{
	size_t size = strlen(entry->d_name);

	return size > 3 && strcmp(entry->d_name + size - 3, ".so") == 0;
}

int
modules_scan(struct modules *modules)
{
	struct dirent **entries = NULL;
	int i, n, changed;

	if (modules->folder == NULL)
		return 0;
	changed = scan_loaded(modules);
	n = scandir(modules->folder, &entries, is_module, alphasort);
	if (n < 0 && errno != ENOENT)
		log_say(modules->log, LOG_LEVEL_WARNING, "%s: %s",
		    modules->folder, strerror(errno));
	for (i = 0; i < n; i++) {
		char *name = entries[i]->d_name;

		name[strlen(name) - 3] = '\0';
		changed += change(modules, EVTASK_CONSOLE_LOAD, name);
		free(entries[i]);
	}
	free(entries);
	return changed;
}

void
modules_release(struct modules *modules)
{
	struct module *module;

	while ((module = modules->first) != NULL) {
		modules->first = module->next;
		module_free(module);
	}
}
