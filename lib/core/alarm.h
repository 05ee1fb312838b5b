/*
 * alarm.h - the next deadline, told to the system.
 */
#ifndef CORE_ALARM_H
#define CORE_ALARM_H

#include <stdint.h>

struct alarm {
	int fd;			/* readable when it has rung */
	int64_t set_us;		/* EVTASK_FOREVER: it is not set */
};

/* Closed, for alarm_close(). */
void alarm_init(struct alarm *alarm);

/* 0 or a negative errno. The descriptor is closed by alarm_close(). */
int alarm_open(struct alarm *alarm);
void alarm_close(struct alarm *alarm);

/* It rings at when_us of the monotonic clock, or before. */
void alarm_set(struct alarm *alarm, int64_t when_us);

/* It has rung, and is not set any more. */
void alarm_rang(struct alarm *alarm);

#endif
