/*
 * queue.c - a queue: values, and two lines of those who wait for one or for
 * room.
 *
 * What a turn in a line means is "look again": whoever is woken may find the
 * queue empty, or full, once more, and stands in line anew. One who leaves
 * without looking passes its turn on.
 *
 * The values stand in one array: a ring for FIFO (head is the oldest), a stack
 * for LIFO, a binary heap for priorities.
 */
#include <evtask/queue.h>

#include <errno.h>
#include <stdlib.h>

#include "core/debug.h"
#include "core/resource.h"
#include "sync/name.h"
#include "wait/line.h"

struct item {
	struct evtask_value value;	/* owned */
	uint64_t number;		/* counts through all ever put in */
};

struct evtask_queue {
	struct resource resource;
	enum evtask_queue_order order;
	int (*compare)(struct evtask_value a, struct evtask_value b);
	size_t size_max;		/* 0: none */
	struct item *items;
	size_t head, n, capacity;
	uint64_t put_in;		/* ever */
	size_t unfinished;		/* not dealt with */
	struct list getters, putters, joiners;
	bool shut_down;
	char name[];
};

enum { FIRST_CAPACITY = 8 };

static void
measure(const struct resource *resource, int64_t *ret_size,
    int64_t *ret_capacity)
{
	const struct evtask_queue *queue = container_of(resource,
	    const struct evtask_queue, resource);

	*ret_size = (int64_t)queue->n;
	if (queue->size_max != 0)
		*ret_capacity = (int64_t)queue->size_max;
}

static const struct resource_class queue_class = {
	.type = "queue", .measure = measure,
};

int
evtask_queue_new(const struct evtask_queue_options *options,
    struct evtask_queue **ret_queue)
{
	static const struct evtask_queue_options none;
	struct evtask_queue *queue;

	if (options == NULL)
		options = &none;
	if (ret_queue == NULL || (options->order == EVTASK_QUEUE_PRIORITY &&
	    options->compare == NULL))
		return -EINVAL;
	queue = malloc(sizeof *queue + name_size(options->name));
	if (queue == NULL)
		return -ENOMEM;
	*queue = (struct evtask_queue){
		.order = options->order, .compare = options->compare,
		.size_max = options->size_max,
	};
	name_copy(queue->name, options->name);
	resource_init(&queue->resource, &queue_class, queue->name);
	list_init(&queue->getters);
	list_init(&queue->putters);
	list_init(&queue->joiners);
	*ret_queue = queue;
	return 0;
}

/* The values. */

static struct item *
item_at(const struct evtask_queue *queue, size_t i)
{
	return &queue->items[(queue->head + i) % queue->capacity];
}

static int
make_room(struct evtask_queue *queue)
{
	size_t capacity = queue->capacity != 0 ? queue->capacity * 2 :
	    FIRST_CAPACITY;
	struct item *items;

	if (queue->n < queue->capacity)
		return 0;
	items = reallocarray(NULL, capacity, sizeof *items);
	if (items == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < queue->n; i++)
		items[i] = *item_at(queue, i);
	free(queue->items);
	queue->items = items;
	queue->head = 0;
	queue->capacity = capacity;
	return 0;
}

static bool
before(const struct evtask_queue *queue, const struct item *a,
    const struct item *b)
{
	int order = queue->compare(a->value, b->value);

	return order != 0 ? order < 0 : a->number < b->number;
}

