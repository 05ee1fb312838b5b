/*
 * file.h - a file as a value.
 */
#ifndef CLI_FILE_H
#define CLI_FILE_H

#include <stddef.h>

#define FILE_MAX_BYTES (1 << 20) /* a request does not get longer */

/*
 * Reads a whole file; "-" is the standard input. Returns 0 and *ret_text, with
 * a NUL behind it, to free; -errno, and *ret_why is a sentence to free.
 */
int file_read(const char *path, char **ret_text, size_t *ret_size,
    char **ret_why);

#endif
