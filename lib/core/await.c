/*
 * await.c - awaiting: parking on somebody else's future, kept alive meanwhile.
 *
 * Two answers that never share one channel: "my wait was interrupted" is
 * returned by both calls; what the future came to is asked of it afterwards,
 * or raised by the second call, as Python's await does.
 */
#include <errno.h>

#include "core/debug.h"
#include "core/error.h"
#include "core/task.h"

static inline __attribute__((__always_inline__)) int
await(union evtask_awaitable f, const struct evtask_site *site)
{
	struct wait wait;
	int r;

	if (current.task == NULL)
		return outside_a_task(site);
	if (f.future == NULL)
		return misuse(NULL, site, -EINVAL, "nothing is awaited");
	wait_init(&wait, "await", f.future->class->name, site);
	wait.owner = task_of_future(f.future);
	f.future->refs++;
	r = task_park(f.future, &wait);
	/* It came to the end with us, even if our answer is another. */
	if (f.future->state != FUTURE_PENDING)
		f.future->fetched = true;
	future_unref(f.future);
	return r;
}

int
evtask_await_at(union evtask_awaitable f, const struct evtask_site *site)
{
	return await(f, site);
}

int
evtask_await_result_at(union evtask_awaitable f,
    struct evtask_value *ret_value, const struct evtask_site *site)
{
	int r = await(f, site);

	if (r < 0)
		return r;
	if (f.future->state == FUTURE_RETURNED) {
		f.future->heard = true;
		if (ret_value != NULL)
			*ret_value = f.future->value;
		return 0;
	}
	return evtask_raise_error(evtask_error_ref(future_error(f.future)));
}
