/* catalog.h - the coroutines tasks can be created from, by name. */
#ifndef CONSOLE_CATALOG_H
#define CONSOLE_CATALOG_H

#include <stddef.h>
#include <evtask/job.h>

struct catalog_entry {
	const struct evtask_coroutine *row; /* borrowed */
	struct json_object *args;           /* its schemas and example, read */
	struct json_object *result;
	struct json_object *example;        /* NULL: none */
	char *module;                       /* it came with; NULL: none */
	size_t live;                        /* its tasks not done */
};

struct catalog {
	struct catalog_entry **entries; /* sorted by name */
	size_t count;
	struct catalog_entry **retired; /* removed, and known to done tasks */
	size_t retired_count;
};

/* 0, -EEXIST, -EINVAL (what it says of itself does not parse), -ENOMEM. */
int catalog_add(struct catalog *catalog, const struct evtask_coroutine *row,
    const char *module);
/* 0, -ENOENT (not this very row), -EBUSY (it has tasks), -ENOMEM. */
int catalog_remove(struct catalog *catalog,
    const struct evtask_coroutine *row);
struct catalog_entry *catalog_find(const struct catalog *catalog,
    const char *name);
void catalog_release(struct catalog *catalog);

#endif
