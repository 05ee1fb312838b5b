/*
 * create.c - tasks: made, kept, and freed.
 *
 * To create is to fill in a block and to queue its step: nothing runs, and no
 * stack is needed yet. The loop keeps a reference until the function has
 * returned; the block goes when the last handle does.
 */
#include <config.h>

#include <evtask/factory.h>

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#ifdef HAVE_SYS_SINGLE_THREADED_H
#include <sys/single_threaded.h>
#endif

#include "core/context.h"
#include "core/debug.h"
#include "core/task.h"

/*
 * Counting from 1 through the whole process, whatever the thread. Tasks that
 * inspection does not show have numbers of their own, far above: what people
 * see counts without gaps.
 */
static atomic_uint_fast64_t ids;
static atomic_uint_fast64_t internal_ids = UINT64_C(1) << 52;

static inline bool
process_has_one_thread(void)
{
#ifdef HAVE_SYS_SINGLE_THREADED_H
	return __libc_single_threaded;
#else
	return false;
#endif
}

static uint64_t
next_id(bool internal)
{
	atomic_uint_fast64_t *counter = internal ? &internal_ids : &ids;
	uint64_t id;

	if (!process_has_one_thread())
		return atomic_fetch_add_explicit(counter, 1,
		    memory_order_relaxed) + 1;
	/* A locked instruction would be a fifth of what creating costs. */
	id = atomic_load_explicit(counter, memory_order_relaxed) + 1;
	atomic_store_explicit(counter, id, memory_order_relaxed);
	return id;
}

/* Life. */

static void
task_destroy(struct evtask_future *f)
{
	struct evtask *task = container_of(f, struct evtask, future);

	evtask_error_unref(task->asked.words);
	evtask_context_unref(task->context);
	free(task->name);
	slab_put(&f->loop->task_slab, task);
}

const struct future_class task_class = {
	.name = "task", .destroy = task_destroy, .owned = true,
	.made_at = offsetof(struct evtask, created_at),
};

struct evtask *
evtask_from_future(struct evtask_future *future)
{
	return task_of_future(future);
}

struct evtask_future *
evtask_as_future(struct evtask *task)
{
	return task != NULL ? &task->future : NULL;
}

struct evtask *
evtask_ref(struct evtask *task)
{
	evtask_future_ref(&task->future);
	return task;
}

void
evtask_unref(struct evtask *task)
{
	evtask_future_unref(evtask_as_future(task));
}

/* Creating. */

struct evtask_origin
task_current_origin(void)
{
	if (current.task == NULL)
		return (struct evtask_origin){ .type = EVTASK_ORIGIN_LOOP };
	return (struct evtask_origin){
		.type = EVTASK_ORIGIN_TASK, .id = current.task->id,
	};
}

static int
task_new(struct evtask_loop *loop, evtask_fn fn, void *arg,
    const struct evtask_options *options, const struct evtask_site *site,
    struct evtask **ret_task)
{
	struct evtask *task = slab_get(&loop->task_slab);
	int r;

	if (task == NULL)
		return -ENOMEM;
	*task = (struct evtask){
		.step.run = task_step, .fn = fn, .arg = arg,
		.arg_free = options->arg_free, .internal = options->internal,
		.created_by = options->origin != NULL ? *options->origin :
		    task_current_origin(),
		.created_at = options->site != NULL ? options->site : site,
		.created_us = loop_now_us(loop),
		.started_us = -1, .done_us = -1, .asked.us = -1,
	};
	future_init(&task->future, loop, &task_class);
	list_init(&task->all);
	list_init(&task->holds);
	r = options->name != NULL ? evtask_set_name(task, options->name) : 0;
	if (options->context != NULL)
		task->context = evtask_context_ref(options->context);
	else if (r == 0)
		r = context_inherit(&task->context);
	if (r == 0)
		r = ready_reserve(&loop->ready, 1);
	if (r < 0) {
		future_destroy(&task->future);
		return r;
	}
	task->id = next_id(options->internal);
	*ret_task = task;
	return 0;
}

int
evtask_new_at(struct evtask_loop *loop, evtask_fn fn, void *arg,
    const struct evtask_options *options, struct evtask **ret_task,
    const struct evtask_site *site)
{
	static const struct evtask_options none;
	struct evtask *task;
	int r;

	if (loop == NULL || fn == NULL || loop->closing)
		return misuse(loop, site, -EINVAL,
		    "no task is created, or on no loop");
	if (loop_is_elsewhere(loop))
		return misuse_of_thread(loop, site);
	if (options == NULL)
		options = &none;
	r = task_new(loop, fn, arg, options, site, &task);
	if (r < 0)
		return r;
	evtask_ref(task);	/* the caller's, beside the loop's */
	loop->stats.tasks_created++;
	loop->stats.tasks_pending++;
	if (loop->observer != NULL && loop->observer->created != NULL)
		loop->observer->created(task, loop->observer_arg);
	list_append(&loop->tasks, &task->all);
	/* Without a stack an eager one starts, or fails, from the queue. */
	if (!options->eager || current.loop != loop ||
	    task_start_eagerly(loop, task) < 0)
		loop_schedule(loop, &task->step);
	if (ret_task != NULL)
		*ret_task = task;
	else
		evtask_unref(task);
	return 0;
}

int
evtask_return_at(struct evtask_value value, const struct evtask_site *site)
{
	struct evtask *task = current.task;

	if (task == NULL) {
		evtask_value_unref(value);
		return misuse(NULL, site, -EINVAL,
		    "a value is returned outside a task");
	}
	evtask_value_unref(task->running->result);
	task->running->result = value;
	return 0;
}

int
evtask_call(evtask_fn fn, void *arg, struct evtask_value *ret_value)
{
	struct evtask_value outer, value;
	struct running *running;
	int r;

	if (current.task == NULL || fn == NULL)
		return -EINVAL;
	running = current.task->running;
	outer = running->result;
	running->result = evtask_value_none();
	r = fn(arg);
	value = running->result;
	running->result = outer;
	if (r >= 0 && ret_value != NULL)
		*ret_value = value;
	else
		evtask_value_unref(value);
	return r < 0 ? r : 0;
}
