/*
 * module.c - the modules of evtaskd: shared objects in a folder.
 *
 *	(file) --load--> loaded --unload--> withdrawn --load--> loaded
 *	                    `------reload------'
 *
 * Code once loaded stays: sites, names and functions of it are remembered by
 * errors, events and traces. So a file that has changed must be loaded beside
 * itself, and dlopen(3), which knows a file by its name, is given another name
 * for it each time: one more "./". It also knows a file by its inode: a new
 * one takes the place of the old by rename(2), as install(1) does it.
 *
 * What may be loaded is code of ours: the folder and the file must not be
 * writable by others than root and us.
 */
#include <config.h>

#include "module.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <evtask/module.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" \
	"0123456789_-"
#define LOADS_MAX 1000		/* "./" in a path */
#define ROWS_MAX 1000

struct module {
	struct module *next;
	char *name;			/* owned */
	const struct evtask_module *table; /* NULL: it is withdrawn */
	struct stat file;		/* it was loaded from */
};

static int EVTASK_PRINTF(3, 4)
refuse(int r, char **ret_why, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(ret_why, fmt, ap) < 0)
		*ret_why = NULL;
	va_end(ap);
	return r;
}

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
	struct module *module = find(modules, name);

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
	module->next = modules->first;
	modules->first = module;
	return module;
}

/* Files. */

