/*
 * room.h - memory of an array that grows, perhaps to a million.
 */
#ifndef CORO_ROOM_H
#define CORO_ROOM_H

#include <stddef.h>

/*
 * `to` bytes instead of the `from` bytes at p, at the start of a cache line,
 * with what was in both; beyond that undefined. NULL: no memory, and p is as
 * it was. NULL is of 0 bytes, and 0 bytes are none: p is freed.
 */
void *room_resize(void *p, size_t from, size_t to);

#endif
