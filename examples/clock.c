/*
 * clock.c - the virtual clock: a day of waiting in no time, the same each time.
 *
 * asyncio has none. Tests of what takes long are written for it.
 */
#include <evtask/evtask.h>

#include <inttypes.h>
#include <stdio.h>

#define HOUR_US (INT64_C(3600) * 1000000)

static int
guard(void *arg)
{
	const char *name = evtask_get_name(evtask_current_task());
	struct evtask_loop *loop = evtask_get_running_loop();
	int64_t round_us = *(const int64_t *)arg;
	int r;

	while ((r = evtask_sleep(round_us)) == 0)
		printf("%02" PRIi64 ":00 %s makes a round\n",
		    evtask_loop_time_us(loop) / HOUR_US, name);
	return r;
}

static int
night(void *arg)
{
	static const int64_t round_us[] = { 3 * HOUR_US, 4 * HOUR_US };
	struct evtask_group group;
	int r = evtask_group_enter(&group);

	if (r < 0)
		return r;
	evtask_group_create_task(&group, guard, (void *)&round_us[0],
	    &(struct evtask_options){ .name = "ada" }, NULL);
	evtask_group_create_task(&group, guard, (void *)&round_us[1],
	    &(struct evtask_options){ .name = "bob" }, NULL);
	r = evtask_sleep(10 * HOUR_US);
	evtask_group_cancel(&group);
	return evtask_group_exit(&group, r);
}

int
main(void)
{
	struct evtask_loop_options options = { .clock = EVTASK_CLOCK_VIRTUAL };

	return evtask_run(night, NULL, &options, NULL, NULL) < 0;
}
