/*
 * module_file.h - a file that may hold a module.
 */
#ifndef DAEMON_MODULE_FILE_H
#define DAEMON_MODULE_FILE_H

#include <evtask/base.h>
#include <sys/stat.h>

struct evtask_module;

/* Looks whether NAME.so of the folder (NULL: there is none) may be loaded. 0,
 * or as modules_change() has it. */
int module_file_look(const char *folder, const char *name,
    struct stat *ret_file, char **ret_why);

/* One that is loaded. */
struct module_file {
	const struct evtask_module *table;
	struct stat stat;
	void *handle;
};

/* The same, and loads it: to be put away by module_file_drop(), or kept for
 * ever and counted in what the next is given as loads. */
int module_file_read(const char *folder, const char *name,
    unsigned int loads, struct module_file *ret_file, char **ret_why);

/* Nobody may have seen anything of it. */
void module_file_drop(struct module_file *file);

/* Returns r, with a sentence in *ret_why: NULL, there was no memory for it. */
int module_refuse(int r, char **ret_why, const char *fmt, ...)
    EVTASK_PRINTF(3, 4);

#endif
