/*
 * buffer.h - bytes in a row: appended at one end, taken from the other.
 */
#ifndef IO_BUFFER_H
#define IO_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

/* All zero: empty, with no memory of its own yet. */
struct buffer {
	char *data;
	size_t start, end;	/* what there is: data[start] to data[end] */
	size_t capacity;
};

static inline size_t
buffer_size(const struct buffer *b)
{
	return b->end - b->start;
}

static inline bool
buffer_empty(const struct buffer *b)
{
	return b->end == b->start;
}

static inline char *
buffer_bytes(const struct buffer *b)
{
	return b->data + b->start;
}

/* Makes room for n more bytes at data[end]. 0 or -ENOMEM. */
int buffer_reserve(struct buffer *b, size_t n);

/* Takes n of its bytes away from the front. */
void buffer_drop(struct buffer *b, size_t n);

/* Moves at most size bytes to buf. Returns how many. */
size_t buffer_take(struct buffer *b, void *buf, size_t size);

/* Appends n bytes there is room for. */
void buffer_append(struct buffer *b, const void *bytes, size_t n);

void buffer_release(struct buffer *b);

#endif
