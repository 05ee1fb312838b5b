/*
 * index.c - a hash table whose links live in its members.
 *
 * It knows hashes and no keys: the caller looks at each node of a hash to see
 * whether it is the one. So a member whose key has changed can still be taken
 * out, and ten thousand members of one name cost no more than others to add
 * and to take out.
 */
#include "index.h"
#include <errno.h>
#include <stdlib.h>

#define FIRST_SIZE 64

int
index_init(struct index *index)
{
	index->count = 0;
	index->size = FIRST_SIZE;
	index->buckets = calloc(index->size, sizeof(*index->buckets));
	return index->buckets != NULL ? 0 : -ENOMEM;
}

void
index_release(struct index *index)
{
	free(index->buckets);
	index->buckets = NULL;
}

static void
link_at(struct index_node **at, struct index_node *node)
{
	node->next = *at;
	node->at = at;
	if (node->next != NULL)
		node->next->at = &node->next;
	*at = node;
}

static struct index_node **
bucket(const struct index *index, uint64_t hash)
{
	return &index->buckets[hash & (index->size - 1)];
}

static void
grow(struct index *index)
{
	struct index_node **old = index->buckets, *node, *next;
	size_t i, size = index->size;
	struct index_node **buckets = calloc(size * 2, sizeof(*buckets));

	if (buckets == NULL)
		return;
	index->buckets = buckets;
	index->size = size * 2;
	for (i = 0; i < size; i++) {
		for (node = old[i]; node != NULL; node = next) {
			next = node->next;
			link_at(bucket(index, node->hash), node);
		}
	}
	free(old);
}

void
index_add(struct index *index, struct index_node *node, uint64_t hash)
{
	if (index->count >= index->size)
		grow(index);
	node->hash = hash;
	link_at(bucket(index, hash), node);
	index->count++;
}

void
index_remove(struct index *index, struct index_node *node)
{
	if (node->at == NULL)
		return;
	*node->at = node->next;
	if (node->next != NULL)
		node->next->at = node->at;
	node->at = NULL;
	index->count--;
}

static struct index_node *
next_of_hash(struct index_node *node, uint64_t hash)
{
	while (node != NULL && node->hash != hash)
		node = node->next;
	return node;
}

struct index_node *
index_find(const struct index *index, uint64_t hash)
{
	return next_of_hash(*bucket(index, hash), hash);
}

struct index_node *
index_find_next(const struct index_node *node)
{
	return next_of_hash(node->next, node->hash);
}

/* The finalizer of splitmix64: neighbours go apart. */
uint64_t
index_hash_number(uint64_t n)
{
	n = (n ^ (n >> 30)) * 0xbf58476d1ce4e5b9;
	n = (n ^ (n >> 27)) * 0x94d049bb133111eb;
	return n ^ (n >> 31);
}

/* FNV-1a. */
uint64_t
index_hash_text(const char *text)
{
	uint64_t hash = 0xcbf29ce484222325;

	for (; *text != '\0'; text++)
		hash = (hash ^ (unsigned char)*text) * 0x100000001b3;
	return index_hash_number(hash);
}
