/*
 * pages.h - what was read of a process, kept: it is read in small pieces that
 * lie close together, and all that one command says should be of one moment.
 */
#ifndef OUTSIDE_PAGES_H
#define OUTSIDE_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct pages;

/* NULL: no memory. */
struct pages *pages_new(pid_t pid);
/* NULL is fine. */
void pages_free(struct pages *pages);

/* False: that memory is not there. */
bool pages_read(struct pages *pages, uint64_t at, void *to, size_t size);

/* All of these will be asked for, `size` bytes of each, until they have passed:
 * it is cheaper to read them together. An address may be 0, or lead nowhere. */
void pages_pass(struct pages *pages);
void pages_expect(struct pages *pages, const uint64_t *addresses, size_t n,
    size_t size);

/* From here on memory is read anew. */
void pages_forget(struct pages *pages);

#endif
