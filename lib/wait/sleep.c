/*
 * sleep.c - waiting for time to pass: a timer settles a future.
 */
#include <evtask/sleep.h>

#include <errno.h>

#include "core/task.h"

struct sleeper {
	struct evtask_future due;
	struct timer timer;
};

static void
wake_up(struct runnable *r)
{
	future_settle(&container_of(r, struct sleeper, timer.runnable)->due);
}

int
evtask_sleep_at(int64_t delay_us, const struct evtask_site *site)
{
	struct evtask_loop *loop = current.loop;
	struct sleeper sleeper = { .timer.runnable.run = wake_up };
	struct wait wait = {
		.op = "sleep", .type = "timer", .site = site,
		.until_us = EVTASK_FOREVER,
	};
	int r = 0;

	if (current.task == NULL)
		return -EINVAL;
	if (delay_us <= 0) {
		wait.until_us = loop->now_us;
		return task_yield(&wait);
	}
	wait.until_us = loop_deadline_us(loop, delay_us);
	future_init(&sleeper.due, loop, &future_plain);
	if (wait.until_us != EVTASK_FOREVER)
		r = loop_timer_start(loop, &sleeper.timer, wait.until_us);
	if (r == 0)
		r = task_park(&sleeper.due, &wait);
	loop_timer_stop(loop, &sleeper.timer);
	future_release(&sleeper.due);
	return r;
}
