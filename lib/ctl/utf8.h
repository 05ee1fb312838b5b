/* utf8.h - what UTF-8 is, for what comes in and for what goes out. */
#ifndef CTL_UTF8_H
#define CTL_UTF8_H

#include <stddef.h>

/*
 * The size of the well-formed sequence that bytes begin with; 0 when they
 * begin with none. size must not be 0.
 */
size_t utf8_size(const char *bytes, size_t size);

/* The size without the unfinished sequence that cutting may have left. */
size_t utf8_floor(const char *bytes, size_t size);

#endif
