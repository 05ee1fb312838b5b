/*
 * alarm.c - the next deadline, told to the system: a timerfd.
 *
 * Setting it costs a call, and deadlines mostly move away: a timeout that is
 * not needed is taken back, and the next one is later. So it is set only when
 * it would ring too late. One that rings too early wakes the loop for nothing,
 * once, and is set anew.
 *
 * libevent has a timerfd for bases that want precise timers, and sets it with
 * every poll. Its other way to wait has the precision of a clock tick.
 */
#include "core/alarm.h"

#include <errno.h>
#include <evtask/base.h>
#include <sys/timerfd.h>
#include <unistd.h>

void
alarm_init(struct alarm *alarm)
{
	*alarm = (struct alarm){ .fd = -1, .set_us = EVTASK_FOREVER };
}

int
alarm_open(struct alarm *alarm)
{
	alarm->fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC |
	    TFD_NONBLOCK);
	return alarm->fd < 0 ? -errno : 0;
}

void
alarm_close(struct alarm *alarm)
{
	if (alarm->fd >= 0)
		close(alarm->fd);
}

void
alarm_set(struct alarm *alarm, int64_t when_us)
{
	struct itimerspec when = {
		.it_value.tv_sec = when_us / 1000000,
		.it_value.tv_nsec = when_us % 1000000 * 1000,
	};

	if (alarm->set_us <= when_us)
		return;
	if (when_us <= 0)	/* 0 would take it back */
		when.it_value = (struct timespec){ .tv_nsec = 1 };
	(void)timerfd_settime(alarm->fd, TFD_TIMER_ABSTIME, &when, NULL);
	alarm->set_us = when_us;
}

void
alarm_rang(struct alarm *alarm)
{
	uint64_t times;

	(void)!read(alarm->fd, &times, sizeof times);
	alarm->set_us = EVTASK_FOREVER;
}
