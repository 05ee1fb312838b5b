/*
 * queue.h - handing values from task to task: asyncio.Queue, LifoQueue and
 * PriorityQueue.
 *
 *	struct evtask_value url;
 *
 *	while ((r = evtask_queue_get(urls, &url)) == 0) {
 *		fetch(evtask_value_text(url));
 *		evtask_value_unref(url);
 *		evtask_queue_task_done(urls);
 *	}
 *	// -ESHUTDOWN: there will be no more
 *
 * Loop thread: what is called in another one than those who wait is answered
 * with -EPERM, and changes nothing.
 */
#ifndef EVTASK_QUEUE_H
#define EVTASK_QUEUE_H

#include <evtask/value.h>

#ifdef __cplusplus
extern "C" {
#endif

struct evtask_queue;

enum evtask_queue_order {
	EVTASK_QUEUE_FIFO,
	EVTASK_QUEUE_LIFO,
	EVTASK_QUEUE_PRIORITY,	/* the least first; of equals, the oldest */
};

struct evtask_queue_options {
	const char *name;		/* for inspection, copied; NULL: none */
	size_t size_max;		/* 0: no limit */
	enum evtask_queue_order order;
	/* Less, equal, greater: negative, 0, positive. For priority queues. */
	int (*compare)(struct evtask_value a, struct evtask_value b);
};

/* Makes a queue; options may be NULL. Anywhere. Returns 0, -EINVAL (a priority
 * queue without compare) or -ENOMEM. */
EVTASK_API EVTASK_CHECKED int
evtask_queue_new(const struct evtask_queue_options *options,
    struct evtask_queue **ret_queue);

/* Not while a task waits for it, as one that is woken does until it runs.
 * Releases what is in it. NULL is accepted. */
EVTASK_API void evtask_queue_free(struct evtask_queue *queue);

/*
 * Puts a value in, waiting while the queue is full; takes the reference of
 * value, whatever it returns: 0, -ESHUTDOWN, -ECANCELED, -ENOMEM, -EINVAL
 * (not in a task). The second does not wait: -EAGAIN when it is full.
 */
EVTASK_API EVTASK_SUSPENDS int
evtask_queue_put_at(struct evtask_queue *queue, struct evtask_value value,
    const struct evtask_site *site);
#define evtask_queue_put(...) evtask_queue_put_at(__VA_ARGS__, EVTASK_SITE)
EVTASK_API EVTASK_CHECKED int
evtask_queue_put_nowait_at(struct evtask_queue *queue,
    struct evtask_value value, const struct evtask_site *site);
#define evtask_queue_put_nowait(...) \
	evtask_queue_put_nowait_at(__VA_ARGS__, EVTASK_SITE)

/*
 * Takes the next value out, waiting while there is none; the caller owns it.
 * Returns 0, -ESHUTDOWN (and empty), -ECANCELED, -EINVAL (not in a task). The
 * second does not wait: -EAGAIN when it is empty.
 */
EVTASK_API EVTASK_SUSPENDS int
evtask_queue_get_at(struct evtask_queue *queue,
    struct evtask_value *ret_value, const struct evtask_site *site);
#define evtask_queue_get(queue, ret_value) \
	evtask_queue_get_at((queue), (ret_value), EVTASK_SITE)
EVTASK_API EVTASK_CHECKED int
evtask_queue_get_nowait_at(struct evtask_queue *queue,
    struct evtask_value *ret_value, const struct evtask_site *site);
#define evtask_queue_get_nowait(queue, ret_value) \
	evtask_queue_get_nowait_at((queue), (ret_value), EVTASK_SITE)

/* How many values are in it; whether it has none, or as many as it may. */
EVTASK_API size_t evtask_queue_size(const struct evtask_queue *queue);
EVTASK_API bool evtask_queue_empty(const struct evtask_queue *queue);
EVTASK_API bool evtask_queue_full(const struct evtask_queue *queue);

/* One of the values taken out has been dealt with. Returns 0, or -EPERM when
 * all have been. */
EVTASK_API int
evtask_queue_task_done_at(struct evtask_queue *queue,
    const struct evtask_site *site);
#define evtask_queue_task_done(queue) \
	evtask_queue_task_done_at((queue), EVTASK_SITE)

/* Waits until every value ever put in has been dealt with. Returns 0,
 * -ECANCELED, -EINVAL (not in a task). */
EVTASK_API EVTASK_SUSPENDS int
evtask_queue_join_at(struct evtask_queue *queue,
    const struct evtask_site *site);
#define evtask_queue_join(queue) evtask_queue_join_at((queue), EVTASK_SITE)

/* Closes it: nothing goes in any more; what is in it may be taken out, or is
 * dropped, and counts as dealt with, when immediate. */
EVTASK_API void
evtask_queue_shutdown_at(struct evtask_queue *queue, bool immediate,
    const struct evtask_site *site);
#define evtask_queue_shutdown(queue, immediate) \
	evtask_queue_shutdown_at((queue), (immediate), EVTASK_SITE)

#ifdef __cplusplus
}
#endif
#endif
