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
#include "core/life.h"
#include "core/step.h"
#include "core/task.h"
#include "core/tell.h"
#include "core/value.h"

/*
 * Counting from 1 through the whole process, whatever the thread. Tasks that
 * inspection does not show have numbers of their own, far above: what people
 * see counts without gaps.
 */
#define INTERNAL_IDS (UINT64_C(1) << 52)

static atomic_uint_fast64_t ids;
static atomic_uint_fast64_t internal_ids = INTERNAL_IDS;

static inline bool
process_has_one_thread(void)
{
#ifdef HAVE_SYS_SINGLE_THREADED_H
	return __libc_single_threaded;
#else
	return false;
#endif
}

static inline uint64_t
next_id(atomic_uint_fast64_t *counter)
{
	uint64_t id;

	if (!process_has_one_thread())
		return atomic_fetch_add_explicit(counter, 1,
		    memory_order_relaxed) + 1;
	/* A locked instruction would be a fifth of what creating costs. */
	id = atomic_load_explicit(counter, memory_order_relaxed) + 1;
	atomic_store_explicit(counter, id, memory_order_relaxed);
	return id;
}

void
task_restart_ids(void)
{
	atomic_store(&ids, 0);
	atomic_store(&internal_ids, INTERNAL_IDS);
}

/* Life. */

const struct extra *
task_extra(const struct evtask *task)
{
	static const struct extra none = { .asked.us = -1 };

	return task->extra != NULL ? task->extra : &none;
}

struct extra *
task_need_extra(struct evtask *task)
{
	if (task->extra != NULL)
		return task->extra;
	task->extra = slab_get(&task->future.loop->extra_slab);
	if (task->extra != NULL)
		*task->extra = (struct extra){ .asked.us = -1 };
	return task->extra;
}

static __attribute__((__noinline__)) void
extra_free(struct evtask_loop *loop, struct extra *extra)
{
	evtask_error_unref(extra->asked.words);
	evtask_context_unref(extra->context);
	free(extra->name);
	slab_put(&loop->extra_slab, extra);
}

/* What it leaves in its cell is as task_make() made it. */
static void
task_destroy(struct evtask_future *f)
{
	struct evtask *task = container_of(f, struct evtask, future);

	if (task->extra != NULL) {
		extra_free(f->loop, task->extra);
		task->extra = NULL;
	}
	slab_put(&f->loop->task_slab, task);
}

const struct future_class task_class = {
	.name = "task", .destroy = task_destroy, .owned = true,
	.made_at = INSPECTION ? offsetof(struct evtask, created_at) : 0,
};

void
task_make(struct slab *slab, void *cell)
{
	struct evtask *task = cell;

	future_make(&task->future, container_of(slab, struct evtask_loop,
	    task_slab), &task_class);
	task->running = NULL;
	task->step.run = task_step;
	task->extra = NULL;
}

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
	if (task != NULL)
		task->future.refs++;
	return task;
}

/* It did what was asked, and leaves nothing but its cell. */
static inline bool
is_bare(const struct evtask *task)
{
	const struct evtask_future *f = &task->future;

	return f->state == FUTURE_RETURNED && !value_is_owned(f->value) &&
	    task->extra == NULL && !f->loop->task_slab.plain;
}

/* Cold, for its callers: then their usual way is one without a jump. */
static __attribute__((__noinline__, __cold__)) void
abandon(struct evtask *task)
{
	future_abandon(&task->future);
}

static inline void
let_go(struct evtask *task)
{
	struct evtask_loop *loop = task->future.loop;

	if (--task->future.refs > 0)
		return;
	if (!is_bare(task)) {
		abandon(task);
		return;
	}
	slab_put(&loop->task_slab, task);
	loop_unref(loop);
}

