/*
 * peek.h - reading memory of this process that another thread writes.
 *
 * What is read may change under the reader's eyes, or be gone: it is fetched by
 * the system, which then says so, and what it holds is for the reader to doubt.
 */
#ifndef INSPECT_PEEK_H
#define INSPECT_PEEK_H

#include <stdbool.h>
#include <stddef.h>

/* Copies size bytes. False: they cannot be read. */
bool peek(const void *from, void *to, size_t size);

/* Copies a text, cut to size bytes with its end. False: as above, or NULL. */
bool peek_text(const char *from, char *to, size_t size);

#endif
