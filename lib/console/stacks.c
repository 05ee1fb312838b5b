/*
 * stacks.c - many stacks, folded: those that are equal are one.
 *
 * A hundred thousand tasks of the same kind stand in a handful of places. A
 * stack is its list of addresses; equal lists are one group, found by a hash
 * table of open addressing.
 */
#include "stacks.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_TABLE 64
#define FIRST_ROOM 16

void
stacks_init(struct stacks *stacks)
{
	*stacks = (struct stacks){ .groups = NULL };
}

void
stacks_release(struct stacks *stacks)
{
	size_t i;

	for (i = 0; i < stacks->n; i++)
		free(stacks->groups[i].frames);
	free(stacks->groups);
	free(stacks->table);
	stacks_init(stacks);
}

/* FNV-1a over the addresses. */
static uint64_t
hash_of(void *const *frames, int n)
{
	uint64_t hash = UINT64_C(14695981039346656037);
	int i;

	for (i = 0; i < n; i++)
		hash = (hash ^ (uintptr_t)frames[i]) *
		    UINT64_C(1099511628211);
	return hash;
}

static int
grow_table(struct stacks *stacks)
{
	size_t size = stacks->table_size > 0 ? stacks->table_size * 2
	    : FIRST_TABLE, i, at;
	size_t *table = calloc(size, sizeof(*table));

	if (table == NULL)
		return -ENOMEM;
	for (i = 0; i < stacks->n; i++) {
		at = stacks->groups[i].hash & (size - 1);
		while (table[at] != 0)
			at = (at + 1) & (size - 1);
		table[at] = i + 1;
	}
	free(stacks->table);
	stacks->table = table;
	stacks->table_size = size;
	return 0;
}

static int
grow_groups(struct stacks *stacks)
{
	size_t room = stacks->room > 0 ? stacks->room * 2 : FIRST_ROOM;
	struct stack_group *groups = reallocarray(stacks->groups, room,
	    sizeof(*groups));

	if (groups == NULL)
		return -ENOMEM;
	stacks->groups = groups;
	stacks->room = room;
	return 0;
}

static bool
is_equal(const struct stack_group *group, uint64_t hash, void *const *frames,
    int n)
{
	return group->hash == hash && group->n_frames == n &&
	    memcmp(group->frames, frames, (size_t)n * sizeof(*frames)) == 0;
}

/* The place in the table of that stack, or where it belongs. */
static size_t
place_of(const struct stacks *stacks, uint64_t hash, void *const *frames,
    int n)
{
	size_t at = hash & (stacks->table_size - 1);

	while (stacks->table[at] != 0 && !is_equal(
	    &stacks->groups[stacks->table[at] - 1], hash, frames, n))
		at = (at + 1) & (stacks->table_size - 1);
	return at;
}

static int
new_group(struct stacks *stacks, size_t at, uint64_t hash,
    void *const *frames, int n)
{
	void **copy = calloc((size_t)n + 1, sizeof(*copy));

	if (copy == NULL || (stacks->n == stacks->room &&
	    grow_groups(stacks) < 0)) {
		free(copy);
		return -ENOMEM;
	}
	memcpy(copy, frames, (size_t)n * sizeof(*copy));
	stacks->groups[stacks->n++] = (struct stack_group){ .hash = hash,
	    .frames = copy, .n_frames = n };
	stacks->table[at] = stacks->n;
	return 0;
}

int
stacks_add(struct stacks *stacks, void *const *frames, int n, uint64_t task,
    int64_t waited_us)
{
	uint64_t hash = hash_of(frames, n);
	struct stack_group *group;
	size_t at;

	if (stacks->n * 2 >= stacks->table_size && grow_table(stacks) < 0)
		return -ENOMEM;
	at = place_of(stacks, hash, frames, n);
	if (stacks->table[at] == 0 &&
	    new_group(stacks, at, hash, frames, n) < 0)
		return -ENOMEM;
	group = &stacks->groups[stacks->table[at] - 1];
	if (group->count < STACK_EXAMPLES_MAX)
		group->tasks[group->count] = task;
	group->count++;
	group->waited_us += waited_us;
	return 0;
}

static int
by_count(const void *a, const void *b)
{
	const struct stack_group *g = a, *h = b;

	if (g->count != h->count)
		return g->count < h->count ? 1 : -1;
	return (g->tasks[0] > h->tasks[0]) - (g->tasks[0] < h->tasks[0]);
}

void
stacks_sort(struct stacks *stacks)
{
	if (stacks->n > 0)
		qsort(stacks->groups, stacks->n, sizeof(*stacks->groups),
		    by_count);
}
