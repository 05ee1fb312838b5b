/*
 * buffer.c - bytes in a row.
 *
 * One piece of memory, which grows and never shrinks. What is left in it is
 * moved to the front only when the room behind it is too small, so that a
 * buffer which is emptied now and then moves nothing.
 */
#include "io/buffer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 4096 };

int
buffer_reserve(struct buffer *b, size_t n)
{
	size_t size = buffer_size(b), capacity;
	char *data;

	if (b->capacity - b->end >= n)
		return 0;
	if (b->start > 0) {
		memmove(b->data, buffer_bytes(b), size);
		b->start = 0;
		b->end = size;
	}
	if (b->capacity - size >= n)
		return 0;
	capacity = b->capacity != 0 ? b->capacity : FIRST_CAPACITY;
	while (capacity - size < n)
		if (__builtin_mul_overflow(capacity, 2, &capacity))
			return -ENOMEM;
	data = realloc(b->data, capacity);
	if (data == NULL)
		return -ENOMEM;
	b->data = data;
	b->capacity = capacity;
	return 0;
}

void
buffer_drop(struct buffer *b, size_t n)
{
	b->start += n;
	if (b->start == b->end)
		b->start = b->end = 0;
}

size_t
buffer_take(struct buffer *b, void *buf, size_t size)
{
	size_t n = buffer_size(b) < size ? buffer_size(b) : size;

	if (n > 0)
		memcpy(buf, buffer_bytes(b), n);
	buffer_drop(b, n);
	return n;
}

void
buffer_append(struct buffer *b, const void *bytes, size_t n)
{
	if (n > 0)
		memcpy(b->data + b->end, bytes, n);
	b->end += n;
}

void
buffer_release(struct buffer *b)
{
	free(b->data);
	*b = (struct buffer){ 0 };
}