static bool
is_ours(const struct stat *st)
{
	return (st->st_uid == 0 || st->st_uid == geteuid()) &&
	    (st->st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

static int
look_at_file(const struct modules *modules, const char *name,
    struct stat *ret_file, char **ret_why)
{
	struct stat folder;
	char *path;
	int r = 0;

	if (*name == '\0' || name[strspn(name, NAME_CHARS)] != '\0')
		return refuse(-EINVAL, ret_why, "\"%s\" is no name of a "
		    "module: letters, digits, _ and -", name);
	if (modules->folder == NULL)
		return refuse(-ENOENT, ret_why, "there is no folder of "
		    "modules: name one with --modules");
	if (asprintf(&path, "%s/%s.so", modules->folder, name) < 0)
		return -ENOMEM;
	if (stat(modules->folder, &folder) < 0 || stat(path, ret_file) < 0)
		r = refuse(-errno, ret_why, "%s: %s", path, strerror(errno));
	else if (!is_ours(&folder) || !is_ours(ret_file))
		r = refuse(-EPERM, ret_why, "%s: others may write to it: it "
		    "and its folder must belong to root or to the user of "
		    "evtaskd, and be writable by nobody else", path);
	free(path);
	return r;
}

static int
open_file(struct modules *modules, const char *name, void **ret_handle,
    char **ret_why)
{
	char *path = NULL;
	size_t size;
	FILE *out;

	if (modules->loads >= LOADS_MAX)
		return refuse(-ENOMEM, ret_why, "modules have been loaded %d "
		    "times: start evtaskd anew", LOADS_MAX);
	out = open_memstream(&path, &size);
	if (out == NULL)
		return -ENOMEM;
	fputs(modules->folder, out);
	for (unsigned int i = 0; i < modules->loads; i++)
		fputs("/.", out);
	fprintf(out, "/%s.so", name);
	if (fclose(out) != 0) {
		free(path);
		return -ENOMEM;
	}
	*ret_handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	free(path);
	if (*ret_handle == NULL)
		return refuse(-EINVAL, ret_why, "%s.so cannot be loaded: %s",
		    name, dlerror());
	modules->loads++;
	return 0;
}

static int
check_table(const struct evtask_module *table, const char *name,
    char **ret_why)
{
	size_t n = 0;

	if (table == NULL)
		return refuse(-EINVAL, ret_why, "%s.so is no module: it has "
		    "no " EVTASK_MODULE_SYMBOL, name);
	if (table->abi != EVTASK_MODULE_ABI ||
	    table->size_bytes != sizeof(*table) ||
	    table->row_bytes != sizeof(struct evtask_coroutine))
		return refuse(-EINVAL, ret_why, "%s.so was built for another "
		    "evtask: its table is of version %u and this evtaskd's "
		    "of %u; build it anew", name, table->abi,
		    EVTASK_MODULE_ABI);
	while (table->coroutines != NULL && table->coroutines[n] != NULL &&
	    n < ROWS_MAX)
		n++;
	if (n == 0 || n == ROWS_MAX)
		return refuse(-EINVAL, ret_why, "%s.so has no coroutine, or "
		    "its table no end", name);
	return 0;
}

static int
read_table(struct modules *modules, const char *name,
    const struct evtask_module **ret_table, struct stat *ret_file,
    char **ret_why)
{
	void *handle = NULL;
	int r = look_at_file(modules, name, ret_file, ret_why);

	if (r == 0)
		r = open_file(modules, name, &handle, ret_why);
	if (r < 0)
		return r;
	*ret_table = dlsym(handle, EVTASK_MODULE_SYMBOL);
	return check_table(*ret_table, name, ret_why);
}

/* Coroutines. */

/* The first n of them; those that have tasks stay, and are -EBUSY. */
static int
withdraw(struct modules *modules, const struct evtask_module *table, size_t n)
{
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++) {
		r = evtask_console_remove(modules->console,
		    table->coroutines[i]);
		while (r < 0 && i-- > 0)
			(void)!evtask_console_add(modules->console,
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
		r = evtask_console_add(modules->console, row);
		if (r == 0)
			continue;
		(void)withdraw(modules, table, i);
		return refuse(r, ret_why, "%s.so: its coroutine %s %s", name,
		    row->name != NULL ? row->name : "without a name",
		    r == -EEXIST ? "is there already" :
		    r == -ENOMEM ? "cannot be added: no memory" :
		    "is wrong: its name, function, schemas or example");
	}
	return 0;
}

int
modules_load(struct modules *modules, const char *name, char **ret_why)
{
	const struct evtask_module *table;
	struct module *module;
	struct stat file;
	int r;

	module = find(modules, name);
	if (module != NULL && module->table != NULL)
		return refuse(-EALREADY, ret_why, "module %s is loaded", name);
	r = read_table(modules, name, &table, &file, ret_why);
	if (r < 0)
		return r;
	module = find_or_make(modules, name);
	if (module == NULL)
		return -ENOMEM;
	r = add(modules, table, name, ret_why);
	if (r < 0)
		return r;
	module->table = table;
	module->file = file;
	return 0;
}

static int
find_loaded(const struct modules *modules, const char *name,
    struct module **ret_module, char **ret_why)
{
	*ret_module = find(modules, name);
	if (*ret_module == NULL || (*ret_module)->table == NULL)
		return refuse(-ENOENT, ret_why, "module %s is not loaded",
		    name);
	return 0;
}

static int
withdraw_all(struct modules *modules, struct module *module, char **ret_why)
{
	int r = withdraw(modules, module->table, count_rows(module->table));

	if (r == -EBUSY)
		return refuse(r, ret_why, "module %s has tasks that are not "
		    "done: wait for them, or cancel them", module->name);
	return r;
}

int
modules_unload(struct modules *modules, const char *name, char **ret_why)
{
	struct module *module;
	int r = find_loaded(modules, name, &module, ret_why);

	if (r == 0)
		r = withdraw_all(modules, module, ret_why);
	if (r == 0)
		module->table = NULL;
	return r;
}

int
modules_reload(struct modules *modules, const char *name, char **ret_why)
{
	const struct evtask_module *table;
	struct module *module;
	struct stat file;
	int r = find_loaded(modules, name, &module, ret_why);

	if (r == 0)
		r = read_table(modules, name, &table, &file, ret_why);
	if (r == 0)
		r = withdraw_all(modules, module, ret_why);
	if (r < 0)
		return r;
	r = add(modules, table, name, ret_why);
	if (r < 0) {
		(void)add(modules, module->table, name, &(char *){ NULL });
		return r;
	}
	module->table = table;
	module->file = file;
	return 0;
}

/* The folder. */

static void
tell(const struct modules *modules, const char *name, const char *done, int r,
    char *why)
{
	if (r == 0)
		log_say(modules->log, LOG_LEVEL_NOTICE, "module %s is %s",
		    name, done);
	else
		log_say(modules->log, LOG_LEVEL_WARNING, "module %s is not "
		    "%s: %s", name, done, why != NULL ? why : strerror(-r));
	free(why);
}

static bool
has_changed(const struct modules *modules, const struct module *module)
{
	struct stat file;
	char *why = NULL;
	int r = look_at_file(modules, module->name, &file, &why);

	free(why);
	return r == 0 && (file.st_dev != module->file.st_dev ||
	    file.st_ino != module->file.st_ino ||
	    file.st_mtim.tv_sec != module->file.st_mtim.tv_sec ||
	    file.st_mtim.tv_nsec != module->file.st_mtim.tv_nsec);
}

static bool
has_gone(const struct modules *modules, const struct module *module)
{
	struct stat file;
	char *why = NULL;
	int r = look_at_file(modules, module->name, &file, &why);

	free(why);
	return r == -ENOENT;
}

static void
scan_loaded(struct modules *modules)
{
	for (struct module *m = modules->first; m != NULL; m = m->next) {
		char *why = NULL;
		int r;

		if (m->table == NULL)
			continue;
		if (has_gone(modules, m)) {
			r = modules_unload(modules, m->name, &why);
			tell(modules, m->name, "unloaded", r, why);
		} else if (has_changed(modules, m)) {
			r = modules_reload(modules, m->name, &why);
			tell(modules, m->name, "reloaded", r, why);
		}
	}
}

static int
is_module(const struct dirent *entry)
{
	size_t size = strlen(entry->d_name);

	return size > 3 && strcmp(entry->d_name + size - 3, ".so") == 0;
}

void
modules_scan(struct modules *modules)
{
	struct dirent **entries = NULL;
	int i, n;

	if (modules->folder == NULL)
		return;
	scan_loaded(modules);
	n = scandir(modules->folder, &entries, is_module, alphasort);
	if (n < 0 && errno != ENOENT)
		log_say(modules->log, LOG_LEVEL_WARNING, "%s: %s",
		    modules->folder, strerror(errno));
	for (i = 0; i < n; i++) {
		char *name = entries[i]->d_name, *why = NULL;
		struct module *module;
		int r;

		name[strlen(name) - 3] = '\0';
		module = find(modules, name);
		if (module == NULL || module->table == NULL) {
			r = modules_load(modules, name, &why);
			tell(modules, name, "loaded", r, why);
		}
		free(entries[i]);
	}
	free(entries);
}

void
modules_release(struct modules *modules)
{
	struct module *module;

	while ((module = modules->first) != NULL) {
		modules->first = module->next;
		free(module->name);
		free(module);
	}
}
