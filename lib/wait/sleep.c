/*
 * sleep.c - waiting for time to pass: a timer settles a future.
 */
#include <evtask/sleep.h>

#include "core/debug.h"
#include "core/task.h"

struct sleeper {
	struct evtask_future due;
	struct runnable timer;
};

static void
wake_up(struct runnable *r)
{
	future_settle(&container_of(r, struct sleeper, timer)->due);
}

static int
sleep_until(struct evtask_loop *loop, int64_t when_us,
    const struct evtask_site *site)
{
	struct sleeper sleeper = { .timer.run = wake_up };
	struct wait wait;
	int r = ready_reserve(&loop->ready, 1);

	if (r < 0)
		return r;
	wait_init(&wait, "sleep", "timer", site);
	wait.until_us = when_us;
	future_init(&sleeper.due, loop, &future_plain);
	if (when_us != EVTASK_FOREVER)
		r = loop_timer_start(loop, &sleeper.timer, when_us);
	if (r == 0)
		r = task_park(&sleeper.due, &wait);
	loop_timer_stop(loop, &sleeper.timer);
	ready_unreserve(&loop->ready, 1);
	future_release(&sleeper.due);
	return r;
}

/* Not inline: a yield, in the same function, needs none of its frame. */
static __attribute__((__noinline__)) int
sleep_for(int64_t delay_us, const struct evtask_site *site)
{
	if (current.task == NULL)
		return outside_a_task(site);
	return sleep_until(current.loop,
	    loop_deadline_us(current.loop, delay_us), site);
}

int
evtask_sleep_at(int64_t delay_us, const struct evtask_site *site)
{
	int r;

	if (__builtin_expect(delay_us <= 0, 1))
		return task_yield(delay_us, site);
	r = sleep_for(delay_us, site);
	__asm__ volatile("");	/* not a jump: its stack shows this function */
	return r;
}
