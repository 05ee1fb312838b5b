/*
 * stacks.h - many stacks, folded: those that are equal are one.
 */
#ifndef CONSOLE_STACKS_H
#define CONSOLE_STACKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STACK_FRAMES_MAX 128  /* of one stack; outer ones are cut */
#define STACK_EXAMPLES_MAX 8  /* tasks named of each group */

struct stack_group {
	uint64_t hash;
	uint64_t count;             /* tasks that stand there */
	int64_t waited_us;          /* all of them together */
	uint64_t tasks[STACK_EXAMPLES_MAX];
	void **frames;              /* owned; innermost first */
	int n_frames;
};

struct stacks {
	struct stack_group *groups;
	size_t n, room;
	size_t *table;              /* hash to 1 + place; 0: free */
	size_t table_size;          /* a power of two */
};

void stacks_init(struct stacks *stacks);
void stacks_release(struct stacks *stacks);

/* A task stands there, waiting for so long. 0 or -ENOMEM. */
int stacks_add(struct stacks *stacks, void *const *frames, int n,
    uint64_t task, int64_t waited_us);

/* The largest groups first; nothing may be added after that. */
void stacks_sort(struct stacks *stacks);

#endif