/* The hole at i rises until item may fill it. */
static void
rise(struct evtask_queue *queue, size_t i, struct item item)
{
	while (i > 0 && before(queue, &item, &queue->items[(i - 1) / 2])) {
		queue->items[i] = queue->items[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	queue->items[i] = item;
}

/* The hole at the top sinks until item may fill it. */
static void
sink(struct evtask_queue *queue, struct item item)
{
	size_t i = 0, child;

	while ((child = 2 * i + 1) < queue->n) {
		if (child + 1 < queue->n && before(queue,
		    &queue->items[child + 1], &queue->items[child]))
			child++;
		if (!before(queue, &queue->items[child], &item))
			break;
		queue->items[i] = queue->items[child];
		i = child;
	}
	queue->items[i] = item;
}

static void
push(struct evtask_queue *queue, struct evtask_value value)
{
	struct item item = { .value = value, .number = queue->put_in++ };

	if (queue->order == EVTASK_QUEUE_PRIORITY)
		rise(queue, queue->n, item);
	else
		*item_at(queue, queue->n) = item;
	queue->n++;
}

static struct evtask_value
pop(struct evtask_queue *queue)
{
	struct item item;

	queue->n--;
	switch (queue->order) {
	case EVTASK_QUEUE_FIFO:
		item = queue->items[queue->head];
		queue->head = (queue->head + 1) % queue->capacity;
		break;
	case EVTASK_QUEUE_LIFO:
		item = queue->items[queue->n];
		break;
	case EVTASK_QUEUE_PRIORITY:
		item = queue->items[0];
		if (queue->n > 0)
			sink(queue, queue->items[queue->n]);
		break;
	}
	return item.value;
}

void
evtask_queue_free(struct evtask_queue *queue)
{
	if (queue == NULL)
		return;
	while (queue->n > 0)
		evtask_value_unref(pop(queue));
	free(queue->items);
	resource_release(&queue->resource);
	free(queue);
}

size_t
evtask_queue_size(const struct evtask_queue *queue)
{
	return queue != NULL ? queue->n : 0;
}

bool
evtask_queue_empty(const struct evtask_queue *queue)
{
	return queue == NULL || queue->n == 0;
}

bool
evtask_queue_full(const struct evtask_queue *queue)
{
	return queue != NULL && queue->size_max != 0 &&
	    queue->n >= queue->size_max;
}

/* Putting in and taking out. */

/* Whether this thread may touch it: 0. */
static int
usable(const struct evtask_queue *queue, const struct evtask_site *site)
{
	if (queue == NULL)
		return misuse(NULL, site, -EINVAL, "no queue is used");
	if (line_is_elsewhere(&queue->getters))
		return line_misuse(&queue->getters, site);
	if (line_is_elsewhere(&queue->putters))
		return line_misuse(&queue->putters, site);
	if (line_is_elsewhere(&queue->joiners))
		return line_misuse(&queue->joiners, site);
	return 0;
}

static int
put(struct evtask_queue *queue, struct evtask_value value)
{
	int r;

	if (queue->shut_down)
		return -ESHUTDOWN;
	if (evtask_queue_full(queue))
		return -EAGAIN;
	r = make_room(queue);
	if (r < 0)
		return r;
	if (current.task != NULL)
		resource_meet(&queue->resource);
	push(queue, value);
	queue->unfinished++;
	line_give(&queue->getters);
	return 0;
}

int
evtask_queue_put_nowait_at(struct evtask_queue *queue,
    struct evtask_value value, const struct evtask_site *site)
{
	int r = usable(queue, site);

	if (r == 0)
		r = put(queue, value);
	if (r < 0)
		evtask_value_unref(value);
	return r;
}

static int
wait_for_room(struct evtask_queue *queue, const struct evtask_site *site)
{
	bool given;
	int r = 0;

	while (r == 0 && evtask_queue_full(queue) && !queue->shut_down) {
		r = line_wait_for(&queue->putters, &queue->resource,
		    "queue.put", site, &given);
		if (r < 0 && given && !evtask_queue_full(queue))
			line_give(&queue->putters);
	}
	return r;
}

int
evtask_queue_put_at(struct evtask_queue *queue, struct evtask_value value,
    const struct evtask_site *site)
{
	int r = current.task != NULL ? usable(queue, site) :
	    outside_a_task(site);

	if (r == 0)
		r = wait_for_room(queue, site);
	if (r == 0)
		r = put(queue, value);
	if (r < 0)
		evtask_value_unref(value);
	return r;
}

int
evtask_queue_get_nowait_at(struct evtask_queue *queue,
    struct evtask_value *ret_value, const struct evtask_site *site)
{
	int r = usable(queue, site);

	if (r < 0)
		return r;
	if (ret_value == NULL)
		return misuse(NULL, site, -EINVAL, "a value is got for nobody");
	if (queue->n == 0)
		return queue->shut_down ? -ESHUTDOWN : -EAGAIN;
	*ret_value = pop(queue);
	line_give(&queue->putters);
	return 0;
}

int
evtask_queue_get_at(struct evtask_queue *queue,
    struct evtask_value *ret_value, const struct evtask_site *site)
{
	bool given;
	int r;

	if (current.task == NULL)
		return outside_a_task(site);
	if (queue == NULL || ret_value == NULL)
		return misuse(NULL, site, -EINVAL,
		    "a value is got of no queue, or for nobody");
	while (queue->n == 0 && !queue->shut_down) {
		r = line_wait_for(&queue->getters, &queue->resource,
		    "queue.get", site, &given);
		if (r < 0) {
			if (given && queue->n > 0)
				line_give(&queue->getters);
			return r;
		}
	}
	return evtask_queue_get_nowait_at(queue, ret_value, site);
}

/* Being done with it. */

int
evtask_queue_task_done_at(struct evtask_queue *queue,
    const struct evtask_site *site)
{
	int r = usable(queue, site);

	if (r < 0)
		return r;
	if (queue->unfinished == 0)
		return misuse(NULL, site, -EPERM,
		    "more of a queue is done than was put in");
	if (--queue->unfinished == 0)
		line_give_all(&queue->joiners);
	return 0;
}

int
evtask_queue_join_at(struct evtask_queue *queue,
    const struct evtask_site *site)
{
	bool given;

	if (current.task == NULL)
		return outside_a_task(site);
	if (queue == NULL)
		return misuse(NULL, site, -EINVAL, "no queue is joined");
	return queue->unfinished > 0 ? line_wait_for(&queue->joiners,
	    &queue->resource, "queue.join", site, &given) : 0;
}

void
evtask_queue_shutdown_at(struct evtask_queue *queue, bool immediate,
    const struct evtask_site *site)
{
	if (usable(queue, site) < 0)
		return;
	queue->shut_down = true;
	while (immediate && queue->n > 0) {
		evtask_value_unref(pop(queue));
		if (queue->unfinished > 0)
			queue->unfinished--;
	}
	if (immediate && queue->unfinished == 0)
		line_give_all(&queue->joiners);
	line_give_all(&queue->getters);
	line_give_all(&queue->putters);
}
