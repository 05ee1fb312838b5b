/*
 * factory.h - who makes the tasks of a loop: loop.set_task_factory().
 *
 * Every task of a loop - by evtask_create(), in a group, of a console - is
 * made by the loop's factory, when it has one. A factory makes the task with
 * evtask_new(), asyncio's Task(), and may first change what it is asked for:
 * give it a name, count it, run another function round fn, start it eagerly.
 *
 *	static int
 *	count_tasks(struct evtask_loop *loop, evtask_fn fn, void *arg,
 *	    const struct evtask_options *options, struct evtask **ret_task,
 *	    const struct evtask_site *site, void *counter)
 *	{
 *		++*(int *)counter;
 *		return evtask_new_at(loop, fn, arg, options, ret_task, site);
 *	}
 *
 *	evtask_loop_set_task_factory(loop, count_tasks, &counter);
 */
#ifndef EVTASK_FACTORY_H
#define EVTASK_FACTORY_H

#include <evtask/task.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Makes a task, as evtask_loop_create_task(), whose answers are its own:
 * options is what the creator gave, never NULL, and ret_task is never NULL. It
 * owns arg, and calls its arg_free, from the moment it succeeds.
 */
typedef int (*evtask_task_factory_fn)(struct evtask_loop *loop, evtask_fn fn,
    void *arg, const struct evtask_options *options, struct evtask **ret_task,
    const struct evtask_site *site, void *factory_arg);

/* NULL: evtask_new(). Loop thread. */
EVTASK_API void
evtask_loop_set_task_factory(struct evtask_loop *loop,
    evtask_task_factory_fn factory, void *factory_arg);
EVTASK_API evtask_task_factory_fn
evtask_loop_get_task_factory(const struct evtask_loop *loop,
    void **ret_factory_arg);

/* A factory: every task is eager. factory_arg is not used. */
EVTASK_API int
evtask_eager_task_factory(struct evtask_loop *loop, evtask_fn fn, void *arg,
    const struct evtask_options *options, struct evtask **ret_task,
    const struct evtask_site *site, void *factory_arg);

/* Makes a task without asking the factory; otherwise it is
 * evtask_loop_create_task(). */
EVTASK_API int
evtask_new_at(struct evtask_loop *loop, evtask_fn fn, void *arg,
    const struct evtask_options *options, struct evtask **ret_task,
    const struct evtask_site *site);
#define evtask_new(...) evtask_new_at(__VA_ARGS__, EVTASK_SITE)

#ifdef __cplusplus
}
#endif
#endif