void
evtask_unref(struct evtask *task)
{
	if (task != NULL)
		let_go(task);
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

/*
 * Member by member, as wait_init() and for the same reason; and in their order:
 * of what is written to a line of the cache, processors pass on two words at
 * once when one follows the other. The rest stands in its cell from before.
 */
static inline __attribute__((__always_inline__)) void
task_init(struct evtask_loop *loop, struct evtask *task, evtask_fn fn,
    void *arg, uint64_t id)
{
	future_begin(&task->future, 2);	/* the loop's, and the caller's */
	task->future.arg = arg;
	task->cancels = 0;
	task->started = false;
	task->must_cancel = false;
	task->forwarded = false;
	task->passed = false;
	task->unwinding = false;
	task->goes_back = false;
	task->internal = false;
	task->left_held = false;
	task->id = id;
	task->fn = fn;
	loop->refs++;
}

/* A context for a new task: this one, or a copy of the current one. */
static int
give_context(struct evtask *task, struct evtask_context *context)
{
	int r = 0;

	if (context != NULL)
		evtask_context_ref(context);
	else
		r = context_inherit(&context);
	if (r < 0 || context == NULL)
		return r;
	if (task_need_extra(task) == NULL) {
		evtask_context_unref(context);
		return -ENOMEM;
	}
	task->extra->context = context;
	return 0;
}

static int
apply(const struct evtask_options *options, struct evtask *task)
{
	if (options == NULL)
		return give_context(task, NULL);
	task->internal = options->internal;
	life_attributed(task, options->origin, options->site);
	if (options->arg_free != NULL) {
		if (task_need_extra(task) == NULL)
			return -ENOMEM;
		task->extra->arg_free = options->arg_free;
	}
	if (options->name != NULL) {
		int r = evtask_set_name(task, options->name);

		if (r < 0)
			return r;
	}
	return give_context(task, options->context);
}

static int
task_new(struct evtask_loop *loop, evtask_fn fn, void *arg,
    const struct evtask_options *options, const struct evtask_site *site,
    struct evtask **ret_task)
{
	struct evtask *task;
	int r = ready_reserve(&loop->ready, 1);

	if (r < 0)
		return r;
	task = slab_get(&loop->task_slab);
	if (task == NULL) {
		ready_unreserve(&loop->ready, 1);
		return -ENOMEM;
	}
	life_created(task, current.task, loop_now_us(loop), site);
	task_init(loop, task, fn, arg, 0);	/* nobody is told of its name */
	task->step.slot = 0;
	task->step.queued = false;
	task->step.armed = false;
	task->step.begun = false;
	r = apply(options, task);
	if (r < 0) {
		ready_unreserve(&loop->ready, 1);
		future_destroy(&task->future, &task_class);
		return r;
	}
	task->id = next_id(task->internal ? &internal_ids : &ids);
	*ret_task = task;
	return 0;
}

static __attribute__((__noinline__)) int
new_slowly(struct evtask_loop *loop, evtask_fn fn, void *arg,
    const struct evtask_options *options, struct evtask **ret_task,
    const struct evtask_site *site)
{
	struct evtask *task;
	int r;

	if (loop == NULL || fn == NULL || loop->closing)
		return misuse(loop, site, -EINVAL,
		    "no task is created, or on no loop");
	if (loop_is_elsewhere(loop))
		return misuse_of_thread(loop, site);
	r = task_new(loop, fn, arg, options, site, &task);
	if (r < 0)
		return r;
	loop->stats.tasks_created++;
	list_append(&loop->tasks, &task->all);
	tell(loop, TOLD_CREATED, task);
	/* Without a stack an eager one starts, or fails, from the queue. */
	if (options == NULL || !options->eager || current.loop != loop ||
	    step_start_eagerly(loop, task) < 0)
		loop_schedule(loop, &task->step);
	if (ret_task != NULL)
		*ret_task = task;
	else
		let_go(task);
	return 0;
}

/* The usual way: by a task of this loop, in its turn, with nothing special
 * about it, and all that is needed at hand. */
static inline __attribute__((__always_inline__)) bool
is_usual(const struct evtask_loop *loop, const struct evtask *creator,
    evtask_fn fn, const struct evtask_options *options)
{
	if (creator == NULL || loop != current.loop || !loop->in_turn)
		return false;
	if (__builtin_expect(creator->extra != NULL, 0) &&
	    creator->extra->context != NULL)
		return false;
	if (fn == NULL || options != NULL || tell_anybody(loop))
		return false;
	return loop->task_slab.free != NULL &&
	    loop->ready.reserved <= loop->ready.mask;
}

/* Nothing is called on the usual way, so that no register has to be saved. */
static inline __attribute__((__always_inline__)) int
create(struct evtask_loop *loop, evtask_fn fn, void *arg,
    const struct evtask_options *options, struct evtask **ret_task,
    const struct evtask_site *site)
{
	const struct evtask *creator = current.task;
	struct evtask *task;

	if (__builtin_expect(!is_usual(loop, creator, fn, options), 0))
		return new_slowly(loop, fn, arg, options, ret_task, site);
	task = slab_get(&loop->task_slab);
	life_created(task, creator, loop->now_us, site);
	task_init(loop, task, fn, arg, next_id(&ids));
	loop->stats.tasks_created++;
	list_append(&loop->tasks, &task->all);
	loop->ready.reserved++;
	ready_push(&loop->ready, &task->step);
	if (ret_task != NULL)
		*ret_task = task;
	else
		task->future.refs--;
	return 0;
}

int
evtask_new_at(struct evtask_loop *loop, evtask_fn fn, void *arg,
    const struct evtask_options *options, struct evtask **ret_task,
    const struct evtask_site *site)
{
	return create(loop, fn, arg, options, ret_task, site);
}

int
evtask_create_at(evtask_fn fn, void *arg, const struct evtask_options *options,
    struct evtask **ret_task, const struct evtask_site *site)
{
	struct evtask_loop *loop = current.loop;

	if (__builtin_expect(current.task == NULL || loop->factory != NULL, 0))
		return evtask_loop_create_task_at(loop, fn, arg, options,
		    ret_task, site);
	return create(loop, fn, arg, options, ret_task, site);
}

/* There is no task whose result it would be, or it has one already. */
static __attribute__((__noinline__)) int
return_otherwise(struct evtask_value value, const struct evtask_site *site)
{
	struct evtask *task = current.task;
	struct evtask_value before;

	if (task == NULL) {
		evtask_value_unref(value);
		return misuse(NULL, site, -EINVAL,
		    "a value is returned outside a task");
	}
	before = task->running->result;
	task->running->result = value;
	evtask_value_unref(before);
	return 0;
}

int
evtask_return_at(struct evtask_value value, const struct evtask_site *site)
{
	if (__builtin_expect(current.task == NULL ||
	    current.task->running->result.type != NULL, 0))
		return return_otherwise(value, site);
	current.task->running->result = value;
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
