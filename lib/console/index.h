/*
 * index.h - a hash table whose links live in its members.
 */
#ifndef CONSOLE_INDEX_H
#define CONSOLE_INDEX_H

#include <stddef.h>
#include <stdint.h>

struct index_node {
	struct index_node *next, **at; /* at: what points here; NULL: not in */
	uint64_t hash;
};

struct index {
	struct index_node **buckets;
	size_t size;  /* buckets; a power of two */
	size_t count; /* nodes */
};

#define index_entry(node, type, member) \
	((type *)(void *)((char *)(node) - offsetof(type, member)))

int index_init(struct index *index);
void index_release(struct index *index);

/* Cannot fail: without memory the buckets get longer. */
void index_add(struct index *index, struct index_node *node, uint64_t hash);
/* A node that is not in it is left alone. */
void index_remove(struct index *index, struct index_node *node);

struct index_node *index_find(const struct index *index, uint64_t hash);
struct index_node *index_find_next(const struct index_node *node);

uint64_t index_hash_number(uint64_t n);
uint64_t index_hash_text(const char *text);

#endif
