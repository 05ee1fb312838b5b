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

/* The same, and loads it. loads counts how often that was done. */
int module_file_read(const char *folder, const char *name,
    unsigned int *loads, const struct evtask_module **ret_table,
    struct stat *ret_file, char **ret_why);

/* Returns r, with a sentence in *ret_why: NULL, there was no memory for it. */
int module_refuse(int r, char **ret_why, const char *fmt, ...)
    EVTASK_PRINTF(3, 4);

#endif
