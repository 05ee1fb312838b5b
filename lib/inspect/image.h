/*
 * image.h - an ELF file, mapped: its functions and its build id.
 */
#ifndef INSPECT_IMAGE_H
#define INSPECT_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct image {
	void *file;		/* mapped; NULL: it cannot be read */
	size_t size;
};

struct image_function {
	uintptr_t start;	/* in the file's own addresses */
	size_t size;		/* 0: not known */
	const char *name;	/* in the mapping */
};

/* Maps a regular file; anything else is an empty image. Allocates nothing. */
struct image image_map(const char *path);
void image_unmap(struct image *image);

/* How many symbols there are, of .symtab or else .dynsym: an upper bound. */
size_t image_symbols(const struct image *image);

/* Shows every function, in the file's order. */
void image_each_function(const struct image *image,
    void (*see)(const struct image_function *function, void *arg), void *arg);

/* Whether it is loaded where it is said to be, and not at an offset. */
bool image_is_fixed(const struct image *image);

/* The build id; NULL: it has none. And the one among notes in memory. */
const void *image_build_id(const struct image *image, size_t *ret_size);
const void *notes_build_id(const char *notes, size_t size, size_t *ret_size);

#endif
