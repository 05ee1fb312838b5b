/*
 * module_file.c - a file that may hold a module.
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

#include "module_file.h"

#include <dlfcn.h>
#include <errno.h>
#include <evtask/job.h>
#include <evtask/module.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NAME_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" \
	"0123456789_-"
#define LOADS_MAX 1000		/* "./" in a path */
#define ROWS_MAX 1000

int
module_refuse(int r, char **ret_why, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(ret_why, fmt, ap) < 0)
		*ret_why = NULL;
	va_end(ap);
	return r;
}

static bool
is_ours(const struct stat *st)
{
	return (st->st_uid == 0 || st->st_uid == geteuid()) &&
	    (st->st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

int
module_file_look(const char *folder, const char *name, struct stat *ret_file,
    char **ret_why)
{
	struct stat st;
	char *path;
	int r = 0;

	if (*name == '\0' || name[strspn(name, NAME_CHARS)] != '\0')
		return module_refuse(-EINVAL, ret_why, "\"%s\" is no name of a "
		    "module: letters, digits, _ and -", name);
	if (folder == NULL)
		return module_refuse(-ENOENT, ret_why, "there is no folder of "
		    "modules: name one with --modules");
	if (asprintf(&path, "%s/%s.so", folder, name) < 0)
		return -ENOMEM;
	if (stat(folder, &st) < 0 || stat(path, ret_file) < 0)
		r = module_refuse(-errno, ret_why, "%s: %s", path,
		    strerror(errno));
	else if (!is_ours(&st) || !is_ours(ret_file))
		r = module_refuse(-EPERM, ret_why, "%s: others may write to "
		    "it: it and its folder must belong to root or to the user "
		    "of evtaskd, and be writable by nobody else", path);
	free(path);
	return r;
}

static int
open_file(const char *folder, const char *name, unsigned int loads,
    void **ret_handle, char **ret_why)
{
	char *path = NULL;
	size_t size;
	FILE *out;

	if (loads >= LOADS_MAX)
		return module_refuse(-ENOSPC, ret_why, "modules have been "
		    "loaded %d times: start evtaskd anew", LOADS_MAX);
	out = open_memstream(&path, &size);
	if (out == NULL)
		return -ENOMEM;
	fputs(folder, out);
	for (unsigned int i = 0; i < loads; i++)
		fputs("/.", out);
	fprintf(out, "/%s.so", name);
	if (fclose(out) != 0) {
		free(path);
		return -ENOMEM;
	}
	*ret_handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	free(path);
	if (*ret_handle == NULL)
		return module_refuse(-EINVAL, ret_why, "%s.so cannot be "
		    "loaded: %s", name, dlerror());
	return 0;
}

static int
check_table(const struct evtask_module *table, const char *name,
    char **ret_why)
{
	size_t n = 0;

	if (table == NULL)
		return module_refuse(-EINVAL, ret_why, "%s.so is no module: it "
		    "has no " EVTASK_MODULE_SYMBOL, name);
	if (table->abi != EVTASK_MODULE_ABI ||
	    table->size_bytes != sizeof(*table) ||
	    table->row_bytes != sizeof(struct evtask_coroutine))
		return module_refuse(-EINVAL, ret_why, "%s.so was built for "
		    "another evtask: its table is of version %u and this "
		    "evtaskd's of %u; build it anew", name, table->abi,
		    EVTASK_MODULE_ABI);
	while (table->coroutines != NULL && table->coroutines[n] != NULL &&
	    n < ROWS_MAX)
		n++;
	if (n == 0 || n == ROWS_MAX)
		return module_refuse(-EINVAL, ret_why, "%s.so has no "
		    "coroutine, or its table no end", name);
	return 0;
}

int
module_file_read(const char *folder, const char *name, unsigned int loads,
    struct module_file *ret_file, char **ret_why)
{
	int r = module_file_look(folder, name, &ret_file->stat, ret_why);

	if (r == 0)
		r = open_file(folder, name, loads, &ret_file->handle, ret_why);
	if (r < 0)
		return r;
	ret_file->table = dlsym(ret_file->handle, EVTASK_MODULE_SYMBOL);
	r = check_table(ret_file->table, name, ret_why);
	if (r < 0)
		module_file_drop(ret_file);
	return r;
}

void
module_file_drop(struct module_file *file)
{
	dlclose(file->handle);
	file->handle = NULL;
	file->table = NULL;
}
