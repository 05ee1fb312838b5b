/*
 * thread.c - blocking work, done by a few threads of the loop's.
 *
 *	queued --taken--> running --> finished
 *	   `--cancelled--> (taken back)
 *
 * The work stands on the stack of the task that waits for it, which therefore
 * does not go on, whatever happens, while a thread may still touch it. What a
 * thread needs to answer is made before it begins: answering cannot fail.
 */
#include <evtask/thread.h>

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include "core/handle.h"
#include "core/task.h"
#include "thread/deaf.h"

enum { MAX_THREADS = 8 };

enum stage {
	QUEUED,
	RUNNING,
	FINISHED,
};

struct work {
	struct list link;		/* in pool->queue while QUEUED */
	enum stage stage;		/* under the pool's mutex */
	evtask_thread_fn fn;
	void *arg;
	int answer;
	struct evtask_handle *handle;	/* posted when FINISHED */
	bool seen;			/* the loop knows that it is */
	struct evtask_future done;	/* of the wait under way */
};

struct pool {
	struct loop_resource resource;
	pthread_mutex_t mutex;
	pthread_cond_t work;		/* there is some, or the end */
	pthread_cond_t finished;	/* some work is, for who must block */
	struct list queue;
	unsigned int n_threads, n_idle, n_queued;
	bool ending;
	pthread_t threads[MAX_THREADS];
};

/* In the threads. */

static void *
thread_main(void *arg)
{
	struct pool *pool = arg;
	struct evtask_handle *handle;
	struct work *work;

	pthread_mutex_lock(&pool->mutex);
	pool->n_idle++;
	for (;;) {
		while (list_empty(&pool->queue) && !pool->ending)
			pthread_cond_wait(&pool->work, &pool->mutex);
		if (list_empty(&pool->queue))
			break;
		work = container_of(pool->queue.next, struct work, link);
		list_remove(&work->link);
		pool->n_queued--;
		pool->n_idle--;
		work->stage = RUNNING;
		pthread_mutex_unlock(&pool->mutex);
		work->answer = work->fn(work->arg);
		pthread_mutex_lock(&pool->mutex);
		handle = work->handle;
		work->stage = FINISHED;	/* whoever blocks may forget it now */
		pool->n_idle++;		/* what comes next needs no other */
		pthread_cond_broadcast(&pool->finished);
		pthread_mutex_unlock(&pool->mutex);
		/* The loop waits for its threads before it goes. */
		handle_post(handle);
		pthread_mutex_lock(&pool->mutex);
	}
	pthread_mutex_unlock(&pool->mutex);
	return NULL;
}

/* In the loop. */

static void
pool_release(struct loop_resource *resource)
{
	struct pool *pool = container_of(resource, struct pool, resource);

	pthread_mutex_lock(&pool->mutex);
	pool->ending = true;
	pthread_cond_broadcast(&pool->work);
	pthread_mutex_unlock(&pool->mutex);
	for (unsigned int i = 0; i < pool->n_threads; i++)
		pthread_join(pool->threads[i], NULL);
	pthread_cond_destroy(&pool->finished);
	pthread_cond_destroy(&pool->work);
	pthread_mutex_destroy(&pool->mutex);
	list_remove(&resource->link);
	free(pool);
}

static struct pool *
pool_of(struct evtask_loop *loop)
{
	struct loop_resource *resource = loop->single[LOOP_THREADS];
	struct pool *pool;

	if (resource != NULL)
		return container_of(resource, struct pool, resource);
	pool = calloc(1, sizeof *pool);
	if (pool == NULL)
		return NULL;
	pool->resource.release = pool_release;
	pthread_mutex_init(&pool->mutex, NULL);
	pthread_cond_init(&pool->work, NULL);
	pthread_cond_init(&pool->finished, NULL);
	list_init(&pool->queue);
	list_append(&loop->resources, &pool->resource.link);
	loop->single[LOOP_THREADS] = &pool->resource;
	return pool;
}

/* One more thread. Mutex held. */
static int
pool_grow(struct pool *pool)
{
	int r = deaf_thread_new(thread_main, pool,
	    &pool->threads[pool->n_threads]);

	if (r == 0)
		pool->n_threads++;
	return r;
}

static int
pool_submit(struct pool *pool, struct work *work)
{
	int r = 0;

	pthread_mutex_lock(&pool->mutex);
	if (pool->n_idle <= pool->n_queued && pool->n_threads < MAX_THREADS)
		r = pool_grow(pool);
	if (r < 0 && pool->n_threads > 0)
		r = 0;		/* those there are will get to it */
	if (r == 0) {
		list_append(&pool->queue, &work->link);
		pool->n_queued++;
	}
	pthread_mutex_unlock(&pool->mutex);
	/* Only now: who wakes wants the mutex first of all. */
	if (r == 0)
		pthread_cond_signal(&pool->work);
	return r;
}

static void
on_finished(void *arg)
{
	struct work *work = arg;

	work->seen = true;
	future_settle(&work->done);
}

/* Takes back what no thread has begun. */
static bool
take_back(struct pool *pool, struct work *work)
{
	bool queued;

	pthread_mutex_lock(&pool->mutex);
	queued = work->stage == QUEUED;
	if (queued) {
		list_remove(&work->link);
		pool->n_queued--;
	}
	pthread_mutex_unlock(&pool->mutex);
	return queued;
}

/* The loop is being freed and will not call us any more. */
static void
block_until_finished(struct pool *pool, struct work *work)
{
	pthread_mutex_lock(&pool->mutex);
	while (work->stage != FINISHED)
		pthread_cond_wait(&pool->finished, &pool->mutex);
	pthread_mutex_unlock(&pool->mutex);
	work->seen = true;
}

/* Waits for the answer. -ECANCELED: cancelled meanwhile, if only once. */
static int
await_work(struct pool *pool, struct work *work, struct wait *wait)
{
	int r = 0, last;

	do {
		future_init(&work->done, current.loop, &future_plain);
		last = task_park(&work->done, wait);
		future_release(&work->done);
		if (last < 0)
			r = last;
		if (last < 0 && take_back(pool, work)) {
			evtask_handle_unref(work->handle);
			return r;
		}
		if (current.task->unwinding && !work->seen)
			block_until_finished(pool, work);
	} while (!work->seen);
	return r;
}

int
evtask_to_thread_at(evtask_thread_fn fn, void *arg, int *ret_answer,
    const struct evtask_site *site)
{
	struct evtask_loop *loop = current.loop;
	struct work work = { .fn = fn, .arg = arg, .stage = QUEUED };
	struct wait wait = {
		.op = "thread.wait", .type = "thread", .site = site,
		.until_us = EVTASK_FOREVER,
	};
	struct pool *pool;
	int r;

	if (current.task == NULL || fn == NULL)
		return -EINVAL;
	if (current.task->unwinding)
		return -ECANCELED;
	pool = pool_of(loop);
	work.handle = handle_prepare(loop, on_finished, NULL, &work);
	if (pool == NULL || work.handle == NULL) {
		evtask_handle_unref(work.handle);
		return -ENOMEM;
	}
	list_init(&work.link);
	r = pool_submit(pool, &work);
	if (r < 0) {
		evtask_handle_unref(work.handle);
		return r;
	}
	loop->holds++;
	r = await_work(pool, &work, &wait);
	loop->holds--;
	if (work.stage == FINISHED && ret_answer != NULL)
		*ret_answer = work.answer;
	return r < 0 || work.stage != FINISHED ? r : work.answer;
}
