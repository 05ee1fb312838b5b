/*
 * factory.c - creating tasks: whoever asks, the loop's factory makes them.
 */
#include <evtask/factory.h>

#include <errno.h>

#include "core/loop.h"

void
evtask_loop_set_task_factory(struct evtask_loop *loop,
    evtask_task_factory_fn factory, void *factory_arg)
{
	loop->factory = factory;
	loop->factory_arg = factory_arg;
}

evtask_task_factory_fn
evtask_loop_get_task_factory(const struct evtask_loop *loop,
    void **ret_factory_arg)
{
	if (ret_factory_arg != NULL)
		*ret_factory_arg = loop->factory_arg;
	return loop->factory;
}

int
evtask_eager_task_factory(struct evtask_loop *loop, evtask_fn fn, void *arg,
    const struct evtask_options *options, struct evtask **ret_task,
    const struct evtask_site *site, void *factory_arg)
{
	struct evtask_options eager = *options;

	(void)factory_arg;
	eager.eager = true;
	return evtask_new_at(loop, fn, arg, &eager, ret_task, site);
}

int
evtask_loop_create_task_at(struct evtask_loop *loop, evtask_fn fn, void *arg,
    const struct evtask_options *options, struct evtask **ret_task,
    const struct evtask_site *site)
{
	static const struct evtask_options none;
	struct evtask *task;
	int r;

	if (loop == NULL || loop->factory == NULL || fn == NULL)
		return evtask_new_at(loop, fn, arg, options, ret_task, site);
	r = loop->factory(loop, fn, arg, options != NULL ? options : &none,
	    &task, site, loop->factory_arg);
	if (r < 0)
		return r;
	if (ret_task != NULL)
		*ret_task = task;
	else
		evtask_unref(task);
	return 0;
}

int
evtask_ensure_future_at(struct evtask_loop *loop, evtask_fn fn, void *arg,
    struct evtask **ret_task, const struct evtask_site *site)
{
	return evtask_loop_create_task_at(loop_or_current(loop), fn, arg, NULL,
	    ret_task, site);
}
